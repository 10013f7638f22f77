"""Measure the scorer of profiles, and make the one for research.

    python -m training.profiles errors [--check]     write measures/profiles/errors.toml for the points that ship
    python -m training.profiles research [--to FILE] write research.profiles.toml and its model card among your files

Both read `research/instafake` in the folder of SEGUITO_DATA (Akyon & Kalfaoglu 2019, for non-commercial use): the first
only counts how often the hand-set points were right, the second is fitted. Only counts leave here, never a row.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.labels.scoring import auc
from seguito.measures.profiles.errors import STEPS
from seguito.measures.profiles.fields import FIELDS, Flags, Profiles
from seguito.measures.profiles.scored import errors_at
from seguito.measures.profiles.scorer import RESEARCH, Evidence, Scorer, parse, place_of, quantity
from training import sets

ROOT = Path(__file__).parent.parent
ERRORS = ROOT / "src/seguito/measures/profiles/errors.toml"
COLUMNS = {
    "followers": "userFollowerCount",
    "following": "userFollowingCount",
    "posts": "userMediaCount",
    "bio": "userBiographyLength",
    "picture": "userHasProfilPic",
    "private": "userIsPrivate",
    "username_length": "usernameLength",
    "username_digits": "usernameDigitCount",
}
MEASURED = tuple(field for field in FIELDS if field != "age")
FOLDS, REPEATS = 10, 10
# Ridge on the steps' weights, and how many points a unit of log odds is worth. Set once, not searched for.
RIDGE, SCALE = 1.0, 100
# The threshold leaves this share of other profiles below it, out of fold.
SPECIFIC = 0.98

Floats = npt.NDArray[np.float64]


def instafake() -> tuple[Profiles, Flags]:
    """The set's profiles, each different one once, and which are fakes."""
    folder = sets.data_folder() / "research" / "instafake"
    rows = [
        (*(int(one[column]) for column in COLUMNS.values()), int(one["isFake"]))
        for name in ("fakeAccountData.json", "realAccountData.json")
        for one in json.loads((folder / name).read_text(encoding="utf-8"))
    ]
    table = np.array(rows, dtype=np.int64)
    return Profiles(len(rows), dict(zip(COLUMNS, table.T, strict=False))), table[:, -1] == 1


def field_sets(scorer: Scorer) -> Iterator[tuple[str, ...]]:
    """Every set of fields with which profiles are scored at all."""
    for size in range(len(MEASURED), 0, -1):
        for fields in itertools.combinations(MEASURED, size):
            if scorer.limit(fields) is not None:
                yield fields


def counts_of(profiles: Profiles, is_fake: Flags, scorer: Scorer, fields: tuple[str, ...], step: int = 0) -> list[int]:
    """Right and wrong among fakes and others with just these fields known, the threshold so many points higher."""
    limit = (scorer.limit(fields) or 0) + step
    found = errors_at(profiles.without(set(FIELDS) - set(fields)), is_fake, limit, scorer)
    return [found.true_positive, found.false_negative, found.false_positive, found.true_negative]


def error_lines(scorer: Scorer, profiles: Profiles, is_fake: Flags) -> Iterator[str]:
    """A line for every set of fields: right and wrong at the threshold, and a point lower and higher."""
    for fields in field_sets(scorer):
        counts = (f"{name} = {counts_of(profiles, is_fake, scorer, fields, step)}" for step, name in STEPS.items())
        yield f"  {{ fields = {json.dumps(fields)}, {', '.join(counts)} }},"


def errors_text() -> str:
    """The file of errors of the points that ship."""
    scorer = Scorer.load()
    lines = [
        "# Written by `python -m training.profiles errors`. Not edited by hand.",
        "# How often the hand-set points were right on a public set of 200 Instagram accounts sold as followers and",
        "# 994 others (Akyon & Kalfaoglu 2019), with only some fields known: counts of fakes at or above the threshold",
        "# and below it, and of others above and below; lower and higher: with the threshold a point lower and higher.",
        "# No row of the set is here, and no point was fitted to it.",
        f'revision = "{scorer.revision}"',
        "errors = [",
        *error_lines(scorer, *instafake()),
        "]",
    ]
    return "\n".join(lines) + "\n"


# -- the scorer for research --------------------------------------------------------------------------------------

# Steps of about two times: finer than those set by hand, since a fit can fill them.
_COUNTS = (0, *(round(2 ** (n / 2)) for n in range(28)))
GRID = {
    "followers": tuple(sorted(set(_COUNTS))),
    "following_per_follower": (0, 2, 4, 7, 10, 14, 20, 28, 40, 56, 80, 113, 160, 226, 320, 640, 1280),
    "following": tuple(sorted(set(_COUNTS))),
    "posts": tuple(sorted({one for one in _COUNTS if one <= 2048})),
    "bio": (0, 1, 8, 16, 32, 64, 96),
    "picture": (0, 1),
    "private": (0, 1),
    "username_digits": (0, 1, 2, 3, 4, 6),
    "username_length": (0, 7, 9, 11, 13, 15, 18),
}


