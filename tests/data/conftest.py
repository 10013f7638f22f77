"""The public data sets, where `SEGUITO_DATA` says they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the public data sets."""
    return Path(os.environ["SEGUITO_DATA"])
