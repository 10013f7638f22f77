"""What the profile scorer reached, as a document and on a terminal. Figures of many profiles; never a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seguito.cli.console import Talk, results

if TYPE_CHECKING:
    from seguito.kit.intervals import Interval
    from seguito.labels.scoring import Figure
    from seguito.measures.profiles.fields import Flags, Profiles
    from seguito.measures.profiles.scorer import Scorer


def sorted_out(about: dict[str, Any], profiles: Profiles, is_fake: Flags, scorer: Scorer) -> dict[str, Any]:
    """The scorer against the gold, as JSON shows it."""
    from seguito.measures.profiles.scored import compare

    found = compare(profiles, is_fake, scorer)
    errors = found.errors
    return {
        **about,
        "n": found.n,
        "positives": found.positives,
        "not_scored": found.not_scored,
        "coverage": round(found.n / profiles.rows, 4) if profiles.rows else None,
        "fields": _fields(profiles, scorer),
        "threshold": scorer.threshold,
        "auc": _figure(found.auc),
        "roc": [
            {"false_alarms": one.false_alarms, "sensitivity": round(one.sensitivity, 4), "points": one.points}
            for one in found.roc
        ],
        "sensitivity": _figure(found.sensitivity),
        "specificity": _figure(found.specificity),
        "ppv": {f"{share:.2f}": _figure(figure) for share, figure in found.ppv.items()},
        "counts": {
            "true_positive": errors.true_positive,
            "false_negative": errors.false_negative,
            "false_positive": errors.false_positive,
            "true_negative": errors.true_negative,
        },
    }


def counted(about: dict[str, Any], profiles: Profiles, scorer: Scorer) -> dict[str, Any]:
    """The share above the threshold and the prevalence behind it, as JSON shows them."""
    from seguito.kit.intervals import wilson
    from seguito.measures.profiles.scored import count

    found = count(profiles, scorer)
    behind = found.prevalence
    share = None
    if found.is_scored and found.n:
        share = {"value": round(found.above / found.n, 4), **_ends(wilson(found.above, found.n))}
    document: dict[str, Any] = {
        **about,
        "n": found.n,
        "coverage": round(found.n / profiles.rows, 4) if profiles.rows else None,
        "fields": _fields(profiles, scorer),
        "fields_used": list(found.fields),
        "threshold": scorer.limit(found.fields),
        "share_above": share,
        "prevalence": None,
    }
    if behind is not None:
        document["prevalence"] = {"value": round(behind.value, 4), **_ends(behind.interval)}
        document["sensitivity_hull"] = _ends(behind.hull)
        document["errors_shifted"] = {
            name: None if value is None else round(value, 4) for name, value in behind.shifted
        }
    return document


def _fields(profiles: Profiles, scorer: Scorer) -> dict[str, float]:
    """The share of profiles that tell each field the scorer reads."""
    from seguito.measures.profiles.fields import FIELDS

    read = {field for one in scorer.evidence for field in one.needs}
    return {field: round(float(profiles.known(field).mean()), 4) for field in FIELDS if field in read and profiles.rows}


def _figure(one: Figure) -> dict[str, float | None]:
    return {"value": None if one.value is None else round(one.value, 4), **_ends(one.interval)}


def _ends(one: Interval | None) -> dict[str, float | None]:
    return {"lo": None if one is None else round(one.lo, 4), "hi": None if one is None else round(one.hi, 4)}


def print_document(document: dict[str, Any]) -> None:
    """Print the figures on stdout."""
    from rich.text import Text

    console = results()

    def line(title: str, told: str) -> None:
        console.print(Text(f"  {title:<28} {told}"))

    head = f"{document['n']:,} profiles, weights {document['weights']} (revision {document['revision']})"
    console.print(Text(head, style="bold"))
    line("scored", "–" if document["coverage"] is None else f"{document['coverage']:.1%} of {document['rows']:,} rows")
    line("fields known", ", ".join(f"{name} {share:.0%}" for name, share in document["fields"].items() if share))
    line("fields missing", ", ".join(name for name, share in document["fields"].items() if not share) or "none")
    if "auc" not in document:
        line("fields used", ", ".join(document["fields_used"]) or "none")
        line("share above the threshold", _shown(document["share_above"]))
        line("prevalence behind it", _shown(document["prevalence"]))
        if document["prevalence"] is not None:
            hull = document["sensitivity_hull"]
            line("with other errors", f"{hull['lo']:.3f}–{hull['hi']:.3f} (sensitivity ±.10, specificity ±.03)")
        return
    line("fakes", f"{document['positives']:,}")
    line("AUC", _shown(document["auc"]))
    for one in document["roc"]:
        title = f"found at {one['false_alarms']:.0%} false alarms"
        line(title, f"{one['sensitivity']:.3f} (from {one['points']} points on)")
    line(f"sensitivity at {document['threshold']} points", _shown(document["sensitivity"]))
    line(f"specificity at {document['threshold']} points", _shown(document["specificity"]))
    for share, figure in document["ppv"].items():
        line(f"PPV at {float(share):.0%} prevalence", _shown(figure))


def _shown(figure: dict[str, float | None] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    span = "" if figure["lo"] is None else f" ({figure['lo']:.3f}–{figure['hi']:.3f})"
    return f"{figure['value']:.3f}{span}"


def tell(talk: Talk, document: dict[str, Any]) -> None:
    """Say on stderr what the figures leave open."""
    for name, columns in document["columns"].items():
        talk.say(f"{name}: " + ", ".join(f"{what} from '{column}'" for what, column in columns.items()) + ".")
    if document.get("not_scored"):
        talk.say(f"Not scored: {document['not_scored']:,} profiles, of which too little is known.")
    left = sum(document.get("left_out", {}).values())
    if left:
        talk.say(f"Left out by the map: {left:,} rows.")
    if document["rejected"]:
        talk.say(f"Not readable: {document['rejected']:,} rows.")
    if "auc" in document:
        return
    if document["threshold"] is None:
        talk.say("Too little is known of these profiles to score any of them.")
    elif document["prevalence"] is None:
        talk.say("How often the scorer is wrong with these fields was not measured, or it is too often: no prevalence.")
    talk.say("A share of profiles that look like sold followers. Of any single one it says nothing.")
