"""A right measure, and measures wrong in one way each: the contract suite must pass the one and fail the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import ibis

from seguito.kit.intervals import Interval
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Reason
from seguito.measures.space import Space
from seguito.measures.tally import tally

NEWEST = [ibis.desc("created_s"), "uri"]


def _share(space: Space, rows: Any, hit: Any) -> Draft:
    counts = tally(space, rows, "root_uri", n=rows.count(), hits=hit.sum())
    return Draft(
        value=counts.ratio("hits", "n"),
        n=counts.total("n"),
        interval=counts.interval("hits", "n", "tests.asked_share"),
        evidence_for=space.uris(rows.filter(hit).order_by(NEWEST)),
        evidence_against=space.uris(rows.filter(~hit).order_by(NEWEST)),
    )


def asked_share(space: Space) -> Draft:
    """Share of members' comments that ask something.

    Question: How many comments ask something?
    Definition: comments labelled question over comments that were read.
    Interval: cluster bootstrap over threads.
    Reference: none.
    Needs: authors, creator, texts.
    Minimum: 100 comments.
    Not: a question without a question mark.
    """
    rows = space.signed.filter(space.signed.question.notnull())
    return _share(space, rows, rows.question)


RIGHT = Measure(
    name="dialogue.asked_share",
    unit="share",
    n_unit="comments",
    min_n=100,
    needs=frozenset({"authors", "creator", "texts"}),
    labels=frozenset({"question"}),
    compute=asked_share,
)


def counts_the_creator(space: Space) -> Draft:
    rows = space.posts.filter(space.posts.root_uri.notnull() & space.posts.account_uri.notnull())
    return _share(space, rows, rows.parent_uri == rows.root_uri)


def takes_unread_for_no(space: Space) -> Draft:
    return _share(space, space.signed, space.signed.question.fill_null(False))


def makes_nothing_zero(space: Space) -> Draft:
    draft = asked_share(space)
    return replace(draft, value=draft.value or 0.0)


def counts_the_nameless(space: Space) -> Draft:
    """Takes the unknown author of all comments for one person who never asks."""
    return _share(space, space.comments, space.comments.question.fill_null(False))


def takes_the_first_rows(space: Space) -> Draft:
    rows = space.signed.filter(space.signed.question.notnull()).order_by(["batch_id", "uri"]).limit(700)
    return _share(space, rows, rows.question)


def takes_any_row_as_evidence(space: Space) -> Draft:
    rows = space.signed.filter(space.signed.question.notnull())
    first = rows.filter(rows.question).order_by(["batch_id", "uri"])
    return replace(asked_share(space), evidence_for=space.uris(first))


def believes_the_clock(space: Space) -> Draft:
    rows = space.signed.filter(space.signed.question.notnull() & space.signed.created_at.notnull())
    return _share(space, rows, rows.created_at.epoch_seconds() > space.start_s + 90 * 86_400)


def counts_every_space(space: Space) -> Draft:
    posts = space.snapshot.current("posts")
    rows = posts.filter(posts.root_uri.notnull() & posts.account_uri.notnull() & (posts.state == "live"))
    rows = rows.filter(rows.account_uri != space.creator_uri).mutate(created_s=rows.created_at.epoch_seconds())
    draft = _share(space, rows, rows.parent_uri == rows.root_uri)
    return replace(draft, evidence_for=(), evidence_against=())


def counts_what_was_taken_down(space: Space) -> Draft:
    rows = space._all_posts.filter(~space._all_posts.by_creator & space._all_posts.account_uri.notnull())
    rows = rows.filter(rows.root_uri.notnull())
    return _share(space, rows, rows.parent_uri == rows.root_uri)


def reads_messages(space: Space) -> Draft:
    messages = space.snapshot.table("messages")
    return replace(asked_share(space), n=int(space.fetch(messages.aggregate(n=messages.count()))["n"][0].as_py()))


def gives_shares_over_one(space: Space) -> Draft:
    return replace(asked_share(space), value=1.2, interval=Interval(1.1, 1.3, "none"))


def gives_no_interval(space: Space) -> Draft:
    return replace(asked_share(space), interval=None)


def misses_its_interval(space: Space) -> Draft:
    return replace(asked_share(space), interval=Interval(0.9, 0.95, "none"))


def shows_what_is_not_there(space: Space) -> Draft:
    return replace(asked_share(space), evidence_against=("known:post:never",))


def speaks_both_ways(space: Space) -> Draft:
    draft = asked_share(space)
    return replace(draft, evidence_against=draft.evidence_for)


def speaks_in_tongues(space: Space) -> Draft:
    return replace(asked_share(space), notes=(Reason("as_the_wind_blows"),))


def leaves_figures_out(space: Space) -> Draft:
    return replace(asked_share(space), notes=(Reason("not_read", {"comments": 1}),))


def has_no_page(space: Space) -> Draft:
    return asked_share(space)


def rounds_like_the_engine(space: Space) -> Draft:
    """Casts a broken number to a whole one: one engine rounds, the other cuts."""
    rows = space.signed.filter(space.signed.question.notnull() & space.signed.exact_s.notnull())
    hours = (rows.exact_s / 3600).cast("int64")
    return _share(space, rows, hours % 2 == 0)


def _mutant(compute: Callable[[Space], Draft], **changes: Any) -> Measure:
    # The page of the right one, so that only the fault under test can fail the suite.
    if compute is not has_no_page:
        compute.__doc__ = asked_share.__doc__
    return replace(RIGHT, compute=compute, **changes)


def mutants() -> Iterator[tuple[str, Measure]]:
    """Every wrong measure with the rule that must notice it."""
    none: dict[str, Any] = {"labels": frozenset()}
    yield "creator_apart", _mutant(counts_the_creator, **none)
    yield "unread", _mutant(takes_unread_for_no)
    yield "silence", _mutant(makes_nothing_zero)
    yield "silence", _mutant(counts_the_nameless)
    yield "shuffled", _mutant(takes_the_first_rows)
    yield "shuffled", _mutant(takes_any_row_as_evidence)
    yield "broken_clock", _mutant(believes_the_clock)
    yield "beside", _mutant(counts_every_space, **none)
    yield "taken_down", _mutant(counts_what_was_taken_down, **none)
    yield "privacy", _mutant(reads_messages)
    yield "figures", _mutant(gives_shares_over_one)
    yield "figures", _mutant(gives_no_interval)
    yield "figures", _mutant(misses_its_interval)
    yield "figures", _mutant(shows_what_is_not_there)
    yield "figures", _mutant(speaks_both_ways)
    yield "codes", _mutant(speaks_in_tongues)
    yield "codes", _mutant(leaves_figures_out)
    yield "page", _mutant(has_no_page)
    yield "page", replace(RIGHT, min_n=150)
    yield "page", replace(RIGHT, needs=RIGHT.needs | {"threads"})
    yield "page", replace(RIGHT, needs=RIGHT.needs | {"telepathy"})
    yield "unread", replace(RIGHT, labels=frozenset())
    yield "unread", _mutant(counts_the_creator, labels=frozenset({"question"}))
    yield "answers", replace(RIGHT, min_n=100_000)


ENGINE_MUTANT = _mutant(rounds_like_the_engine)
