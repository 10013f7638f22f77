"""From the report's JSON to what a page or a terminal shows of its answers: words and written figures, no markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seguito.dossier.authenticity import COORDINATED, COPIED, EMPTY, FAKE, LOW_EFFORT
from seguito.dossier.rules import RELATE, RETURN
from seguito.reports.words import Words, unit_of, words_in
from seguito.reports.written import Document, Figure, Quote, figure, quotes, units_of

# Rows shown on each side of one figure.
ROWS_SHOWN = 3
# Requests shown at the top of a report.
MOST_REQUESTS = 5
# A question about the data has no rows that speak for it.
NO_ROWS = ("enough_data",)
# Which thresholds of a question belong to which of its figures, where they are not simply `yes` and `no`.
LIMITS = {
    RELATE: ("relate_yes", "relate_no"),
    RETURN: ("return_yes", "return_no"),
    COPIED: ("copied_clear", "copied_raised"),
    LOW_EFFORT: ("low_effort_clear", "low_effort_raised"),
    EMPTY: ("empty_clear", "empty_raised"),
    COORDINATED: ("coordinated_clear", "coordinated_raised"),
    # One threshold parts the two: below it lies yes.
    FAKE: ("fakes", "fakes"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows behind one of the figures an answer rests on, and rows that speak the other way."""

    name: str
    behind: tuple[Quote, ...]
    other: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the deciding figure held on a part of the data."""

    name: str
    value: str
    basis: str
    outcome: str
    word: str


@dataclass(frozen=True, slots=True)
class Card:
    """One question with its answer.

    Attributes:
        key: the question's key.
        name: the question in two or three words.
        question: the question in words.
        verdict: `yes`, `no`, `unclear` or `not_answerable`.
        verdict_word: the verdict in words.
        deciding: the figure the rule speaks of; `None` when it weighs several alike.
        figures: the other figures it rests on.
        rule: the line of the rule that decided.
        thresholds: what the rule compares with, in words.
        survival: whether the deciding figure held on parts of the data.
        untried: which of those tests were not made, and why.
        settle: what would settle it, if it is open.
        unseen: what could not have been seen with these data, were it there.
        evidence: rows behind its figures.
    """

    key: str
    name: str
    question: str
    verdict: str
    verdict_word: str
    deciding: Figure | None
    figures: tuple[Figure, ...]
    rule: str
    thresholds: tuple[str, ...]
    survival: tuple[Check, ...]
    untried: tuple[str, ...]
    settle: tuple[str, ...]
    unseen: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def cards(document: Document, lang: str) -> list[Card]:
    """The answers, in the report's order."""
    words = words_in(lang)
    estimates = {str(one["measure"]): one for one in document["estimates"]}
    return [_card(answer, estimates, document, words) for answer in document["answers"]]


def requests(found: Sequence[Card]) -> list[str]:
    """What would settle the open answers, each thing once, the first few."""
    return list(dict.fromkeys(sentence for card in found for sentence in card.settle))[:MOST_REQUESTS]


def _card(answer: Mapping[str, Any], estimates: Mapping[str, Any], document: Document, words: Words) -> Card:
    units = units_of(document)
    deciding, others = _figures(answer, estimates, words)
    return Card(
        key=answer["question"],
        name=words.get("questions", answer["question"], "name"),
        question=words.get("questions", answer["question"], "question"),
        verdict=answer["verdict"],
        verdict_word=words.get("verdicts", answer["verdict"]),
        deciding=deciding,
        figures=others,
        rule=words.sentence("rules", answer["rule"], units),
        thresholds=tuple(
            words.fill(words.get("thresholds", key), {"value": value}, {})
            for key, value in answer["thresholds"].items()
        ),
        survival=_survival([one for one in answer["survival"] if not one["untried"]], units, words),
        untried=_untried([one for one in answer["survival"] if one["untried"]], words),
        settle=tuple(dict.fromkeys(words.sentence("settle", reason, units) for reason in answer["settle"])),
        unseen=_unseen(answer, estimates, words),
        evidence=_evidence(answer, estimates, document, words),
    )


