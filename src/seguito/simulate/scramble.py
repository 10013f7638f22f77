"""Numbers to names: random-looking but repeatable ids and picks, whole columns at a time.

A pick depends on the seed, the row and what is picked, never on the order of drawing; so files can be written in
blocks of any size and stay the same.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Words64 = npt.NDArray[np.uint64]

BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def stream(seed: int, name: str) -> np.random.Generator:
    """A random generator of its own for every part of the world, so that changing one part leaves the others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def mixed(rows: Ints, seed: int, name: str) -> Words64:
    """64 well-mixed bits for every row number (the finaliser of SplitMix64, Steele et al. 2014)."""
    salt = np.uint64(zlib.crc32(name.encode()) * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03 & 0xFFFFFFFFFFFFFFFF)
    with np.errstate(over="ignore"):
        bits = (rows.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) + salt
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return bits ^ (bits >> np.uint64(31))


def pick(rows: Ints, seed: int, name: str, sizes: int | Ints) -> Ints:
    """For every row a whole number from 0 up to (not including) `sizes`."""
    high = mixed(rows, seed, name) >> np.uint64(11)
    share = high.astype(np.float64) / float(1 << 53)
    return (share * sizes).astype(np.int64)


def lettered(numbers: Words64, alphabet: str, length: int) -> npt.NDArray[np.uint8]:
    """The last `length` digits of every number, as one row of letters each; the alphabet has 32 or 64 letters."""
    bits = len(alphabet).bit_length() - 1
    letters = np.frombuffer(alphabet.encode(), dtype=np.uint8)
    shifts = np.arange(length - 1, -1, -1, dtype=np.uint64) * np.uint64(bits)
    digits = (numbers[:, None] >> shifts[None, :]) & np.uint64(len(alphabet) - 1)
    found: npt.NDArray[np.uint8] = letters[digits]
    return found


def named(rows: Ints, seed: int, name: str, *, prefix: str, length: int, suffix: str = "", alphabet: str) -> pa.Array:
    """A text id for every row: prefix, `length` letters, suffix. Twenty letters or more never clash in practice."""
    bits = len(alphabet).bit_length() - 1
    fits = 60 // bits
    columns = [np.tile(np.frombuffer(prefix.encode(), dtype=np.uint8), (len(rows), 1))]
    for number, start in enumerate(range(0, length, fits)):
        part = mixed(rows, seed, f"{name}/{number}")
        columns.append(lettered(part, alphabet, min(fits, length - start)))
    columns.append(np.tile(np.frombuffer(suffix.encode(), dtype=np.uint8), (len(rows), 1)))
    return texts_of(np.concatenate(columns, axis=1))


def texts_of(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Rows of ASCII letters as an Arrow text column, without a Python loop."""
    rows, length = letters.shape
    offsets = pa.py_buffer(np.arange(rows + 1, dtype=np.int32) * np.int32(length))
    return pa.StringArray.from_buffers(rows, offsets, pa.py_buffer(np.ascontiguousarray(letters)))


def stamped(seconds: Ints, rows: Ints) -> pa.Array:
    """Timestamp ids as AT Protocol makes them: 13 letters that sort by time; rows of one second stay apart."""
    micros = seconds * 1_000_000 + rows * 7_919 % 1_000_000
    return texts_of(lettered(micros.astype(np.uint64) << np.uint64(10), BASE32, 13))
