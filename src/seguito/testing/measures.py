"""What every measure must do, whatever it measures. Outside authors run it over their own:

    def test_my_measure(tmp_path):
        with Grounds(tmp_path) as grounds:
            check(MY_MEASURE, grounds)

Each rule yields sentences that say what is wrong; a measure that passes yields none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from seguito.measures.codes import CHANGE_CODES, NOTE_CODES, REASON_CODES, UNSEEN_CODES
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Draft, Estimate, Part
from seguito.measures.space import Space
from seguito.testing.alike import differences
from seguito.testing.grounds import Grounds
from seguito.testing.known_world import SILENT, WORLDS
from seguito.testing.world import EVERYTHING

Rule = Callable[[Measure, Grounds], Iterator[str]]
LINES = ("Question", "Definition", "Interval", "Reference", "Needs", "Minimum", "Not")
# What a measure of these families says may change with what the creator writes to nobody.
ABOUT_THE_CREATOR = ("conduct", "climate")

__all__ = ["RULES", "Grounds", "check", "problems", "same_on_both"]


def page(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """Its docstring is a page: the lines that every page has, telling the same as the record."""
    del grounds
    text = " ".join((measure.compute.__doc__ or "").split())
    found = [line for line in LINES if f" {line}: " in text]
    if found != list(LINES):
        yield f"the page lacks {sorted(set(LINES) - set(found)) or 'the right order of'} lines"
        return
    told = set(re.findall(r"\w+", text.split(" Needs: ")[1].split(" Minimum: ")[0]))
    if not measure.needs <= told:
        yield f"the page does not tell that it needs {sorted(measure.needs - told)}"
    if str(measure.min_n) not in text.split(" Minimum: ")[1].split(" Not: ")[0]:
        yield f"the page does not tell the minimum of {measure.min_n}"
    if not measure.needs <= EVERYTHING:
        yield f"no source can show {sorted(measure.needs - EVERYTHING)}"


def silence(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """Where nothing is known it says so: no value, no share of nothing, and never 0 for unknown."""
    for name in SILENT:
        estimate = grounds.estimate(measure, name)
        if estimate.status in ("ok", "weak"):
            yield f"{name}: answers {estimate.value} ({estimate.status}) where nothing can be known"
        if not estimate.reasons:
            yield f"{name}: does not say why it cannot answer"
        draft = grounds.draft(measure, name)
        for key, value, n in _shares(measure, draft):
            if value is not None and n == 0:
                yield f"{name}: {key} is {value} of nothing"


def figures(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """Shares lie between 0 and 1, intervals hold their value, series and evidence are what they claim to be."""
    for name in ("ada", "crowd", "no_answers"):
        draft = grounds.draft(measure, name)
        for key, value, lo, hi, unit in _ranges(measure, draft):
            least = -1.0 if key.endswith("difference") else 0.0
            if unit == "share" and value is not None and not least <= value <= 1.0:
                yield f"{name}: {key} is no share: {value}"
            if value is not None and lo is not None and not lo - 1e-9 <= value <= hi + 1e-9:
                yield f"{name}: the interval of {key}, {lo} to {hi}, does not hold {value}"
            if unit == "share" and lo is not None and not least <= lo <= hi <= 1.0:
                yield f"{name}: the interval of {key}, {lo} to {hi}, leaves what a share can be"
        estimate = grounds.estimate(measure, name)
        if estimate.usable and estimate.interval is None:
            yield f"{name}: a value without an interval"
        if draft.series and any(len(row) != len(draft.series.columns) for row in draft.series.rows):
            yield f"{name}: rows of the series do not fit its columns"
        known = grounds.uris(name)
        shown = {*draft.evidence_for, *draft.evidence_against}
        if not shown <= known:
            yield f"{name}: evidence that is no visible post of the space: {sorted(shown - known)[:3]}"
        if set(draft.evidence_for) & set(draft.evidence_against):
            yield f"{name}: the same rows speak for and against"


def codes(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """It speaks in codes that the reports know, each with the figures that belong to it."""
    for name in WORLDS:
        estimate = grounds.estimate(measure, name)
        for told, known in (
            (estimate.reasons, REASON_CODES),
            (estimate.notes, NOTE_CODES),
            (estimate.unseen, UNSEEN_CODES),
        ):
            for reason in told:
                if reason.code not in known:
                    yield f"{name}: no words for the code '{reason.code}'"
                elif set(reason.values) != known[reason.code]:
                    yield f"{name}: '{reason.code}' carries {sorted(reason.values)}, not {sorted(known[reason.code])}"
        changes = {one.change for one in estimate.sensitivity} - CHANGE_CODES
        if changes:
            yield f"{name}: no words for the changes {sorted(changes)}"
        steps = [(one.change, one.part) for one in estimate.sensitivity]
        if len(set(steps)) < len(steps):
            yield f"{name}: tells the same change of the same figure twice"
        nowhere = {one.part for one in estimate.sensitivity} - {"", *(part.key for part in estimate.parts)}
        if nowhere:
            yield f"{name}: changes the parts {sorted(nowhere)}, which it does not have"


def answers(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """Where everything is known, it answers, unless it says that even then it could not."""
    estimate = grounds.estimate(measure, "crowd")
    if estimate.status == "insufficient":
        yield f"the crowd is too small for it: {estimate.n} of {estimate.n_required} {estimate.n_unit}"


def _unchanged(variant: str, why: str) -> Rule:
    def rule(measure: Measure, grounds: Grounds) -> Iterator[str]:
        before, after = (grounds.estimate(measure, name) for name in ("crowd", variant))
        yield from (f"{why}: {found}" for found in differences(before, after))

    rule.__name__, rule.__doc__ = variant, f"The estimate stays the same: {why}."
    return rule


def creator_apart(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """What the creator writes under her own posts, answering nobody, is no member's comment."""
    if measure.family in ABOUT_THE_CREATOR:
        return
    before, after = (grounds.estimate(measure, name) for name in ("crowd", "monologue"))
    if (before.value, before.n) != (after.value, after.n):
        yield f"the creator's own comments count: {before.value} of {before.n} became {after.value} of {after.n}"


