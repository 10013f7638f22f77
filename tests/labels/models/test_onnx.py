"""A model of a folder gives what its file says, of each text alone, whatever the text."""

from __future__ import annotations

import json
import math
import pickle
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from seguito.kit.errors import BadInput, UsageError
from seguito.kit.settings import ModelSettings
from seguito.labels.models.onnx import OnnxModel, open_model
from seguito.testing.labellers import HOSTILE
from tests.labels.models import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write_model(tmp_path / "tiny")


def read(model: OnnxModel, *texts: str | None) -> list[list[float]]:
    (scores,) = model.read(pa.array(texts, pa.string())).values()
    return scores.tolist()


def shares(*sums: float) -> list[float]:
    powers = [math.exp(one) for one in sums]
    return [round(one / sum(powers), 4) for one in powers]


def test_probabilities_by_hand(folder: Path) -> None:
    model = open_model(str(folder), "sentiment")
    assert model.heads["sentiment"].values == ("negative", "neutral", "positive")
    found = read(model, "Bello", "bello brutto", "tavolo xyz")
    assert found[0] == shares(0, 0, 4)
    assert found[1] == shares(2, 0, 2)
    # A word it does not know counts as nothing, but it counts.
    assert found[2] == shares(0, 2, 0)


def test_what_has_no_words_is_not_read(folder: Path) -> None:
    found = read(open_model(str(folder), "sentiment"), None, "", "  \n", "@marta https://esempio.it", "bello")
    assert np.isnan(found[:4]).all()
    assert not np.isnan(found[4]).any()


def test_people_and_links_are_masked(tmp_path: Path) -> None:
    words = {"http": (5.0, 0.0, 0.0), "user": (0.0, 5.0, 0.0), "marta": (0.0, 0.0, 9.0), "ciao": (0.0, 0.0, 0.0)}
    model = open_model(str(tiny.write_model(tmp_path / "tiny", words)), "sentiment")
    # "ciao", "@", "user": the sign is a word this model does not know. An address is a word with signs, too.
    assert read(model, "ciao @marta.rossi") == [shares(0, 5 / 3, 0)]
    assert read(model, "ciao https://marta.it/marta?x=1") == [shares(2.5, 0, 0)]


def test_texts_are_cut_after_the_tokens_that_are_set(folder: Path) -> None:
    settings = ModelSettings(model=str(folder), tokens=4)
    model = open_model(str(folder), "sentiment", settings)
    assert read(model, "bello bello bello bello brutto brutto") == [shares(0, 0, 4)]


