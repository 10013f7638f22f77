from __future__ import annotations

import json
from pathlib import Path

import pytest

from seguito.kit.errors import BadInput
from seguito.sources.files.json_rows import JsonRows, decoded


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (rb'"cut \ud83d"', "cut \ufffd"),
        (rb'"\uDE02 lost"', "\ufffd lost"),
        (rb'"\ude02\ud83d"', "\ufffd\ufffd"),
        (rb'"\ud83d\ud83d\ude02"', "\ufffd\U0001f602"),
        (rb'"\ud83d\ude02 \ud83d"', "\U0001f602 \ufffd"),
        # A backslash that is itself escaped begins no escape.
        (rb'"\\ud83d \ud83d"', "\\ud83d \ufffd"),
        (rb'"\\\ud83d"', "\\\ufffd"),
    ],
)
def test_half_an_emoji_is_replaced(written: bytes, said: str) -> None:
    assert decoded(written) == said


@pytest.mark.parametrize("written", [b'"\\', b'"\\u', b'"\\ud83', b'{"a": "\\ud83d"', b'"\\ud8zz"', b'"\\ud83d\\u"'])
def test_what_is_cut_off_stays_damaged(written: bytes) -> None:
    with pytest.raises(BadInput, match="damaged"):
        decoded(written)


@pytest.mark.parametrize("by_line", [True, False])
def test_one_cut_text_does_not_cost_the_file(tmp_path: Path, by_line: bool) -> None:
    lines = [json.dumps({"text": text}) for text in ("uno", "due \ud83d", "tre")]
    (tmp_path / "a.json").write_text("\n".join(lines) if by_line else f"[{','.join(lines)}]")
    (chunk,) = JsonRows(tmp_path / "a.json", by_line=by_line).chunks()
    assert chunk.columns["text"].to_pylist() == ["uno", "due \ufffd", "tre"]
    assert chunk.rejects == []
