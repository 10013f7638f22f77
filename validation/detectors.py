"""Which module measures which detector, and the figures nothing measures yet. Add one line here, and its module."""

from __future__ import annotations

from collections.abc import Mapping

from validation.table import Reached, Sign, Unit

# The module offers `rows(seeds, *, release=False)`; a module that is not there is told as not built.
DETECTORS: Mapping[str, str] = {
    "fake_share": "validation.fake_share",
    "profiles": "validation.profiles",
    "growth": "validation.growth",
    "coordination": "validation.coordination",
    "engagement": "validation.engagement",
    "breadth": "validation.breadth",
    "groups": "validation.groups",
    "dialogue": "validation.dialogue",
    "climate": "validation.climate",
    "texts": "validation.texts",
    "facts": "validation.facts",
    "verdicts": "validation.verdicts",
}


def _missing(
    detector: str,
    data: str,
    metric: str,
    goal: float | None,
    note: str,
    *,
    sign: Sign = "at_least",
    unit: Unit = "share",
) -> Reached:
    return Reached(detector=detector, data=data, metric=metric, value=None, goal=goal, sign=sign, unit=unit, note=note)


NOT_BUILT: tuple[Reached, ...] = (
    _missing(
        "waves", "simulated S5", "false waves a year and stream", 1, "not built yet", sign="at_most", unit="a_year"
    ),
    _missing("commercial post", "public labelled sets", "macro-F1", 0.8, "no labeller for it yet", unit="number"),
    _missing(
        "hate share, 2 % and 300 labels",
        "simulated labels",
        "coverage of the 95 % interval",
        0.93,
        "not built yet: labels drawn by strata of the score",
    ),
    _missing("listening", "200 labelled threads", "AUC against raters", 0.75, "not built yet", unit="number"),
    _missing(
        "launch, single series", "simulated S7", "false alarms, 84 + 14 days", 0.08, "not built yet", sign="at_most"
    ),
    _missing("launch, peers", "simulated S7 with a shock", "false alarms", 0.07, "not built yet", sign="at_most"),
    _missing("launch, peers", "simulated S7 with a shock", "power at +60 %", 0.9, "not built yet"),
    _missing("saturation", "simulated S8", "AUC, choice against overload", 0.95, "not built yet", unit="number"),
    _missing("disclosure", "simulated S9", "coverage of the 95 % interval", 0.92, "not built yet"),
    _missing("drift", "simulated S6", "false alarms", 0.06, "not built yet", sign="at_most"),
    _missing("drift", "simulated S6", "power, 35 % of the topics in 30 posts", 0.8, "not built yet"),
    _missing("planned against abrupt", "simulated S6", "accuracy where it decides", 0.9, "not built yet"),
)
