"""Larger models among the labellers: which one reads what, as the settings say.

A model that is always asked takes the place of the labellers of its label. One that is asked only where the compact
reader is not sure stands beside them: they keep silent there, it speaks there, and each label carries the source of
the one that gave it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from seguito.kit.errors import UsageError
from seguito.kit.settings import ModelSettings, Settings, nearest
from seguito.labels.catalogue import LABELS
from seguito.labels.contract import LANGUAGES, Labeller
from seguito.labels.models.classifier import Classifier, Unsure
from seguito.labels.models.onnx import open_model
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.second import Asked, Second, Yielding, languages_of_label


def seconded(
    first: Sequence[Labeller],
    settings: Settings,
    *,
    reader: Callable[[], Classifier] | None = None,
) -> list[Labeller]:
    """The labellers with the models of the settings in place of some, or beside them.

    Args:
        first: the labellers that there are.
        settings: which models are set.
        reader: loads the compact reader, for models that are asked only where it is not sure; by default the one
            that ships.

    Raises:
        UsageError: a label or a language is not known, or the reader does not read it.
        SeguitoError: a model cannot be opened.
    """
    chosen = list(first)
    threads = settings.label.threads or max(1, cores() // (settings.label.processes or 1))
    for name, said in sorted(settings.models.items()):
        if name not in LABELS:
            raise UsageError(f"The settings name a model for '{name}', which is no label.", nearest(name, LABELS))
        model = open_model(said.model, name, said, threads=threads)
        asked = Asked(_languages(name, said, chosen), _unsure(name, said, reader))
        chosen = [after for one in chosen for after in _before(one, name, asked)]
        chosen.append(Second(name, model.name, model, asked))
    return chosen


def never_unsure(name: str, first: Classifier) -> UsageError:
    """What to say where a model is to be asked only when the reader is not sure of what it does not read."""
    return UsageError(
        f"The compact reader does not read {name}, so it can never be unsure of it.",
        f"Let the model read everything. The reader reads {', '.join(first.heads)}.",
    )


def _before(one: Labeller, name: str, asked: Asked) -> list[Labeller]:
    """What remains of a labeller where a model is set for one of its labels: it, less of it, or nothing."""
    if name not in one.labels:
        return [one]
    languages = languages_of_label(one, name)
    replaced = asked.unsure is None and bool(languages) and languages <= asked.languages
    return [] if replaced and len(one.labels) == 1 else [Yielding(one, name, asked)]


def _languages(name: str, said: ModelSettings, chosen: Iterable[Labeller]) -> frozenset[str]:
    """The languages a model is asked in: those set, or all in which the label is given."""
    reading = [languages_of_label(one, name) for one in chosen if name in one.labels]
    known = frozenset(LANGUAGES).union(*reading)
    for language in said.languages:
        if language not in known:
            raise UsageError(
                f"The model of {name} is set for '{language}', in which that label is not given.",
                f"Languages are {', '.join(sorted(known))}.",
            )
    return frozenset(said.languages) or known


def _unsure(name: str, said: ModelSettings, reader: Callable[[], Classifier] | None) -> Unsure | None:
    if said.only == "always":
        return None
    first = reader() if reader else _compact()
    if name not in first.heads:
        raise never_unsure(name, first)
    return Unsure(first, name, said.below)


def _compact() -> Classifier:
    return Reader.load(OPEN)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
