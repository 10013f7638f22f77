"""Keys of n-grams: 32 bits, the lowest of which says which block the n-gram belongs to.

Whatever is changed here makes all weights written before useless: `features.REVISION` must change with it. The C source
holds the same figures, and a test compares them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]

# The multiplier of the polynomial over code points: 5 modulo 8, for the longest series of powers.
BASE: Final = 0x2C1B3C6D
BIGRAM: Final = 0x27D4EB2F

# What is added before the last mixing, so that the same letters as word, bigram or n-gram give keys that differ.
UNIGRAM_SEED: Final = 0x1B873593
BIGRAM_SEED: Final = 0xE6546B64
NEGATED_SEED: Final = 0x38B34AE5
FLAG_SEED: Final = 0xA1E38B93
GRAM_SEEDS: Final = (0x6A09E667, 0xBB67AE85, 0x3C6EF372)

# What stands before the first token and after the last, and between words in n-grams of letters.
START: Final = 0x510E527F
END: Final = 0x9B05688C
BOUNDARY: Final = 0x1F83D9AB

WORD_BLOCK, LETTER_BLOCK = 0, 1


def mixed(codes: npt.NDArray[np.uint16]) -> Words:
    """A 32-bit number for each code."""
    x = codes.astype(np.uint32)
    x += np.uint32(1)
    x *= np.uint32(0x9E3779B1)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x85EBCA77)
    x ^= x >> np.uint32(13)
    return x


def keys(hashes: Words, seed: int, block: int) -> Words:
    """The keys of hashes; `hashes` is used up."""
    x = hashes
    x += np.uint32(seed)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    x &= np.uint32(0xFFFFFFFE)
    x |= np.uint32(block)
    return x


def powers(base: int, n: int) -> Words:
    """`base` to the power of 0, 1, ... n - 1, modulo 2^32."""
    steps = np.full(n, base, dtype=np.uint32)
    steps[:1] = 1
    return np.multiply.accumulate(steps, dtype=np.uint32)


def inverse(base: int) -> int:
    """The number by which an odd `base` gives 1 modulo 2^32."""
    return pow(base, -1, 1 << 32)