def design(profiles: Profiles) -> Floats:
    """A column for every step of every quantity: whether it is reached."""
    columns = []
    for name, starts in GRID.items():
        top, below = quantity(name, profiles)
        columns += [top >= start * below for start in starts[1:]]
    return np.column_stack(columns).astype(np.float64)


def fit(reached: Floats, is_fake: Flags) -> Floats:
    """Weights of the steps in log odds, all going one way: down, or up where more is more like a fake."""
    from scipy.optimize import minimize

    signs = np.concatenate([np.full(len(starts) - 1, _sign(name)) for name, starts in GRID.items()])
    design_ = np.column_stack([np.ones(len(reached)), reached * signs])

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design_ @ weights
        value = np.logaddexp(0, odds).sum() - odds[is_fake].sum() + RIDGE / 2 * (weights[1:] ** 2).sum()
        slope = design_.T @ (1 / (1 + np.exp(-odds)) - is_fake)
        slope[1:] += RIDGE * weights[1:]
        return float(value), slope

    bounds = [(None, None), *[(0.0, None)] * reached.shape[1]]
    found = minimize(loss, np.zeros(design_.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds)
    weights: Floats = np.concatenate([found.x[:1], found.x[1:] * signs])
    return weights


def _sign(name: str) -> int:
    return 1 if name in ("following", "following_per_follower", "username_digits", "username_length") else -1


def folds(profiles: Profiles, is_fake: Flags, seed: int) -> npt.NDArray[np.int64]:
    """The fold of every profile; the same numbers twice stay in one fold, and fakes are spread evenly."""
    table = np.column_stack([profiles.column(name) for name in COLUMNS])
    _, same = np.unique(table, axis=0, return_inverse=True)
    kinds = np.unique(same)
    is_kind = np.array([is_fake[same == kind][0] for kind in kinds])
    order = np.random.default_rng(seed).permutation(len(kinds))
    order = order[np.argsort(is_kind[order], kind="stable")]
    of_kind = np.empty(len(kinds), dtype=np.int64)
    of_kind[order] = np.arange(len(kinds)) % FOLDS
    found: npt.NDArray[np.int64] = of_kind[same]
    return found


def cross_validated(profiles: Profiles, is_fake: Flags) -> list[float]:
    """The area of each repetition: the mean over its folds."""
    reached = design(profiles)
    areas = []
    for seed in range(REPEATS):
        of, odds = folds(profiles, is_fake, seed), np.empty(profiles.rows)
        parts = []
        for fold in range(FOLDS):
            out = of == fold
            weights = fit(reached[~out], is_fake[~out])
            odds[out] = weights[0] + reached[out] @ weights[1:]
            parts.append(auc(odds[out], is_fake[out]).value or 0.0)
        areas.append(float(np.mean(parts)))
    return areas


def scorer_of(weights: Floats, reached: Floats) -> Scorer:
    """The scorer with these weights, in whole points; each quantity's points are 0 on average."""
    evidence, at = [], 1
    for name, starts in GRID.items():
        own = weights[at : at + len(starts) - 1]
        steps = np.concatenate([[0.0], np.cumsum(own)])
        middle = float((reached[:, at - 1 : at + len(own) - 1] @ own).mean())
        points = tuple(int(one) for one in np.round(SCALE * (steps - middle)))
        evidence.append(Evidence(name, name.replace("_", " "), starts, points, "fitted", "Akyon & Kalfaoglu 2019"))
        at += len(own)
    made = "InstaFake (Akyon & Kalfaoglu 2019)"
    licence = "for research only: made from data for non-commercial use (CC BY-NC 4.0)"
    return Scorer(RESEARCH, "", licence, made, tuple(evidence), 1, 0.5)


def with_threshold(scorer: Scorer, profiles: Profiles, is_fake: Flags) -> Scorer:
    """The scorer with the threshold below which `SPECIFIC` of the other profiles lie."""
    others = np.sort(scorer.score(profiles)[~is_fake])
    return replace(scorer, threshold=max(1, int(others[int(SPECIFIC * len(others))]) + 1))


Counts = dict[tuple[tuple[str, ...], int], list[int]]


def out_of_fold(profiles: Profiles, is_fake: Flags) -> Counts:
    """Right and wrong of scorers that had not seen the profiles they judge, by the fields known and the threshold."""
    of, reached = folds(profiles, is_fake, 0), design(profiles)
    found: Counts = {}
    for fold in range(FOLDS):
        seen, out = of != fold, of == fold
        scorer = scorer_of(fit(reached[seen], is_fake[seen]), reached[seen])
        scorer = with_threshold(scorer, profiles.some(seen), is_fake[seen])
        for fields, step in itertools.product(field_sets(scorer), STEPS):
            counts = counts_of(profiles.some(out), is_fake[out], scorer, fields, step)
            found[fields, step] = [a + b for a, b in zip(found.get((fields, step), [0] * 4), counts, strict=True)]
    return found


def written(scorer: Scorer, errors: Counts) -> str:
    """A scorer as its file."""
    lines = [
        "# Written by `python -m training.profiles research`. For research only: see the model card beside it.",
        *(f"{key} = {json.dumps(getattr(scorer, key))}" for key in ("name", "licence", "made_of", "threshold")),
        f"least_reach = {scorer.least_reach}",
        "errors = [",
    ]
    for fields in field_sets(scorer):
        counts = [f"{name} = {errors[fields, step]}" for step, name in STEPS.items() if (fields, step) in errors]
        lines += [f"  {{ fields = {json.dumps(fields)}, {', '.join(counts)} }},"] if counts else []
    lines += ["]"]
    for one in scorer.evidence:
        told: dict[str, Any] = {"name": one.name, "of": one.of, "from": one.starts, "points": one.points}
        told |= {"why": one.why, "cite": one.cite}
        lines += ["", "[[evidence]]", *(f"{key} = {json.dumps(value)}" for key, value in told.items())]
    return "\n".join(lines) + "\n"


_CARD = """\
# Model card: the `research` points for profiles

Written by `python -m training.profiles research`, revision {revision}. Licence: {licence}.

**What it is.** A sum of whole points over steps of profile counts: a ridge logistic regression (strength {ridge:g})
whose weights all go one way within a quantity, in hundredths of a unit of log odds.

**Made from.** {made}: 200 Instagram accounts sold as followers and 994 others. Not to be used commercially.

**What it does.** Area under the ROC curve, {repeats} x {folds}-fold, duplicates kept in one fold: mean {area:.4f}, from
{low:.4f} to {high:.4f} over repetitions. Out of fold at its threshold ({threshold} points), all fields known:
sensitivity {se:.3f} ({tp} of {positives}), specificity {sp:.3f} ({tn} of {negatives}).

**What it must not be used for.** To judge an account. It was made on one small set of one platform and year; figures on
such sets do not carry over to others. It serves shares of many profiles, with the errors it is known to make.
"""


def research(place: Path) -> str:
    """Make the scorer for research, write it and its card; return the card."""
    profiles, is_fake = instafake()
    areas = cross_validated(profiles, is_fake)
    reached = design(profiles)
    scorer = with_threshold(scorer_of(fit(reached, is_fake), reached), profiles, is_fake)
    errors = out_of_fold(profiles, is_fake)
    place.parent.mkdir(parents=True, exist_ok=True)
    text = written(scorer, errors)
    revision = parse(text.encode(), place).revision
    place.write_text(text, encoding="utf-8")
    tp, fn, fp, tn = errors[MEASURED, 0]
    card = _CARD.format(
        revision=revision, licence=scorer.licence, ridge=RIDGE, made=scorer.made_of, repeats=REPEATS, folds=FOLDS,
        area=np.mean(areas), low=min(areas), high=max(areas), threshold=scorer.threshold,
        se=tp / (tp + fn), tp=tp, positives=tp + fn, sp=tn / (tn + fp), tn=tn, negatives=tn + fp,
    )  # fmt: skip
    place.with_name("research.profiles.md").write_text(card, encoding="utf-8")
    return card


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, check or make."""
    parser = argparse.ArgumentParser(prog="python -m training.profiles", description="Measure and make scorers.")
    parser.add_argument("what", choices=["errors", "research"])
    parser.add_argument("--check", action="store_true", help="fail where the file of errors is out of date")
    parser.add_argument("--to", type=Path, help="where to write the scorer for research")
    asked = parser.parse_args(arguments)
    if asked.what == "research":
        place = asked.to or place_of(RESEARCH)
        sys.stdout.write(research(place))
        sys.stderr.write(f"wrote {place} and its model card beside it\n")
        return 0
    text = errors_text()
    if asked.check:
        same = ERRORS.exists() and ERRORS.read_text(encoding="utf-8") == text
        sys.stderr.write("" if same else f"{ERRORS.name} is out of date: run `python -m training.profiles errors`\n")
        return 0 if same else 1
    ERRORS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
