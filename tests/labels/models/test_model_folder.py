"""A folder from somewhere else cannot lead out of itself, lie about its size, run code or stop the reading."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from seguito.kit.errors import BadInput, NotFound, Refused, SeguitoError
from seguito.labels.models import graph
from seguito.labels.models.folder import open_folder
from seguito.labels.models.graph import inspect
from seguito.labels.models.onnx import open_model
from tests.labels.models import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write_model(tmp_path / "tiny")


def refused(folder: Path) -> SeguitoError:
    with pytest.raises(SeguitoError) as caught:
        open_model(str(folder), "sentiment")
    assert caught.value.advice
    return caught.value


def rewrite(folder: Path, change: Callable[[onnx.ModelProto], None]) -> None:
    model = onnx.load(folder / "model.onnx", load_external_data=False)
    change(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.onnx"])
def test_a_file_that_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    error = refused(folder)
    assert isinstance(error, NotFound)
    assert "optimum-cli export onnx" in error.advice


def test_no_folder(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "gone"), NotFound)
    assert isinstance(refused(tmp_path / "gone.onnx"), NotFound)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.onnx"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 64, b"[1, 2]", b'{"a":', b"\xff" * 100, b"[" * 100_000])
def test_a_file_that_is_damaged(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert isinstance(refused(folder), BadInput)


def test_an_onnx_file_cut_anywhere(folder: Path) -> None:
    whole = (folder / "model.onnx").read_bytes()
    for end in range(0, len(whole) - 1, 17):
        (folder / "model.onnx").write_bytes(whole[:end])
        refused(folder)


def test_an_onnx_file_with_a_byte_changed_is_refused_or_read(folder: Path) -> None:
    whole = (folder / "model.onnx").read_bytes()
    for at in range(0, len(whole), 5):
        changed = bytearray(whole)
        changed[at] ^= 0x55
        (folder / "model.onnx").write_bytes(bytes(changed))
        try:
            found = open_model(str(folder), "sentiment").read(pa.array(["bello"]))["sentiment"]
        except SeguitoError:
            continue
        assert found.shape == (1, 3)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.onnx"])
def test_a_link_out_of_the_folder(folder: Path, tmp_path: Path, name: str) -> None:
    shutil.move(folder / name, tmp_path / "outside")
    (folder / name).symlink_to(tmp_path / "outside")
    error = refused(folder)
    assert isinstance(error, Refused)
    assert "cp -rL" in error.advice


def test_a_link_to_nowhere_and_to_itself(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to(folder / "config.json")
    assert isinstance(refused(folder), NotFound)


def test_a_link_within_the_folder_is_fine(folder: Path) -> None:
    shutil.move(folder / "model.onnx", folder / "weights.bin")
    (folder / "model.onnx").symlink_to("weights.bin")
    assert open_folder(folder).names == tiny.SENTIMENT


def test_links_as_the_cache_of_the_hub_lays_them(tmp_path: Path) -> None:
    cache = tmp_path / "models--somebody--tiny"
    folder = tiny.write_model(cache / "snapshots" / "0123abc")
    (cache / "blobs").mkdir()
    for number, path in enumerate(sorted(folder.iterdir())):
        shutil.move(path, cache / "blobs" / str(number))
        path.symlink_to(Path("../../blobs") / str(number))
    assert open_model(str(folder), "sentiment").name == "somebody.tiny"


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.onnx"])
def test_what_is_no_ordinary_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert isinstance(refused(folder), Refused)


@pytest.mark.parametrize(("name", "size"), [("config.json", 1 << 23), ("tokenizer.json", 1 << 28)])
def test_files_larger_than_they_can_be_are_not_read(folder: Path, name: str, size: int) -> None:
    os.truncate(folder / name, size)
    assert "more than such a file can have" in refused(folder).what


@pytest.mark.parametrize(
    "location", ["../../secret", "/etc/passwd", "..", "sub/secret", "..\\secret", "", "*/_ORT_MEM_ADDR_/*"]
)
def test_numbers_kept_elsewhere(folder: Path, location: str) -> None:
    def change(model: onnx.ModelProto) -> None:
        external(model.graph.initializer[0], location)

    rewrite(folder, change)
    assert "not a file beside it" in refused(folder).what


def test_numbers_kept_elsewhere_deep_inside(folder: Path) -> None:
    hidden = numpy_helper.from_array(np.zeros(4, dtype=np.float32), "hidden")
    external(hidden, "../../secret")
    inner = helper.make_graph(
        [helper.make_node("Constant", [], ["x"], value=hidden)],
        "inner",
        [],
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [4])],
    )

    def change(model: onnx.ModelProto) -> None:
        model.graph.node.append(helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner))

    rewrite(folder, change)
    assert "not a file beside it" in refused(folder).what


def external(tensor: onnx.TensorProto, location: str, **more: str) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **more}.items():
        tensor.external_data.add(key=key, value=value)


def beside(folder: Path, size: int | None = None, **more: str) -> None:
    table = onnx.load(folder / "model.onnx").graph.initializer[0].raw_data
    (folder / "model.onnx_data").write_bytes(table[:size])
    rewrite(folder, lambda model: external(model.graph.initializer[0], "model.onnx_data", **more))


def test_numbers_in_a_file_beside_it(folder: Path) -> None:
    before = open_model(str(folder), "sentiment").read(pa.array(["bello"]))["sentiment"].tolist()
    beside(folder)
    model = open_model(str(folder), "sentiment")
    assert model.read(pa.array(["bello"]))["sentiment"].tolist() == before
    revision = model.revision
    with (folder / "model.onnx_data").open("ab") as file:
        file.write(b"\0")
    assert open_model(str(folder), "sentiment").revision != revision


def test_numbers_in_a_file_beside_it_that_is_too_short_or_a_link_out(folder: Path, tmp_path: Path) -> None:
    beside(folder, 10)
    assert "fewer bytes" in refused(folder).what
    shutil.move(folder / "model.onnx_data", tmp_path / "outside")
    assert isinstance(refused(folder), NotFound)
    (folder / "model.onnx_data").symlink_to(tmp_path / "outside")
    assert isinstance(refused(folder), Refused)


def test_numbers_before_the_start_of_a_file(folder: Path) -> None:
    beside(folder, offset="-8")
    assert "before the start" in refused(folder).what


@pytest.mark.parametrize("dims", [[1 << 29], [1 << 20, 1 << 20, 1 << 20], [-1], [1 << 50], [40_000, 40_000]])
def test_tables_that_are_not_there(folder: Path, dims: list[int]) -> None:
    def change(model: onnx.ModelProto) -> None:
        del model.graph.initializer[0].dims[:]
        model.graph.initializer[0].dims.extend(dims)

    rewrite(folder, change)
    assert "claims" in refused(folder).what


def test_a_graph_that_would_fill_the_memory_of_the_machine(folder: Path) -> None:
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["big"]),
        helper.make_node("ReduceSum", ["big"], ["one"], keepdims=0),
        helper.make_node("Cast", ["input_ids"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "one"], ["logits"]),
    ]
    shape = numpy_helper.from_array(np.array([1 << 38], dtype=np.int64), "shape")
    onnx.save(tiny.model_of(nodes, [shape], columns="length"), folder / "model.onnx")
    assert isinstance(refused(folder), BadInput)


def test_code_of_its_own_and_endless_loops(folder: Path) -> None:
    for node, what in (
        (helper.make_node("PyOp", ["input_ids"], ["logits"], domain="ai.onnx.contrib"), "code of their own"),
        (helper.make_node("Loop", ["input_ids"], ["logits"]), "nobody knows when it ends"),
        (helper.make_node("Scan", ["input_ids"], ["logits"]), "nobody knows when it ends"),
    ):
        onnx.save(tiny.model_of([node], domains=["ai.onnx.contrib"]), folder / "model.onnx")
        assert what in refused(folder).what


def test_what_stands_beside_the_model_is_not_even_opened(folder: Path) -> None:
    for name in ("pytorch_model.bin", "modeling_custom.py", "custom_ops.so", "model.safetensors"):
        os.mkfifo(folder / name)
    assert open_model(str(folder), "sentiment").name == "tiny"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"inputs": ("input_ids", "attention_mask", "pixel_values")}, "a text classifier takes"),
        ({"inputs": ("words", "attention_mask")}, "a text classifier takes"),
        ({"columns": 5}, "3 things"),
        ({"batch": 4096}, "4096 texts at a time"),
        ({"length": 512}, "Set tokens = 512"),
    ],
)
def test_models_of_another_shape(tmp_path: Path, said: dict[str, object], what: str) -> None:
    folder = tiny.write_model(tmp_path / "m")
    table = np.zeros((8, said.get("columns", 3)), dtype=np.float32)
    rest = {key: value for key, value in said.items() if key != "columns"}
    model = tiny.graph(table, **rest)  # type: ignore[arg-type]
    if "words" in said.get("inputs", ()):  # type: ignore[operator]
        model.graph.node[0].input[1] = "words"
    onnx.save(model, folder / "model.onnx")
    assert what in str(refused(folder))


def test_numbers_of_another_kind(folder: Path) -> None:
    def change(model: onnx.ModelProto) -> None:
        model.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT

    rewrite(folder, change)
    refused(folder)


def test_an_output_of_other_dimensions_than_it_says(folder: Path) -> None:
    nodes = [helper.make_node("Cast", ["input_ids"], ["logits"], to=TensorProto.FLOAT)]
    onnx.save(tiny.model_of(nodes, columns="any"), folder / "model.onnx")
    assert "where config.json names 3 things" in refused(folder).what


def test_a_tokenizer_of_more_words_than_the_model_has_rows(folder: Path) -> None:
    tiny.write_tokenizer(folder, [*tiny.WORDS, *(f"w{n}" for n in range(50)), "ciao"])
    assert "fails on a text" in refused(folder).what


def test_a_file_of_countless_parts_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MOST_FIELDS", 1000)
    (folder / "model.onnx").write_bytes(b"\x08\x01" * 2000)
    assert "more parts" in refused(folder).what


def test_a_file_nested_without_end_is_left(folder: Path) -> None:
    inner = helper.make_graph([], "inner", [], [])
    for _ in range(10):
        inner = helper.make_graph([helper.make_node("If", ["c"], ["y"], then_branch=inner)], "inner", [], [])
    rewrite(folder, lambda model: model.graph.node.append(inner.node[0]))
    assert "nested" in refused(folder).what


def test_walking_a_large_file_counts_numbers_without_reading_them(tmp_path: Path) -> None:
    table = numpy_helper.from_array(np.zeros((4_000_000,), dtype=np.float32), "table")
    path = tmp_path / "m.onnx"
    onnx.save(tiny.model_of([helper.make_node("Identity", ["table"], ["logits"])], [table]), path)
    assert inspect(path).outside == {}


def test_a_model_cannot_be_swapped_for_a_larger_claim_of_half_bytes(folder: Path) -> None:
    tensor = TensorProto(name="table", data_type=TensorProto.INT4, dims=[100], raw_data=b"\0" * 49)
    rewrite(folder, lambda model: model.graph.initializer.append(tensor))
    assert "claims 100 numbers" in refused(folder).what
