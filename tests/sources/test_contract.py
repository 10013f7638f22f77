"""The contract of sources, held against every importer; and the suite itself, held against readings that are wrong."""

from __future__ import annotations

import pytest

from seguito.sources.contract import Options
from seguito.sources.registry import IMPORTERS
from seguito.testing.source_mutants import mutants
from seguito.testing.sources import check_source, observe
from tests.sources.files.samples import BY_NAME, PAGES, SAMPLES, Payload

RICH = BY_NAME["youtube_data_tools.comments-2.csv"]
MUTANTS = mutants(RICH.opening())


@pytest.mark.parametrize("payload", SAMPLES, ids=lambda payload: payload.name)
def test_every_importer_keeps_the_contract(payload: Payload) -> None:
    check_source(payload.opening(), rows=payload.rows, texts=payload.texts)


@pytest.mark.parametrize("payload", SAMPLES, ids=lambda payload: payload.name)
def test_capabilities_are_exact(payload: Payload) -> None:
    assert observe(payload.opening()).about.capabilities == payload.capabilities


@pytest.mark.parametrize("payload", SAMPLES, ids=lambda payload: payload.name)
def test_the_file_is_recognised_by_what_is_in_it(payload: Payload, tmp_path_factory: pytest.TempPathFactory) -> None:
    nameless = tmp_path_factory.mktemp("x") / "download"
    nameless.write_bytes(payload.path.read_bytes())
    from seguito.sources.files.recognise import recognise

    assert recognise(nameless).importer.name == payload.importer


def test_pages_of_the_network_keep_the_contract() -> None:
    check_source(PAGES.opening(), texts=PAGES.texts)


def test_every_registered_importer_has_a_payload() -> None:
    assert {payload.importer for payload in (*SAMPLES, PAGES)} >= set(IMPORTERS)


@pytest.mark.parametrize("name", MUTANTS)
def test_the_suite_fails_a_reading_that_is_wrong(name: str) -> None:
    with pytest.raises(AssertionError):
        check_source(MUTANTS[name], rows=RICH.rows, texts=RICH.texts)


def test_naming_the_creator_lets_answers_be_told() -> None:
    payload = BY_NAME["minet.instagram-comments.csv"]
    about = observe(payload.opening(Options(creator="@Creatrice"))).about
    assert about.creator_uri == "instagram:account:1000"
    assert "creator" in about.capabilities
