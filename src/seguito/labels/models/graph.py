"""What an ONNX file says of itself, read without running it: where its numbers lie, and that it asks for nothing odd.

The file is walked field by field as protocol buffers lay it down (field numbers: `onnx.proto`, ONNX IR version 4 and
later). Numbers are not read, only counted, so that a file of a gigabyte takes milliseconds.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from seguito.kit.errors import BadInput

# Operations that come with the runtime; those of any other domain need code from elsewhere.
DOMAINS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
# No classifier needs to repeat itself an unknown number of times, so that reading always ends.
ENDLESS: Final = frozenset({"Loop", "Scan"})
# More fields than any classifier has, fewer than take a minute to walk.
MOST_FIELDS: Final = 2_000_000
_DEEPEST: Final = 24

# Message by message: which field leads to which message.
_INSIDE: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
_HALF_BYTES: Final = {1: 8, 2: 2, 3: 2, 4: 4, 5: 4, 6: 8, 7: 16, 9: 2, 10: 4, 11: 16, 12: 8, 13: 16, 14: 16, 15: 32}
_STRING: Final = 8
_RAW: Final = 9
_TYPED: Final = frozenset({4, 5, 6, 7, 10, 11})


@dataclass
class Graph:
    """What was found.

    Attributes:
        outside: names of files beside it in which numbers lie, with the size each must have at least.
        by_batch: whether it scales numbers by all texts of a batch, so that neighbours would change an answer.
    """

    outside: dict[str, int] = field(default_factory=dict)
    by_batch: bool = False


def inspect(path: Path) -> Graph:
    """Walk an ONNX file.

    Raises:
        BadInput: it is damaged, claims more numbers than it holds, keeps them elsewhere than beside itself, or needs
            operations that the runtime does not have.
    """
    with path.open("rb") as file:
        if not file.seek(0, 2):
            raise _damaged(path, "it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            walk = _Walk(path, content)
            walk.message("model", 0, len(content), 0)
            if not walk.nodes:
                raise _damaged(path, "it holds no operations")
            return walk.graph


def _damaged(path: Path, why: str) -> BadInput:
    return BadInput(f"{path} is no sound ONNX file: {why}.", "Export or copy it again.")


@dataclass
class _Walk:
    path: Path
    content: mmap.mmap
    graph: Graph = field(default_factory=Graph)
    nodes: int = 0
    fields: int = 0

    def message(self, kind: str, at: int, end: int, depth: int) -> None:
        if depth > _DEEPEST:
            raise _damaged(self.path, "it is nested too deeply")
        inside = _INSIDE[kind]
        for number, wire, start, stop in self.walked(at, end):
            inner = inside.get(number)
            if inner is not None and wire == 2:
                if inner == "tensor":
                    self.tensor(start, stop)
                else:
                    self.message(inner, start, stop, depth + 1)
            elif kind == "node" and wire == 2 and number in {4, 7}:
                self.named(number, self.text(start, stop))
        self.nodes += kind == "node"

    def named(self, number: int, text: str) -> None:
        """The operation or the domain of a node."""
        if number == 7:
            self.domain(text)
        elif text in ENDLESS:
            raise BadInput(
                f"{self.path} repeats a part of itself ('{text}'), so that nobody knows when it ends.",
                "Export it without loops: a text classifier needs none.",
            )
        elif text.startswith("DynamicQuantize"):
            self.graph.by_batch = True

    def domain(self, name: str) -> None:
        if name not in DOMAINS:
            raise BadInput(
                f"{self.path} needs operations of '{name}', which come with code of their own.",
                "Seguito runs no code from a model. Export it with standard operations only.",
            )

    def tensor(self, start: int, stop: int) -> None:
        dims: list[int] = []
        kind = held = 0
        outside: dict[str, str] = {}
        for number, wire, begin, end in self.walked(start, stop):
            if number == 1:
                dims += [begin] if wire == 0 else self.numbers(begin, end)
            elif number == 2 and wire == 0:
                kind = begin
            elif number == 13 and wire == 2:
                outside.update([self.pair(begin, end)])
            elif number == _RAW or number in _TYPED:
                # Typed numbers may be written short; each takes at least one byte of the file.
                held += (end - begin if wire == 2 else 8) * (2 if number == _RAW else _HALF_BYTES.get(kind, 1))
        claimed = 1
        for size in dims:
            if not 0 <= size < 1 << 40 or claimed > 1 << 50:
                raise _damaged(self.path, f"it claims a table of {' x '.join(map(str, dims[:6]))} numbers")
            claimed *= size
        if kind == _STRING:
            return
        halves = claimed * _HALF_BYTES.get(kind, 1)
        if outside:
            self.beside(outside, (halves + 1) // 2)
        elif halves > held:
            raise _damaged(self.path, f"it claims {claimed:,} numbers where it holds fewer")

    def beside(self, said: dict[str, str], size: int) -> None:
        """Numbers that lie in another file: only ever one in the same folder."""
        location = said.get("location", "")
        plain = location not in {"", ".", ".."} and not set(location) & set("/\\\0")
        if not plain:
            raise BadInput(
                f"{self.path} wants to read '{location[:200]}', which is not a file beside it.",
                "Do not use this model: a sound one keeps its numbers in its own folder.",
            )
        offset = int(said.get("offset") or 0) if (said.get("offset") or "0").isdecimal() else -1
        if offset < 0:
            raise _damaged(self.path, "it places numbers before the start of a file")
        self.graph.outside[location] = max(self.graph.outside.get(location, 0), offset + size)

    def pair(self, start: int, stop: int) -> tuple[str, str]:
        found = {number: self.text(begin, end) for number, wire, begin, end in self.walked(start, stop) if wire == 2}
        return found.get(1, ""), found.get(2, "")

    def text(self, start: int, stop: int) -> str:
        return self.content[start : min(stop, start + 4096)].decode("utf-8", "replace")

    def numbers(self, at: int, end: int) -> list[int]:
        found = []
        while at < end:
            value, at = self.varint(at, end)
            found.append(value)
        return found

    def walked(self, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Every field of a message: number, wire type, then where its bytes start and stop (or its value, twice)."""
        while at < end:
            self.fields += 1
            if self.fields > MOST_FIELDS:
                raise _damaged(self.path, "it has more parts than any classifier")
            key, at = self.varint(at, end)
            wire = key & 7
            if wire == 0:
                value, at = self.varint(at, end)
                yield key >> 3, wire, value, value
                continue
            length = {1: 8, 5: 4}.get(wire, -1)
            if wire == 2:
                length, at = self.varint(at, end)
            if length < 0 or length > end - at:
                raise _damaged(self.path, "a part of it is cut off or is none of the known kinds")
            yield key >> 3, wire, at, at + length
            at += length

    def varint(self, at: int, end: int) -> tuple[int, int]:
        value = shift = 0
        while at < end and shift < 70:
            byte = self.content[at]
            value |= (byte & 127) << shift
            at, shift = at + 1, shift + 7
            if byte < 128:
                return value, at
        raise _damaged(self.path, "a part of it is cut off")
