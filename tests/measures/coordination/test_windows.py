"""The co-reply network of published tools, by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from seguito.measures.coordination.windows import pairs_within

# account, thread, comment, at_s
ROWS = [
    (1, 7, 10, 100),
    (2, 7, 11, 160),  # sixty seconds after the first
    (3, 7, 12, 161),  # sixty-one
    (1, 8, 13, 1_000),
    (2, 8, 14, 995),
    (2, 8, 15, 1_004),  # the same comment of account 1 counts once
    (1, 9, 16, 5_000),
    (2, 6, 17, 5_000),  # another post
]


@pytest.mark.parametrize(
    ("seconds", "least", "edges"),
    [
        # Account 1 has two comments near 2's; 2 has three near 1's; 2 and 3 have one each.
        (60, 1, {(1, 2): 2, (2, 1): 3, (2, 3): 1, (3, 2): 1}),
        (60, 2, {(1, 2): 2, (2, 1): 3}),
        (61, 1, {(1, 2): 2, (2, 1): 3, (2, 3): 1, (3, 2): 1, (1, 3): 1, (3, 1): 1}),
        (1, 1, {(2, 3): 1, (3, 2): 1}),
    ],
)
def test_by_hand(seconds: int, least: int, edges: dict[tuple[int, int], int]) -> None:
    account, thread, _, at_s = (np.array(column) for column in zip(*ROWS, strict=True))
    found = pairs_within(account, thread, at_s, seconds=seconds, least=least)
    told = zip(found.left.tolist(), found.right.tolist(), found.weight.tolist(), strict=True)
    assert {(left, right): weight for left, right, weight in told} == edges


def test_as_a_plain_script_counts() -> None:
    rng = np.random.default_rng(3)
    account, thread, at_s = rng.integers(0, 12, 300), rng.integers(0, 4, 300), rng.integers(0, 900, 300)
    near: dict[tuple[int, int], set[int]] = {}
    for here, there in itertools.permutations(range(300), 2):
        same = thread[here] == thread[there] and abs(at_s[here] - at_s[there]) <= 30
        if same and account[here] != account[there]:
            near.setdefault((int(account[here]), int(account[there])), set()).add(here)
    wanted = {pair: len(comments) for pair, comments in near.items() if len(comments) >= 3}
    found = pairs_within(account, thread, at_s, seconds=30, least=3)
    told = zip(found.left.tolist(), found.right.tolist(), found.weight.tolist(), strict=True)
    assert {(left, right): weight for left, right, weight in told} == wanted
    assert len(wanted) > 20


def test_nobody_meets_nobody() -> None:
    nothing = np.array([], dtype=np.int64)
    assert len(pairs_within(nothing, nothing, nothing, seconds=60, least=1).left) == 0
    assert len(pairs_within(np.array([1]), np.array([1]), np.array([1]), seconds=60, least=1).left) == 0
