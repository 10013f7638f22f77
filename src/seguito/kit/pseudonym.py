"""Names that tell people apart without telling who they are: keyed, so nobody without the key can guess back."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from seguito.kit.errors import Refused

KEY_BYTES = 32


def keep_key(path: Path) -> bytes:
    """Read the secret key at `path`, making a new random one (mode 600) the first time."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise Refused(f"The key {path} cannot be read.", "Run as the user who owns the workspace.") from error
    key = secrets.token_bytes(KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key


def fingerprint(key: bytes, text: str) -> str:
    """A keyed SHA-256 of `text` as 64 hexadecimal characters."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def pseudonym(key: bytes, account_uri: str) -> str:
    """The name a report gives to an account: `M-` and eight hexadecimal characters."""
    return "M-" + fingerprint(key, "account:" + account_uri)[:8]


def reference(key: bytes, uri: str) -> str:
    """The name a report gives to one row: `R-` and twelve hexadecimal characters."""
    return "R-" + fingerprint(key, "row:" + uri)[:12]
