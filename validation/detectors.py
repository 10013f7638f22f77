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
    "dialogue": "validation.dialogue",
    "community": "validation.community",
    "climate": "validation.climate",
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
