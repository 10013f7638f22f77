"""The report's bytes: the same dossier gives the same, another gives others, and nothing in them is a machine's."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace

from seguito.measures.estimate import Estimate
from seguito.reports.canonical import to_bytes
from tests.reports.sample import ESTIMATES, document


def first(value: float | None) -> tuple[Estimate, ...]:
    return (replace(ESTIMATES[0], value=value), *ESTIMATES[1:])


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert to_bytes(document()) == to_bytes(document())


def test_the_last_digits_of_a_sum_do_not_matter_but_a_figure_does() -> None:
    base = to_bytes(document(estimates=first(0.1 + 0.2)))
    assert to_bytes(document(estimates=first(0.3))) == base
    assert to_bytes(document(estimates=first(0.30001))) != base


def test_the_fingerprint_can_be_worked_out_again() -> None:
    found = json.loads(to_bytes(document()))
    claimed = found.pop("result_sha256")
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1)
    assert hashlib.sha256(text.encode()).hexdigest() == claimed


def test_what_is_no_number_is_unknown() -> None:
    report = document(estimates=first(math.nan))
    assert report["estimates"][0]["value"] is None


def test_evidence_is_named_by_reference_only() -> None:
    report = document()
    assert report["estimates"][0]["evidence_for"] == ["R-1", "R-2"]
    assert b"uri:1" not in to_bytes(report)
