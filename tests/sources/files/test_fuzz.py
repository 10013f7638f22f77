"""Every payload, broken at random in a few hundred seeded ways: facts or a sentence, never a traceback, rows add up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seguito.kit.errors import SeguitoError
from seguito.sources.contract import Options
from seguito.sources.files.recognise import open_files
from seguito.testing.sources import observe
from tests.sources.files.samples import SAMPLES, Payload
from tests.sources.files.test_properties import adds_up, tells

CASES = 80
NASTY = (
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b",",
    b"\t",
    b"{",
    b"}",
    b"[",
    b"\\",
    b"\xff",
    b"\xc3",
    b"9" * 40,
    b"\xef\xbb\xbf",
    b"@",
    b"-1",
)


def broken(content: bytes, draw: random.Random) -> bytes:
    """A few flips, cuts, insertions and repetitions."""
    data = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data)) if data else 0
        kind = draw.randrange(5)
        if kind == 0 and data:
            data[at] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del data[at : at + draw.randint(1, 60)]
        elif kind == 2:
            data[at:at] = draw.choice(NASTY) * draw.randint(1, 3)
        elif kind == 3:
            data[at:at] = data[at : at + draw.randint(1, 300)]
        else:
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("payload", SAMPLES, ids=lambda payload: payload.name)
def test_broken_files_never_break_the_reader(payload: Payload, tmp_path: Path) -> None:
    draw, content, read = random.Random(payload.name), payload.path.read_bytes(), 0
    path = tmp_path / payload.name
    for _ in range(CASES):
        path.write_bytes(broken(content, draw))
        try:
            found = observe(lambda: open_files([path], Options())[0])
        except SeguitoError as error:
            tells(error)
            continue
        adds_up(found)
        read += 1
    assert read > 0 or payload.path.suffix == ".json"
