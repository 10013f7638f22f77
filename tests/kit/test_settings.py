"""Settings are read strictly: what is not understood is an error that says what would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from seguito.kit.errors import BadInput, NotFound
from seguito.kit.settings import ModelSettings, Settings, nearest, parse, read_settings


def write(folder: Path, text: str) -> Path:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_all_is_as_by_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == Settings()


def test_a_model_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, '[models]\nsentiment = "/models/big"\n')
    assert read_settings(tmp_path, {}).models == {"sentiment": ModelSettings(model="/models/big")}


def test_all_that_can_be_said_of_a_model(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[models.irony]\nmodel = "/m"\nonly = "unsure"\nbelow = 0.8\nlanguages = ["it"]\nthreshold = 0.7\n'
        'kind = "sigmoid"\ntokens = 64\nlabels = { LABEL_0 = "-", LABEL_1 = "yes" }\n'
        "[label]\nprocesses = 2\nthreads = 3\n",
    )
    found = read_settings(tmp_path, {})
    assert found.models["irony"] == ModelSettings(
        model="/m",
        only="unsure",
        below=0.8,
        languages=("it",),
        threshold=0.7,
        kind="sigmoid",
        tokens=64,
        labels={"LABEL_0": "-", "LABEL_1": "yes"},
    )
    assert (found.label.processes, found.label.threads) == (2, 3)


def test_paths_start_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/marta")
    write(tmp_path, '[models]\nsentiment = "big"\nirony = "~/m"\n')
    models = read_settings(tmp_path, {}).models
    assert models["sentiment"].model == str(tmp_path / "big")
    assert models["irony"].model == "/home/marta/m"


def test_the_environment_names_another_file_and_outranks_the_numbers(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[label]\nprocesses = 2\nthreads = 2\n")
    found = read_settings(tmp_path, {"SEGUITO_SETTINGS": str(other), "SEGUITO_THREADS": "5"})
    assert (found.label.processes, found.label.threads) == (2, 5)
    with pytest.raises(NotFound, match="no settings file"):
        read_settings(tmp_path, {"SEGUITO_SETTINGS": str(tmp_path / "gone.toml")})


@pytest.mark.parametrize(
    ("text", "what", "advice"),
    [
        ("[model]\n", "no 'model'", "Did you mean 'models'?"),
        ('[models]\nsentiment = { model = "/m", ony = "unsure" }', "'ony' in models.sentiment", "Did you mean 'only'?"),
        ("[label]\nproceses = 2", "'proceses' in label", "Did you mean 'processes'?"),
        ("[label]\nzzzz = 2", "'zzzz' in label", "There are processes, threads."),
        ("models = 3", "'models' is not a table", "[models]"),
        ("[models]\nsentiment = 3", "neither a path nor a table", "sentiment ="),
        ('[models]\nsentiment = ""', "names no model", "Name the folder"),
        ('[models]\nsentiment = { only = "unsure" }', "does not fit", "Correct it"),
        ('[models]\nsentiment = { model = "/m", only = "maybe" }', "does not fit", "Correct it"),
        ('[models]\nsentiment = { model = "/m", tokens = "many" }', "tokens does not fit", "Correct it"),
        ('[models]\nsentiment = { model = "/m", tokens = 3 }', "tokens is 3", "from 4 to 4096"),
        ('[models]\nsentiment = { model = "/m", threshold = 1.5 }', "threshold is 1.5", "from 0 to 1"),
        ('[models]\nsentiment = { model = "/m", below = 0.8 }', "always asked", 'only = "unsure"'),
        ('[models]\nsentiment = { model = "/m", only = "unsure", below = 0.0 }', "below is 0", "above 0"),
        ("[label]\nthreads = 0", "threads is 0", "1 to 1024"),
        ("[models\n", "is no TOML", "A line looks like"),
    ],
)
def test_what_is_not_understood_is_said(tmp_path: Path, text: str, what: str, advice: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_settings(write(tmp_path, text), {})
    assert what in caught.value.what
    assert advice in caught.value.advice


def test_files_that_are_no_settings(tmp_path: Path) -> None:
    for content in (b"\xff\xfe\x00", b"#" * 1_000_001):
        with pytest.raises(BadInput):
            parse(content, tmp_path / "settings.toml")
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(NotFound, match="cannot be read"):
        read_settings(tmp_path, {})


def test_a_number_in_the_environment_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="SEGUITO_PROCESSES is 'all'"):
        read_settings(tmp_path, {"SEGUITO_PROCESSES": "all"})


def test_the_nearest_name_whatever_its_case() -> None:
    assert nearest("negative", ["Negative", "Positive"]) == "Did you mean 'Negative'?"
    assert nearest("qq", ["a", "b"]) == "There are a, b."
