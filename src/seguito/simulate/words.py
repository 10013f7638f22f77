"""What the simulated people write: short Italian and English phrases put together, whole columns at a time.

The texts are there to be read and to give the pipeline something to carry. They say nothing about how well a text
labeller works, and no score may be taken from them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.simulate.cadence import BACK, LAUNCH, NOTICE, PAUSE, Posts
from seguito.simulate.comments import INTENTS
from seguito.simulate.scramble import Ints, pick
from seguito.simulate.subjects import SUBJECTS, Bools

LANGUAGES = ("it", "en")
NUMBERS = 8  # {n} is 2 to 9
# A second sentence: who did what with which thing, where and when.
HOME = ("who", "verbs", "things", "places", "moments")
FRAMED = ("thanks", "question", "story", "opinion", "worry")
CLOSED = ("reply", "reply_back", "reply_creator")


@cache
def phrases() -> dict[str, Any]:
    """The phrases the package ships."""
    found: dict[str, Any] = tomllib.loads(files("seguito.simulate").joinpath("phrases.toml").read_text("utf-8"))
    return found


@cache
def _said() -> tuple[pa.Array, dict[tuple[str, str], int]]:
    """Every phrase with its blanks filled, in one column, and where those of each language and intent begin."""
    column: list[str] = []
    start: dict[tuple[str, str], int] = {}
    for language in LANGUAGES:
        said = phrases()[language]
        for name in (*INTENTS, "openings", "closings", *HOME):
            start[language, name] = len(column)
            for phrase in said[name]:
                column.extend(_filled(phrase, [*said["subjects"], *said["new_subjects"]]))
    return pa.array(column, pa.string()), start


@dataclass
class Words:
    """What people write: a comment's text is a few phrases joined.

    Phrases of one language and intent lie together, ordered by phrase, subject, number and capital letter.
    """

    seed: int

    def __post_init__(self) -> None:
        self._column, self._start = _said()

    def texts(self, rows: Ints, intent: Ints, english: Bools, subject: Ints) -> pa.Array:
        """The texts of comments.

        Args:
            rows: their numbers, on which every pick depends.
            intent: numbers in INTENTS.
            english: which are in English.
            subject: what the posts they stand under are about.
        """
        opening = self._place(rows, english, subject, "openings")
        closing = self._place(rows, english, subject, "closings")
        core = np.zeros(len(rows), dtype=np.int64)
        for number in range(len(INTENTS)):
            mine = np.flatnonzero(intent == number)
            core[mine] = self._place(rows[mine], english[mine], subject[mine], INTENTS[number])
        framed = np.isin(intent, [INTENTS.index(name) for name in FRAMED])
        closed = framed | np.isin(intent, [INTENTS.index(name) for name in CLOSED])
        first = pc.if_else(pa.array(framed), self._column.take(pa.array(opening)), "")
        bare = pc.equal(first, "").to_numpy(zero_copy_only=False)
        # After an opening the phrase goes on in small letters; without one half the people begin with a capital.
        core += bare & (pick(rows, self.seed, "capital", 2) == 1)
        last = pc.if_else(pa.array(closed), self._column.take(pa.array(closing)), "")
        more = pc.if_else(pa.array(self._goes_on(rows, closed)), self._second(rows, english, subject), "")
        joined = pc.binary_join_element_wise(first, self._column.take(pa.array(core)), more, last, "")
        return pc.replace_substring_regex(joined, r"([?!])\. ", r"\1 ")

    def _goes_on(self, rows: Ints, talkative: Bools) -> Bools:
        """Nineteen in twenty of the longer kinds have a second sentence."""
        found: Bools = talkative & (pick(rows, self.seed, "goes on", 20) < 19)
        return found

    def _second(self, rows: Ints, english: Bools, subject: Ints) -> pa.Array:
        """A second sentence about somebody at home: so many that two people hardly ever write the same."""
        first, *others = (self._place(rows, english, subject, name) for name in HOME)
        # The first word of the sentence is the phrase with its capital letter.
        found = [self._column.take(pa.array(one)) for one in (first + 1, *others)]
        return pc.binary_join_element_wise(". ", pc.binary_join_element_wise(*found, " "), "")

    def _place(self, rows: Ints, english: Bools, subject: Ints, name: str) -> Ints:
        place = np.zeros(len(rows), dtype=np.int64)
        for number, language in enumerate(LANGUAGES):
            said = phrases()[language]
            mine = np.flatnonzero(english == bool(number))
            usual, new = len(said["subjects"]), len(said["new_subjects"])
            choices, about = len(said[name]), subject[mine]
            about = np.where(about < SUBJECTS, about % usual, usual + about % new)
            phrase = pick(rows[mine], self.seed, name, choices)
            filled = pick(rows[mine], self.seed, name + "/number", NUMBERS)
            block = (phrase * (usual + new) + about) * NUMBERS + filled
            place[mine] = self._start[language, name] + block * 2
        return place


def _filled(phrase: str, subjects: list[str]) -> list[str]:
    """A phrase for every subject and number, each as it is and with a capital letter."""
    return [
        written
        for subject in subjects
        for number in range(2, 2 + NUMBERS)
        for text in [phrase.replace("{x}", subject).replace("{n}", str(number))]
        for written in (text, text[:1].upper() + text[1:])
    ]


def post_texts(posts: Posts, seed: int) -> list[str]:
    """The texts (or titles) of the creator's posts, in Italian."""
    said = phrases()["it"]
    rows = np.arange(len(posts))
    chosen = pick(rows, seed, "post", len(said["post"]))
    special = {PAUSE: "pause", BACK: "back", NOTICE: "notice", LAUNCH: "launch"}
    texts = []
    for row, kind in enumerate(posts.kind.tolist()):
        is_new = posts.subject[row] >= SUBJECTS
        forms = said[special.get(kind, "new_post" if is_new else "post")]
        if posts.paid[row]:
            forms = said["disclosed" if posts.disclosed[row] else "undisclosed"]
        subjects = said["new_subjects" if is_new else "subjects"]
        # Phrases are fewer for some kinds of posts than for others.
        text = forms[chosen[row] % len(forms)].replace("{x}", subjects[posts.subject[row] % len(subjects)])
        texts.append(text[:1].upper() + text[1:])
    return texts
