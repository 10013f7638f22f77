"""What every labeller must keep, as checks that tests call: `check(labeller)` raises AssertionError where it does not.

from seguito.testing.labellers import CHECKS

@pytest.mark.parametrize("check", CHECKS)
def test_contract(check):
    check(MY_LABELLER)
"""

from __future__ import annotations

import pickle
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from seguito.labels.contract import FOUND, POSTS, Labeller
from seguito.labels.reading import prepare

# A language no labeller of the package reads, and what stands where nothing was identified.
UNREAD = ("eo", "und", "zxx", None)
# Seconds within which a hundred thousand characters must be read, on any machine that runs tests.
PATIENCE = 5.0

Check = Callable[[Labeller], None]

# Texts that people, programs and enemies send.
HOSTILE: tuple[str | None, ...] = (
    None,
    "",
    " \t\n ",
    "\x00",
    "a\x00b?",
    "?",
    "@",
    "@@@@ @",
    "#",
    "http://",
    "\u202egrazie\u202c",
    "\ufeffgrazie",
    "e" + "\u0301" * 500,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50,
    "\ufffd\ufffe",
    "<script>alert('grazie')</script>",
    "'; DROP TABLE labels; --",
    "(((((((((((((((((((((",
    "\\d+(?:a+)+$",
    "ﷺ" * 40,
    "gra" + "z" * 5_000 + "ie",
)


def posts_of(texts: Sequence[str | None], languages: Sequence[str | None]) -> pa.RecordBatch:
    """Posts as a labeller gets them, with uris from their position."""
    uris = pa.array([f"post:{number}" for number in range(len(texts))], pa.string())
    return prepare(uris, pa.array(texts, pa.string()), pa.array(languages, pa.string()))


def found_in(labeller: Labeller, posts: pa.RecordBatch) -> list[dict[str, Any]]:
    """What a labeller finds, in an order of its own."""
    rows: list[dict[str, Any]] = labeller.label(posts).to_pylist()
    return sorted(rows, key=lambda row: (row["subject_uri"], row["label"], str(row["value"])))


def _samples(labeller: Labeller) -> tuple[list[str | None], list[str | None]]:
    """Its own rows in their languages, then hostile texts in all of its languages and in none."""
    texts: list[str | None] = [row.text for row in labeller.rows]
    languages: list[str | None] = [row.language or "it" for row in labeller.rows]
    for language in (*sorted(labeller.languages), *UNREAD):
        texts += HOSTILE
        languages += [language] * len(HOSTILE)
    return texts, languages


def names_itself(labeller: Labeller) -> None:
    """It has a name, a revision, labels and languages that can be told apart and written down."""
    assert labeller.name
    assert labeller.revision
    assert not set("@ \n") & set(labeller.name + labeller.revision)
    assert labeller.labels
    assert "read" not in labeller.labels, "the mark of having been read is not a labeller's to give"


def gives_what_it_declares(labeller: Labeller) -> None:
    """Columns as in FOUND; labels, values and reasons as declared; scores between 0 and 1 or unknown; one row each."""
    texts, languages = _samples(labeller)
    posts = posts_of(texts, languages)
    given = labeller.label(posts)
    assert given.schema.equals(FOUND), "not the schema FOUND"
    given.validate(full=True)
    uris = set(posts.column("uri").to_pylist())
    seen = set()
    for row in given.to_pylist():
        assert row["subject_uri"] in uris, "a post that was not given"
        assert row["label"] in labeller.labels, f"undeclared label {row['label']}"
        values = labeller.labels[row["label"]]
        assert row["value"], "a label without a value"
        assert values is None or row["value"] in values, f"undeclared value {row['value']}"
        assert row["score"] is None or 0 <= row["score"] <= 1, f"score {row['score']}"
        assert row["reason"] is None or row["reason"] in labeller.reasons, f"unknown reason {row['reason']}"
        assert (row["subject_uri"], row["label"]) not in seen, "a label twice for one post"
        seen.add((row["subject_uri"], row["label"]))