def broken_clock(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """A time after the post was seen is no time: the same as if none were given."""
    before, after = (grounds.estimate(measure, name) for name in ("undated", "future"))
    yield from (f"comments dated after they were seen: {found}" for found in differences(before, after))


def unread(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """A post that no labeller read is neither with nor without: what rests on labels becomes unknown."""
    with_labels, without = (grounds.estimate(measure, name) for name in ("crowd", "unlabelled"))
    before, after = _figures(with_labels), _figures(without)
    changed = False
    for key, value in before.items():
        if after.get(key) == value:
            continue
        changed = True
        if after.get(key) is not None:
            yield f"without labels {key} is {after[key]} instead of unknown"
    if measure.labels and not changed and with_labels.usable:
        yield f"declares the labels {sorted(measure.labels)} and does not read them"
    if not measure.labels and changed:
        yield "reads labels without declaring them"


def capabilities(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """Where the source lacks what it needs, it is not identified, however many rows there are."""
    for lacking in sorted(measure.needs):
        estimate = answer(measure, grounds.without(lacking))
        if estimate.status != "not_identified" or estimate.value is not None:
            yield f"without '{lacking}' it is {estimate.status}: {estimate.value}"


def privacy(measure: Measure, grounds: Grounds) -> Iterator[str]:
    """It never opens a private table, even where it could."""
    space, opened = grounds.private()
    opened.clear()
    try:
        measure.compute(space)
    except Exception as error:  # noqa: BLE001  (whatever it does with messages, opening them is the fault)
        yield f"fails beside private tables: {error}"
    yield from (f"opens the private table '{name}'" for name in sorted(opened))


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "page": page,
        "silence": silence,
        "figures": figures,
        "codes": codes,
        "answers": answers,
        "shuffled": _unchanged("shuffled", "the order of rows and batches counts"),
        "beside": _unchanged("beside", "another creator's space counts"),
        "taken_down": _unchanged("taken_down", "hidden and deleted posts count"),
        "creator_apart": creator_apart,
        "broken_clock": broken_clock,
        "unread": unread,
        "capabilities": capabilities,
        "privacy": privacy,
    }
)


def problems(measure: Measure, grounds: Grounds, rules: Mapping[str, Rule] = RULES) -> list[str]:
    """Everything that is wrong with a measure, each as `rule: what`."""
    return [f"{name}: {found}" for name, rule in rules.items() for found in rule(measure, grounds)]


def check(measure: Measure, grounds: Grounds) -> None:
    """Fail with everything that is wrong with a measure."""
    found = problems(measure, grounds)
    assert not found, f"{measure.name}\n" + "\n".join(found)


def same_on_both(measure: Measure, one: Space, other: Space) -> list[str]:
    """How a measure's draft and estimate differ between two engines over the same snapshot."""
    here, there = measure.compute(one), measure.compute(other)
    return [*differences(here, there), *differences(_told(measure, here, one), _told(measure, there, other))]


def _told(measure: Measure, draft: Draft, space: Space) -> Estimate:
    return answer(replace(measure, compute=lambda _: draft), space)


def _shares(measure: Measure, draft: Draft) -> Iterator[tuple[str, float | None, int]]:
    yield "the value", draft.value, draft.n
    yield from ((f"part {part.key}", part.value, part.n) for part in draft.parts if part.unit == "share")


def _ranges(measure: Measure, draft: Draft) -> Iterator[tuple[str, float | None, float | None, float, str]]:
    whole = Part(key="the value", value=draft.value, interval=draft.interval, n=draft.n, unit=measure.unit)
    for part in (whole, *draft.parts):
        lo, hi = (part.interval.lo, part.interval.hi) if part.interval else (None, 0.0)
        yield part.key, part.value, lo, hi, part.unit


def _figures(estimate: Estimate) -> dict[str, float | None]:
    return {"the value": estimate.value, **{f"part {part.key}": part.value for part in estimate.parts}}
