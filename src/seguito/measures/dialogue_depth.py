"""Dialogue: does it go on once the creator has answered?"""

from __future__ import annotations

import ibis

from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft
from seguito.measures.space import Space
from seguito.measures.tally import tally

NAME = "dialogue.depth"
NEWEST = [ibis.desc("created_s"), "uri"]


def depth(space: Space) -> Draft:
    """Share of the creator's exchanges in which the member wrote back.

    Question: Do answers open a conversation, or close it?
    Definition: an exchange is a known member under one post of whom the creator answered at least one comment; it
        went on when the member also wrote to the creator under the same post (answered one of the creator's comments).
        The value is the share that went on. The part gives the share in which the creator answered twice or
        more.
    Interval: cluster bootstrap over threads.
    Reference: the turns are counted, nothing is modelled.
    Needs: authors, creator, threads.
    Minimum: 50 exchanges.
    Not: a thank-you by a like, or an answer given in private, is not seen; a good answer may need no word more.
    """
    rows = space.signed
    to_creator = (rows.addressed_to == "creator").fill_null(False)
    each = rows.group_by("root_uri", "account_uri").aggregate(answered=rows.is_answered.sum(), back=to_creator.sum())
    held = each.filter(each.answered > 0)
    went_on, again = held.back > 0, held.answered > 1
    counts = tally(space, held, "root_uri", n=held.count(), back=went_on.sum(), again=again.sum())
    mine = held.select(root="root_uri", who="account_uri", back="back")
    said = rows.inner_join(mine, (rows.root_uri == mine.root) & (rows.account_uri == mine.who))
    return Draft(
        value=counts.ratio("back", "n"),
        n=counts.total("n"),
        interval=counts.interval("back", "n", NAME),
        parts=(counts.part("answered_again", "again", "n", NAME),),
        evidence_for=space.uris(said.filter((said.addressed_to == "creator").fill_null(False)).order_by(NEWEST)),
        evidence_against=space.uris(said.filter(said.is_answered & (said.back == 0)).order_by(NEWEST)),
    )


DEPTH = Measure(
    name=NAME,
    unit="share",
    n_unit="exchanges",
    min_n=50,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=depth,
)
