"""One spelling for what people type in many."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seguito.labels import folding


def plain(*texts: str | None) -> list[str]:
    found: list[str] = folding.plain(folding.bare(pa.array(texts, pa.string()))).to_pylist()
    return found


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("GRAZIEEEE!!!", "grazie!"),
        ("bello", "bello"),
        ("perché no’", "perche no'"),
        ("𝐛𝐞𝐥𝐥𝐨 ｆｕｌｌ", "bello full"),
        ("ciao\n\n  come\tva", "ciao come va"),
        ("@anna.rossi guarda @luca_99!", "guarda !"),
        ("@user@mastodon.social ciao", "ciao"),
        ("vedi https://esempio.it/a?b=c qui", "vedi qui"),
        ("www.esempio.it e shop.esempio.com/x", "e"),
        ("#pasta fatta in casa", "pasta fatta in casa"),
        ("finito.ora vado", "finito.ora vado"),
        ("1000000 di volte", "1000000 di volte"),
        ("scrivi a me@esempio.it", "scrivi a me@"),
        (None, ""),
        ("", ""),
    ],
)
def test_plain(typed: str | None, read: str) -> None:
    assert plain(typed) == [read]


def test_runs_end_with_the_text() -> None:
    assert plain("aaa", "aab", "b", "", "bbb", "bb") == ["a", "aab", "b", "", "b", "bb"]


def test_only_the_beginning_is_read() -> None:
    assert plain("ab " * 2_000) == [("ab " * 2_000)[: folding.READ].strip()]


texts = st.lists(st.none() | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40), max_size=12)


@given(texts)
def test_each_text_is_folded_alone(given_texts: list[str | None]) -> None:
    assert plain(*given_texts) == [plain(text)[0] for text in given_texts]


@given(st.text(alphabet="aàb!@ .#A\u0301❤\n", max_size=30))
def test_nothing_long_survives(text: str) -> None:
    (found,) = plain(text)
    assert not any(sign * 3 in found for sign in "ab!.")
    assert found == found.lower().strip()
