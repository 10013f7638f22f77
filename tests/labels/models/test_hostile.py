"""The C source under the sanitizers: whatever bytes it is handed, it stays within them and within its rooms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hatch_build
import pytest

from seguito.labels.models import fast

# Run in a process of its own, in which the sanitizers are loaded first. The library is handed raw bytes, past all that
# Python looks at before: broken UTF-8, texts that end in the middle of a letter, offsets that lie.
PROBE = """
import ctypes, random, sys
from pathlib import Path
import numpy as np
import pyarrow as pa
from seguito.labels.models import fast
from seguito.labels.models.plan import plan
from seguito.labels.models.weights import pack, unpack
from tests.labels.models.planted import TEXTS, planted

library = ctypes.CDLL(sys.argv[1])
address, number = ctypes.c_void_p, ctypes.c_int64
library.seguito_read.argtypes = [address, address, number, address, number, address, address, address]
weights = unpack(pack(*planted()), "planted")
way = fast.Fast(weights, plan(weights.header), library)

def read(texts, offsets=None, groups=None):
    content = np.frombuffer(b"".join(texts), dtype=np.uint8).copy()
    if offsets is None:
        offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])])
    offsets = np.array(offsets, dtype=np.int64)
    out = np.empty((len(offsets) - 1, way.columns))
    of = None if groups is None else np.array(groups, dtype=np.int8)
    return library.seguito_read(
        way._address, content.ctypes.data, len(content), offsets.ctypes.data, len(offsets) - 1,
        None if of is None else of.ctypes.data, None, out.ctypes.data,
    )

dice = random.Random(int(sys.argv[2]))
real = [text.encode() for text in TEXTS]
long = [part * 9_000 for part in (b"a", b"@", b".", b"a.it ", b"http://", b"'", b"a'", b"A1", b"a ",
        "\\U0001f602".encode(), "\\u0336".encode(), b"\\xf0\\x9f", b"\\xff", b"non a ", b"\\xe2\\x80", b"!?",
        "\\u0436 ".encode(), b"aaa!!! ", b"_@_ ", b"a.")]
assert read(real) == read(long) == 0
for _ in range(1_500):
    texts = []
    for _ in range(dice.randrange(1, 6)):
        text = bytearray(b"".join(dice.choices(real, k=dice.randrange(4))))
        for _ in range(dice.randrange(6)):
            if text:
                text[dice.randrange(len(text))] = dice.randrange(256)
        if dice.random() < 0.3:
            text += dice.randbytes(dice.randrange(60))
        texts.append(bytes(text[: dice.randrange(len(text) + 1)] if dice.random() < 0.5 else text))
    assert read(texts) == 0
for offsets in ([0, 10**9], [-5, 3], [5, 3], [0, 3, 2], [2**62, 2**63 - 1]):
    assert read([b"ciao a tutti"], offsets) == 2
for groups in ([9], [-1], [127]):
    assert read([b"ciao"], groups=groups) == 2
assert read([b"ciao"], groups=[5]) == 0
for name in ("stride", "hidden_units", "columns", "linear", "rows", "cap"):
    before = getattr(way._model, name)
    for wrong in (0, -1, 1_000_000):
        if name in ("rows", "linear") and wrong != -1 or name == "cap" and wrong > 0:
            continue
        setattr(way._model, name, wrong)
        assert read([b"ciao"]) == 1
    setattr(way._model, name, before)
print("sound")
"""


@pytest.mark.slow
def test_the_c_source_stays_within_its_rooms(tmp_path: Path) -> None:
    compiler = hatch_build.compiler()
    assert compiler
    place = tmp_path / "sanitized.so"
    options = ["-g", "-O1", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    subprocess.run(
        [*compiler.split(), *options, *sanitizers, str(fast.SOURCE), "-o", str(place), "-lm"], check=True, timeout=300
    )
    runtime = subprocess.run(
        [*compiler.split(), "-print-file-name=libasan.so"], check=True, capture_output=True, text=True
    ).stdout.strip()
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(place), "1"],
        cwd=Path(__file__).parents[3],
        env={
            "PATH": "/usr/bin:/bin",
            "LD_PRELOAD": runtime,
            "ASAN_OPTIONS": "detect_leaks=0",
            "PYTHONMALLOC": "malloc",
            "PYTHONPATH": str(Path(__file__).parents[3]),
        },
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-5_000:]
    assert done.stdout.strip() == "sound"
