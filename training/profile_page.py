"""The page on how profiles are scored: the points, one by one, and what they and the fitted ones reach.

    python -m training.profile_page            print it
    python -m training.profile_page --write    write docs/reference/profile-scorer.md

Reads `research/instafake` in the folder of SEGUITO_DATA. The hand-set points were not fitted to it; the fitted ones are
cross-validated anew, which takes a minute.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from seguito.labels.scoring import Figure
from seguito.measures.profiles.errors import errors_of, prevalence_of, smallest_seen
from seguito.measures.profiles.fields import Flags, Profiles
from seguito.measures.profiles.scored import compare
from seguito.measures.profiles.scorer import Evidence, Scorer
from training import profiles as training

PAGE = Path(__file__).parent.parent / "docs/reference/profile-scorer.md"
# What each kind of source tells of a follower.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "Twitter, TikTok (files)": ("followers", "following", "posts", "bio", "picture", "private", "username"),
    "Bluesky, Mastodon": ("followers", "following", "posts", "bio", "picture", "username"),
    "YouTube": ("followers", "posts", "bio", "picture", "username"),
    "counters alone": ("followers", "following", "posts"),
    "followers and following": ("followers", "following"),
}

_HEAD = """\
# How profiles are scored

Written by `python -m training.profile_page --write`; the counts behind it by `python -m training.profiles errors`.

A profile gets points for and against being like those that are sold as followers. From {threshold} points on it counts
as *consistent with sold followers*; the share that counts is then corrected for how often the points are wrong, and
only the corrected share is ever shown ([fake_like_followers](../measures/authenticity.fake_like_followers.md)). No
account is named, listed or labelled.

The points were **set by hand from what others published**, before they met any set of profiles, and are fitted to
none. They are whole numbers that go one way in each quantity, so that a person can add them up. What is unknown gives
no points, and the threshold shrinks with the points that can still be reached.

## The points

| quantity | from | points | why |
|---|---|---|---|
"""

_FIGURES = """
What the rule sets of 2012 and 2014 asked for, and which features older studies used, was taken from how Cresci et al.
2015 is restated in public code that names them (30 followers, 50 posts, 100 followed, ratios of 2 and 100; age and
counts among the features), not from the originals: those were not read. The points themselves are our own choice.

## How well they do

On {fakes} Instagram accounts sold as followers and {others} others (InstaFake, Akyon & Kalfaoglu 2019; for
non-commercial use, so it measures the points that ship and does not train them):

| points | AUC | sensitivity | specificity | PPV at 5 % | at 10 % | at 20 % |
|---|---|---|---|---|---|---|
"""

_TRAINED = """
The fitted points (`make weights-research`, for research only) are a ridge logistic regression over steps of the same
quantities, each going one way. Their AUC is the mean over {repeats} repetitions of {folds}-fold cross-validation with
equal profiles kept in one fold ({low:.4f} to {high:.4f} over repetitions); the other figures are out of fold at their
own threshold.

## With only some fields

A source that does not tell a field has errors of its own, counted with that field hidden. "Told from none": the
smallest prevalence that 500 followers would have told from none, with the specificity 3 points and the sensitivity 10
points worse or better than measured. "At 20 %": the range of the estimate when 500 followers hold 20 %, with the errors
as measured, and with other errors.

| what is known | threshold | sensitivity | specificity | told from none | at 20 % | with other errors |
|---|---|---|---|---|---|---|
"""

_LIMITS = """
Below {least:.0%} of all points that could be reached, profiles are not decided on: self-description, picture and
username alone do not carry a share. An account's age gives points where it is known and moves no threshold; it was not
known where the errors were counted, so no share in a report rests on it.

## What they cannot do

- Somebody who has just joined, follows forty friends and has three followers stays well below the threshold (7 points)
  with a picture, and **reaches it exactly ({threshold}) without picture, words and posts**. Honest people have such
  accounts. Ten followers are granted to everybody before following is set against them, because a ratio of two handfuls
  says little; this costs some sold accounts that follow few (the AUC fell from .985 to .979 and the sensitivity from
  .680 to .615) and was done for the people it protects.
- Sold accounts with a picture, posts and followers of their own look like people. Four in ten of the set are missed;
  the correction counts on that, and on nothing better.
