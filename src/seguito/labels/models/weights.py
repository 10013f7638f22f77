"""Weight files: what a reader has learnt, in whole numbers, with what must be known to use it.

A file is, in this order: eight letters that say what it is; version of the format and length of the header (32 bits
each, little-endian); SHA-256 of all that follows; the header as JSON; the arrays of `Arrays`, each at a multiple of 64
bytes. Nothing in it is executed. The same content always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from seguito.kit.errors import BadInput, NotFound
from seguito.labels.models.header import Header

MAGIC: Final = b"SEGUITOW"
FORMAT: Final = 1
ALIGN: Final = 64
LARGEST: Final = 4_000_000
_PREFIX: Final = struct.Struct("<8sII32s")

# Between layers numbers lie between -REACH and REACH: 14 bits, so that sums of products stay within 32.
REACH: Final = 8_191
ROWS: Final = 65_536


@dataclass(frozen=True)
class Arrays:
    """The numbers of a reader.

    Attributes:
        keys: the keys of the n-grams it knows, ascending.
        idf: how much each n-gram counts, 1 to 127.
        table: a row for each n-gram: `width` columns for the hidden layer, then the linear ones.
        scale: what a column is multiplied with when its sum has been divided by its block's norm; a row a block.
        hidden: weights of the hidden layer: `width` rows for the words, as many for the letters.
        hidden_bias: added to its sums.
        hidden_scale: what its sums are multiplied with before they are rounded again.
        out: weights of the heads.
        out_bias: added to their sums.
        out_scale: what their sums are multiplied with to give log odds.
        linear_scale: the same for the linear columns.
        context: log odds for each unit of each context column.
    """

    keys: npt.NDArray[np.uint32]
    idf: npt.NDArray[np.uint8]
    table: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float64]
    hidden: npt.NDArray[np.int16]
    hidden_bias: npt.NDArray[np.int32]
    hidden_scale: npt.NDArray[np.float64]
    out: npt.NDArray[np.int16]
    out_bias: npt.NDArray[np.int32]
    out_scale: npt.NDArray[np.float64]
    linear_scale: npt.NDArray[np.float64]
    context: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """A weight file that was read and found sound."""

    header: Header
    arrays: Arrays
    revision: str


def shapes(header: Header) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The type and shape of every array that goes with a header."""
    columns, wide = header.columns, header.width + header.linear_columns
    return {
        "keys": ("<u4", (header.rows,)),
        "idf": ("u1", (header.rows,)),
        "table": ("i1", (header.rows, wide)),
        "scale": ("<f8", (2, wide)),
        "hidden": ("<i2", (2 * header.width, header.hidden)),
        "hidden_bias": ("<i4", (header.hidden,)),
        "hidden_scale": ("<f8", (header.hidden,)),
        "out": ("<i2", (header.hidden, columns)),
        "out_bias": ("<i4", (columns,)),
        "out_scale": ("<f8", (columns,)),
        "linear_scale": ("<f8", (header.linear_columns,)),
        "context": ("<f8", (len(header.context), columns)),
    }


def pack(header: Header, arrays: Arrays) -> bytes:
    """The bytes of a weight file; `ValueError` where header and arrays do not fit together."""
    check(header, arrays)
    text = msgspec.json.encode(header, order="deterministic")
    body = bytearray(text)
    for name, (kind, _) in shapes(header).items():
        body += b"\0" * (-(_PREFIX.size + len(body)) % ALIGN)
        body += np.ascontiguousarray(getattr(arrays, name), dtype=kind).tobytes()
    digest = hashlib.sha256(body).digest()
    return _PREFIX.pack(MAGIC, FORMAT, len(text), digest) + bytes(body)


