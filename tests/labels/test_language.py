"""Which language a text is in, and that the fast reading of the model is the model's own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from seguito.labels import ngrams
from seguito.labels.contract import LANGUAGES
from seguito.labels.language import LANGUAGE, OTHERS

TEXTS = [
    "ma quanto è bella questa canzone, la ascolto tutti i giorni",
    "I have been watching your channel since the very beginning",
    "que bonito es todo lo que haces, un abrazo desde Sevilla",
    "je regarde toutes tes vidéos depuis des années",
    "ich schaue deine Videos schon seit vielen Jahren",
    "eu gosto muito de todos os seus vídeos, um abraço",
    "een hele mooie film met veel muziek en dans",
    "это очень хорошее видео, спасибо большое",
    "この動画はとても面白いです",
    "NESSUNO MI HA MAI SPIEGATO COSÌ BENE LA RICETTA",
]


def read(*texts: str | None) -> list[str]:
    found: list[str] = LANGUAGE.read(pa.array(texts, pa.string())).to_pylist()
    return found


def test_ordinary_texts() -> None:
    assert read(*TEXTS) == ["it", "en", "es", "fr", "de", "pt", "nl", "ru", "ja", "it"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("grazie!", "it"),
        ("GRAZIEEEE ❤️", "it"),
        ("dov'è?", "it"),
        ("più", "it"),
        ("thanks", "en"),
        ("where r you", "en"),
        ("gracias 🙏", "es"),
        ("danke dir", "de"),
        ("obrigada!!", "pt"),
        ("wow", "und"),
        ("top", "und"),
        ("ok ok", "und"),
        ("", "zxx"),
        (None, "zxx"),
        ("❤️❤️❤️", "zxx"),
        ("12:30", "zxx"),
        ("@anna.rossi https://esempio.it/la-mia-pagina", "zxx"),
        ("ahahahahah", "zxx"),
    ],
)
def test_short_texts_are_not_guessed(text: str | None, language: str) -> None:
    assert read(text) == [language]


def test_two_languages_give_the_one_that_most_of_it_is_in() -> None:
    assert read("questo video mi è piaciuto tantissimo, davvero nice work my friend") == ["it"]
    assert read("this was such a great lesson, I learned so much today, grazie mille") == ["en"]


def test_links_mentions_and_letters_in_costume_do_not_matter() -> None:
    plain = "oggi ho fatto la torta con la tua ricetta"
    dressed = "@best.of.the.world 𝐨𝐠𝐠𝐢 ho fatto LA TORTAAAA con la tua ricetta 😍 https://the.best/of-the-world"
    assert read(plain, dressed) == ["it", "it"]


def test_equal_texts_get_equal_answers_wherever_they_stand() -> None:
    assert read(*TEXTS, *reversed(TEXTS)) == [*read(*TEXTS), *reversed(read(*TEXTS))]
    assert read() == []


def test_a_text_of_any_length_is_read_by_its_beginning() -> None:
    assert read("la mia gatta dorme sul divano. " * 2_000) == ["it"]


def test_scores_are_those_of_the_model() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages((*LANGUAGES, *OTHERS))
    fast = ngrams.load((*LANGUAGES, *OTHERS))
    texts = [text.lower() for text in TEXTS] + ["a", "x y z", "œuvre", "\u0000", "ab" * 150]
    scores = fast.score(pa.array(texts))
    for text, row in zip(texts, scores, strict=True):
        best = dict(model.rank(text))
        mine = dict(zip(fast.languages, row.tolist(), strict=True))
        if sum(row):
            assert mine == pytest.approx(best, abs=1e-4), text
        else:
            assert max(best.values()) < 0.05, "no feature: the model knows nothing"


def test_a_slice_of_an_array_is_read_as_itself() -> None:
    fast = ngrams.load(("it", "en"))
    texts = pa.array(TEXTS)
    assert fast.score(texts.slice(1, 2)) == pytest.approx(fast.score(texts)[1:3])
