"""The report as JSON: the same dossier always gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from seguito.dossier.contract import Dossier
from seguito.measures.estimate import Estimate

FORMAT = "seguito-report-1"
SIGNIFICANT = 6


def to_document(dossier: Dossier) -> dict[str, Any]:
    """The report as plain dictionaries, lists, texts and numbers; evidence named by reference, never by uri."""
    references = {uri: row.reference for uri, row in dossier.rows.items()}
    estimates = [_estimate(one, references) for one in dossier.estimates]
    document = {
        "format": FORMAT,
        "is_simulated": dossier.is_simulated,
        "creator": _plain(dossier.creator),
        "snapshot": {"sequence": dossier.sequence, "versions": _plain(dossier.versions)},
        "window": _plain(dossier.window),
        "looked_at": _plain(dossier.looked_at),
        "sources": _plain(dossier.sources),
        "answers": _plain(dossier.answers),
        "estimates": estimates,
        "rows": {row.reference: _plain(row) for row in dossier.rows.values()},
        "right_of_reply": dossier.right_of_reply,
        "shows_names": dossier.show_names,
        "peers": _plain(dossier.peers),
    }
    document["result_sha256"] = hashlib.sha256(_dump(document)).hexdigest()
    return document


def to_bytes(document: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a report."""
    return _dump(document) + b"\n"


def _dump(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False).encode()


def _estimate(one: Estimate, references: Mapping[str, str]) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(one)
    for side in ("evidence_for", "evidence_against"):
        plain[side] = [references[uri] for uri in plain[side] if uri in references]
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_plain(inner) for inner in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        # Enough digits for any reader, few enough that two engines' sums agree to the last one.
        return None if math.isnan(value) or math.isinf(value) else float(f"{value:.{SIGNIFICANT}g}")
    return value