def reads_each_post_alone(labeller: Labeller) -> None:
    """The order of rows, the split into batches and the neighbours change nothing."""
    texts, languages = _samples(labeller)
    posts = posts_of(texts, languages)
    whole = found_in(labeller, posts)
    order = list(range(posts.num_rows))
    random.Random(7).shuffle(order)  # noqa: S311 -- an order, not a secret
    assert found_in(labeller, posts.take(pa.array(order))) == whole, "the order of rows changes what is found"
    for size in (1, 7):
        parts = [
            row for at in range(0, posts.num_rows, size) for row in labeller.label(posts.slice(at, size)).to_pylist()
        ]
        again = sorted(parts, key=lambda row: (row["subject_uri"], row["label"], str(row["value"])))
        assert again == whole, f"batches of {size} find something else"
    twice = found_in(labeller, pa.Table.from_batches([posts, _renamed(posts)]).combine_chunks().to_batches()[0])
    assert [row for row in twice if not row["subject_uri"].startswith("again:")] == whole, "neighbours change a post"


def _renamed(posts: pa.RecordBatch) -> pa.RecordBatch:
    uris = pa.array([f"again:{uri}" for uri in posts.column("uri").to_pylist()], pa.string())
    return posts.set_column(0, "uri", uris)


def finds_nothing_in_nothing(labeller: Labeller) -> None:
    """No posts give no labels, and neither do posts without text."""
    empty = labeller.label(_no_posts())
    assert empty.num_rows == 0
    assert empty.schema.equals(FOUND)
    languages = sorted(labeller.languages) or ["it"]
    blank = posts_of([None, "", "   "] * len(languages), [one for one in languages for _ in range(3)])
    assert found_in(labeller, blank) == [], "a label for a post that says nothing"


def _no_posts() -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], column.type) for column in POSTS], schema=POSTS)


def leaves_other_languages(labeller: Labeller) -> None:
    """A labeller of some languages says nothing of texts in others, or of unknown language."""
    if not labeller.languages:
        return
    texts = [row.text for row in labeller.rows]
    for language in ("es", "nl", *UNREAD):
        if language not in labeller.languages:
            assert found_in(labeller, posts_of(texts, [language] * len(texts))) == [], f"guesses {language}"


def proves_itself(labeller: Labeller) -> None:
    """Its rows: each gets what it says it gets; there are some with and some without, and every reason is shown."""
    rows = labeller.rows
    assert any(row.value is not None for row in rows), "no row that must be labelled"
    assert any(row.value is None for row in rows), "no row that must not be labelled"
    posts = posts_of([row.text for row in rows], [row.language or "it" for row in rows])
    given = {(row["subject_uri"], row["label"]): row for row in labeller.label(posts).to_pylist()}
    for number, row in enumerate(rows):
        got = given.get((f"post:{number}", row.label))
        told = f"{row.text!r}: wanted {row.value} by {row.reason}, got {got}"
        if row.value is not None:
            assert got is not None, told
            assert got["value"] == row.value, told
            assert row.reason is None or got["reason"] == row.reason, told
        else:
            assert got is None or (row.reason is not None and got["reason"] != row.reason), told
    shown = {row.reason for row in rows if row.value is not None}
    assert labeller.reasons <= shown, f"never shown: {sorted(labeller.reasons - shown)}"
    spared = {row.reason for row in rows if row.value is None}
    assert labeller.reasons <= spared, f"no row that must not match: {sorted(labeller.reasons - spared)}"


def takes_its_time_only(labeller: Labeller) -> None:
    """Enormous and hostile texts are read within a bound."""
    texts = ["a" * 100_000, "grazie " * 15_000, "?! " * 30_000, "@a " * 30_000, "(" * 100_000, "é" * 100_000]
    for language in sorted(labeller.languages) or ["it"]:
        started = time.process_time()
        labeller.label(posts_of(texts, [language] * len(texts)))
        assert time.process_time() - started < PATIENCE, "takes too long over a long text"


def travels(labeller: Labeller) -> None:
    """It survives pickling, and finds the same afterwards."""
    texts, languages = _samples(labeller)
    posts = posts_of(texts, languages)
    twin = pickle.loads(pickle.dumps(labeller))  # noqa: S301 -- our own bytes
    assert found_in(twin, posts) == found_in(labeller, posts)
    assert (twin.name, twin.revision) == (labeller.name, labeller.revision)


CHECKS: tuple[Check, ...] = (
    names_itself,
    gives_what_it_declares,
    reads_each_post_alone,
    finds_nothing_in_nothing,
    leaves_other_languages,
    proves_itself,
    takes_its_time_only,
    travels,
)
