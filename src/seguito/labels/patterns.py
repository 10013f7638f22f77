"""A labeller made of word patterns, which are data: `rules/LABEL.toml`, each pattern with rows that prove it.

Patterns are RE2: no text, however hostile, takes them more than linear time. All patterns of a language are first
tried as one; only where that hits, each is tried alone, to say which it was. A rule whose patterns of a language
together outgrow the memory that RE2 gives its automata names it (`apart = ["en"]`): then each is tried alone from the
start, which is faster.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels import folding
from seguito.labels.contract import FOUND, Row, found

ANY = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a rule.

    Attributes:
        id: names it; the reason of the labels it gives.
        language: the language it is for; "" for all. A rule of several `languages` is one pattern for each.
        value: the value of its label; "" for a pattern that only cuts.
        regex: RE2, on the column `on`.
        on: "plain" (folded) or "text" (as typed).
        matches: rows it must match.
        misses: rows it must not match.
        hint: a quick pattern that every text which `regex` matches matches too; "" where there is none.
    """

    id: str
    language: str
    value: str
    regex: str
    on: str
    matches: tuple[str, ...]
    misses: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True)
class Patterns:
    """A labeller that gives one label, by the patterns of `rules/NAME.toml`.

    Where several patterns match, the first one in the file gives value and reason. Patterns under `cut` name phrases
    that only look like the label ("who cares?"): they are taken out, and the rest of the text must still match.
    """

    name: str

    @cached_property
    def _rules(self) -> dict[str, Any]:
        text = (files("seguito.labels") / "rules" / f"{self.name}.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns that give the label, in order."""
        return self._read("pattern")

    @cached_property
    def cuts(self) -> tuple[Pattern, ...]:
        """The patterns of phrases to take out."""
        return self._read("cut")

    def _read(self, kind: str) -> tuple[Pattern, ...]:
        words: dict[str, list[str]] = self._rules.get("words", {})
        return tuple(
            Pattern(
                id=rule["id"].replace("<<language>>", language),
                language=language,
                value=rule.get("value", "yes") if kind == "pattern" else "",
                regex=_filled(rule["regex"], words),
                on=rule.get("on", "plain"),
                matches=tuple(rule["matches"]),
                misses=tuple(rule["misses"]),
                hint=rule.get("hint", ""),
            )
            for rule in self._rules.get(kind, [])
            for language in rule.get("languages", [rule.get("language", ANY)])
        )

    @cached_property
    def revision(self) -> str:
        """A digest of the patterns and of how texts are folded: no answer changes without it."""
        said = [f"{one.id} {one.language} {one.value} {one.on} {one.regex}" for one in (*self.patterns, *self.cuts)]
        return hashlib.sha256("\n".join([folding.REVISION, *said]).encode()).hexdigest()[:8]

    @property
    def labels(self) -> dict[str, frozenset[str] | None]:
        """Its one label and the values its patterns give."""
        return {self.name: frozenset(one.value for one in self.patterns)}

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have patterns; empty when patterns are for all."""
        return frozenset(one.language for one in self.patterns) - {ANY}

    @property
    def reasons(self) -> frozenset[str]:
        """The ids of its patterns."""
        return frozenset(one.id for one in self.patterns)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of every pattern; a phrase that is cut must not give the label."""
        rows: list[Row] = []
        for one in self.patterns:
            rows += [Row(text, one.language, self.name, one.value, one.id) for text in one.matches]
            rows += [Row(text, one.language, self.name, None, one.id) for text in one.misses]
        for one in self.cuts:
            rows += [Row(text, one.language, self.name, None) for text in one.matches]
        return tuple(rows)

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """Give the label to posts that match a pattern of their language."""
        # The other columns are wide, and would be copied with every choice of rows.
        posts = posts.select(["uri", "text", "language", "plain"])
        parts = [self._label_in(language, posts) for language in sorted(self.languages) or [ANY]]
        return pa.Table.from_batches(parts, FOUND).combine_chunks().to_batches()[0] if _any(parts) else parts[0]

    def matching(self, posts: pa.RecordBatch) -> pa.Array:
        """The uris of the posts that `label` would give the label to, without looking which pattern it is."""
        posts = posts.select(["uri", "text", "language", "plain"])
        found = [self._matching_in(language, posts).column("uri") for language in sorted(self.languages) or [ANY]]
        return pa.concat_arrays(found)

    def _matching_in(self, language: str, posts: pa.RecordBatch) -> pa.RecordBatch:
        chosen = [one for one in self.patterns if one.language == language]
        if language:
            posts = posts.filter(pc.fill_null(pc.equal(posts.column("language"), language), False))
        posts = posts.filter(self._hits(chosen, posts))
        cuts = [one.regex for one in self.cuts if one.language == language]
        if cuts and posts.num_rows:
            left = pc.replace_substring_regex(posts.column("plain"), _either(cuts), " ")
            posts = posts.set_column(posts.schema.get_field_index("plain"), "plain", left)
            posts = posts.filter(self._hits(chosen, posts))
        return posts

    def _hits(self, patterns: Sequence[Pattern], posts: pa.RecordBatch) -> pa.Array:
        """Whether any of the patterns matches, row by row."""
        if not {one.language for one in patterns} & set(self._rules.get("apart", ())):
            return _hits(patterns, posts)
        hit = pa.repeat(pa.scalar(False), posts.num_rows)
        for one in patterns:
            hit = pc.or_(hit, _hits([one], posts))
        return hit

    def _label_in(self, language: str, posts: pa.RecordBatch) -> pa.RecordBatch:
        chosen = [one for one in self.patterns if one.language == language]
        posts = self._matching_in(language, posts)
        which = _first(chosen, posts)
        values = pa.array([one.value for one in chosen], pa.string()).take(which)
        reasons = pa.array([one.id for one in chosen], pa.string()).take(which)
        return found(posts.column("uri"), self.name, values, reason=reasons)


def _any(parts: Sequence[pa.RecordBatch]) -> bool:
    return len(parts) > 1 and any(part.num_rows for part in parts)


def _filled(regex: str, words: dict[str, list[str]]) -> str:
    """Put the alternatives of word lists where a regex names them: `<<list>>`."""
    for name, listed in words.items():
        regex = regex.replace(f"<<{name}>>", "(?:" + "|".join(listed) + ")")
    return regex


def _either(regexes: Sequence[str]) -> str:
    return "|".join(f"(?:{regex})" for regex in regexes)


def _hits(patterns: Sequence[Pattern], posts: pa.RecordBatch) -> pa.Array:
    """Whether any of the patterns matches, row by row."""
    hit = pa.repeat(pa.scalar(False), posts.num_rows)
    for column, hint in sorted({(one.on, one.hint) for one in patterns}):
        regex = _either([one.regex for one in patterns if (one.on, one.hint) == (column, hint)])
        texts = pc.fill_null(posts.column(column), "")
        if column == "text" and (pc.max(pc.binary_length(texts)).as_py() or 0) > folding.READ:
            texts = pc.utf8_slice_codeunits(texts, 0, folding.READ)
        hit = pc.or_(hit, _matches(texts, regex, hint))
    return hit


def _matches(texts: pa.Array, regex: str, hint: str) -> pa.Array:
    """Whether a pattern matches; looked at is only what its hint matches."""
    if not hint:
        return pc.match_substring_regex(texts, regex)
    may = pc.match_substring_regex(texts, hint)
    return pc.replace_with_mask(may, may, pc.match_substring_regex(texts.filter(may), regex))


def _first(patterns: Sequence[Pattern], posts: pa.RecordBatch) -> pa.Array:
    """The index of the first pattern that matches each row; every row matches one."""
    first = pa.nulls(posts.num_rows, pa.int32())
    for index, one in enumerate(patterns):
        matched = pc.if_else(_hits([one], posts), pa.scalar(index, pa.int32()), pa.scalar(None, pa.int32()))
        first = pc.coalesce(first, matched)
    return first
