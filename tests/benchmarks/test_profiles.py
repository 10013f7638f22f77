"""The benchmark of profiles scores what it says it scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import profiles


def test_every_follower_made_up_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "CACHE", tmp_path)
    place = profiles.lake_of(400)
    assert place == profiles.lake_of(400)  # written once
    found = profiles.estimate(place)
    assert isinstance(found["values"], dict)
    for name in profiles.MEASURES:
        n, value, status = found["values"][name]
        assert (n, status) == (400, "ok"), name
        assert 0 <= value < 0.3
    assert found["values"][profiles.MEASURES[0]][1] > 0.05  # one in ten is like sold ones
