"""NDJSON and JSON as a grid: nested fields get dotted names (`user.id`, `tags[].name`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from seguito.kit.errors import BadInput
from seguito.sources.contract import Reject
from seguito.sources.files.delimited import WIDEST
from seguito.sources.files.grid import LONGEST_FIELD, ROWS, Chunk, shown, text_column
from seguito.sources.files.opening import LONGEST_LINE, Encoding, opened_text
from seguito.sources.files.stretches import DAMAGED

LARGEST_DOCUMENT = 512 << 20
LOOKED_AT = 200
DEEPEST = 6
LIST_SEPARATOR = "|"
# Every escape of a JSON string; in a group, half of a surrogate pair that stands alone.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|.)", re.DOTALL
)


@dataclass
class JsonRows:
    """A file of JSON rows: one object a line, or one document that is (or holds) a list of objects.

    Args:
        path: the file.
        by_line: whether every line is a JSON value of its own.
        encoding: of its text.
    """

    path: Path
    by_line: bool
    encoding: Encoding = "utf-8"

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Dotted names of the fields of the first rows, in the order they appear."""
        names: dict[str, None] = {}
        for seen, (_, row) in enumerate(self._rows([])):
            for name in flattened(row):
                names.setdefault(name)
            if seen >= LOOKED_AT or len(names) > WIDEST:
                break
        if not names:
            raise BadInput(
                f"{self.path.name} holds no JSON objects.", "Name a file with one object a line or a list of them."
            )
        return tuple(names)

    def chunks(self, only: frozenset[str] | None = None) -> Iterator[Chunk]:
        """The rows, at most `ROWS` at a time."""
        names = [(name, path_of(name)) for name in self.header if only is None or name in only]
        names += [(name, path_of(name)) for name in sorted((only or frozenset()) - set(self.header))]
        rejects: list[Reject] = []
        rows: list[dict[str, Any]] = []
        places: list[int] = []
        for place, row in self._rows(rejects):
            rows.append(row)
            places.append(place)
            if len(rows) == ROWS:
                yield self._chunk(names, rows, places, rejects)
                rows, places = [], []
                rejects.clear()
        if rows or rejects:
            yield self._chunk(names, rows, places, rejects)

    def _chunk(self, names: list[Any], rows: list[Any], places: list[int], rejects: list[Reject]) -> Chunk:
        columns: dict[str, list[str]] = {name: [] for name, _ in names}
        kept: list[int] = []
        for place, row in zip(places, rows, strict=True):
            cells = [as_text(value_at(row, path)) for _, path in names]
            reason = next((why for cell in cells if (why := _unfit(cell))), None)
            if reason:
                rejects.append(Reject(f"{self.path.name}:{place}", reason, shown(repr(row))))
                continue
            kept.append(place)
            for (name, _), cell in zip(names, cells, strict=True):
                columns[name].append(cell)
        filled = {name: text_column(cells) for name, cells in columns.items()}
        return Chunk(filled, np.array(kept, dtype=np.int64), list(rejects))

    def _rows(self, rejects: list[Reject]) -> Iterator[tuple[int, dict[str, Any]]]:
        for place, value in self._values(rejects):
            if isinstance(value, dict):
                yield place, value
            else:
                rejects.append(Reject(f"{self.path.name}:{place}", "the row is not a JSON object", shown(repr(value))))

    def _values(self, rejects: list[Reject]) -> Iterator[tuple[int, Any]]:
        if not self.by_line:
            yield from enumerate(self._document(), start=1)
            return
        place = 0
        with opened_text(self.path, self.encoding) as file:
            while True:
                place += 1
                line = file.readline(LONGEST_LINE)
                if not line:
                    if file.is_damaged:
                        rejects.append(Reject(f"{self.path.name}:{place}", DAMAGED, ""))
                    return
                if not line.strip(b" \t\r\n\xef\xbb\xbf"):
                    continue
                try:
                    yield place, decoded(line)
                except BadInput as error:
                    raw = shown(line[:4000].decode("utf-8", "backslashreplace"))
                    rejects.append(Reject(f"{self.path.name}:{place}", error.what, raw))

    def _document(self) -> list[Any]:
        with opened_text(self.path, self.encoding) as file:
            data = file.read(LARGEST_DOCUMENT + 1)
            if file.is_damaged:
                raise BadInput(f"{self.path.name} is damaged or cut off.", "Download or copy it again.")
        if len(data) > LARGEST_DOCUMENT:
            raise BadInput(
                f"{self.path.name} is one JSON document of over 512 MiB.", "Save it as NDJSON, one object a line."
            )
        try:
            return _rows_in(decoded(data))
        except BadInput as error:
            raise BadInput(f"{self.path.name}: {error.what}.", "The file may be cut off; export it again.") from error


def decoded(data: bytes) -> Any:
    """A JSON value; raises `BadInput` with the reason when it is none.

    Half an emoji, as programs leave it that cut texts to a length, becomes U+FFFD and costs nothing else.
    """
    import msgspec

    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError:
            whole = _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], data)
            if whole == data:
                raise
            return msgspec.json.decode(whole)
    except RecursionError as error:
        raise BadInput("the JSON is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise BadInput("the JSON is damaged or cut off") from error


def _rows_in(value: Any) -> list[Any]:
    """The list of rows in a document: the document itself, its longest list of objects, or one object alone."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise BadInput("the document is neither a list nor an object")
    lists = [part for part in value.values() if isinstance(part, list) and part and isinstance(part[0], dict)]
    nested = [
        part
        for inner in value.values()
        if isinstance(inner, dict)
        for part in inner.values()
        if isinstance(part, list) and part and isinstance(part[0], dict)
    ]
    return max(lists or nested or [[value]], key=len)


def flattened(row: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """The dotted names of a row's fields."""
    for name, value in row.items():
        full = prefix + name
        if isinstance(value, dict) and depth < DEEPEST:
            yield from flattened(value, full + ".", depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], dict) and depth < DEEPEST:
            yield from flattened(value[0], full + "[].", depth + 1)
        else:
            yield full


Path_ = tuple[str, ...]


def path_of(name: str) -> Path_:
    """The steps of a dotted name."""
    return tuple(name.split("."))


def value_at(value: Any, path: Path_) -> Any:
    """What stands at a path, `None` where nothing does; a step `name[]` gives a list."""
    for at, step in enumerate(path):
        if not isinstance(value, dict):
            return None
        whole = ".".join(path[at:])
        if whole in value:
            return value[whole]
        if step.endswith("[]"):
            parts = value.get(step[:-2])
            if not isinstance(parts, list):
                return None
            return [found for part in parts if (found := value_at(part, path[at + 1 :])) is not None]
        value = value.get(step)
    return value


def as_text(value: Any) -> str:
    """A JSON value as a cell: lists joined by `|`, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(not isinstance(part, (dict, list)) for part in value):
        return LIST_SEPARATOR.join(as_text(part) for part in value)
    if isinstance(value, (dict, list)):
        import msgspec

        return msgspec.json.encode(value).decode()
    return str(value)


def _unfit(cell: str) -> str | None:
    if len(cell) > LONGEST_FIELD:
        return "a field is longer than 1 MiB"
    if "\0" in cell:
        return "the row holds a NUL character"
    return None
