"""The creator's rhythm and silences, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seguito.measures.conduct import CADENCE, DAY, Rhythm
from seguito.measures.contract import answer
from seguito.measures.estimate import Draft, Part
from seguito.testing.known_world import ada, all_unknown, empty
from seguito.testing.world import World


def drawn(world: World, path: Path) -> Draft:
    with world.lake(path / "w") as lake:
        return CADENCE.compute(world.space(lake))


def part(found: Draft, key: str) -> Part:
    return next(one for one in found.parts if one.key == key)


def steady(*, silent_days: int = 20) -> World:
    """A post every second day at nine for 40 days, a silence, three posts more; watched until two days on."""
    back = 40 + silent_days
    end = f"{back + 6} 09:00"
    world = World(seen=end, seen_until=end)
    for day in [*range(0, 41, 2), back, back + 2, back + 4]:
        world.post(f"p{day}", f"{day} 09:00")
    world.covers_all()
    return world


def test_by_hand(tmp_path: Path) -> None:
    found = drawn(steady(), tmp_path)
    # 24 posts in the 66 days from day 0 at nine to day 66 at nine.
    assert (found.n, found.value) == (24, pytest.approx(24 / 66 * 7))
    assert part(found, "median_gap").value == 2
    assert part(found, "gap_95").value == 2  # the 22nd of 23 gaps in order
    assert part(found, "longest_gap").value == 20
    assert part(found, "since_last_post").value == 2
    assert part(found, "shorter_gaps").value == 0  # no gap is shorter than two days
    assert (part(found, "silences").value, part(found, "silences").n) == (1, 23)
    assert found.interval is not None
    assert found.interval.lo < 24 / 66 * 7 < found.interval.hi
    assert found.evidence_against == ("known:post:p60",)  # what ended the silence
    assert found.evidence_for[0] == "known:post:p64"
    assert found.notes[0].values == {"days": 6.0, "median_days": 2.0, "percentile_days": 2.0}


def test_posts_by_week(tmp_path: Path) -> None:
    series = drawn(steady(), tmp_path).series
    assert series is not None
    # Weeks from Monday 5 January: days 0 2 4 6 | 8 10 12 | 14 …; then two empty ones.
    assert series.rows[:2] == (("2026-01-05", 4), ("2026-01-12", 3))
    assert series.rows[-4:] == (("2026-02-16", 0), ("2026-02-23", 0), ("2026-03-02", 2), ("2026-03-09", 1))
    assert sum(n for _, n in series.rows) == 24


@pytest.mark.parametrize(("silent_days", "silences"), [(5, 0), (6, 1), (7, 1)])
def test_a_silence_is_at_least_three_usual_gaps(tmp_path: Path, silent_days: int, silences: int) -> None:
    assert part(drawn(steady(silent_days=silent_days), tmp_path), "silences").value == silences


def rhythm(gaps_days: list[float], now_days: float = 0) -> Rhythm:
    times = np.concatenate([[0], np.cumsum(np.array(gaps_days) * DAY)]).astype(np.int64)
    return Rhythm(times, int(times[-1] + now_days * DAY), 0)


def test_the_silence_that_goes_on_counts() -> None:
    found = rhythm([2.0] * 20, now_days=9)
    (silence,) = found.silences()
    assert (silence.days, silence.is_over) == (9, False)
    assert rhythm([2.0] * 20, now_days=5).silences() == []


def test_a_ragged_rhythm_has_few_silences() -> None:
    # 40 gaps from 1 to 40 days: three times the median (20.5) is longer than all of them.
    assert rhythm([float(day) for day in range(1, 41)]).silences() == []


def test_a_night_is_no_silence() -> None:
    # Twenty gaps of an hour and one of a day and a half: long by both marks, but nobody could miss anybody.
    assert rhythm([1 / 24] * 22 + [1.5]).silences() == []
    assert len(rhythm([1 / 24] * 22 + [2.5]).silences()) == 1


def test_too_few_posts_have_no_rhythm(tmp_path: Path) -> None:
    with ada().lake(tmp_path / "w") as lake:
        found = answer(CADENCE, ada().space(lake))
    assert (found.status, found.n, found.value) == ("insufficient", 7, None)  # the repost does not count


@pytest.mark.parametrize(("world", "status"), [(empty, "insufficient"), (all_unknown, "not_identified")])
def test_unknown_is_never_zero(tmp_path: Path, world: object, status: str) -> None:
    built: World = world()  # type: ignore[operator]
    with built.lake(tmp_path / "w") as lake:
        found = answer(CADENCE, built.space(lake))
    assert (found.status, found.value, found.parts) == (status, None, ())
