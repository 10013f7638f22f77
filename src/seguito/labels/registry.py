"""Every labeller, one line each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path

from seguito.kit.settings import Settings, read_settings
from seguito.labels.contract import Labeller, source_of

# Loaded by name, only when used. `rules` alone means the patterns of rules/NAME.toml.
LABELLERS: dict[str, str] = {
    "reader": "seguito.labels.models.labeller:READER",
    "explanation": "rules",
    "wording": "seguito.labels.wording:WORDING",
}


def labellers(names: Iterable[str] = LABELLERS) -> list[Labeller]:
    """Load labellers by name."""
    return [_load(name, LABELLERS[name]) for name in names]


def labellers_of(workspace: Path) -> list[Labeller]:
    """The labellers of a workspace: all that are registered, with the larger models that its settings name."""
    settings = read_settings(workspace)
    if not settings.models:
        return labellers()
    from seguito.labels.seconded import seconded

    return seconded(labellers(), settings)


def processes_of(settings: Settings, chosen: Iterable[Labeller]) -> int | None:
    """How many processes read: as set; else one where a model reads, which holds its memory once and uses all cores."""
    if settings.label.processes is not None:
        return settings.label.processes
    return 1 if any(getattr(one, "model", None) is not None for one in chosen) else None


def told(chosen: Iterable[Labeller]) -> list[str]:
    """A sentence for every larger model among labellers: what it reads, and where; none where there is none."""
    return [str(one.told()) for one in chosen if hasattr(one, "told")]


def _load(name: str, place: str) -> Labeller:
    if place == "rules":
        from seguito.labels.patterns import Patterns

        return Patterns(name)
    module, attribute = place.split(":")
    loaded: Labeller = getattr(import_module(module), attribute)
    return loaded


def languages_of(label: str) -> frozenset[str]:
    """The languages in which a label can be given; empty when language does not matter to it.

    A post in another language was not read for it: it is unknown whether it would have the label.
    """
    reading = [_languages(one, label) for one in labellers() if label in one.labels]
    return frozenset().union(*reading) if all(reading) else frozenset()


def _languages(of: Labeller, label: str) -> frozenset[str]:
    by_label: Mapping[str, frozenset[str]] = getattr(of, "languages_by_label", {})
    return by_label.get(label, of.languages)


def sources(chosen: Iterable[Labeller]) -> tuple[str, ...]:
    """Name and revision of every labeller and of the language identification they rest on, sorted."""
    from seguito.labels.reading import language_source

    return tuple(sorted([str(language_source()), *(source_of(one) for one in chosen)]))


def signature(chosen: Iterable[Labeller]) -> str:
    """What the labels of a reading depend on: a digest of `sources`."""
    return hashlib.sha256(" ".join(sources(chosen)).encode()).hexdigest()[:16]
