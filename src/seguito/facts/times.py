"""How exact a time is and what it rests on. Beside every time that a source may have got wrong."""

from __future__ import annotations

from typing import Literal

Precision = Literal["us", "ms", "s", "min", "day", "month"]
Basis = Literal["epoch", "offset", "utc_declared", "naive_assumed", "client_declared", "server", "server_local_unknown"]
