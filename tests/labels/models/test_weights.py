from __future__ import annotations

import dataclasses
import hashlib
import random
from pathlib import Path

import msgspec
import numpy as np
import pytest

from seguito.kit.errors import BadInput, NotFound
from seguito.labels.models.header import Calibration, Head, Header
from seguito.labels.models.weights import Arrays, check, load, pack, unpack, write

from .planted import planted


@pytest.fixture(scope="module")
def parts() -> tuple[Header, Arrays]:
    return planted()


def test_what_is_written_is_read(parts: tuple[Header, Arrays], tmp_path: Path) -> None:
    header, arrays = parts
    revision = write(tmp_path / "folder" / "a.weights", header, arrays)
    found = load(tmp_path / "folder" / "a.weights")
    assert found.header == header
    assert found.revision == revision
    for field in dataclasses.fields(Arrays):
        assert (getattr(found.arrays, field.name) == getattr(arrays, field.name)).all()


def test_equal_content_gives_equal_bytes_and_other_content_another_revision(parts: tuple[Header, Arrays]) -> None:
    header, arrays = parts
    assert pack(header, arrays) == pack(header, arrays)
    other = msgspec.structs.replace(header, licence="another")
    assert unpack(pack(other, arrays), "x").revision != unpack(pack(header, arrays), "x").revision


def test_every_changed_byte_and_every_cut_is_noticed(parts: tuple[Header, Arrays]) -> None:
    content = pack(*parts)
    dice = random.Random(1)
    for place in [*range(60), *(dice.randrange(len(content)) for _ in range(300))]:
        damaged = bytearray(content)
        damaged[place] ^= 1 << dice.randrange(8)
        with pytest.raises(BadInput):
            unpack(bytes(damaged), "damaged")
    for length in (0, 1, 7, 8, 47, 48, 60, len(content) - 1):
        with pytest.raises(BadInput):
            unpack(content[:length], "cut")
    with pytest.raises(BadInput):
        unpack(content + b"\0", "longer")


def test_a_file_whose_checksum_was_made_to_fit_is_still_looked_through(parts: tuple[Header, Arrays]) -> None:
    """Whatever it holds, it is refused or can be used: it never leads outside an array."""
    content = pack(*parts)
    dice = random.Random(2)
    refused = 0
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(dice.choice((1, 3, 30))):
            damaged[48 + dice.randrange(dice.choice((400, 3_000, len(content) - 48)))] = dice.randrange(256)
        damaged[16:48] = hashlib.sha256(damaged[48:]).digest()
        try:
            found = unpack(bytes(damaged), "forged")
        except BadInput:
            refused += 1
        else:
            check(found.header, found.arrays)
    assert refused > 100


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a weight file"),
        (b"PK\x03\x04" + b"\0" * 100, "is not a weight file"),
        (b"SEGUITOW" + (2).to_bytes(4, "little") + b"\0" * 100, "is of format 2"),
        (b"SEGUITOW" + (1).to_bytes(4, "little") + b"\0" * 100, "checksum"),
    ],
)
def test_what_is_no_weight_file_is_named(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        unpack(content, "some/file")
    assert "some/file" in caught.value.what
    assert caught.value.advice


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for place in (tmp_path / "none.weights", tmp_path):
        with pytest.raises(NotFound, match="cannot be read"):
            load(place)


def test_what_would_overflow_is_refused(parts: tuple[Header, Arrays]) -> None:
    header, arrays = parts
    for changed in (
        dataclasses.replace(arrays, hidden=np.full_like(arrays.hidden, 32_767)),
        dataclasses.replace(arrays, out_bias=np.full_like(arrays.out_bias, 2**31 - 1)),
        dataclasses.replace(arrays, idf=np.zeros_like(arrays.idf)),
        dataclasses.replace(arrays, keys=arrays.keys[::-1].copy()),
        dataclasses.replace(arrays, scale=np.full_like(arrays.scale, np.nan)),
        dataclasses.replace(arrays, scale=-arrays.scale),
        dataclasses.replace(arrays, hidden_scale=np.full_like(arrays.hidden_scale, 1e9)),
        dataclasses.replace(arrays, out_scale=np.full_like(arrays.out_scale, 1e308)),
        dataclasses.replace(arrays, linear_scale=np.full_like(arrays.linear_scale, -1e9)),
        dataclasses.replace(arrays, context=np.full_like(arrays.context, 1e9)),
        dataclasses.replace(arrays, table=arrays.table.astype(np.int16)),
        dataclasses.replace(arrays, table=arrays.table[:, 1:]),
    ):
        with pytest.raises(ValueError, match=r"it does not hold|is "):
            pack(header, changed)


def test_headers_that_contradict_themselves_are_refused(parts: tuple[Header, Arrays]) -> None:
    header, arrays = parts
    first = header.heads[0]
    for changes in (
        {"heads": (first, *header.heads)},
        {"language_head": "nobody"},
        {"languages": ("it",)},
        {"cap": 0},
        {"heads": (msgspec.structs.replace(first, kind="tanh"), *header.heads[1:])},
        {"heads": (msgspec.structs.replace(first, none=True), *header.heads[1:])},
        {"heads": (msgspec.structs.replace(first, thresholds=(0.1, 0.2)), *header.heads[1:])},
        {"heads": (msgspec.structs.replace(first, calibration={"*": Calibration(0.0)}), *header.heads[1:])},
        {"heads": (msgspec.structs.replace(first, calibration={"*": Calibration(1.0, (1e308,))}), *header.heads[1:])},
        {"heads": (msgspec.structs.replace(first, calibration={"xx": Calibration()}), *header.heads[1:])},
    ):
        with pytest.raises(ValueError, match=r"it does not hold|is "):
            pack(msgspec.structs.replace(header, **changes), arrays)


def test_a_head_decides() -> None:
    scores = np.array([[0.2, 0.1], [0.65, 0.3], [0.3, 0.9], [np.nan, np.nan]])
    head = Head(name="x", values=("a", "b"), thresholds=(0.6, 0.95), band=(0.5, 0.7))
    decided, unsure = head.decide(scores)
    assert decided.tolist() == [-1, 0, -1, -1]
    assert unsure.tolist() == [False, True, False, False]
