"""The campaigns hidden in a real corpus are found by the tutorial's own commands; no row of it is kept here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from seguito.measures.contract import answer
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space
from seguito.store.lake import open_lake

pytestmark = pytest.mark.data
PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "find-campaigns.md"
SEGUITO = Path(sys.executable).parent / "seguito"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def corpus(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tutorial's commands were run."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("comments.tsv.gz", "videos.jsonl"):
        shutil.copy(data / "evaluate" / "youtube_corpus_2013" / name, folder / name)
    for line in "".join(blocks("bash")).splitlines():
        command, *words = line.split()
        assert command == "seguito"
        done = subprocess.run([SEGUITO, *words], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    return folder


def test_the_campaigns_are_found(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus)
    told: dict[str, object] = {}
    exec(compile(blocks("py")[0], str(PAGE), "exec"), told)
    rows = told["campaigns"].to_pylist()  # type: ignore[attr-defined]
    assert (len(rows), sum(row["spaces"] > 1 for row in rows)) == (353, 211)
    offers = [row for row in rows if row["offers"]]
    # The most shared of all offers is that of codes, and the next is the same with another opening.
    assert [row["accounts"] for row in offers[:2]] == [47, 35]
    # The new place for friends: fifteen accounts, eleven spaces, posted again.
    assert [row["comments"] for row in rows if (row["accounts"], row["spaces"]) == (15, 11)] == [26]


def test_copies_are_seen_in_one_space(corpus: Path) -> None:
    with open_lake(corpus / "corpus") as lake:
        now = lake.snapshot()
        posts = now.current("posts")
        comments = posts.filter(posts.root_uri.notnull() & posts.account_uri.notnull())
        keys = now.current("labels", part="wording").select("subject_uri", wording="value")
        worded = comments.inner_join(keys, comments.uri == keys.subject_uri).filter(
            lambda row: row.text.lower().contains("free")
        )
        counted = worded.group_by("space_uri", "wording").aggregate(accounts=worded.account_uri.nunique())
        most = now.engine.fetch(counted.order_by([counted.accounts.desc(), "space_uri"]).limit(1)).to_pylist()[0]
        space = Space(now, most["space_uri"])
        copied = answer(MEASURES["authenticity.copied_comments"], space)
        assert copied.value is not None
        parts = {one.key: one.value for one in copied.parts}
        assert 0 < (parts["within_a_day"] or 0) <= copied.value
        assert (parts["within_an_hour"] or 0) <= (parts["within_a_day"] or 0)  # this one came over weeks
        assert (parts["across_spaces"] or 0) > 0
        spam = next(dict(one.values) for one in copied.notes if one.code == "copies_and_spam")
        assert spam["both"] > spam["copied_only"]  # here, what is copied is mostly called spam
        # Nobody here writes under enough posts of one creator: that measure must not claim to have looked.
        together = answer(MEASURES["authenticity.coordinated_comments"], space)
        assert together.status in ("weak", "not_identified")
        assert "signals_unread" in {one.code for one in together.reasons}
