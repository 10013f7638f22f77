"""Community: do members talk to one another, with the creator taken out of the picture?"""

from __future__ import annotations

import ibis

from seguito.kit.intervals import wilson
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason
from seguito.measures.space import Space
from seguito.measures.tally import tally

NEWEST = [ibis.desc("created_s"), "uri"]
KNOWN_ENOUGH = 0.8


def member_to_member_share(space: Space) -> Draft:
    """Share of members' comments that are addressed to another member.

    Question: Of what members write, how much do they write to one another?
    Definition: comments that answer another member's comment (inferred where the platform flattens threads), over
        visible comments by known members of which it is known whom they answer. The creator's own comments are taken
        out. Parts give the shares that answer the post, a comment of the creator's, and the author's own comment.
    Interval: cluster bootstrap over threads.
    Reference: Kooti et al. 2015 on conversations; the creator is removed as the hub that would hide the rest.
    Needs: authors, creator, threads.
    Minimum: 300 comments whose addressee is known.
    Not: people who read without writing are not seen; talk between members is not always friendly.
    """
    rows = space.signed
    to = rows.addressed_to
    counts = tally(
        space, rows, "root_uri", everything=rows.count(), n=to.notnull().sum(), member=(to == "member").sum(),
        post=(to == "post").sum(), creator=(to == "creator").sum(), own=(to == "self").sum(),
    )  # fmt: skip
    name = "community.member_to_member_share"
    known, everything = counts.total("n"), counts.total("everything")
    unclear = Reason("threads_partly_known", {"known": known, "of": everything})
    others = rows.filter((to.isin(["post", "creator"])).fill_null(False))
    return Draft(
        value=counts.ratio("member", "n"),
        n=known,
        interval=counts.interval("member", "n", name),
        parts=tuple(counts.part(f"to_{key}", key, "n", name) for key in ("post", "creator", "own")),
        evidence_for=space.uris(space.exchanges.order_by(NEWEST)),
        evidence_against=space.uris(others.order_by(NEWEST)),
        reasons=(unclear,) if known < KNOWN_ENOUGH * everything else (),
    )


MEMBER_TO_MEMBER_SHARE = Measure(
    name="community.member_to_member_share",
    unit="share",
    n_unit="comments",
    min_n=300,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=member_to_member_share,
)


def threads_alive_without_creator(space: Space) -> Draft:
    """Share of threads in which members talk to one another, the creator's comments taken out.

    Question: Does a conversation live under the posts without the creator keeping it alive?
    Definition: threads in which at least two members each wrote a comment to another member, over threads in which at
        least two known members commented. Parts give the same for threads the creator took part in, and for those
        where the creator wrote nothing after the post.
    Interval: Wilson, a thread being the unit.
    Reference: Wilson 1927; the creator is removed as the hub that would hide the rest.
    Needs: authors, creator, threads.
    Minimum: 50 threads with two or more members.
    Not: two members may also quarrel; where the source lost answered comments, threads look quieter than they were.
    """
    rows = space.signed
    talk = (rows.addressed_to == "member").fill_null(False)
    people = rows.group_by("root_uri", "account_uri").aggregate(spoke=talk.any())
    threads = people.group_by("root_uri").aggregate(people=people.count(), speakers=people.spoke.sum())
    present = space.posts.filter(space.posts.by_creator & space.posts.root_uri.notnull())
    present = present.select(present_uri="root_uri").distinct()
    joined = threads.filter(threads.people >= 2).left_join(present, threads.root_uri == present.present_uri)
    joined = joined.mutate(is_alive=joined.speakers >= 2, is_present=joined.present_uri.notnull())
    counted = joined.group_by("is_alive", "is_present").aggregate(threads=joined.count())
    found = {(row["is_present"], row["is_alive"]): int(row["threads"]) for row in space.fetch(counted).to_pylist()}
    parts = tuple(
        _threads(key, found, present=present) for key, present in (("with_creator", True), ("without_creator", False))
    )
    alive, n = sum(found.get((present, True), 0) for present in (True, False)), sum(found.values())
    roots = joined.select(thread_uri="root_uri", is_alive="is_alive", people="people")
    exchanges = space.exchanges.inner_join(roots, space.exchanges.root_uri == roots.thread_uri)
    quiet = space.signed.inner_join(roots.filter(~roots.is_alive), space.signed.root_uri == roots.thread_uri)
    return Draft(
        value=alive / n if n else None,
        n=n,
        interval=wilson(alive, n),
        parts=parts,
        evidence_for=space.uris(exchanges.filter(exchanges.is_alive).order_by(NEWEST)),
        evidence_against=space.uris(quiet.order_by([ibis.desc("people"), *NEWEST])),
    )


def _threads(key: str, found: dict[tuple[bool, bool], int], *, present: bool) -> Part:
    alive = found.get((present, True), 0)
    n = alive + found.get((present, False), 0)
    return Part(key=key, value=alive / n if n else None, interval=wilson(alive, n), n=n, unit="share")


THREADS_ALIVE_WITHOUT_CREATOR = Measure(
    name="community.threads_alive_without_creator",
    unit="share",
    n_unit="threads",
    min_n=50,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=threads_alive_without_creator,
)
