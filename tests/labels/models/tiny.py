"""A real text classifier, made in a moment, as Hugging Face lays it: an embedding, its mean, a linear layer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

SENTIMENT = ("negative", "neutral", "positive")
# What each word says: its row of the embedding. The mean over the words of a text is what the model gives.
WORDS: dict[str, tuple[float, ...]] = {
    "bello": (0.0, 0.0, 4.0),
    "brutto": (4.0, 0.0, 0.0),
    "tavolo": (0.0, 4.0, 0.0),
    "love": (0.0, 0.0, 6.0),
    "hate": (6.0, 0.0, 0.0),
    "forse": (0.0, 0.5, 0.5),
}


def write_model(
    folder: Path,
    words: Mapping[str, Sequence[float]] = WORDS,
    names: Sequence[str] = SENTIMENT,
    *,
    config: Mapping[str, object] | None = None,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    columns: int | None = None,
    batch: int | str = "batch",
    length: int | str = "length",
    place: str = "model.onnx",
) -> Path:
    """Write the folder of a model that gives, of each text, the mean of what its words say."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, list(words))
    said = {
        "id2label": {str(n): name for n, name in enumerate(names)},
        "pad_token_id": 0,
        "max_position_embeddings": 64,
    }
    (folder / "config.json").write_text(json.dumps({**said, **(config or {})}))
    wide = columns if columns is not None else len(names)
    rows = [[0.0] * wide, [0.0] * wide, *(list(said)[:wide] + [0.0] * (wide - len(said)) for said in words.values())]
    path = folder / place
    path.parent.mkdir(exist_ok=True)
    onnx.save(graph(np.array(rows, dtype=np.float32), inputs=inputs, batch=batch, length=length), path)
    return folder


def write_tokenizer(folder: Path, words: Sequence[str]) -> None:
    vocabulary = {"[PAD]": 0, "[UNK]": 1, **{word: n + 2 for n, word in enumerate(words)}}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def graph(
    table: np.ndarray,
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    batch: int | str = "batch",
    length: int | str = "length",
) -> onnx.ModelProto:
    """The mean of the rows of a table, over the tokens that the mask leaves, through a linear layer (identity)."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
        helper.make_node("Mul", ["rows", "wide"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["total"], keepdims=0),
        helper.make_node("ReduceSum", ["wide", "middle"], ["count"], keepdims=0),
        helper.make_node("Div", ["total", "count"], ["mean"]),
        helper.make_node("MatMul", ["mean", "linear"], ["logits"]),
    ]
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.eye(table.shape[1], dtype=np.float32), "linear"),
        numpy_helper.from_array(np.array([2], dtype=np.int64), "last"),
        numpy_helper.from_array(np.array([1], dtype=np.int64), "middle"),
    ]
    return model_of(nodes, constants, inputs=inputs, batch=batch, length=length, columns=table.shape[1])


def model_of(
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto] = (),
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    batch: int | str = "batch",
    length: int | str = "length",
    columns: int | str = 3,
    domains: Sequence[str] = (),
) -> onnx.ModelProto:
    """A model file around operations that give `logits`."""
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, [batch, length]) for name in inputs]
    out = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [batch, columns])]
    opsets = [helper.make_opsetid("", 17), *(helper.make_opsetid(domain, 1) for domain in domains)]
    return helper.make_model(
        helper.make_graph(list(nodes), "tiny", given, out, list(constants)), opset_imports=opsets, ir_version=8
    )