- An audience with many honest people who show nothing is the hardest. Simulated followers of whom three in ten had no
  posts, no words, half of them no picture, and followed hundreds, were taken for sold ones so often (one in five) that
  a share of 9 % was told as 51 %, far outside the range with other errors: no profile tells such people apart. Where a
  share is high, people must judge some two hundred of these very followers before it is held against anybody.
- The set is small, of one platform and year. Elsewhere the errors differ: that is what the range with other errors is
  for, and why a threshold inside it gives no answer. Try the points on your own set: `seguito score-profiles`.
"""


def _step(one: Evidence) -> tuple[str, str]:
    starts = ", ".join(f"{start:,}" for start in one.starts)
    return starts, ", ".join(f"{points:+d}" if points else "0" for points in one.points)


def points_rows(scorer: Scorer) -> Iterator[str]:
    """A row for every quantity."""
    for one in scorer.evidence:
        starts, points = _step(one)
        yield f"| {one.of} | {starts} | {points} | {one.why} *{one.cite}.* |"


def _shown(figure: Figure, digits: int = 3) -> str:
    span = "" if figure.interval is None else f" ({figure.interval.lo:.{digits}f}–{figure.interval.hi:.{digits}f})"
    return "–" if figure.value is None else f"{figure.value:.{digits}f}{span}"


def open_row(scorer: Scorer, profiles: Profiles, is_fake: Flags) -> str:
    """What the hand-set points reach."""
    found = compare(profiles, is_fake, scorer)
    ppv = " | ".join(_shown(figure) for figure in found.ppv.values())
    return f"| set by hand | {_shown(found.auc)} | {_shown(found.sensitivity)} | {_shown(found.specificity)} | {ppv} |"


def fitted_row(areas: Sequence[float], counts: Sequence[int]) -> str:
    """What the fitted points reach out of fold."""
    tp, fn, fp, tn = counts
    se, sp = tp / (tp + fn), tn / (tn + fp)
    ppv = " | ".join(f"{share * se / (share * se + (1 - share) * (1 - sp)):.3f}" for share in (0.05, 0.10, 0.20))
    return f"| fitted | {np.mean(areas):.4f} | {se:.3f} | {sp:.3f} | {ppv} |"


def source_rows(scorer: Scorer) -> Iterator[str]:
    """A row for every kind of source."""
    for name, fields in SOURCES.items():
        errors, limit = errors_of(scorer, fields), scorer.limit(fields)
        if errors is None or limit is None:
            yield f"| {name}: {', '.join(fields)} | not decided on | – | – | – | – | – |"
            continue
        smallest = smallest_seen(500, errors)
        hits = round(500 * (0.2 * errors.sensitivity + 0.8 * (1 - errors.specificity)))
        found = prevalence_of(hits, 500, errors)
        told = "–" if smallest is None else f"{smallest:.1%}"
        ranges = (
            ("–", "–") if found is None else tuple(f"{one.lo:.0%}–{one.hi:.0%}" for one in (found.interval, found.hull))
        )
        yield (
            f"| {name}: {', '.join(fields)} | {limit} | {errors.sensitivity:.2f} | {errors.specificity:.3f} | {told} | "
            f"{ranges[0]} | {ranges[1]} |"
        )


def page() -> str:
    """The whole page."""
    scorer = Scorer.load()
    profiles, is_fake = training.instafake()
    areas = training.cross_validated(profiles, is_fake)
    counts = training.out_of_fold(profiles, is_fake)[training.MEASURED, 0]
    parts = [
        _HEAD.format(threshold=scorer.threshold),
        "\n".join(points_rows(scorer)) + "\n",
        _FIGURES.format(fakes=int(is_fake.sum()), others=int((~is_fake).sum())),
        f"{open_row(scorer, profiles, is_fake)}\n{fitted_row(areas, counts)}\n",
        _TRAINED.format(repeats=training.REPEATS, folds=training.FOLDS, low=min(areas), high=max(areas)),
        "\n".join(source_rows(scorer)) + "\n",
        _LIMITS.format(least=scorer.least_reach, threshold=scorer.threshold),
    ]
    return "".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write the page."""
    parser = argparse.ArgumentParser(prog="python -m training.profile_page", description="The page on the points.")
    parser.add_argument("--write", action="store_true", help="write docs/reference/profile-scorer.md")
    asked = parser.parse_args(arguments)
    text = page()
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
