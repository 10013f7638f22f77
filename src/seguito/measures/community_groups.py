"""Community: do members gather in groups that chance would not have made?"""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.intervals import Interval, percentile, seed_of
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.graph.groups import SHOWN_MEMBERS, Groups
from seguito.measures.graph.pairs import Pairs, Whole, drawn_means
from seguito.measures.space import Space

NAME = "community.groups"
NEWEST = [ibis.desc("created_s"), "uri"]
# Below so many partners each, groups that mix somewhat would be missed (docs/concepts/groups.md).
ENOUGH_PARTNERS = 6.0
SHOWN_GROUPS = 12
LOOKED_AT = 5_000


def groups(space: Space) -> Draft:
    """How much more of the talk between members stays within groups than chance would have it.

    Question: Is it one crowd around the creator, or people who also know each other in circles of their own?
    Definition: over the largest set of known members joined by having written to each other (the creator taken out,
        each pair once), groups are looked for with the Leiden algorithm at the resolution of 1, 1.5, 2, 3 or 4 whose
        groups come back most surely in samples of four fifths of the pairs. The value is the share of pairs within
        a group less what the same search finds in graphs of chance with the same degrees, over one less that share
        (0: as chance has it; 1: nobody talks outside). Groups are told only where modularity lies more than 3
        standard deviations beyond chance and the mean adjusted Rand index with the samples is above .6.
    Interval: vertex bootstrap of the share within the groups found, less draws of the graphs of chance.
    Reference: Traag, Waltman & van Eck 2019; Guimera, Sales-Pardo & Amaral 2004; Hubert & Arabie 1985.
    Needs: authors, creator, threads.
    Minimum: 200 members in the largest set.
    Not: who reads and never writes is in no group; with fewer than six partners each, groups that mix are missed; a
        group is people who talk, not people who think alike.
    """
    exchanges = space.exchanges
    pairs = space.talk.joined
    if len(pairs) < 2:
        return Draft(value=None, n=pairs.size)
    found = space.talk.groups
    chance = float(found.chance.mean())
    partners = 2 * len(pairs) / pairs.size
    newest = space.fetch(exchanges.order_by(NEWEST).limit(LOOKED_AT).select("uri", "account_uri", "target_account_uri"))
    within, between = _evidence(newest, pairs, found.of)
    sparse = Reason("few_partners", {"partners": partners, "needed": ENOUGH_PARTNERS})
    is_sparse = partners < ENOUGH_PARTNERS
    return Draft(
        value=beyond(found.inside, chance) if chance < 1 else None,
        n=pairs.size,
        interval=_interval(pairs, found),
        parts=_parts(pairs, found, space.talk.joined_share),
        series=_map(pairs, found) if found.stands else None,
        evidence_for=() if space.only_figures else within,
        evidence_against=() if space.only_figures else between,
        reasons=(sparse,) if is_sparse and not found.stands else (),
        notes=() if found.stands else (Reason("groups_not_told", {"z": found.z, "stable": found.stable}),),
        unseen=(Reason("mixed_groups", {"partners": partners}),) if is_sparse else (),
    )


def beyond(inside: Any, chance: Any) -> Any:
    """Share within groups beyond what chance has."""
    return (inside - chance) / (1 - chance)


def _parts(pairs: Pairs, found: Groups, share: float) -> tuple[Part, ...]:
    shown = int((found.sizes >= SHOWN_MEMBERS).sum())
    members, count = pairs.size, len(pairs)
    return (
        Part(key="groups", value=float(shown) if found.stands else None, n=members, unit="count"),
        Part(key="inside", value=found.inside, n=count, unit="share"),
        Part(
            key="inside_by_chance",
            value=float(found.chance.mean()),
            interval=percentile(found.chance, "random graphs with the same degrees"),
            n=count,
            unit="share",
        ),
        Part(key="stable", value=found.stable, n=count, unit="ratio"),
        Part(key="in_largest_set", value=share, n=round(members / share), unit="share"),
        Part(key="partners", value=2 * count / members, n=members, unit="ratio"),
    )


def _interval(pairs: Pairs, found: Groups) -> Interval | None:
    """The groups are held; each sample of the members is set against one graph of chance."""
    within = (found.of[pairs.start] == found.of[pairs.end]).astype(np.float64)
    drawn = drawn_means(pairs, within, seed=seed_of(NAME + "/interval"))
    chance = np.random.default_rng(seed_of(NAME + "/chance")).choice(found.chance[found.chance < 1], len(drawn))
    return percentile(beyond(drawn, chance), "vertex bootstrap, groups held")


def _evidence(newest: pa.Table, pairs: Pairs, of: Whole) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The newest exchanges within a group, and between groups."""
    one, other = (pc.index_in(newest[side], value_set=pairs.names) for side in ("account_uri", "target_account_uri"))
    known = pc.and_(pc.is_valid(one), pc.is_valid(other)).to_numpy()
    uris = newest["uri"].filter(pa.array(known)).to_pylist()
    numbers = [column.filter(pa.chunked_array([known])).to_numpy().astype(np.int64) for column in (one, other)]
    within = of[numbers[0]] == of[numbers[1]]
    inside = [uri for uri, is_in in zip(uris, within, strict=True) if is_in]
    between = [uri for uri, is_in in zip(uris, within, strict=True) if not is_in]
    return tuple(inside[:5]), tuple(between[:5])


def _map(pairs: Pairs, found: Groups) -> Series:
    """Groups with their members and pairs inside, and how many pairs join any two; smaller groups count together."""
    shown = min(int((found.sizes >= SHOWN_MEMBERS).sum()), SHOWN_GROUPS)
    group = np.minimum(found.of, shown)
    sides = np.sort(np.stack([group[pairs.start], group[pairs.end]]), axis=0)
    joined = np.bincount(sides[0] * (shown + 1) + sides[1], minlength=(shown + 1) ** 2).reshape(shown + 1, shown + 1)
    members = np.bincount(group, minlength=shown + 1)
    names = [str(at + 1) for at in range(shown)] + ["others"]
    rows: list[tuple[str, str, int | None, int]] = [
        (names[at], names[at], int(members[at]), int(joined[at, at])) for at in range(shown + 1) if members[at]
    ]
    rows += [
        (names[one], names[other], None, int(joined[one, other]))
        for one in range(shown + 1)
        for other in range(one + 1, shown + 1)
        if joined[one, other]
    ]
    return Series(kind="map", columns=("group", "to_group", "members", "pairs"), rows=tuple(rows))


GROUPS = Measure(
    name=NAME,
    unit="ratio",
    n_unit="members",
    min_n=200,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=groups,
)
