"""What names or reaches a person is taken out, however it is dressed."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seguito.dossier.redact import LONGEST, redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ciao bella, che ricetta!", "ciao bella, che ricetta!"),
        ("scrivimi al +39 333 123 45 67 grazie", "scrivimi al [number] grazie"),
        ("333.1234567", "[number]"),
        ("(02) 1234-5678", "[number]"),
        ("tel ٣٣٣١٢٣٤٥٦٧", "tel [number]"),
        ("3️⃣3️⃣3️⃣1️⃣2️⃣3️⃣4️⃣", "[number]"),
        ("3\u200b33 12\u200b34 567", "[number]"),
        ("chiama ３３３１２３４５６７", "chiama [number]"),
        ("4111 1111 1111 1111", "[number]"),
        ("ne ho presi 12 a 3,50 euro", "ne ho presi 12 a 3,50 euro"),
        ("IT60X0542811101000000123456", "[account number]"),
        ("it60 x054 2811 1010 0000 0123 456 grazie", "[account number] grazie"),
        ("DE89-3704-0044-0532-0130-00", "[account number]"),
        ("RSSMRA85T10A562S", "[tax code]"),
        ("marta.rossi+blog@posta.example.it", "[e-mail]"),
        ("marta [at] posta [dot] it", "[e-mail]"),
        ("marta (chiocciola) posta punto it", "[e-mail]"),
        ("marta＠posta．it", "[e-mail]"),
        ("guarda https://esempio.it/chi?=io e dimmi", "guarda [link] e dimmi"),
        ("HTTP://ESEMPIO.IT", "[link]"),
        ("esempio.it/marta", "[link]"),
        ("vieni su t.me/marta e wa.me/391234", "vieni su [link] e [link]"),
        ("bit.ly/3xYz", "[link]"),
        ("linktr . ee non è un problema ma esempio . com sì", "linktr . ee non è un problema ma [link] sì"),
        ("esempio[.]com", "[link]"),
        ("ｗｗｗ．ｅｓｅｍｐｉｏ．ｉｔ", "[link]"),
        ("grazie @marta_rossi sei un mito", "grazie @[…] sei un mito"),
        ("grazie @marta.rossi-92, davvero", "grazie @[…], davvero"),
        ("@मार्टा @Марта @مريم @마르타 @丸太", "@[…] @[…] @[…] @[…] @[…]"),
        ("@ma\u200brta", "@[…]"),
        ("ciao@marta come va", "ciao@[…] come va"),
        ("@ marta dove sei", "@[…] dove sei"),
        ("﹫marta", "@[…]"),
        ("@mar\ufc5eta", "@[…]"),  # a mark whose plain form begins with a space
        ("ig: marta.rossi", "ig: @[…]"),
        ("Telegram = marta", "Telegram: @[…]"),
        ("sono marta_rossi, seguimi", "sono @[…], seguimi"),
        ("sono marta1987!", "sono @[…]!"),
        ("#ricette_facili e #natale2025", "#ricette_facili e #natale2025"),
        ("abito in via Giuseppe Verdi 12, passa", "abito in [address], passa"),
        ("via libera a tutti", "via libera a tutti"),
        ("a\u202eatram@\u202cb", "aatram@[…]"),
        ("righe\n\n  e\ttab", "righe e tab"),
        ("x\ud83d\x00y", "x y"),
        ("\U000e0041\U000e0042ciao", "ciao"),
    ],
)
def test_redacted(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_long_texts_are_cut() -> None:
    found = redact("parola " * 5000)
    assert len(found) <= LONGEST
    assert found.endswith("…")


@pytest.mark.parametrize("unit", ["a", "1 ", "@", "a.", "a_", "(", "[at]", "\u200b", "a1", "via a ", "IT60 "])
def test_no_text_takes_long(unit: str) -> None:
    started = time.perf_counter()
    redact(unit * 20_000)
    assert time.perf_counter() - started < 2


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=400))
def test_nothing_invisible_and_no_mention_is_left(text: str) -> None:
    found = redact(text)
    assert len(found) <= LONGEST
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    assert redact(found) == found or "@[" in redact(found) or "[" in found


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(categories=["L", "Mn", "Mc", "Nd"]), min_size=3, max_size=20),
    st.sampled_from(["\u200b", "\u202e", "\ufeff", "\u2066", ""]),
)
def test_a_handle_in_any_script_goes(handle: str, hidden: str) -> None:
    middle = len(handle) // 2
    found = redact(f"ciao @{handle[:middle]}{hidden}{handle[middle:]} e via")
    assert found == "ciao @[…] e via"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from("0123456789"), min_size=8, max_size=14),
    st.sampled_from(["", " ", ".", "-", " - ", "\u200b", "/", "\u00a0"]),
)
def test_a_number_that_reaches_somebody_goes(digits: list[str], between: str) -> None:
    assert redact(f"chiama {between.join(digits)} ora") == "chiama [number] ora"
