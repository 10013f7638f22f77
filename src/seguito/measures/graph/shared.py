"""What members who talk among themselves share: words that more of a group's members use than of all the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.clusters import normalised
from seguito.measures.graph.pairs import Whole

Numbers = npt.NDArray[np.float64]
# A word that fewer of a group's members use could point at one of them.
FEWEST_MEMBERS = 5
# How many members' worth of the whole community a group's figures are drawn towards.
PRIOR_MEMBERS = 10.0
# Members are dealt out to the groups anew so many times; a word is told when it stands apart more than any word does in
# nineteen of twenty such deals, and by no less than so many standard deviations.
DEALS, LEAST_Z = 40, 3.0
SHORTEST = 3
TOLD = 8


@dataclass(frozen=True)
class Vocabulary:
    """Who used which word, each pair once, however often.

    Attributes:
        words: the words, sorted.
        member: number of a member.
        word: number of a word that this member used.
    """

    words: pa.Array
    member: Whole
    word: Whole


def vocabulary(members: Whole, texts: pa.Array) -> Vocabulary:
    """The words of three letters or more that members wrote; links, mentions and figures left out.

    Args:
        members: the number of who wrote each text.
        texts: as written.
    """
    split = pc.split_pattern(normalised(texts), " ")
    words = pc.list_flatten(split)
    who = members[pc.list_parent_indices(split).to_numpy()]
    kept = pc.and_(pc.greater_equal(pc.utf8_length(words), SHORTEST), pc.utf8_is_alpha(words))
    words, who = words.filter(kept), who[kept.to_numpy(zero_copy_only=False)]
    names = pc.unique(words)
    names = names.take(pc.sort_indices(names))
    numbers = pc.index_in(words, value_set=names).to_numpy().astype(np.int64)
    each = np.unique(who * max(len(names), 1) + numbers)
    return Vocabulary(names, each // max(len(names), 1), each % max(len(names), 1))


def distinct(found: Vocabulary, of: Whole, groups: int, *, seed: int) -> Mapping[int, tuple[str, ...]]:
    """The words that set each group apart, the strongest first.

    The log-odds that a member uses a word, within the group against all others, with a prior of the whole community
    (Monroe, Colaresi & Quinn 2008), members being counted rather than words: somebody who repeats a word is one.

    Args:
        found: who used which word.
        of: the group of every member; numbers of `groups` and above are in none that is told.
        groups: how many are told.
        seed: of the deals that tell how far apart words stand by chance.
    """
    if not len(found.words) or not groups:
        return {}
    real = _apart(found, of, groups)
    rng, most = np.random.default_rng(seed), []
    for _ in range(DEALS):
        dealt = of.copy()
        wrote = np.unique(found.member)
        dealt[wrote] = rng.permutation(of[wrote])
        most.append(max((float(z.max()) for z in _apart(found, dealt, groups).values()), default=0.0))
    limit = max(LEAST_Z, float(np.quantile(most, 0.95)))
    told: dict[int, tuple[str, ...]] = {}
    for group, z in real.items():
        good = np.flatnonzero(z > limit)
        order = good[np.argsort(-z[good], kind="stable")][:TOLD]
        told[group] = tuple(found.words.take(pa.array(order)).to_pylist())
    return told


def _apart(found: Vocabulary, of: Whole, groups: int) -> dict[int, Numbers]:
    """For each group, how far each word stands apart; nothing of words that too few of its members use."""
    count, wrote = len(found.words), np.unique(found.member)
    users = np.bincount(found.word, minlength=count).astype(np.float64)
    rows: dict[int, Numbers] = {}
    for group in range(groups):
        size = int((of[wrote] == group).sum())
        if not 0 < size < len(wrote):
            continue
        inside = np.bincount(found.word[of[found.member] == group], minlength=count).astype(np.float64)
        z = log_odds(inside, size, users - inside, len(wrote) - size, users / len(wrote))
        rows[group] = np.where(inside >= FEWEST_MEMBERS, z, 0.0)
    return rows


def log_odds(inside: Numbers, size: int, outside: Numbers, others: int, share: Numbers) -> Numbers:
    """How far a word's odds inside lie above those outside, in standard deviations.

    Args:
        inside: members of the group who use each word.
        size: members of the group.
        outside: members of no or another group who use it.
        others: how many of those there are.
        share: of everybody who uses it; the prior is as many members' worth as `PRIOR_MEMBERS`.
    """
    yes, no = PRIOR_MEMBERS * share, PRIOR_MEMBERS * (1 - share)
    one, other = inside + yes, outside + yes
    one_not, other_not = size - inside + no, others - outside + no
    # Nobody left who does not use it: no odds, and no news.
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.log(one / one_not) - np.log(other / other_not)
        spread = np.sqrt(1 / one + 1 / one_not + 1 / other + 1 / other_not)
        found: Numbers = np.nan_to_num(apart / spread, nan=0.0, posinf=0.0, neginf=0.0)
    return found


def likeness(found: Vocabulary, size: int, one: Whole, other: Whole) -> Numbers:
    """How alike the words of two members are: the cosine of their words, rare words weighing more.

    Args:
        found: who used which word.
        size: how many members there are.
        one: number of one member of each pair.
        other: number of the other.

    Returns:
        One figure a pair, from 0 to 1; not a number where one of them wrote no word.
    """
    from scipy.sparse import csr_array

    users = np.bincount(found.word, minlength=len(found.words))
    wrote = len(np.unique(found.member))
    weight = np.log((1 + wrote) / (1 + users[found.word]))
    matrix = csr_array((weight, (found.member, found.word)), shape=(size, max(len(found.words), 1)))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    both = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        alike: Numbers = both / (length[one] * length[other])
    return alike
