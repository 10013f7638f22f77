"""How often the dossier's answers are wrong, on worlds whose truth is known.

A yes is wrong where the world does not deserve it, a no where it does; unclear is never wrong, and is counted. Where
the truth lies between the thresholds of a question, both a yes and a no are wrong. Simulated success means: it works if
the world is like this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from seguito.dossier.questions import QUESTIONS
from seguito.simulate.plan import Plan
from seguito.simulate.scenarios import planned
from validation.table import Reached, counted, span
from validation.worlds import Seen, scenarios, vetted

# A goal: at most so many answers of a kind may be wrong; at most so many unclear, by the size of a world.
WRONG = 0.05
UNCLEAR: Mapping[int, float] = {1_000: 0.30, 4_000: 0.10}
WORLDS_A_SCENARIO, WORLDS_A_CASE = 4, 2
# A purchase that a daily count can show stands against a yes, however few the followers of it are in the end.
PURCHASE, QUICK = 0.05, 5
WORRIED = 10
Right = Literal["yes", "no", "neither"]


def _bought(share: float) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, bought_share=share)


def _answers(share: float) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, answers={**plan.answers, "question": share})


# What is planted in the clean scenario, easiest first; the shares beside the thresholds are the hard ones.
CASES: Mapping[str, Callable[[Plan], Plan]] = {
    "10 % of the followers bought": _bought(0.10),
    "18 % of the followers bought": _bought(0.18),
    "22 % of the followers bought": _bought(0.22),
    "35 % of the followers bought": _bought(0.35),
    "60 % of the followers bought": _bought(0.60),
    "2 % of the questions answered": _answers(0.02),
    "20 % of the questions answered": _answers(0.20),
    "30 % of the questions answered": _answers(0.30),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: to which question, on what world, and what the world deserves.

    Attributes:
        question: the question's key.
        case: what was planted.
        size: how many comments the world holds, about.
        verdict: what the dossier answers.
        right: what the world deserves.
    """

    question: str
    case: str
    size: int
    verdict: str
    right: Right

    @property
    def is_wrong_yes(self) -> bool:
        """A yes that the world does not deserve."""
        return self.verdict == "yes" != self.right

    @property
    def is_wrong_no(self) -> bool:
        """A no that the world does not deserve."""
        return self.verdict == "no" != self.right


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """Wrong yes, wrong no and unclear, of every question that the worlds decide."""
    told = list(answers(seeds, release=release))
    for question in dict.fromkeys(one.question for one in told):
        mine = [one for one in told if one.question == question]
        row = Reached(detector=f"verdict: {question}", data="simulated, all", metric="", value=None, sign="at_most")
        row = replace(row, seeds=span(seeds[:WORLDS_A_SCENARIO]))
        for metric, hits in (
            ("wrong yes", [one for one in mine if one.is_wrong_yes]),
            ("wrong no", [one for one in mine if one.is_wrong_no]),
        ):
            yield counted(len(hits), len(mine), replace(row, metric=metric, goal=WRONG, note=cases_of(hits)))
        for size, goal in UNCLEAR.items():
            sized = [one for one in mine if one.size == size]
            left = [one for one in sized if one.verdict in ("unclear", "not_answerable")]
            metric = f"unclear, about {size:,} comments"
            yield counted(len(left), len(sized), replace(row, metric=metric, goal=goal, note=cases_of(left)))


def answers(seeds: Sequence[int], *, release: bool = False) -> Iterator[Told]:
    """Vet the worlds of every scenario and case at every size, and hold each answer against the truth."""
    plans: list[tuple[str, int, Plan]] = []
    for size in UNCLEAR:
        kept = seeds[:WORLDS_A_SCENARIO]
        plans += [(one.scenario, size, one) for one in scenarios(kept, comments=size, release=release)]
        for case, change in CASES.items():
            for seed in seeds[:WORLDS_A_CASE]:
                plans.append((case, size, change(planned("S0", seed=seed, comments=size, release=release))))
    for (case, size, plan), seen in zip(plans, vetted([one for _, _, one in plans]), strict=True):
        yield from told(seen, plan, case, size)


def told(seen: Seen, plan: Plan, case: str, size: int) -> Iterator[Told]:
    """Each answer of one dossier to a question that its world decides."""
    for question, right in deserved(seen.truth, plan).items():
        yield Told(question, case, size, seen.verdicts[question], right)


def deserved(truth: Mapping[str, Any], plan: Plan) -> dict[str, Right]:
    """What each question that the world decides should be answered with; others are left out."""
    heard, fakes, earned = (QUESTIONS[name].thresholds for name in ("dialogue", "followers_real", "engagement_earned"))
    bought = truth["bought_share"]
    shown = plan.bought_days <= QUICK and max(plan.bought_of_base, bought) >= PURCHASE
    pod = truth["pod"]["share_of_comments"] if truth["pod"] else 0.0
    # A silence asks for care where many worried in it.
    silences = [one for one in truth["silences"] if one["worried_authors"] >= WORRIED]
    cared = QUESTIONS["silence_with_care"].thresholds
    met = place(truth["worried_answered"], yes=cared["yes"], no=cared["no"])
    told = plan.explains or all(one["announced"] for one in silences)
    return {
        **({"silence_with_care": "yes" if told else met} if silences else {}),
        "dialogue": place(truth["questions_answered"], yes=heard["yes"], no=heard["no"]),
        "followers_real": "no" if bought > fakes["fakes"] else "neither" if shown else "yes",
        # High figures speak against the creator here.
        "engagement_earned": place(-pod, yes=-earned["coordinated_clear"], no=-earned["coordinated_raised"]),
    }


def place(value: float, *, yes: float, no: float) -> Right:
    """What a true share deserves: yes above `yes`, no below `no`, neither between."""
    return "yes" if value > yes else "no" if value < no else "neither"


def cases_of(told: Iterable[Told]) -> str:
    """Where those answers fell, most first: "S2 (4), 18 % of the followers bought (1)"."""
    found: dict[str, int] = {}
    for one in told:
        found[one.case] = found.get(one.case, 0) + 1
    return ", ".join(f"{case} ({n})" for case, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
