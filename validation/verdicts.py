"""How often the dossier's answers are wrong, on worlds whose truth is known: `python -m validation.verdicts`.

A yes is wrong where the world does not deserve it, a no where it does; unclear is never wrong, and is counted. Where
the truth lies between the thresholds of a question, both a yes and a no are wrong. Simulated success means: it works if
the world is like this.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from seguito.dossier.contract import Verdict
from seguito.dossier.questions import QUESTIONS
from seguito.simulate.community import Community
from seguito.simulate.plan import Plan
from seguito.simulate.scenarios import planned

# A goal: at most so many answers of a kind may be wrong.
GOAL = 0.05
SIZES = (1_000, 4_000)
DEVELOPMENT = range(100)
Right = Literal["yes", "no", "neither"]


@dataclass(frozen=True, slots=True)
class Row:
    """One question on the worlds of one case and size.

    Attributes:
        question: the question's key.
        case: what was planted, in words.
        comments: how many comments the worlds hold, about.
        worlds: how many worlds, one a seed.
        yes, no, unclear, not_answerable: how many answers of each kind.
        wrong_yes, wrong_no: how many of the yes and no answers are wrong.
    """

    question: str
    case: str
    comments: int
    worlds: int
    yes: int
    no: int
    unclear: int
    not_answerable: int
    wrong_yes: int
    wrong_no: int


def _bought(share: float) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, bought_share=share)


def _answers(share: float) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, answers={**plan.answers, "question": share})


# What is planted in the clean scenario, easiest first; the shares beside the threshold of 20 % are the hard ones.
CASES: Mapping[str, Callable[[Plan], Plan]] = {
    "nothing": lambda plan: plan,
    "10 % of the followers bought": _bought(0.10),
    "18 % of the followers bought": _bought(0.18),
    "22 % of the followers bought": _bought(0.22),
    "35 % of the followers bought": _bought(0.35),
    "60 % of the followers bought": _bought(0.60),
    "2 % of the questions answered": _answers(0.02),
    "20 % of the questions answered": _answers(0.20),
    "30 % of the questions answered": _answers(0.30),
}


def right_answers(community: Community) -> dict[str, Right]:
    """What each question that the world decides should be answered with; others are left out."""
    from seguito.simulate.people import BOUGHT
    from seguito.simulate.talk import CODE, ROOT

    members, comments = community.members, community.comments
    bought = float((members.group[members.follows] == BOUGHT).mean())
    answered = set(comments.parent[~community.by_member & (comments.parent != ROOT)].tolist())
    asked = (comments.intent == CODE["question"]).nonzero()[0].tolist()
    heard = sum(one in answered for one in asked) / len(asked) if asked else 0.0
    dialogue, fakes = QUESTIONS["dialogue"].thresholds, QUESTIONS["followers_real"].thresholds["fakes"]
    return {
        "dialogue": place(heard, yes=dialogue["yes"], no=dialogue["no"]),
        "followers_real": "yes" if bought < fakes else "no",
        # No world of these cases holds a pod or a bought comment.
        "engagement_earned": "yes",
    }


def place(value: float, *, yes: float, no: float) -> Right:
    """What a true share deserves: yes above `yes`, no below `no`, neither between."""
    return "yes" if value > yes else "no" if value < no else "neither"


def tally(question: str, case: str, comments: int, told: Sequence[tuple[Verdict, Right]]) -> Row:
    """Count answers and how many of them are wrong."""
    given = [verdict for verdict, _ in told]
    return Row(
        question=question,
        case=case,
        comments=comments,
        worlds=len(told),
        yes=given.count("yes"),
        no=given.count("no"),
        unclear=given.count("unclear"),
        not_answerable=given.count("not_answerable"),
        wrong_yes=sum(verdict == "yes" and right != "yes" for verdict, right in told),
        wrong_no=sum(verdict == "no" and right != "no" for verdict, right in told),
    )


def run(
    seeds: Iterable[int], *, cases: Iterable[str] = tuple(CASES), sizes: Iterable[int] = SIZES, release: bool = False
) -> list[Row]:
    """Vet one world for every seed, case and size, worst rows first.

    Args:
        seeds: one world each; those kept for releases need `release`.
        cases: which of `CASES`.
        sizes: how many comments the worlds hold, about.
        release: allow the seeds kept for releases.
    """
    kept = list(seeds)
    rows = [row for case in cases for size in sizes for row in _of_case(case, size, kept, release=release)]
    return sorted(rows, key=lambda row: (-(row.wrong_yes + row.wrong_no), -row.unclear, row.question, row.case))


def _of_case(case: str, size: int, seeds: Sequence[int], *, release: bool) -> Iterator[Row]:
    from seguito.simulate.community import simulate

    told: dict[str, list[tuple[Verdict, Right]]] = {}
    for seed in seeds:
        clean = planned("S0", seed=seed, comments=size, release=release)
        community = simulate(CASES[case](clean))
        right = right_answers(community)
        for question, verdict in _answers_of(community).items():
            if question in right:
                told.setdefault(question, []).append((verdict, right[question]))
    yield from (tally(question, case, size, pairs) for question, pairs in told.items())


def _answers_of(community: Community) -> dict[str, Verdict]:
    """Read, label and vet a world the way a real one is."""
    from seguito import pipeline
    from seguito.simulate.files import write
    from seguito.sources.contract import Options
    from seguito.sources.targets import open_targets
    from seguito.store.lake import open_lake

    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in write(community, Path(folder) / "files")]
        with open_lake(Path(folder) / "workspace") as lake:
            collected = [pipeline.collect(lake, reading) for reading in open_targets(paths, Options())]
            pipeline.label(lake)
            dossier = pipeline.vet(lake, pipeline.creator_of(lake, [one.batch for one in collected]))
    return {answer.question: answer.verdict for answer in dossier.answers}


def shares(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    """For every question, of all its worlds: the shares of wrong yes, wrong no and unclear; the abstentions too."""
    found: dict[str, dict[str, float]] = {}
    kept = list(rows)
    for question in dict.fromkeys(row.question for row in kept):
        mine = [row for row in kept if row.question == question]
        worlds = sum(row.worlds for row in mine)
        names = ("wrong_yes", "wrong_no", "unclear", "not_answerable")
        found[question] = {name: sum(getattr(row, name) for row in mine) / worlds for name in names}
    return found


def main() -> None:
    """Print every row, the worst first, and the shares of each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="so many development seeds, from 0 on")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    asked = parser.parse_args()
    rows = run(DEVELOPMENT[: asked.seeds], cases=asked.cases, sizes=asked.sizes)
    columns: tuple[Any, ...] = Row.__slots__
    lines = [" | ".join(columns), *(" | ".join(str(getattr(row, name)) for name in columns) for row in rows)]
    for question, found in shares(rows).items():
        lines.append(f"{question}: " + ", ".join(f"{name} {share:.1%}" for name, share in found.items()))
    sys.stdout.write("\n".join(lines) + "\n")


# Labelling starts processes with spawn, which import this file again: only the first of them may run.
if __name__ == "__main__":
    main()
