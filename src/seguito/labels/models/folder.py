"""The folder of a larger model: which files it has, that they are what they claim to be, and their digest.

Nothing in the folder is executed, nothing outside it is read, and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from seguito.kit.errors import BadInput, NotFound, Refused
from seguito.labels.models.graph import Graph, inspect

# In this order; name the file itself to take another.
GRAPHS: Final = tuple(
    folder + name
    for name in ("model.onnx", "model_quantized.onnx", "model_int8.onnx", "model_uint8.onnx", "model_fp16.onnx")
    for folder in ("", "onnx/")
)
CONFIG: Final = "config.json"
TOKENIZER: Final = "tokenizer.json"
CALIBRATION: Final = "calibration.json"
_MEGABYTE: Final = 1 << 20
_LARGEST: Final = {CONFIG: 4 * _MEGABYTE, TOKENIZER: 128 * _MEGABYTE, CALIBRATION: _MEGABYTE}
_LARGEST_GRAPH: Final = 8 << 30
EXPORT: Final = "optimum-cli export onnx --task text-classification --model NAME FOLDER"
DIGITS: Final = 12


@dataclass(frozen=True)
class Folder:
    """A model folder that was looked through and found sound.

    Attributes:
        root: the folder.
        name: what to call the model.
        path: its ONNX file.
        graph: what that says of itself.
        config: what `config.json` says.
        tokenizer: the bytes of `tokenizer.json`.
        revision: digest of all files an answer depends on.
    """

    root: Path
    name: str
    path: Path
    graph: Graph
    config: dict[str, Any]
    tokenizer: bytes
    revision: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what it tells apart, in the order of its columns."""
        said = self.config.get("id2label")
        try:
            names = {int(key): value for key, value in dict(said or {}).items()}
        except (TypeError, ValueError):
            names = {}
        ordered = tuple(names.get(n) for n in range(len(names)))
        if not names or not all(isinstance(one, str) and one for one in ordered) or len(set(ordered)) != len(ordered):
            raise BadInput(
                f"{self.root / CONFIG} does not name what the model tells apart (id2label).",
                'It needs a line such as: "id2label": {"0": "negative", "1": "neutral", "2": "positive"}',
            )
        return tuple(map(str, ordered))


def open_folder(where: str | Path) -> Folder:
    """Look through a model folder.

    Args:
        where: the folder, or an ONNX file in it or in its subfolder `onnx`.

    Raises:
        NotFound: there is no such folder, or a file that it needs is missing.
        BadInput: a file is damaged or not what it claims to be.
        Refused: a file leads out of the folder, or is no ordinary file.
    """
    place = Path(where).expanduser()
    if place.suffix == ".onnx":
        root = place.parent.parent if place.parent.name == "onnx" else place.parent
        wanted: tuple[str, ...] = (str(place.relative_to(root)),)
    else:
        root, wanted = place, GRAPHS
    if not root.is_dir():
        raise NotFound(f"There is no model folder {root}.", f"Make one with: {EXPORT}")
    found = [name for name in wanted if _is_there(root / name)]
    if not found:
        raise NotFound(f"{root} holds no {wanted[0]}.", f"Models are read in their ONNX form: {EXPORT}")
    path = ordinary(root, found[0], _LARGEST_GRAPH)
    graph = inspect(path)
    beside = [_beside(root, path, name, size) for name, size in sorted(graph.outside.items())]
    config = ordinary(root, CONFIG, _LARGEST[CONFIG])
    tokenizer = ordinary(root, TOKENIZER, _LARGEST[TOKENIZER])
    return Folder(
        root,
        name_of(root),
        path,
        graph,
        read_json(config),
        tokenizer.read_bytes(),
        digest([path, *beside, config, tokenizer]),
    )


def _is_there(path: Path) -> bool:
    # A link to nowhere is there, and refused later with its reason.
    return path.is_symlink() or path.exists()


def ordinary(root: Path, name: str, largest: int) -> Path:
    """A file of the folder, if it is an ordinary one within it.

    Args:
        root: the folder.
        name: the file's path in it.
        largest: how many bytes it may have.

    Raises:
        NotFound: it is missing.
        Refused: it leads out of the folder, or is no ordinary file.
        BadInput: it is larger than such a file can be.
    """
    path = root / name
    try:
        real = path.resolve(strict=True)
        state = real.stat()
    except (OSError, RuntimeError) as error:
        raise NotFound(f"{root} has no readable {name}.", f"Make the folder anew: {EXPORT}") from error
    if not any(real.is_relative_to(one) for one in _inside(root)):
        raise Refused(
            f"{path} is a link that leads out of its folder.",
            f"Copy the model with the files themselves: cp -rL {root} COPY",
        )
    if not stat.S_ISREG(state.st_mode):
        raise Refused(f"{path} is no ordinary file.", f"Make the folder anew: {EXPORT}")
    if state.st_size > largest:
        raise BadInput(f"{path} has {state.st_size:,} bytes, more than such a file can have.", "Is it another file?")
    return path


def _inside(root: Path) -> list[Path]:
    """The folder and, in a cache of the Hugging Face hub, the folder that the cache keeps the files themselves in."""
    real = root.resolve()
    return [real, real.parent.parent / "blobs"] if real.parent.name == "snapshots" else [real]


def _beside(root: Path, path: Path, name: str, size: int) -> Path:
    beside = ordinary(root, str((path.parent / name).relative_to(root)), _LARGEST_GRAPH)
    if beside.stat().st_size < size:
        raise BadInput(f"{beside} has fewer bytes than {path.name} wants of it.", "Copy both again.")
    return beside


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file that holds an object; `BadInput` where it does not."""
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{path} is no JSON: {error}.", "Copy it again from where it came from.") from error
    if not isinstance(found, dict):
        raise BadInput(f"{path} does not hold what such a file holds.", "Copy it again from where it came from.")
    return found


def name_of(root: Path) -> str:
    """What to call the model of a folder: its name or, in a cache of the hub, that of its repository."""
    real = root.resolve()
    cached = real.parent.parent.name if real.parent.name == "snapshots" else ""
    name = cached.removeprefix("models--").replace("--", ".") if cached.startswith("models--") else real.name
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:60].strip("-.") or "model"


def digest(paths: Iterable[Path]) -> str:
    """The first digits of the SHA-256 of files, in the order given."""
    whole = hashlib.sha256()
    for path in paths:
        state = path.stat()
        whole.update(_digest(path, state.st_mtime_ns, state.st_size))
    return whole.hexdigest()[:DIGITS]


@cache
def _digest(path: Path, changed: int, size: int) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
