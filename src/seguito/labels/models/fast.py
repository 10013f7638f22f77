"""The door to the compiled way (`fast.c`): the same answers as `portable`, several times faster.

The library is built when the package is, if a compiler is there. It is used only if it was made from the very source
that lies beside it; otherwise, or where `SEGUITO_PURE` is set, everything runs on numpy.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.kit.errors import UsageError
from seguito.labels.models import features
from seguito.labels.models.alphabet import alphabet
from seguito.labels.models.plan import Floats, Groups, Plan, group_of_values
from seguito.labels.models.portable import Vocabulary
from seguito.labels.models.stream import DOMAINS, DOMAINS_BEFORE_SLASH, packed
from seguito.labels.models.weights import Weights

SOURCE: Final = Path(__file__).with_name("fast.c")
LIBRARY = Path(__file__).with_name("libreader.so")
# Beside the library: the digests of the source it was made from and of itself.
DIGESTS: Final = ".sha256"
PURE: Final = "SEGUITO_PURE"

# Columns of the table are filled up to a multiple of this, so that they are added without a rest.
LANES: Final = 16

_POINTERS = (
    *("letters", "kinds", "domains", "domains_before_slash", "negations", "signs", "keys", "first", "idf", "is_sign"),
    *("table", "scale", "hidden", "hidden_bias", "hidden_scale", "out", "out_bias", "out_scale", "linear_scale"),
    *("linear_group", "linear_column", "shift", "rate", "reads", "head_begin", "head_end", "head_softmax"),
    "value_group",
)
_COUNTS = (
    *("domain_count", "domain_before_slash_count", "negation_count", "rows", "stride", "width", "linear"),
    *("hidden_units", "columns", "heads", "cap", "groups", "language_begin", "language_values"),
)


class Model(ctypes.Structure):
    """What the C source is handed; laid out as `Model` there."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in _POINTERS),
        ("language_sure", ctypes.c_double),
        *((name, ctypes.c_int32) for name in _COUNTS),
    ]


def library() -> Any:
    """The compiled library; `None` where there is none, or one of another source."""
    return _opened(LIBRARY)


@cache
def _opened(place: Path) -> Any:
    # Looked at before it is opened: opening half a library ends the program.
    try:
        made = [hashlib.sha256(part.read_bytes()).hexdigest() for part in (SOURCE, place)]
        if place.with_suffix(DIGESTS).read_text(encoding="ascii").split() != made:
            return None
        loaded = ctypes.CDLL(str(place))
        read = loaded.seguito_read
    except (OSError, AttributeError, UnicodeDecodeError):
        return None
    number, address = ctypes.c_int64, ctypes.c_void_p
    read.argtypes = [address, address, number, address, number, address, address, address]
    read.restype = ctypes.c_int
    return loaded


def usable() -> bool:
    """Whether texts are read by the compiled way."""
    return not os.environ.get(PURE) and library() is not None


class Fast:
    """Reads texts with a weight file, as `Portable` does.

    Args:
        weights: the file.
        plan: its plan.
        loaded: the library.
    """

    def __init__(self, weights: Weights, plan: Plan, loaded: Any = None) -> None:
        self.columns = plan.header.columns
        loaded = loaded or library()
        if loaded is None:
            raise UsageError(
                "The compiled way of reading is not there, or is of another version.",
                "Install Seguito again where there is a C compiler, or read by numpy.",
            )
        self._read = loaded.seguito_read
        # Must live as long as the model that points to them.
        self._arrays = {name: np.ascontiguousarray(array) for name, array in _arrays(weights, plan).items()}
        figures = _figures(weights, plan, self._arrays)
        self._model = Model(**{name: array.ctypes.data for name, array in self._arrays.items()}, **figures)
        self._address = ctypes.addressof(self._model)

    def read(self, texts: pa.Array, groups: Groups | None, extra: Floats | None) -> Floats:
        """The probability of every column for texts that are `sound` (see `Portable.read`)."""
        if not pa.types.is_large_string(texts.type):
            texts = texts.cast(pa.large_string())
        out = np.empty((len(texts), self.columns))
        _, offsets, content = texts.buffers()
        if not len(texts):
            return out
        state = self._read(
            self._address,
            content.address if content is not None else None,
            content.size if content is not None else 0,
            offsets.address + 8 * texts.offset,
            len(texts),
            None if groups is None else np.ascontiguousarray(groups, dtype=np.int8).ctypes.data,
            None if extra is None else np.ascontiguousarray(extra, dtype=np.float64).ctypes.data,
            out.ctypes.data,
        )
        if state:
            raise MemoryError if state == 3 else ValueError(f"the reader was handed what does not fit (state {state})")
        return out


def _arrays(weights: Weights, plan: Plan) -> dict[str, npt.NDArray[Any]]:
    arrays, spans = weights.arrays, plan.spans()
    rows, wide = arrays.table.shape
    table = np.zeros((rows, wide + -wide % LANES), dtype=np.int8)
    table[:, :wide] = arrays.table
    letters, kinds = alphabet()
    return {
        "letters": letters,
        "kinds": kinds,
        "domains": np.array([packed(name) for name in DOMAINS], dtype=np.int64),
        "domains_before_slash": np.array([packed(name) for name in DOMAINS_BEFORE_SLASH], dtype=np.int64),
        "negations": features.negations(),
        "signs": features.signs(),
        "keys": arrays.keys,
        "first": Vocabulary(arrays.keys).first,
        "idf": arrays.idf,
        "is_sign": np.isin(arrays.keys, features.signs()).astype(np.uint8),
        "table": table,
        "scale": arrays.scale,
        "hidden": arrays.hidden,
        "hidden_bias": arrays.hidden_bias,
        "hidden_scale": arrays.hidden_scale,
        "out": arrays.out,
        "out_bias": arrays.out_bias,
        "out_scale": arrays.out_scale,
        "linear_scale": arrays.linear_scale,
        "linear_group": plan.linear[:, 0],
        "linear_column": plan.linear[:, 1],
        "shift": plan.shift,
        "rate": plan.rate,
        "reads": plan.reads,
        "head_begin": np.array([begin for _, begin, _ in spans], dtype=np.int32),
        "head_end": np.array([end for _, _, end in spans], dtype=np.int32),
        "head_softmax": np.array([head.kind == "softmax" for head, _, _ in spans], dtype=np.uint8),
        "value_group": group_of_values(plan.header) if plan.header.language_head else np.zeros(1, dtype=np.int8),
    }


def _figures(weights: Weights, plan: Plan, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, float]:
    header = plan.header
    spoken = header.language_head
    return {
        "language_sure": header.language_sure,
        "domain_count": len(arrays["domains"]),
        "domain_before_slash_count": len(arrays["domains_before_slash"]),
        "negation_count": len(arrays["negations"]),
        "rows": header.rows,
        "stride": arrays["table"].shape[1],
        "width": header.width,
        "linear": header.linear_columns,
        "hidden_units": header.hidden,
        "columns": header.columns,
        "heads": len(header.heads),
        "cap": header.cap,
        "groups": len(plan.shift),
        "language_begin": header.start(spoken) if spoken else -1,
        "language_values": len(header.head(spoken).values) if spoken else 0,
    }
