"""Groups of members: planted ones found again, crowds without any, and a network whose departments are known.

The network is e-mail between 1,005 people of a research institute with 42 departments (Yin, Benson, Leskovec & Gleich
2017), read from the folder of public data sets; without that folder its rows say so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from seguito.kit.intervals import wilson
from seguito.measures.graph.groups import Groups, alike, find
from seguito.measures.graph.pairs import Pairs, Whole, largest_component, pairs_of
from validation.table import Reached, span

MEMBERS, BLOCKS = 400, 5
PARTNERS = (2.0, 3.0, 6.0, 12.0)
MIXING = (0.1, 0.2, 0.3, 0.4)
# So many crowds without groups for each number of partners, and so many with groups for each mixing.
CROWDS, PLANTED = 25, 10
COMMAND = "python -m validation.run --only groups"


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """False groups in crowds, likeness to planted groups, likeness to known departments."""
    del release
    yield from (_crowds(partners, seeds[:CROWDS]) for partners in PARTNERS)
    for partners in PARTNERS[2:]:
        yield from (_planted(partners, mixing, seeds[:PLANTED]) for mixing in MIXING)
    yield from _departments()


def graph(seed: int, *, partners: float, mixing: float) -> tuple[Pairs, Whole]:
    """Members of five groups with heavy-tailed activity, who talk outside their group with a share `mixing` of pairs.

    With a mixing of 1 there are no groups.
    """
    rng = np.random.default_rng([seed, round(10 * partners), round(100 * mixing)])
    block = np.sort(rng.integers(0, BLOCKS, MEMBERS))
    weight = rng.pareto(2.5, MEMBERS) + 0.3
    one = rng.choice(MEMBERS, int(MEMBERS * partners / 2 * 1.15), p=weight / weight.sum())
    other = rng.choice(MEMBERS, len(one), p=weight / weight.sum())
    within = rng.random(len(one)) >= mixing
    for at in range(BLOCKS):
        mine, theirs = within & (block[one] == at), np.flatnonzero(block == at)
        other[mine] = rng.choice(theirs, int(mine.sum()), p=weight[theirs] / weight[theirs].sum())
    apart = one != other
    keys = np.unique(np.minimum(one, other)[apart] * MEMBERS + np.maximum(one, other)[apart])
    names = pa.array([f"m{at:04}" for at in range(MEMBERS)])
    pairs, _ = largest_component(Pairs(keys // MEMBERS, keys % MEMBERS, MEMBERS, names))
    return pairs, block[np.array([int(name[1:]) for name in pairs.names.to_pylist()])]


def _crowds(partners: float, seeds: Sequence[int]) -> Reached:
    told = sum(find(graph(seed, partners=partners, mixing=1.0)[0], "validation").stands for seed in seeds)
    interval = wilson(told, len(seeds))
    return Reached(
        detector="groups of members",
        data=f"generated, no groups, {partners:.0f} partners a member",
        metric="crowds in which groups are told",
        value=told / len(seeds),
        sign="at_most",
        goal=0.05,
        interval=interval and (interval.lo, interval.hi),
        n=len(seeds),
        seeds=span(seeds),
        command=COMMAND,
    )


def _planted(partners: float, mixing: float, seeds: Sequence[int]) -> Reached:
    found: list[tuple[Groups, Whole]] = []
    for seed in seeds:
        pairs, block = graph(seed, partners=partners, mixing=mixing)
        found.append((find(pairs, "validation"), block))
    likeness = [alike(groups.of, block) for groups, block in found]
    told = sum(groups.stands for groups, _ in found)
    return Reached(
        detector="groups of members",
        data=f"generated, {BLOCKS} groups, {partners:.0f} partners a member, mixing {mixing}",
        metric="mean likeness to what was planted (ARI)",
        value=float(np.mean(likeness)),
        unit="number",
        goal=0.8 if mixing <= 0.3 else None,
        n=len(seeds),
        seeds=span(seeds),
        note=f"told in {told} of {len(seeds)}",
        command=COMMAND,
    )


def _departments() -> Iterator[Reached]:
    folder = Path(os.environ.get("SEGUITO_DATA", "../shared/data")) / "evaluate" / "snap_email_eu_core"
    network = {"detector": "groups of members", "data": "e-mail, 42 departments", "n_unit": "people", "unit": "number"}
    metrics = ("likeness to departments (NMI)", "likeness to departments (ARI)")
    if not folder.is_dir():
        for metric in metrics:
            yield Reached(metric=metric, value=None, note="the public data sets are not here", **network)  # type: ignore[arg-type]
        return
    from sklearn.metrics import normalized_mutual_info_score

    arcs = np.loadtxt(folder / "email-Eu-core.txt", dtype=str)
    departments = dict(np.loadtxt(folder / "email-Eu-core-department-labels.txt", dtype=str).tolist())
    pairs = pairs_of(pa.table({"start": arcs[:, 0], "end": arcs[:, 1]}))
    found = find(pairs, "validation")
    known = np.array([int(departments[name]) for name in pairs.names.to_pylist()])
    note = f"{len(found.sizes)} groups, resolution {found.resolution:g}, {'told' if found.stands else 'not told'}"
    values = (float(normalized_mutual_info_score(known, found.of)), alike(found.of, known))
    for metric, value, published in zip(metrics, values, (".59", ".34"), strict=True):
        best = f"{published} (Louvain, resolution 1)"
        yield Reached(metric=metric, value=value, n=pairs.size, best=best, note=note, command=COMMAND, **network)  # type: ignore[arg-type]