def _unseen(answer: Mapping[str, Any], estimates: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """What the figures of a question could not have shown, each thing once."""
    used = [estimates[name] for name in answer["measures"] if name in estimates]
    told = (words.sentence("unseen", reason, {}) for one in used for reason in one.get("unseen", ()))
    return tuple(dict.fromkeys(told))


def _figures(
    answer: Mapping[str, Any], estimates: Mapping[str, Any], words: Words
) -> tuple[Figure | None, tuple[Figure, ...]]:
    """The figure the rule speaks of, which may be a part of an estimate, and the others the answer rests on."""
    spoken: Mapping[str, Any] = answer["rule"].get("values", {})
    used = [estimates[name] for name in answer["measures"] if name in estimates]
    decides = next((one for one in used if one["measure"] == spoken.get("measure")), None)
    part = _part(decides, spoken.get("part"))
    first = None
    if decides is not None:
        first = figure(decides, words, limits_of(decides["measure"], answer["thresholds"], decides=True), part)
    others = [one for one in used if one is not decides or part is not None]
    return first, tuple(figure(one, words, limits_of(one["measure"], answer["thresholds"])) for one in others)


def _part(estimate: Mapping[str, Any] | None, key: str | None) -> Mapping[str, Any] | None:
    return next((one for one in estimate["parts"] if one["key"] == key), None) if estimate and key else None


def limits_of(measure: str, thresholds: Mapping[str, float], *, decides: bool = False) -> dict[str, float]:
    """The thresholds that a figure is compared with, as `yes` and `no`; none where the rule does not read it."""
    for yes, no in (LIMITS.get(measure, ("", "")), ("yes", "no") if decides else ("", "")):
        if yes in thresholds and no in thresholds:
            return {"yes": thresholds[yes], "no": thresholds[no]}
    return {}


def limits_in(document: Document, measure: str) -> dict[str, float]:
    """The thresholds that a measure's headline is compared with by the first question that reads it; none if none."""
    asked = (one for one in document["answers"] if measure in one["measures"])
    found = (limits_of(measure, one["thresholds"]) for one in asked)
    return next((limits for limits in found if limits), {})


def _evidence(
    answer: Mapping[str, Any], estimates: Mapping[str, Any], document: Document, words: Words
) -> tuple[Evidence, ...]:
    """Rows by the figure they stand behind: what speaks for one figure may speak against the answer."""
    named = set(answer["evidence_for"]) | set(answer["evidence_against"])
    found = []
    for one in (estimates[name] for name in answer["measures"] if name in estimates):
        sides = [
            quotes([row for row in one[side] if row in named][:ROWS_SHOWN], document, words)
            for side in ("evidence_for", "evidence_against")
        ]
        if any(sides) and answer["question"] not in NO_ROWS:
            found.append(Evidence(words.get("measures", one["measure"], "name"), *sides))
    return tuple(found)


def _survival(found: Sequence[Mapping[str, Any]], units: Mapping[str, str], words: Words) -> tuple[Check, ...]:
    """Each figure's checks together; a figure is named only where there are several."""
    several = len({_claimed(one) for one in found}) > 1
    return tuple(_check(one, units, words, several=several) for one in sorted(found, key=_claimed))


def _untried(found: Sequence[Mapping[str, Any]], words: Words) -> tuple[str, ...]:
    """The tests that were not made: one sentence for all figures that the same were left out of, for one reason."""
    left: dict[tuple[str, str], list[str]] = {}
    for one in found:
        left.setdefault((words.of(one["measure"], one["part"]), one["untried"]), []).append(one["check"])
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (name, why), checks in left.items():
        alike.setdefault((why, tuple(checks)), []).append(f"“{name}”")
    return tuple(
        words.get("untried", why).format(
            names=words.join(names), checks=words.join(words.get("checks", one) for one in checks)
        )
        for (why, checks), names in alike.items()
    )


def _claimed(one: Mapping[str, Any]) -> tuple[str, str]:
    return str(one["measure"]), str(one.get("part", ""))


def _check(one: Mapping[str, Any], units: Mapping[str, str], words: Words, *, several: bool) -> Check:
    outcome = {True: "holds", False: "holds_not", None: "too_few_left"}[one["holds"]]
    change = one.get("change")
    name = words.get("changes", change) if change else words.get("checks", one["check"])
    if several:
        name = words.label("survival_of", name=words.of(one["measure"], one.get("part", "")), check=name)
    return Check(
        name=name,
        value=words.numbers.figure(one["value"], unit_of(units, one["measure"], one["part"])),
        basis=words.numbers.plain(one["n"]),
        outcome=outcome,
        word=words.label(outcome),
    )
