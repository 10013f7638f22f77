"""The runtime and the tokenizer of a larger model: loaded, and checked for what they take and give."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from seguito.kit.errors import BadInput, MissingExtra
from seguito.labels.models.folder import CONFIG, TOKENIZER, Folder

INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True)
class Shape:
    """What the model takes and gives: inputs with their types, fixed numbers of rows and tokens (0 where free)."""

    inputs: dict[str, Any]
    output: str
    rows: int
    length: int


def session(folder: Folder, threads: int) -> Any:
    """Load the ONNX file of a folder; `MissingExtra` where the runtime is not installed, `BadInput` where it fails."""
    try:
        import onnxruntime as ort
    except ImportError as error:
        raise MissingExtra("models", f"Reading with {folder.name}") from error
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    _bound_memory(ort)
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.use_deterministic_compute = True
    try:
        return ort.InferenceSession(str(folder.path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's errors share no class; all mean that the file is of no use
        raise BadInput(
            f"{folder.path} cannot be loaded: {first_line(error)}",
            "Export it again, or use a newer version of the extra: pip install -U 'seguito[models]'",
        ) from error


@cache
def _bound_memory(ort: Any) -> None:
    """Let all models of this process together take three quarters of the machine's memory, whatever a file asks for."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 8 << 30
    limits = {"max_mem": whole // 4 * 3, "arena_extend_strategy": 1}
    kept = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
    # Where a program around this one has registered an allocator of its own, that one holds.
    with suppress(RuntimeError):
        ort.create_and_register_allocator(kept, ort.OrtArenaCfg(limits))


def shape(opened: Any, folder: Folder, columns: int, tokens: int) -> Shape:
    """What a loaded model takes and gives; `BadInput` where that is not what a text classifier does."""
    given = {one.name: one for one in opened.get_inputs()}
    strange = [name for name in given if name not in INPUTS]
    if strange or "input_ids" not in given:
        raise BadInput(
            f"{folder.path} wants {', '.join(sorted(given))[:200]}; a text classifier takes {', '.join(INPUTS)}.",
            "Export it for the task text-classification.",
        )
    kinds = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
    wrong = [one for one in given.values() if one.type not in kinds or len(one.shape) != 2]
    if wrong:
        what = f"{wrong[0].type} of {len(wrong[0].shape)} dimensions"
        raise BadInput(
            f"{folder.path} takes {wrong[0].name} as {what}, not as a table of whole numbers.",
            "Export it for the task text-classification.",
        )
    rows, length = (size if isinstance(size, int) else 0 for size in given["input_ids"].shape)
    outputs = {one.name: one for one in opened.get_outputs()}
    output = outputs.get("logits") or next(iter(outputs.values()))
    last = output.shape[-1] if len(output.shape) == 2 else None
    if len(output.shape) != 2 or (isinstance(last, int) and last != columns):
        raise BadInput(
            f"{folder.path} gives {output.name} of shape {output.shape}, where {CONFIG} names {columns} things.",
            "Export it for the task text-classification, and copy config.json from the same model.",
        )
    if length > tokens:
        raise BadInput(f"{folder.path} takes exactly {length} tokens.", f"Set tokens = {length} for it.")
    if rows > 1024:
        raise BadInput(f"{folder.path} takes exactly {rows} texts at a time.", "Export it with a free batch size.")
    return Shape({name: kinds[one.type] for name, one in given.items()}, output.name, rows, length)


def tokenizer(folder: Folder, tokens: int) -> Any:
    """Load the tokenizer of a folder; `MissingExtra` or `BadInput` where that is not possible."""
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise MissingExtra("models", f"Reading with {folder.name}") from error

    def make() -> Any:
        found = Tokenizer.from_str(folder.tokenizer.decode("utf-8"))
        found.no_padding()
        found.enable_truncation(tokens)
        return found

    return _guarded(make, f"{folder.root / TOKENIZER} cannot be loaded")


def encoded(loaded: Any, texts: list[str], folder: Folder) -> list[list[int]]:
    """The numbers of the tokens of texts."""
    found = _guarded(lambda: loaded.encode_batch_fast(texts), f"{folder.root / TOKENIZER} fails on a text")
    return [one.ids for one in found]


def _guarded(make: Any, what: str) -> Any:
    try:
        return make()
    except BaseException as error:
        # The library's own panics are no Exception.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise BadInput(f"{what}: {first_line(error)}", "Copy it again from where it came from.") from error


def pad(config: dict[str, Any], loaded: Any) -> int:
    """The number of the token that fills a row."""
    said = config.get("pad_token_id")
    if isinstance(said, int) and 0 <= said < loaded.get_vocab_size():
        return said
    found = (loaded.token_to_id(token) for token in ("[PAD]", "<pad>"))
    return next((one for one in found if one is not None), 0)


def first_line(error: BaseException) -> str:
    """The first line of what a library says went wrong."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{lines[0].strip()[:300] if lines else type(error).__name__}."
