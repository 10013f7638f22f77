"""Settings of a workspace: `settings.toml` in its folder, and a few variables of the environment.

Nothing has to be set. What is set is read strictly: an unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from seguito.kit.errors import BadInput, NotFound

FILE: Final = "settings.toml"
# A settings file elsewhere, for one run; the two numbers below outrank the file.
PLACE: Final = "SEGUITO_SETTINGS"
PROCESSES: Final = "SEGUITO_PROCESSES"
THREADS: Final = "SEGUITO_THREADS"
LARGEST: Final = 1_000_000


class ModelSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which model reads one label, and when it is asked.

    Attributes:
        model: the folder of the model, or its `.onnx` file.
        only: `always`, or `unsure`: only where the compact reader is not sure.
        below: with `unsure`, ask where the compact reader's certainty is below this; by default, in its own band.
        labels: what each name the model gives means: one of the label's values, or `-` for none of them.
        languages: languages it is asked in; by default all in which the label is given.
        threshold: from which probability on a value is given.
        kind: `softmax` or `sigmoid`, where the model's own configuration is wrong about it.
        tokens: how many tokens of a text are read at most.
    """

    model: str
    only: Literal["always", "unsure"] = "always"
    below: float | None = None
    labels: dict[str, str] = {}
    languages: tuple[str, ...] = ()
    threshold: float | None = None
    kind: Literal["softmax", "sigmoid"] | None = None
    tokens: int = 128


class LabelSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How posts are labelled.

    Attributes:
        processes: how many processes read.
        threads: how many threads a model runs on.
    """

    processes: int | None = None
    threads: int | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings of a workspace.

    Attributes:
        models: by label, the model that reads it in place of the compact reader, or beside it.
        label: how posts are labelled.
    """

    models: dict[str, ModelSettings] = {}
    label: LabelSettings = LabelSettings()


def read_settings(workspace: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a workspace; those by default where it has no file.

    Args:
        workspace: its folder.
        environment: where variables are looked up.

    Raises:
        NotFound: the file that the environment names is not there.
        BadInput: the file is no TOML, has an unknown key, or a value that does not fit.
    """
    named = environment.get(PLACE)
    place = Path(named).expanduser() if named else workspace / FILE
    try:
        with place.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        if named:
            raise NotFound(f"There is no settings file {place}.", f"Correct {PLACE}, or unset it.") from None
        return _with_environment(Settings(), environment)
    except OSError as error:
        raise NotFound(
            f"The settings file {place} cannot be read ({error.strerror}).", "Look at its rights."
        ) from error
    return _with_environment(parse(content, place), environment)


def parse(content: bytes, place: Path) -> Settings:
    """The settings that stand in a file.

    Args:
        content: the file's bytes.
        place: where it lies: errors name it, and paths in it start from its folder.

    Raises:
        BadInput: it is no TOML, has an unknown key, or a value that does not fit.
    """
    if len(content) > LARGEST:
        raise BadInput(f"{place} is larger than {LARGEST:,} bytes.", "Settings are a few lines: is this another file?")
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{place} is no TOML: {error}.", 'A line looks like: sentiment = "/path/to/model"') from error
    _known(table, Settings, place, "")
    _known(_table(table, "label", place), LabelSettings, place, "label")
    models = {}
    for label, said in _table(table, "models", place).items():
        one = {"model": said} if isinstance(said, str) else said
        if not isinstance(one, dict):
            raise BadInput(f"{place}: models.{label} is neither a path nor a table.", f'Write: {label} = "/path"')
        _known(one, ModelSettings, place, f"models.{label}")
        models[label] = one
    settings = _converted({**table, "models": models}, place)
    checked = {label: _checked(one, f"models.{label}", place) for label, one in settings.models.items()}
    return msgspec.structs.replace(settings, models=checked)


def nearest(name: str, known: Iterable[str]) -> str:
    """What to advise where a name is not known: the nearest known one, or all of them."""
    names = list(known)
    lowered = {one.lower(): one for one in names}
    near = difflib.get_close_matches(name.lower(), lowered, 1)
    return f"Did you mean '{lowered[near[0]]}'?" if near else f"There are {', '.join(names)}."


def _table(table: dict[str, Any], key: str, place: Path) -> dict[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise BadInput(f"{place}: '{key}' is not a table.", f"Write [{key}] on a line of its own, its keys below.")
    return found


def _known(table: Mapping[str, Any], kind: type[msgspec.Struct], place: Path, where: str) -> None:
    for key in table:
        if key not in kind.__struct_fields__:
            raise BadInput(
                f"{place}: there is no '{key}'{f' in {where}' if where else ''}.", nearest(key, kind.__struct_fields__)
            )


def _converted(table: dict[str, Any], place: Path) -> Settings:
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        raise BadInput(
            f"{place}: {where.rstrip('`') or 'a value'} does not fit: {what.lower()}.", "Correct it."
        ) from error


def _checked(one: ModelSettings, where: str, place: Path) -> ModelSettings:
    """A model's settings, with the path in full and the numbers within what makes sense."""
    for key, value, fits, range_ in (
        ("below", one.below, one.below is None or 0 < one.below <= 1, "above 0, at most 1"),
        ("threshold", one.threshold, one.threshold is None or 0 <= one.threshold <= 1, "from 0 to 1"),
        ("tokens", one.tokens, 4 <= one.tokens <= 4096, "from 4 to 4096"),
    ):
        if not fits:
            raise BadInput(f"{place}: {where}.{key} is {value}.", f"It lies {range_}.")
    if one.below is not None and one.only != "unsure":
        raise BadInput(f"{place}: {where}.below says when, but the model is always asked.", 'Add: only = "unsure"')
    if not one.model.strip():
        raise BadInput(f"{place}: {where} names no model.", "Name the folder it is in, or take the line out.")
    return msgspec.structs.replace(one, model=str(place.parent.absolute() / Path(one.model).expanduser()))


def _with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    label = settings.label
    for field, variable in (("processes", PROCESSES), ("threads", THREADS)):
        if environment.get(variable):
            label = msgspec.structs.replace(label, **{field: _count(environment[variable], variable)})
        number = getattr(label, field)
        if number is not None and not 1 <= number <= 1024:
            raise BadInput(f"label.{field} is {number}.", "It lies from 1 to 1024.")
    return msgspec.structs.replace(settings, label=label)


def _count(text: str, variable: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadInput(f"{variable} is '{text}'.", "It is a whole number, such as 2.") from None
