"""Asks a network's public endpoints. Knows how to ask and what a refusal is; not what the answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from seguito.kit import clock
from seguito.kit.errors import BadInput, Refused
from seguito.kit.http import Answer, Http, Params
from seguito.sources.bluesky.pages import Failure, Page

DEFAULT_HOST = "https://public.api.bsky.app"


class _Error(msgspec.Struct):
    error: str
    message: str = ""


def host_url(host: str | None) -> str:
    """The base address of a host as people write it: with or without scheme and final slash."""
    named = (host or DEFAULT_HOST).strip().rstrip("/").removesuffix("/xrpc")
    return named if "://" in named else f"https://{named}"


@dataclass
class Network:
    """One network, asked without signing in.

    Args:
        base: its address.
        http: how to ask.
    """

    base: str
    http: Http

    @property
    def name(self) -> str:
        """The host, for people."""
        return urlsplit(self.base).netloc or self.base

    def ask(self, endpoint: str, params: Params) -> Page:
        """One answer, or one refusal, with the moment it came.

        Raises:
            Refused: the host wants a key, or does not want us at all.
            BadInput: the host is not a network's public side.
            Unavailable: the host does not answer.
        """
        answer = self.http.get(f"{self.base}/xrpc/{endpoint}", params, check=self._whole)
        at = clock.now().isoformat().replace("+00:00", "Z")
        kept = {name: value if isinstance(value, (str, int)) else list(value) for name, value in params.items()}
        if answer.status == 200 and _is_readable(answer.body):
            return Page(endpoint, kept, at, msgspec.Raw(answer.body))
        return Page(endpoint, kept, at, error=self._refusal(answer))

    def _whole(self, answer: Answer) -> None:
        if not answer.is_json:
            raise self._no_network(f"with {answer.headers.get('content-type', 'no type')[:80]!r} instead of JSON")
        _is_readable(answer.body)

    def _refusal(self, answer: Answer) -> Failure:
        if answer.status == 200:
            return Failure(200, "NestedTooDeep")
        try:
            said = msgspec.json.decode(answer.body, type=_Error)
        except ValueError:
            said = _Error("")
        if answer.status == 401 or said.error in ("AuthMissing", "AuthenticationRequired"):
            raise Refused(
                f"{self.name} answers only people who are signed in.",
                "Name a host whose public side is open, such as --host public.api.bsky.app.",
            )
        if answer.status == 403:
            raise Refused(f"{self.name} refuses to answer this machine (403).", "Ask another host with --host.")
        # A network's refusals have names of one word; anything else comes from another kind of server.
        if said.error in ("MethodNotImplemented", "XRPCNotSupported") or not said.error.isalnum():
            return Failure(answer.status, "MethodNotImplemented", said.message[:300])
        return Failure(answer.status, said.error[:100], said.message[:300])

    def _no_network(self, how: str) -> BadInput:
        return BadInput(
            f"{self.name} is not the public side of an AT Protocol network: it answers {how}.",
            "Check --host; Bluesky's is public.api.bsky.app.",
        )


def _is_readable(body: bytes) -> bool:
    """Whether JSON is nested no deeper than can be read; raises ValueError where it is no JSON at all."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except RecursionError:
        return False
    return True
