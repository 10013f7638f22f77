"""Profiles have the medians, spreads and ties of the public set they follow; lurkers and dressed ones are harder."""

from __future__ import annotations

import numpy as np
import pytest

from seguito.simulate.profiles import shown, spelt

N = 20_000
NOBODY, EVERYBODY = np.zeros(N, dtype=bool), np.ones(N, dtype=bool)


def test_real_accounts_are_as_in_the_set() -> None:
    told = shown(0, "x", sold=NOBODY, lurking=NOBODY, bare_share=0.07, dressed_share=0)
    logs = np.log1p(np.stack([told["followers"], told["following"], told["posts"]]))
    assert np.median(told["followers"]) == pytest.approx(345, rel=0.1)
    assert np.median(told["following"]) == pytest.approx(419, rel=0.1)
    assert np.median(told["posts"]) == pytest.approx(30, rel=0.15)
    assert logs.std(axis=1) == pytest.approx([0.81, 0.77, 1.5], abs=0.15)
    ties = np.corrcoef(logs)
    assert [ties[0, 1], ties[0, 2], ties[1, 2]] == pytest.approx([0.76, 0.54, 0.44], abs=0.08)
    assert told["has_bio"].mean() == pytest.approx(0.61, abs=0.02)
    assert told["has_avatar"].mean() == pytest.approx(0.987, abs=0.01)
    assert told["has_digits"].mean() == pytest.approx(0.11, abs=0.01)
    bare = (told["posts"] < 3) & ~told["has_bio"]
    assert bare.mean() == pytest.approx(0.09, abs=0.02)


def test_sold_accounts_are_as_in_the_set() -> None:
    told = shown(0, "x", sold=EVERYBODY, lurking=NOBODY, bare_share=0.07, dressed_share=0)
    assert np.median(told["followers"]) == pytest.approx(29.5, rel=0.1)
    assert np.median(told["following"]) == pytest.approx(1_446, rel=0.1)
    assert (told["posts"] == 0).mean() == pytest.approx(0.575, abs=0.02)
    assert (told["posts"] < 3).mean() == pytest.approx(0.825, abs=0.03)
    assert told["has_bio"].mean() == pytest.approx(0.265, abs=0.02)
    assert told["has_avatar"].mean() == pytest.approx(0.605, abs=0.02)


def test_lurkers_show_nothing_and_dressed_accounts_much() -> None:
    lurking = shown(0, "x", sold=NOBODY, lurking=EVERYBODY, bare_share=0, dressed_share=0)
    assert (lurking["posts"].max(), lurking["has_bio"].any()) == (0, False)
    assert np.median(lurking["following"]) > 1_500
    dressed = shown(0, "x", sold=EVERYBODY, lurking=NOBODY, bare_share=0, dressed_share=1)
    assert dressed["has_bio"].all()
    assert (dressed["posts"] > 0).mean() > 0.99


def test_letters_are_each_number_s_own() -> None:
    assert spelt(np.array([0, 25, 26, 701, 702])) == ["a", "z", "aa", "zz", "aaa"]
    assert len(set(spelt(np.arange(5_000)))) == 5_000