def test_no_more_tokens_than_the_model_can_place(tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m", config={"max_position_embeddings": 10, "model_type": "roberta"})
    # Two of its positions stand before the first token.
    assert open_model(str(folder), "sentiment").tokens == 8


def test_sigmoid_where_the_configuration_says_so(tmp_path: Path) -> None:
    words = {"scemo": (3.0, 1.0), "ciao": (-3.0, -3.0)}
    config = {"problem_type": "multi_label_classification"}
    folder = tiny.write_model(tmp_path / "m", words, ("insult", "threat"), config=config)
    settings = ModelSettings(model=str(folder), labels={"insult": "yes", "threat": "yes"})
    model = open_model(str(folder), "offensive", settings)
    assert model.kind == "sigmoid"
    one, other = 1 / (1 + math.exp(-3)), 1 / (1 + math.exp(-1))
    # Either of two things that may come together.
    assert read(model, "scemo") == [[round(1 - (1 - one) * (1 - other), 4)]]


def test_softmax_adds_up_what_means_the_same(tmp_path: Path) -> None:
    words = {"scemo": (3.0, 1.0, 0.0)}
    folder = tiny.write_model(tmp_path / "m", words, ("insult", "mock", "fine"))
    settings = ModelSettings(model=str(folder), labels={"insult": "yes", "mock": "yes", "fine": "-"}, threshold=0.9)
    model = open_model(str(folder), "offensive", settings)
    (found,) = read(model, "scemo")
    assert found == [pytest.approx(1 - shares(3, 1, 0)[2], abs=1e-4)]
    assert model.heads["offensive"].thresholds == (0.9,)


def test_one_column_is_a_probability_by_itself(tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m", {"scemo": (2.0,)}, ("offensive",))
    assert read(open_model(str(folder), "offensive"), "scemo") == [[round(1 / (1 + math.exp(-2)), 4)]]


def test_the_revision_changes_with_every_file_and_setting(folder: Path) -> None:
    seen = {open_model(str(folder), "sentiment").revision}
    for changed in (
        ModelSettings(model=str(folder), tokens=5),
        ModelSettings(model=str(folder), threshold=0.9),
        ModelSettings(model=str(folder), labels={"neutral": "positive", "positive": "neutral"}),
    ):
        seen.add(open_model(str(folder), "sentiment", changed).revision)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dropout": 0.2}))
    seen.add(open_model(str(folder), "sentiment").revision)
    tiny.write_tokenizer(folder, [*tiny.WORDS, "nuovo"][:-1][::-1])
    seen.add(open_model(str(folder), "sentiment").revision)
    tiny.write_model(folder, {**tiny.WORDS, "bello": (0.0, 0.0, 3.5)})
    seen.add(open_model(str(folder), "sentiment").revision)
    assert len(seen) == 7


def test_the_same_folder_gives_the_same_model(folder: Path) -> None:
    model = open_model(str(folder), "sentiment")
    assert open_model(str(folder), "sentiment") is model
    assert pickle.loads(pickle.dumps(model)) is model


def test_another_place_of_the_file(tmp_path: Path) -> None:
    plain = tiny.write_model(tmp_path / "a", place="onnx/model_quantized.onnx")
    assert open_model(str(plain), "sentiment").folder.path == plain / "onnx" / "model_quantized.onnx"
    tiny.write_model(plain, place="onnx/model.onnx")
    assert open_model(str(plain), "sentiment").folder.path.name == "model.onnx"
    named = str(plain / "onnx" / "model_quantized.onnx")
    assert open_model(named, "sentiment").folder.path == plain / "onnx" / "model_quantized.onnx"


def test_a_model_for_batches_and_lengths_of_one_size(tmp_path: Path) -> None:
    folder = tiny.write_model(tmp_path / "m", batch=2, length=6)
    settings = ModelSettings(model=str(folder), tokens=6)
    found = read(open_model(str(folder), "sentiment", settings), "bello", "brutto", "tavolo")
    assert found == [shares(0, 0, 4), shares(4, 0, 0), shares(0, 4, 0)]


@pytest.mark.parametrize("inputs", [("input_ids", "attention_mask", "token_type_ids")])
def test_models_that_take_kinds_of_tokens_too(tmp_path: Path, inputs: tuple[str, ...]) -> None:
    folder = tiny.write_model(tmp_path / "m", inputs=inputs)
    assert read(open_model(str(folder), "sentiment"), "bello") == [shares(0, 0, 4)]


def test_whatever_people_type_is_read_or_not_read(folder: Path) -> None:
    model = open_model(str(folder), "sentiment")
    texts = [*HOSTILE, "bello " * 20_000, "é" * 100_000, "\u202e bello", "".join(map(chr, range(0x300, 0x370)))]
    found = np.array(read(model, *texts))
    assert found.shape == (len(texts), 3)
    sums = found[~np.isnan(found).any(axis=1)].sum(axis=1)
    assert np.allclose(sums, 1, atol=2e-4)


@pytest.mark.parametrize("by_batch", [False, True], ids=["floats", "scaled by batch"])
def test_neighbours_and_order_change_nothing(tmp_path: Path, by_batch: bool) -> None:
    model = _mixing_model(tmp_path, by_batch=by_batch)
    assert model._rows == (1 if by_batch else 8)
    texts = _texts(150)
    whole = read(model, *texts)
    order = random.Random(3).sample(range(len(texts)), len(texts))
    assert read(model, *[texts[n] for n in order]) == [whole[n] for n in order]
    assert [read(model, text)[0] for text in texts[:40]] == whole[:40]


def test_that_neighbours_would_change_what_is_scaled_by_batch(tmp_path: Path) -> None:
    model = _mixing_model(tmp_path, by_batch=True)
    texts = _texts(150)
    alone = read(model, *texts)
    model._rows = 8
    assert read(model, *texts) != alone


def _texts(n: int) -> list[str]:
    draw = random.Random(7)
    return [" ".join(draw.choices([*tiny.WORDS, "x"], k=draw.randint(1, 60))) for _ in range(n)]


def _mixing_model(tmp_path: Path, *, by_batch: bool) -> OnnxModel:
    """Words look at each other through products of matrices as large as real ones, with weights drawn at random."""
    rng, wide = np.random.default_rng(1), 96
    folder = tiny.write_model(tmp_path / "mixing")

    def drawn(name: str, *shape: int) -> onnx.TensorProto:
        return numpy_helper.from_array(rng.normal(size=shape).astype(np.float32) / math.sqrt(shape[0]), name)

    constants = [drawn("table", len(tiny.WORDS) + 2, wide), drawn("first", wide, wide), drawn("out", wide, 3)]
    constants += [numpy_helper.from_array(np.array([n], dtype=np.int64), name) for name, n in (("one", 1), ("two", 2))]
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "two"], ["wide"]),
        helper.make_node("Mul", ["rows", "wide"], ["kept"]),
        helper.make_node("Transpose", ["kept"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["kept", "turned"], ["looks"]),
        helper.make_node("Softmax", ["looks"], ["weights"], axis=-1),
        helper.make_node("MatMul", ["weights", "kept"], ["seen"]),
    ]
    if by_batch:
        constants.append(numpy_helper.from_array(rng.integers(-99, 99, (wide, wide)).astype(np.int8), "whole"))
        nodes += [
            helper.make_node("DynamicQuantizeLinear", ["seen"], ["small", "scale", "zero"]),
            helper.make_node("MatMulInteger", ["small", "whole", "zero"], ["product"]),
            helper.make_node("Cast", ["product"], ["large"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["large", "scale"], ["mixed"]),
        ]
    else:
        nodes.append(helper.make_node("MatMul", ["seen", "first"], ["mixed"]))
    nodes += [
        helper.make_node("Tanh", ["mixed"], ["bent"]),
        helper.make_node("ReduceSum", ["bent", "one"], ["sum"], keepdims=0),
        helper.make_node("MatMul", ["sum", "out"], ["logits"]),
    ]
    onnx.save(tiny.model_of(nodes, constants), folder / "model.onnx")
    return open_model(str(folder), "sentiment")


def test_threads_change_nothing(tmp_path: Path) -> None:
    texts = _texts(100)
    model = _mixing_model(tmp_path, by_batch=False)
    assert read(model, *texts) == read(open_model(str(model.folder.root), "sentiment", threads=2), *texts)


def test_only_labels_with_values_are_read_by_a_model(folder: Path) -> None:
    for label in ("wording", "language", "question=genuine"):
        with pytest.raises(UsageError, match="not read by a model"):
            open_model(str(folder), label)
    with pytest.raises(UsageError, match="no label"):
        open_model(str(folder), "sentimento")


def test_other_heads_are_not_its_business(folder: Path) -> None:
    assert open_model(str(folder), "sentiment").read(pa.array(["bello"]), ["irony"]) == {}


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ({"problem_type": "regression"}, "for 'regression'"),
        ({"id2label": {}}, "id2label"),
        ({"id2label": {"0": "negative", "2": "positive"}}, "id2label"),
        ({"id2label": {"0": "a", "1": "a"}}, "id2label"),
        ({"id2label": ["negative"]}, "id2label"),
        ({"id2label": {"0": "negative", "1": "positive"}}, "never says 'neutral'"),
    ],
)
def test_configurations_that_do_not_tell(tmp_path: Path, config: dict[str, object], what: str) -> None:
    folder = tiny.write_model(tmp_path / "m", config=config)
    with pytest.raises((BadInput, UsageError), match=what):
        open_model(str(folder), "sentiment")


def test_numbers_that_are_none_are_not_read(tmp_path: Path) -> None:
    words = {"bello": (0.0, 0.0, 4.0), "nulla": (math.nan, 0.0, 0.0), "troppo": (math.inf, 0.0, 0.0), "ciao": (0, 0, 0)}
    found = read(open_model(str(tiny.write_model(tmp_path / "m", words)), "sentiment"), "nulla", "troppo", "bello")
    assert np.isnan(found[:2]).all()
    assert found[2] == shares(0, 0, 4)


def test_without_the_extra_it_says_how_to_get_it(folder: Path) -> None:
    script = (
        "import sys\nsys.modules[sys.argv[2]] = None\n"
        "from seguito.labels.models.onnx import open_model\nfrom seguito.kit.errors import MissingExtra\n"
        "try:\n    open_model(sys.argv[1], 'sentiment')\n"
        "except MissingExtra as error:\n    print(error.advice)\n"
    )
    for module in ("onnxruntime", "tokenizers"):
        done = subprocess.run([sys.executable, "-c", script, str(folder), module], capture_output=True, text=True)
        assert "pip install 'seguito[models]'" in done.stdout, done.stderr
