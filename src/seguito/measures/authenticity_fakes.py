"""Authenticity: how many followers look like those that are sold?"""

from __future__ import annotations

from collections.abc import Iterator

from seguito.kit.intervals import Errors
from seguito.measures.authenticity_profiles import list_doubts
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity
from seguito.measures.profiles.counted import followers_read
from seguito.measures.profiles.errors import Prevalence, smallest_seen
from seguito.measures.profiles.fields import FIELDS
from seguito.measures.profiles.scored import Counted, count
from seguito.measures.profiles.scorer import Scorer
from seguito.measures.space import Space

# Fields that can reach less than this share of the points leave out what tells most: the figure is then weakened.
ENOUGH_REACH = 0.8
# The fields a scorer may read; an account's age changes no threshold and was not known where the errors were measured.
READ = tuple(field for field in FIELDS if field != "age")


def fake_like_followers(space: Space) -> Draft:
    """Share of followers consistent with sold ones, corrected for how often the scorer is wrong.

    Question: What share of the followers looks like accounts that are sold as followers?
    Definition: every follower whose profile was read gets points for what it shows (followers, following, posts, words,
        picture, private, username), set by hand from published findings and fitted to no set of profiles; see
        `seguito score-profiles`. The share at or above the threshold is turned into a prevalence by how often the
        scorer was right on 200 sold accounts and 994 others with the very same fields known (Rogan-Gladen). Fields that
        fewer than nine in ten tell are left out for all, rather than those who do not tell them; what is unknown is
        never zero, and where nobody is private, that field is left out. Sensitivities give the share for a specificity
        3 points and a sensitivity 10 points lower and higher, because accounts here may differ from those, and for a
        threshold a point lower and higher. A part gives the whole range when both errors move at once.
    Interval: Lang-Reiczigel, which carries the uncertainty of sensitivity and specificity along; followers of a random
        or whole list are drawn one by one.
    Reference: Rogan & Gladen 1978; Lang & Reiczigel 2014; the points: Cresci et al. 2015 and what it restates; the
        errors: Akyon & Kalfaoglu 2019.
    Needs: followers, and profiles of at least 100 of them; weak where only the newest or an unknown part was listed,
        where profiles of fewer than nine in ten could be read, or where the fields that tell most are lacking.
    Minimum: 100 followers whose profiles are known; with fewer than 500 the interval is wide.
    Not: no account is judged: somebody who has just joined and only reads may look the same, and a sold account with a
        picture and a few posts may not. The share speaks of the list. The errors were measured on one platform, years
        ago; where the range with other errors holds the threshold, the answer is unclear.
    """
    read = followers_read(space)
    if not read.listed:
        return Draft(value=None, n=0, barred=Reason("source_lacks", {"capabilities": ["followers"]}))
    if not read.profiles.rows:
        return Draft(value=None, n=0, barred=Reason("profiles_unknown", {"known": 0, "listed": read.listed}))
    scorer = Scorer.load()
    found = count(read.profiles, scorer)
    lacking = [field for field in READ if field not in found.fields]
    if found.prevalence is None or found.errors is None:
        barred = Reason("profile_fields_lacking", {"fields": lacking})
        return Draft(value=None, n=found.n, barred=barred)
    return Draft(
        value=found.prevalence.value,
        n=found.n,
        interval=found.prevalence.interval,
        parts=(_hull(found.prevalence, found.n),),
        sensitivity=tuple(Sensitivity(change=name, value=value) for name, value in _steps(found, found.prevalence)),
        unseen=_unseen(found, found.errors),
        reasons=(*list_doubts(space, found.n, read.listed), *_lacking(scorer, found, lacking)),
        notes=_notes(found, found.errors, lacking, read.listed),
    )


def _hull(found: Prevalence, n: int) -> Part:
    return Part(key="with_other_errors", value=found.value, interval=found.hull, n=n, unit="share")


def _steps(found: Counted, behind: Prevalence) -> Iterator[tuple[str, float | None]]:
    yield from behind.shifted
    yield from found.stepped


def _unseen(found: Counted, errors: Errors) -> tuple[Reason, ...]:
    """The smallest share that would have been told from none; unknown where even all of them would not."""
    smallest = smallest_seen(found.n, errors)
    return (Reason("smallest_share", {"share": smallest, "n": found.n}),) if smallest is not None else ()


def _lacking(scorer: Scorer, found: Counted, lacking: list[str]) -> tuple[Reason, ...]:
    if scorer.reach(found.fields) >= ENOUGH_REACH * scorer.reach(READ):
        return ()
    return (Reason("profile_fields_lacking", {"fields": lacking}),)


def _notes(found: Counted, errors: Errors, lacking: list[str], listed: int) -> tuple[Reason, ...]:
    fakes, others = errors.true_positive + errors.false_negative, errors.true_negative + errors.false_positive
    figures = {
        "sensitivity": errors.sensitivity,
        "specificity": errors.specificity,
        "fakes": fakes,
        "others": others,
        "fields": list(found.fields),
    }
    notes = [Reason("scorer_errors", figures), Reason("profiles_known", {"known": found.n, "listed": listed})]
    if lacking:
        notes.append(Reason("profile_fields_left_out", {"fields": lacking}))
    return tuple(notes)


FAKE_LIKE_FOLLOWERS = Measure(
    name="authenticity.fake_like_followers",
    unit="share",
    n_unit="followers",
    min_n=100,
    needs=frozenset({"followers"}),
    covers=("followers",),
    compute=fake_like_followers,
)
