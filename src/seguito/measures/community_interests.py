"""Community: do members who talk with each other care about the same things, and what does each group share?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.intervals import Interval, percentile, seed_of
from seguito.measures.community_groups import SHOWN_GROUPS
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.graph.compared import enough, others
from seguito.measures.graph.groups import SHOWN_MEMBERS
from seguito.measures.graph.pairs import Pairs, Whole, drawn_means
from seguito.measures.graph.shared import Vocabulary, distinct, likeness, vocabulary
from seguito.measures.space import DAY, Space
from seguito.measures.texts import newest_with_texts

NAME = "community.shared_interests"
# Words are read in so many of the newest comments.
READ = 300_000
# Members of fewer different words are like anybody or like nobody.
FEWEST_WORDS = 5
HOUR = 3600
Numbers = npt.NDArray[np.float64]


def shared_interests(space: Space) -> Draft:
    """How much more alike the words of two members are when they talk with each other than when they only meet.

    Question: Are they people who care about the same things, or people who happen to answer?
    Definition: likeness is the cosine of two members' words, rare words weighing more, taken from what they wrote to
        the creator or under a post, never from what they wrote to each other. The value is the mean over pairs who
        talk less the mean over pairs who do not, drawn from those who wrote under the same post. Parts give both
        means. The series gives, for each group that stands (as in community.groups), the words that more of its
        members use than of all the others (log-odds with a prior, members counted, further apart than chance makes
        any), and the language and hour in which it writes most.
    Interval: vertex bootstrap of the difference.
    Reference: Monroe, Colaresi & Quinn 2008; Salton & Buckley 1988.
    Needs: authors, creator, threads.
    Minimum: 100 pairs, with five different words or more each.
    Not: the same words may be used for and against; people of one language or dialect are alike for that alone.
    """
    met = space.fetch(_met(space))
    rows = space.fetch(_written(space))
    pairs = space.talk.pairs
    if len(pairs) < 2 or not rows.num_rows:
        return Draft(value=None, n=0)
    who = pc.index_in(rows["account_uri"].combine_chunks(), value_set=pairs.names)
    rows = rows.append_column("who", who).filter(pc.is_valid(who))
    own = rows.filter(pc.not_equal(rows["addressed_to"].fill_null("post"), "member"))
    words = vocabulary(_numbers(own, "who"), own["text"].combine_chunks())
    found = _compare(pairs, met, rows, words)
    n = int(found.kept.sum())
    if not n:
        return Draft(value=None, n=0)
    one, other = float(found.talk[found.kept].mean()), float(found.meet[found.kept].mean())
    total = int(space.fetch(space.signed.aggregate(n=space.signed.count()))["n"][0].as_py())
    order = np.argsort(-found.talk[found.kept], kind="stable")
    uris = list(dict.fromkeys(np.asarray(found.uris, dtype=object)[found.kept][order].tolist()))
    if space.only_figures:
        uris = []
    return Draft(
        value=one - other,
        n=n,
        interval=_interval(pairs, found),
        parts=(
            Part(key="who_talk", value=one, n=n, unit="ratio"),
            Part(key="who_only_meet", value=other, n=n, unit="ratio"),
        ),
        series=_groups(space, pairs, rows, words),
        evidence_for=tuple(uris[:5]),
        evidence_against=tuple(uris[5:][::-1][:5]),
        notes=(Reason("newest_read", {"comments": READ, "of": total}),) if total > READ else (),
    )


@dataclass(frozen=True)
class _Likeness:
    """For each pair: the post where it met last, how alike both are, how alike one is to somebody who only met them."""

    uris: tuple[str, ...]
    talk: Numbers
    meet: Numbers

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = ~np.isnan(self.talk) & ~np.isnan(self.meet)
        return found


def _met(space: Space) -> Any:
    """Which members wrote to each other: one row for each thread where one wrote to the other."""
    rows = space.exchanges
    each = rows.group_by(start="account_uri", end="target_account_uri", root_uri="root_uri")
    return each.aggregate(uri=rows.uri.max()).order_by(["root_uri", "start", "end"])


def _written(space: Space) -> Any:
    rows = space.signed.select("uri", "account_uri", "root_uri", "addressed_to", "language", "exact_s", "created_s")
    return newest_with_texts(space, rows.mutate(local_s=space.local(rows.exact_s)), READ).order_by("uri")


def _numbers(rows: pa.Table, column: str) -> Whole:
    found: Whole = rows[column].to_numpy().astype(np.int64)
    return found


def _compare(pairs: Pairs, met: pa.Table, rows: pa.Table, words: Vocabulary) -> _Likeness:
    threads = pc.unique(met["root_uri"].combine_chunks())
    keys = np.searchsorted(pairs.start * pairs.size + pairs.end, _keys(pairs, met))
    # The first thread in which a pair met; no pair is of one member alone.
    at = np.full(len(pairs), -1, dtype=np.int64)
    at[keys[::-1]] = np.arange(met.num_rows)[::-1]
    root = pc.index_in(met["root_uri"].combine_chunks(), value_set=threads).to_numpy().astype(np.int64)
    where = pc.index_in(rows["root_uri"].combine_chunks(), value_set=threads)
    here = rows.append_column("where", where).filter(pc.is_valid(where))
    wrote = np.unique(_numbers(here, "where") * pairs.size + _numbers(here, "who"))
    rng = np.random.default_rng(seed_of(NAME))
    other = others(pairs, root[at], wrote % pairs.size, wrote // pairs.size, rng)
    speaks = enough(words.member, pairs.size, FEWEST_WORDS)
    talk = _between(words, pairs.start, pairs.end, speaks)
    meet = np.where(other < 0, np.nan, _between(words, pairs.start, np.maximum(other, 0), speaks))
    return _Likeness(tuple(met["uri"].take(pa.array(at)).to_pylist()), talk, meet)


def _keys(pairs: Pairs, met: pa.Table) -> Whole:
    one, other = (
        pc.index_in(met[side].combine_chunks(), value_set=pairs.names).to_numpy().astype(np.int64)
        for side in ("start", "end")
    )
    found: Whole = np.minimum(one, other) * pairs.size + np.maximum(one, other)
    return found


def _between(words: Vocabulary, one: Whole, other: Whole, speaks: npt.NDArray[np.bool_]) -> Numbers:
    return np.where(speaks[one] & speaks[other], likeness(words, len(speaks), one, other), np.nan)


def _interval(pairs: Pairs, found: _Likeness) -> Interval | None:
    apart = (found.talk - found.meet)[found.kept]
    return percentile(drawn_means(pairs.only(found.kept), apart, seed=seed_of(NAME + "/interval")), "vertex bootstrap")


def _groups(space: Space, pairs: Pairs, rows: pa.Table, words: Vocabulary) -> Series | None:
    """What each group that stands shares: one row a group."""
    inner, found = space.talk.joined, space.talk.groups
    shown = min(int((found.sizes >= SHOWN_MEMBERS).sum()), SHOWN_GROUPS)
    if not found.stands or not shown:
        return None
    of = np.full(pairs.size, shown, dtype=np.int64)
    of[pc.index_in(inner.names, value_set=pairs.names).to_numpy()] = np.minimum(found.of, shown)
    told = distinct(words, of, shown, seed=seed_of(NAME + "/words"))
    group = of[_numbers(rows, "who")]
    table = []
    for at in range(shown):
        theirs = rows.filter(pa.array(group == at))
        language, hour = _most(theirs["language"]), _busiest(theirs)
        table.append((str(at + 1), int(found.sizes[at]), ", ".join(told.get(at, ())) or None, language, hour))
    return Series(kind="table", columns=("group", "members", "words", "language", "hour"), rows=tuple(table))


def _most(values: pa.ChunkedArray) -> str | None:
    """The most frequent value; of two as frequent, the first by name."""
    counted = pc.value_counts(values.drop_null().combine_chunks()).to_pylist()
    return min(((-one["counts"], one["values"]) for one in counted), default=(0, None))[1]


def _busiest(rows: pa.Table) -> int | None:
    """The hour of the day, on the clocks of the space, in which most is written."""
    times = rows["local_s"].drop_null().to_numpy()
    return int(np.bincount(times % DAY // HOUR, minlength=24).argmax()) if len(times) else None


SHARED_INTERESTS = Measure(
    name=NAME,
    unit="ratio",
    n_unit="pairs",
    min_n=100,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=shared_interests,
)
