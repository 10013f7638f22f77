"""Simulated worlds, vetted the way real ones are; what was found is kept, so that several detectors read one world.

A world is read from the files it writes, labelled and vetted by the product itself. Beside what the dossier says stands
what is true of the whole world, counted before anything is hidden from the reader.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from seguito.simulate.community import Community, simulate
from seguito.simulate.plan import Plan
from seguito.simulate.scenarios import SCENARIOS, planned

HERE = Path(__file__).parent
KEPT = HERE / "results" / ".worlds"
# What the dossier's figures depend on; how they are shown does not change them.
PRODUCT = ("kit", "facts", "sources", "store", "labels", "measures", "dossier", "simulate", "pipeline.py")
PROCESSES = 2
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Seen:
    """One world and what its dossier says.

    Attributes:
        scenario: its name.
        seed: its seed.
        truth: what was planted, counted on the world itself.
        verdicts: the answer of each question.
        estimates: each measure's estimate, as in the report's JSON.
    """

    scenario: str
    seed: int
    truth: Mapping[str, Any]
    verdicts: Mapping[str, str]
    estimates: Mapping[str, Mapping[str, Any]]

    def value(self, measure: str, part: str = "") -> float | None:
        """A measure's value or that of a part of it; none where it is not known, or the measure does not exist."""
        found = self.figure(measure, part)
        return None if found is None else found["value"]

    def figure(self, measure: str, part: str = "") -> Mapping[str, Any] | None:
        """The measure's record, or that of a part of it."""
        estimate = self.estimates.get(measure)
        if estimate is None or not part:
            return estimate
        return next((one for one in estimate["parts"] if one["key"] == part), None)


def scenarios(seeds: Sequence[int], *, comments: int = 4_000, release: bool = False) -> list[Plan]:
    """The plan of every scenario there is, for each of the seeds."""
    return [planned(name, seed=seed, comments=comments, release=release) for name in SCENARIOS for seed in seeds]


def vetted(plans: Iterable[Plan]) -> list[Seen]:
    """What the dossier says of each world; worlds that were vetted before with the same code are read from disk."""
    chosen = list(plans)
    waiting = [one for one in dict.fromkeys(map(_key, chosen)) if not _path(one).is_file()]
    by_key = {_key(one): one for one in chosen}
    if waiting:
        KEPT.mkdir(parents=True, exist_ok=True)
        # A forked child of a process that holds an engine dies.
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            for key, content in zip(waiting, pool.map(_vet, [by_key[key] for key in waiting]), strict=True):
                _path(key).write_text(content, encoding="utf-8")
    return [Seen(**json.loads(_path(_key(one)).read_text("utf-8"))) for one in chosen]


def _key(plan: Plan) -> str:
    return sha256(f"{product()} {plan!r}".encode()).hexdigest()[:32]


def _path(key: str) -> Path:
    return KEPT / f"{key}.json"


@cache
def product() -> str:
    """A digest of the code that makes the figures."""
    found = sha256(Path(__file__).read_bytes())
    for name in PRODUCT:
        place = HERE.parent / "src" / "seguito" / name
        paths = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in paths:
            if path.suffix in {".py", ".toml"}:
                found.update(path.read_bytes())
    return found.hexdigest()


def _vet(plan: Plan) -> str:
    community = simulate(plan)
    document = dossier_of(community)
    seen = Seen(
        scenario=plan.scenario,
        seed=plan.seed,
        truth=truth_of(community),
        verdicts={one["question"]: one["verdict"] for one in document["answers"]},
        estimates={one["measure"]: one for one in document["estimates"]},
    )
    return json.dumps(asdict(seen))


def dossier_of(community: Community) -> Mapping[str, Any]:
    """Write a world as files; read, label and vet it; the report's JSON."""
    from seguito import pipeline
    from seguito.reports.canonical import to_document
    from seguito.simulate.files import creator_key, write
    from seguito.sources.contract import Options
    from seguito.sources.targets import open_targets
    from seguito.store.lake import open_lake

    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in write(community, Path(folder) / "files")]
        with open_lake(Path(folder) / "workspace") as lake:
            for reading in open_targets(paths, Options()):
                pipeline.collect(lake, reading)
            pipeline.label(lake, processes=1)
            return to_document(pipeline.vet(lake, creator_key(community, "bluesky")))


# -- what is true of a world ----------------------------------------------------------------------------------------


def truth_of(community: Community) -> dict[str, Any]:
    """What was planted, and what detectors are held against beside it, counted on the whole world."""
    from seguito.simulate.comments import CODE, WORRIES
    from seguito.simulate.truth import truth

    comments = community.comments
    waits = first_waits(community)
    asked = community.by_member & (comments.intent == CODE["question"])
    worried = community.by_member & np.isin(comments.intent, WORRIES)
    watched = community.by_member & (comments.at <= comments.at.max() - DAY)
    return {
        **truth(community),
        "questions_answered": _share(np.isfinite(waits[asked])),
        "worried_answered": _share(np.isfinite(waits[worried])),
        "answered_within_24h": _share(waits[watched] <= DAY),
    }


def first_waits(community: Community) -> np.ndarray[Any, np.dtype[np.float64]]:
    """For every comment the seconds until the creator's first answer; infinite where there is none."""
    from seguito.simulate.comments import ROOT

    comments = community.comments
    answers = np.flatnonzero(~community.by_member & (comments.parent != ROOT))
    waits = np.full(len(comments), np.inf)
    np.minimum.at(waits, comments.parent[answers], comments.at[answers] - comments.at[comments.parent[answers]])
    return waits


def _share(flags: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
