"""Display HTML (as some old tools store comments) to the text a person wrote."""

from __future__ import annotations

from html.parser import HTMLParser

import pyarrow as pa


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p", "div"):
            self.parts.append("\n")


def from_html(column: pa.Array) -> pa.Array:
    """Texts without tags and entities; rows without either pass unchanged."""
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring_regex(column, "[<&]")).as_py():
        return column
    return pa.array([_plain(text) if text and ("<" in text or "&" in text) else text for text in column.to_pylist()])


def _plain(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)
