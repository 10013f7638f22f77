"""Every registered measure keeps the contract; what a measure may say is judged the same way for all."""

from __future__ import annotations

import pytest

from seguito.measures.registry import MEASURES
from seguito.testing.grounds import Grounds
from seguito.testing.measures import check


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_keeps_the_contract(name: str, grounds: Grounds) -> None:
    assert MEASURES[name].name == name
    check(MEASURES[name], grounds)
