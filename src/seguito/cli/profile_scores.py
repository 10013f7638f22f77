"""What the profile scorer reached, as a document and on a terminal. Figures of many profiles; never a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seguito.cli.console import Talk, results

if TYPE_CHECKING:
    from collections.abc import Callable

    from seguito.kit.intervals import Interval
    from seguito.labels.scoring import Figure
    from seguito.measures.profiles.fields import Flags, Profiles
    from seguito.measures.profiles.scorer import Scorer


def document_of(about: dict[str, Any], profiles: Profiles, is_fake: Flags | None, scorer: Scorer) -> dict[str, Any]:
    """What the scorer says of the profiles, and how that compares with the gold where there is one, as JSON shows it.

    Args:
        about: what was read, and how; stands first.
        profiles: the profiles; those that the gold leaves out are not among them.
        is_fake: what people said of each; `None` where nobody did.
        scorer: the points.
    """
    document = {
        **about,
        "n": profiles.rows,
        "fields": _fields(profiles, scorer),
        "threshold": scorer.threshold,
        **({} if is_fake is None else _against_gold(profiles, is_fake, scorer)),
        "prevalence": _prevalence(profiles, scorer),
    }
    if is_fake is not None:
        document["prevalence"]["true"] = round(float(is_fake.mean()), 4) if profiles.rows else None
    return document


def _against_gold(profiles: Profiles, is_fake: Flags, scorer: Scorer) -> dict[str, Any]:
    from seguito.measures.profiles.scored import compare

    found = compare(profiles, is_fake, scorer)
    errors = found.errors
    return {
        "ordered": found.n,
        "positives": found.positives,
        "decided": found.decided,
        "auc": _figure(found.auc),
        "roc": [
            {"false_alarms": one.false_alarms, "sensitivity": round(one.sensitivity, 4), "over_threshold": one.points}
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
        # Points are no probabilities: there is nothing to calibrate. What is to hold is the prevalence below.
        "calibration": None,
    }


def _prevalence(profiles: Profiles, scorer: Scorer) -> dict[str, Any]:
    """The share above the threshold and the prevalence behind it."""
    from seguito.kit.intervals import wilson
    from seguito.measures.profiles.scored import count

    found = count(profiles, scorer)
    share = None
    if found.is_scored and found.n:
        share = {"value": round(found.above / found.n, 4), **_ends(wilson(found.above, found.n))}
    document: dict[str, Any] = {
        "n": found.n,
        "fields": list(found.fields),
        "threshold": scorer.limit(found.fields),
        "share_above": share,
        "errors_known": found.errors is not None,
        "value": None,
    }
    if found.errors is not None:
        document["sensitivity"] = round(found.errors.sensitivity, 4)
        document["specificity"] = round(found.errors.specificity, 4)
    behind = found.prevalence
    if behind is not None:
        document |= {"value": round(behind.value, 4), **_ends(behind.interval), "hull": _ends(behind.hull)}
        document["shifted"] = {name: None if value is None else round(value, 4) for name, value in behind.shifted}
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
    line("fields known", ", ".join(f"{name} {share:.0%}" for name, share in document["fields"].items() if share))
    line("fields missing", ", ".join(name for name, share in document["fields"].items() if not share) or "none")
    if "auc" in document:
        _print_comparison(document, line)
    _print_prevalence(document["prevalence"], line)


def _print_comparison(document: dict[str, Any], line: Callable[[str, str], None]) -> None:
    line("fakes", f"{document['positives']:,} of {document['ordered']:,} that tell anything")
    line("AUC", _shown(document["auc"]))
    for one in document["roc"]:
        title = f"found at {one['false_alarms']:.0%} false alarms"
        line(title, f"{one['sensitivity']:.3f} (threshold {one['over_threshold']:+d})")
    line("decided (enough is known)", f"{document['decided']:,}")
    line("sensitivity at threshold", _shown(document["sensitivity"]))
    line("specificity at threshold", _shown(document["specificity"]))
    for share, figure in document["ppv"].items():
        line(f"PPV at {float(share):.0%} prevalence", _shown(figure))
    line("calibration", "points are no probabilities: see the prevalence")


def _print_prevalence(found: dict[str, Any], line: Callable[[str, str], None]) -> None:
    line("share above the threshold", _shown(found["share_above"]))
    line("", f"of {found['n']:,} that tell {', '.join(found['fields']) or 'nothing'} (threshold {found['threshold']})")
    if found["value"] is not None:
        line("prevalence behind it", _shown(found))
        hull = found["hull"]
        line("with other errors", f"{hull['lo']:.3f}–{hull['hi']:.3f} (sensitivity ±.10, specificity ±.03)")
    if "true" in found:
        line("share of fakes by the gold", _shown({"value": found["true"], "lo": None, "hi": None}))


def _shown(figure: dict[str, Any] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    span = "" if figure["lo"] is None else f" ({figure['lo']:.3f}–{figure['hi']:.3f})"
    return f"{figure['value']:.3f}{span}"


def tell(talk: Talk, document: dict[str, Any]) -> None:
    """Say on stderr what the figures leave open."""
    for name, columns in document["columns"].items():
        talk.say(f"{name}: " + ", ".join(f"{what} from '{column}'" for what, column in columns.items()) + ".")
    if document.get("left_out"):
        told = ", ".join(f"'{cell}' {rows:,}" for cell, rows in document["left_out"].items())
        talk.say(f"Left out, since their gold is neither yes nor no: {told} rows.")
    if document["rejected"]:
        talk.say(f"Not readable: {document['rejected']:,} rows; they are in no figure.")
    for name, cells in document["unreadable"].items():
        talk.say(f"Not readable: {cells:,} cells of {name}; they count as unknown, not as zero.")
    missing = [name for name, share in document["fields"].items() if not share and name != "age"]
    if missing:
        talk.say(
            f"The file does not tell {', '.join(missing)}: the threshold shrinks with the points that can be reached, "
            "and the errors are those measured without these fields."
        )
    if "decided" in document and document["decided"] < document["n"]:
        talk.say(f"Not decided: {document['n'] - document['decided']:,} profiles, of which too little is known.")
    found = document["prevalence"]
    if found["threshold"] is None:
        talk.say("Nearly all profiles tell too few fields together to be decided on: no share and no prevalence.")
    elif found["value"] is None:
        talk.say("How often the scorer is wrong with these fields was not measured, or it is too often: no prevalence.")
    talk.say("A share of profiles that look like sold followers. Of any single one it says nothing.")
