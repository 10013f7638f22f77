from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from seguito.labels.models.alphabet import (
    APOSTROPHE,
    DROPPED,
    EMOJI,
    KIND,
    PLANES,
    PUNCTUATION,
    SCRIPT,
    SCRIPTS,
    SINGLE,
    SPACE,
    UPPER,
    WORD,
    alphabet,
    build,
)


@pytest.mark.parametrize(
    ("letter", "code", "kind"),
    [
        ("a", ord("a"), WORD),
        ("È", ord("e"), WORD | UPPER),
        ("ñ", ord("n"), WORD),
        ("Ç", ord("c"), WORD | UPPER),
        ("𝓑", ord("b"), WORD | UPPER),
        ("ｆ", ord("f"), WORD),
        ("ß", ord("ß"), WORD),
        ("7", ord("7"), WORD),
        ("²", ord("2"), WORD),
        ("я", ord("я"), WORD | SCRIPTS.index("cyrillic") << SCRIPT),
        ("Я", ord("я"), WORD | UPPER | SCRIPTS.index("cyrillic") << SCRIPT),
        ("語", ord("語"), WORD | SCRIPTS.index("han") << SCRIPT),
        ("’", ord("'"), APOSTROPHE),
        ("!", ord("!"), PUNCTUATION),
        ("€", ord("€"), PUNCTUATION),
        ("😂", EMOJI + 0x602, SINGLE),
        ("♥", ord("❤"), SINGLE),
        ("\n", ord(" "), SPACE),
        ("\u00a0", ord(" "), SPACE),
        ("\u0336", 0, DROPPED),
        ("\u202e", 0, DROPPED),
        ("\u200d", 0, DROPPED),
        ("🏽", 0, DROPPED),
        ("\ue000", 0, DROPPED),
    ],
)
def test_letters_are_folded(letter: str, code: int, kind: int) -> None:
    table = alphabet()
    point = ord(letter)
    assert (int(table.letters[point]), int(table.kinds[point])) == (code, kind)


def test_equal_letters_are_of_equal_kind() -> None:
    table = alphabet()
    seen = {}
    for code, kind in zip(table.letters.tolist(), (table.kinds & KIND).tolist(), strict=True):
        assert seen.setdefault(code, kind) == kind


def test_dropped_letters_are_zero_altogether() -> None:
    """What is dropped is told by the whole byte, not by its three bits."""
    table = alphabet()
    assert not table.kinds[(table.kinds & KIND) == DROPPED].any()


def test_the_file_is_what_is_built_where_unicode_has_not_changed() -> None:
    old = unicodedata.ucd_3_2_0
    settled = np.array([old.category(chr(point)) not in {"Cn", "Cs"} for point in range(PLANES)])
    written, now = alphabet(), build()
    assert (written.letters[:PLANES] == now.letters[:PLANES])[settled].mean() > 0.999
    assert (written.kinds[:PLANES] == now.kinds[:PLANES])[settled].mean() > 0.999
    if unicodedata.unidata_version == "14.0.0":
        assert (written.letters == now.letters).all()
        assert (written.kinds == now.kinds).all()
