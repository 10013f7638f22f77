"""From texts to a weight file, in small: choosing n-grams, fitting, calibrating, writing, reading again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from training.calibrate import Part
from training.documents import Document
from training.examples import LAYOUT, PLACES, examples
from training.fit import Fitted, fit
from training.network import Plan
from training.targets import CHOICES, COLUMNS, context_of
from training.weightfile import heads, made

from seguito.labels.catalogue import LABELS
from seguito.labels.models import weights as files
from seguito.labels.models.reader import Reader
from training import calibrate, grams, sets

GOOD = ("bellissimo video", "che bello davvero", "mi piace tanto", "stupendo, continua")
BAD = ("bruttissimo video", "che schifo davvero", "non mi piace", "noioso, basta")
PLAIN = ("esce alle nove", "il treno per Roma", "dura un'ora circa", "sono le tre")
SILENT = "quando torni"


def _documents() -> list[Document]:
    out = []
    for n in range(25):
        for side, texts in enumerate((BAD, PLAIN, GOOD)):
            for text in texts:
                targets = {"sentiment": float(side), "language": 0.0, "thanks": float(side == 2)}
                out.append(Document(f"{text} {n}", "it", "comments", f"v{n}", targets, tier="written"))
        for days in (0, 40):
            targets = {"worry": float(days > 0), "content_request": float(days == 0), "language": 0.0}
            context = context_of("creator", "creator", days)
            out.append(Document(f"{SILENT} {n}", "it", "comments", f"v{n}", targets, context, tier="written"))
    return out


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(
        _documents(), Plan(width=8, hidden=8, epochs=40, batch=32, rate=0.01, dropout=0.1), lambda _: None, rows=20_000
    )


@pytest.fixture(scope="module")
def part(fitted: Fitted) -> Part:
    documents = _documents()
    return Part(documents, examples(documents, balanced=False), fitted.logits(documents))


@pytest.fixture(scope="module")
def reader(fitted: Fitted, part: Part, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    place: Path = tmp_path_factory.mktemp("weights") / "small.weights"
    header, arrays = made("small", fitted, part, "Apache-2.0", ("comments",))
    files.write(place, header, arrays)
    return Reader.load(place)


def test_rows_are_of_length_one_in_each_block() -> None:
    counted = grams.counted(["ciao ciao ciao a tutti", "nessuno"])
    keys = counted.keys
    matrix = grams.weighed(counted, keys, np.full(len(keys), 5))
    halves = grams.halves(matrix, keys)
    for half in (halves.words, halves.letters):
        assert np.allclose((half.toarray() ** 2).sum(axis=1), 1.0, atol=1e-6)


def test_what_occurs_often_counts_at_most_twice() -> None:
    counted = grams.counted(["no no no no no"])
    row = grams.weighed(counted, counted.keys, np.ones(len(counted.keys), dtype=np.int64))
    words = row.toarray()[0][(counted.keys & 1) == 0]
    assert np.isclose(words.max() / words[words > 0].min(), grams.CAP)


def test_n_grams_that_tell_classes_apart_are_chosen_first() -> None:
    texts = ["bello sempre"] * 20 + ["brutto sempre"] * 20
    counted = grams.counted(texts)
    targets = np.array([[1.0]] * 20 + [[0.0]] * 20, np.float32)
    keys = grams.chosen(counted, targets, np.ones((40, 1), np.bool_), rows=10, words=0.5)
    same, different = (grams.counted([word]).keys for word in ("sempre", "bello"))
    assert np.isin(keys, different).sum() > np.isin(keys, same).sum()


def test_the_reader_of_the_file_says_what_was_learnt(reader: Reader) -> None:
    texts = pa.array(["che bello davvero 3", "che schifo davvero 4", "il treno per Roma 5"])
    found = reader.read(texts, languages=pa.array(["it"] * 3))
    assert found["sentiment"].argmax(axis=1).tolist() == [2, 0, 1]
    assert (found["thanks"][:, 0] > 0.5).tolist() == [True, False, False]


def test_the_same_words_mean_worry_after_a_silence_and_a_request_without(reader: Reader) -> None:
    texts = pa.array([f"{SILENT} 1", f"{SILENT} 1"])
    columns = {
        "space_creator": [1.0, 1.0],
        "to_creator": [1.0, 1.0],
        "silence_days": [0.0, 40.0],
        "silence_known": [1.0, 1.0],
    }
    context = pa.RecordBatch.from_pydict({name: pa.array(values, pa.float64()) for name, values in columns.items()})
    found = reader.read(texts, languages=pa.array(["it", "it"]), context=context)
    assert found["worry"][0, 0] < 0.4 < 0.6 < found["worry"][1, 0]
    assert found["content_request"][0, 0] > found["content_request"][1, 0]


def test_whole_numbers_say_nearly_what_decimals_said(reader: Reader, part: Part) -> None:
    documents = part.documents[::9]
    texts = pa.array([one.text for one in documents])
    found = reader.read(texts, languages=pa.array(["it"] * len(documents)))["sentiment"].argmax(axis=1)
    begin, end = PLACES["sentiment"]
    decimals = part.logits[::9, begin:end].argmax(axis=1)
    assert (found == decimals).mean() > 0.95


def test_fitting_again_gives_the_same_bytes(fitted: Fitted, part: Part) -> None:
    again = fit(
        _documents(), Plan(width=8, hidden=8, epochs=40, batch=32, rate=0.01, dropout=0.1), lambda _: None, rows=20_000
    )
    first = files.pack(*made("small", fitted, part, "Apache-2.0", ()))
    second = files.pack(*made("small", again, part, "Apache-2.0", ()))
    assert first == second


def test_a_temperature_undoes_overconfidence() -> None:
    draw = np.random.default_rng(3)
    truth = draw.normal(0, 1.5, 4000)
    documents = [
        Document("x", "en", "goemotions", "g", {"joy": float(draw.random() < 1 / (1 + np.exp(-one)))}) for one in truth
    ]
    logits = np.zeros((4000, len(LAYOUT.columns)), np.float32)
    # Said three times too surely, and one unit too high.
    logits[:, PLACES["joy"][0]] = 3 * truth + 1
    found = calibrate.of_column(Part(documents, examples(documents, balanced=False), logits), "joy")
    assert abs(found.temperature - 3) < 0.4
    assert abs(found.shift[0] + 1) < 0.25


def test_a_cautious_threshold_holds_its_precision() -> None:
    draw = np.random.default_rng(4)
    scores = draw.random(3000)
    documents = [Document("x", "en", "comments", "g", {"worry": float(draw.random() < one**3)}) for one in scores]
    part = Part(documents, examples(documents, balanced=False), np.zeros((3000, len(LAYOUT.columns)), np.float32))
    limit = calibrate.threshold(part, "worry", scores)
    given = scores >= limit
    right = np.array([one.targets["worry"] for one in documents])[given]
    assert right.mean() >= calibrate.PRECISION - 0.01


def test_every_head_is_a_label_of_the_catalogue_with_its_values() -> None:
    for name, values, places in heads():
        assert set(values) <= set(LABELS[name].values), name
        assert len(values) == len(places)
    written = {name if values == ("yes",) else f"{name}:{value}" for name, values, _ in heads() for value in values}
    assert {column for column in COLUMNS if column not in CHOICES} <= written


def test_four_words_are_cut_from_texts_whose_language_is_known() -> None:
    texts = [f"uno due tre quattro cinque sei {n}" for n in range(60)]
    documents = [Document(text, "it", "comments", "v", {"language": 0.0, "thanks": 1.0}) for text in texts]
    found = sets.cut(documents)
    assert 5 <= len(found) <= 30
    assert all(len(one.text.split()) == 4 and one.targets == {"language": 0.0} for one in found)