def write(path: Path, header: Header, arrays: Arrays) -> str:
    """Write a weight file and return its revision."""
    content = pack(header, arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return unpack(content, path.name).revision


def load(path: Path) -> Weights:
    """Read a weight file; `NotFound` or `BadInput` where that is not possible."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NotFound(
            f"The weight file {path} cannot be read ({error.strerror}).", "Name a file that was made by the training."
        ) from error
    return unpack(content, str(path))


def unpack(content: bytes, place: str) -> Weights:
    """Read the bytes of a weight file.

    Args:
        content: the bytes.
        place: what to call the file in errors.
    """
    if len(content) < _PREFIX.size or not content.startswith(MAGIC):
        raise BadInput(f"{place} is not a weight file.", "Name a file that was made by the training.")
    _, version, length, digest = _PREFIX.unpack_from(content)
    if version != FORMAT:
        raise BadInput(f"{place} is of format {version}; this version of Seguito reads format {FORMAT}.", _MAKE_ANEW)
    if len(content) > LARGEST:
        raise BadInput(f"{place} is larger than {LARGEST:,} bytes.", _DAMAGED)
    if hashlib.sha256(memoryview(content)[_PREFIX.size :]).digest() != digest:
        raise BadInput(f"{place} is damaged: its checksum does not fit its content.", _DAMAGED)
    try:
        header = msgspec.json.decode(memoryview(content)[_PREFIX.size :][:length], type=Header)
        arrays = _arrays(header, content, _PREFIX.size + length)
        check(header, arrays)
    except (msgspec.DecodeError, ValueError, KeyError) as error:
        raise BadInput(f"{place} does not fit together: {error}.", _MAKE_ANEW) from error
    return Weights(header, arrays, digest.hex()[:12])


_MAKE_ANEW: Final = "Make it anew with the training of this version, or install the version it was made for."
_DAMAGED: Final = "Copy it again from where it came from, or make it anew."


def _arrays(header: Header, content: bytes, begin: int) -> Arrays:
    found = {}
    for name, (kind, shape) in shapes(header).items():
        begin += -begin % ALIGN
        count = int(np.prod(shape))
        found[name] = np.frombuffer(content, dtype=kind, count=count, offset=begin).reshape(shape)
        begin += found[name].nbytes
    if begin != len(content):
        raise ValueError("its length is not what the header says")
    return Arrays(**found)


def check(header: Header, arrays: Arrays) -> None:
    """Make sure that no text can lead outside an array or a sum outside 32 bits; `ValueError` where one could."""
    for name, (kind, shape) in shapes(header).items():
        array = getattr(arrays, name)
        if array.shape != shape or array.dtype != np.dtype(kind):
            raise ValueError(f"{name} is {array.dtype}{list(array.shape)}, not {np.dtype(kind)}{list(shape)}")
    numbers = [getattr(arrays, field.name) for field in fields(arrays)]
    rules = {
        "it knows 1 to 65,536 n-grams": 1 <= header.rows <= ROWS,
        "keys ascend": bool((arrays.keys[1:] > arrays.keys[:-1]).all()),
        "n-grams count 1 to 127": bool(((arrays.idf >= 1) & (arrays.idf <= 127)).all()),
        "an n-gram counts at most 1 to 15 times": 1 <= header.cap <= 15,
        "numbers are finite": all(bool(np.isfinite(one).all()) for one in numbers),
        "scales are moderate": all(
            bool(((one >= 0) & (one <= 1e6)).all()) for one in (arrays.scale, arrays.hidden_scale)
        ),
        "what makes log odds is moderate": all(
            bool((np.abs(one) <= 1e6).all()) for one in (arrays.out_scale, arrays.linear_scale, arrays.context)
        ),
        "sums stay within 32 bits": _fits(arrays.hidden, arrays.hidden_bias) and _fits(arrays.out, arrays.out_bias),
        "heads are sound": header.is_sound(),
    }
    for rule, holds in rules.items():
        if not holds:
            raise ValueError(f"it does not hold that {rule}")


def _fits(weights: npt.NDArray[np.int16], bias: npt.NDArray[np.int32]) -> bool:
    most = REACH * np.abs(weights.astype(np.int64)).sum(axis=0) + np.abs(bias.astype(np.int64))
    return bool((most < 2**31).all())
