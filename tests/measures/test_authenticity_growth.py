"""Unexplained jumps a year, from dated counts in a lake, against values worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from seguito.kit.intervals import counted_rate
from seguito.measures import growth_counts
from seguito.measures.authenticity_growth import GROWTH_JUMPS
from seguito.measures.contract import answer
from seguito.measures.estimate import Estimate
from seguito.measures.growth_counts import counts
from seguito.measures.space import DAY, Space
from seguito.testing.world import World, moment

Lay = Callable[[World], Space]
MONDAY = int(moment("0 00:00").timestamp()) // DAY  # type: ignore[union-attr]
# New followers a day, in turn; the median is 50.
STEPS = (40, 50, 60)


def world(
    days: int = 200,
    *,
    more: dict[int, int] | None = None,
    unknown: Iterable[int] = (),
    flat: Iterable[int] = (),
    start: int = 10_000,
    likes: dict[int, int] | None = None,
) -> World:
    """A creator with a post on every tenth day, counted on days 0 to `days` - 1.

    Args:
        days: how many days.
        more: followers that came beside those of `STEPS`.
        unknown: days that were not counted.
        flat: days on which nobody came.
        start: followers before day 0.
        likes: likes of a day where not 90 (even days) or 110 (odd days); empty for those alone.
    """
    made = World(seen=f"{days} 00:00", seen_until=f"{days} 00:00")
    for day in range(0, days, 10):
        made.post(f"p{day}", f"{day} 09:00")
    made.covers_all()
    followers = start
    for day in range(days):
        followers += (0 if day in flat else STEPS[day % 3]) + (more or {}).get(day, 0)
        did = {} if likes is None else {"likes": likes.get(day, 90 + 20 * (day % 2))}
        if day not in unknown:
            made.counted(day, followers, **did)
    return made


def told(lay: Lay, made: World) -> Estimate:
    return answer(GROWTH_JUMPS, lay(made))


def parts(one: Estimate) -> dict[str, Any]:
    return {part.key: part.value for part in one.parts}


def test_by_hand(lay: Lay) -> None:
    # Three jumps of a thousand: one that nothing explains, one with an article, and one on which people liked ten times
    # as much.
    made = world(more={100: 1000, 140: 1000, 170: 1000}, likes={170: 1000})
    made.cause(140, "press")
    one = told(lay, made)
    assert (one.status, one.n) == ("ok", 200)
    # 199 steps of a day each.
    assert one.value == pytest.approx(365.25 / 199)
    assert one.interval is not None
    assert (one.interval.lo, one.interval.hi) == pytest.approx(
        (0.02532 * 365.25 / 199, 5.5716 * 365.25 / 199), rel=1e-3
    )
    found = parts(one)
    assert [found[key] for key in ("unexplained", "explained_by_engagement", "explained_by_cause")] == [1, 1, 1]
    assert found["slow_changes"] == 0
    # About 1000 of 10 000 + 200 · 50 + 3000 at the end.
    assert found["came_in_jumps"] == pytest.approx(1000 / 23_000, rel=0.01)
    # On the days after, as many came as on the days before.
    assert found["churn_after"] == pytest.approx(0, abs=0.01)
    assert made.named(one.evidence_for) == ["p100"]
    assert set(made.named(one.evidence_against)) == {"p140", "p170"}
    assert {step.change: step.value for step in one.sensitivity} == {
        "jumps_from_3_deviations": one.value,
        "jumps_from_4_deviations": one.value,
        "explained_from_1_25_times": one.value,
        "explained_from_1_75_times": one.value,
        "explained_up_to_10_times": one.value,
        "explained_up_to_40_times": one.value,
    }
    assert one.series is not None
    assert [row[2] for row in one.series.rows if row[2]] == ["unexplained", "explained", "explained"]
    assert [row[0] for row in one.series.rows if row[2] == "unexplained"] == ["2026-04-15"]  # a hundred days on
    notes = {note.code: note.values for note in one.notes}
    assert notes["jumps_on"] == {"dates": ["2026-04-15"], "of": 1}
    assert notes["counted_days"] == {"counted": 200, "of": 200, "first": "2026-01-05", "last": "2026-07-23"}
    assert {(reason.code, reason.values["days"]) for reason in one.unseen} == {
        ("smallest_jump", 1),
        ("smallest_jump", 5),
        ("slow_purchase", 30),
    }


def test_who_leaves_again(lay: Lay) -> None:
    # Of the thousand of day 100, thirteen leave on each of the next thirty days: 390. In the four weeks before, ten of
    # whose days brought 40, and nine 50 or 60, 49.64 came a day; 30 times that, less 1500 - 390, are 379.
    more = {100: 1000} | dict.fromkeys(range(101, 131), -13)
    assert parts(told(lay, world(more=more)))["churn_after"] == pytest.approx(0.379, abs=0.003)


@pytest.mark.parametrize(
    ("days", "status", "reasons"),
    [(89, "insufficient", ["too_few"]), (90, "weak", ["few_daily_counts"]), (180, "ok", [])],
)
def test_how_many_counts_it_takes(days: int, status: str, reasons: list[str], lay: Lay) -> None:
    one = told(lay, world(days))
    assert (one.status, [reason.code for reason in one.reasons]) == (status, reasons)
    assert (one.value is None) == (status == "insufficient")


def test_counts_far_apart_are_no_daily_counts(lay: Lay) -> None:
    one = told(lay, world(320, unknown=[day for day in range(320) if day % 5]))
    assert (one.status, one.n) == ("insufficient", 0)
    # With one day of three unknown it stands, weakened.
    third = told(lay, world(300, unknown=range(0, 300, 3)))
    assert (third.status, [reason.code for reason in third.reasons]) == ("weak", ["days_missing"])
    assert third.reasons[0].values == {"counted": 200, "of": 299}
    assert third.value == 0


def test_a_day_that_is_unknown_is_not_flat_and_a_flat_one_not_unknown(lay: Lay) -> None:
    # The lake keeps no row of a count that repeats: the importer tells on which days it stood in the file.
    made = world(flat=(50, 51, 120), unknown=(80, 81))
    told_on = [["2026-01-05", "2026-03-25"], ["2026-03-28", "2026-07-23"]]  # all but days 80 and 81
    made.details = json.dumps({"record": "counters", "counted": {"followers": told_on}})
    seen = counts(lay(made))
    days = (seen.growth.days - MONDAY).tolist()
    assert sorted(set(range(200)) - set(days)) == [80, 81]
    change = dict(zip((seen.growth.last - MONDAY).tolist(), seen.growth.change.tolist(), strict=True))
    assert [change[day] for day in (50, 51, 120)] == [0, 0, 0]
    # Over the two unknown days and the one after them came 60, 40 and 50 together.
    assert change[82] == sum(STEPS[day % 3] for day in (80, 81, 82))
    # Where no file tells of the days, all five are unknown.
    bare = world(flat=(50, 51, 120), unknown=(80, 81))
    assert len(counts(lay(bare)).growth.days) == 195


def test_what_nobody_saw_explains_nothing_and_says_so(lay: Lay) -> None:
    one = told(lay, world(more={100: 1000}))
    assert one.status == "weak"
    assert one.reasons[0].code == "engagement_unknown"
    assert one.reasons[0].values == {"silent": 1, "of": 1}
    assert told(lay, world(more={100: 1000}, likes={})).status == "ok"


def test_comments_stand_in_for_counters(lay: Lay) -> None:
    made = world(more={100: 1000})
    for day in range(60, 140):
        for n in range(12 if day in (99, 100, 101) else 5 + day % 2):
            made.comment(f"c{day}-{n}", f"{day} 10:{n}", by=f"m{n}", under="p0")
    found = parts(told(lay, made))
    assert (found["unexplained"], found["explained_by_engagement"]) == (0, 1)


def test_round_figures_are_no_counts(lay: Lay) -> None:
    # 1.23M, 1.24M: the platform shows three figures, and growth comes in steps of ten thousand.
    made = World()
    made.post("p", "0 09:00")
    for day in range(200):
        made.counted(day, 1_230_000 + 10_000 * (day // 9))
    made.details = json.dumps({"record": "counters", "counted": {"followers": [["2026-01-05", "2026-07-23"]]}})
    one = told(lay, made)
    assert (one.status, [reason.code for reason in one.reasons]) == ("not_identified", ["counts_rounded"])
    said = World()
    said.post("p", "0 09:00")
    for day in range(120):
        said.profile("ada", followers=1000 + day, followers_state="rounded", observed_at=moment(f"{day} 12:00"))
    assert [reason.code for reason in told(lay, said).reasons] == ["counts_rounded"]


def test_a_purge_is_told_apart(lay: Lay) -> None:
    def fallen(*, peers: int, logged: bool) -> dict[str, Any]:
        made = world(more={100: -900})
        for peer in range(3):
            followers = 5000
            for day in range(120):
                followers += STEPS[day % 3] - (600 if day == 101 and peer < peers else 0)
                made.profile(f"peer{peer}", followers=followers, observed_at=moment(f"{day} 15:00"))
        if logged:
            made.cause(100, "purge")
        notes = {note.code: note.values for note in told(lay, made).notes}
        return dict(notes["drops_seen"])

    assert fallen(peers=1, logged=False) == {"drops": 1, "purges": 0}
    assert fallen(peers=2, logged=False) == {"drops": 1, "purges": 1}
    assert fallen(peers=0, logged=True) == {"drops": 1, "purges": 1}


def test_of_two_readings_of_a_day_the_later_batch_counts(lay: Lay) -> None:
    made = world(120)
    made.counted(60, 1)
    space = lay(made)
    seen = dict(
        zip((counts(space).growth.days - MONDAY).tolist(), counts(space).growth.followers.tolist(), strict=True)
    )
    # Both stand in one batch: the greater number, which is the one that fits the days around it.
    assert seen[60] > 10_000


def test_a_slow_change_is_dated(lay: Lay) -> None:
    one = told(lay, world(280, more=dict.fromkeys(range(140, 175), 30), likes={}))
    assert (one.value, parts(one)["slow_changes"]) == (0, 1)
    told_from = next(note.values["dates"] for note in one.notes if note.code == "slow_from")
    assert told_from == ["2026-05-26"]  # the week that begins on day 141, the first of them


def test_what_is_counted_decides_what_explains(monkeypatch: pytest.MonkeyPatch, lay: Lay) -> None:
    made = world(more={100: 1000})
    for day in range(200):
        made.counted(day, None, views=500 + day % 3 + (4000 if 99 <= day <= 101 else 0))
        made.counted(day, None, comments=20 + day % 3)
    # Comments come before views: nobody commented more.
    assert parts(told(lay, made))["unexplained"] == 1
    monkeypatch.setattr(growth_counts, "DID", (("daily_views",),))
    assert parts(told(lay, made))["unexplained"] == 0


def test_the_limits_of_a_rate() -> None:
    # Garwood's table: 0 gives 3.689, 1 gives .0253 and 5.572, 10 gives 4.795 and 18.39.
    for events, lo, hi in ((0, 0, 3.6889), (1, 0.02532, 5.5716), (10, 4.7954, 18.3904)):
        found = counted_rate(events, 2.0)
        assert found is not None
        assert (found.lo, found.hi) == pytest.approx((lo / 2, hi / 2), rel=1e-4)
    assert counted_rate(1, 0.0) is None
