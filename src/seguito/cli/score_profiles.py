"""`seguito score-profiles`: how well the profiles of sold followers are told from others, on anybody's test set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk
from seguito.cli.labelled import Rows, filters, pairs, read

if TYPE_CHECKING:
    import pyarrow as pa

    from seguito.labels.gold import Gold
    from seguito.measures.profiles.fields import Profiles

_SET = "The profiles"
_SCORER = "The scorer"
# Where several files hold one kind of account each, the file's name is the gold.
BY_FILE = "file"

Files = Annotated[list[Path], typer.Argument(help="CSV, TSV, JSON, NDJSON or Parquet; several count as one.")]
GoldColumn = Annotated[
    str | None,
    typer.Option(
        "--gold", help="The column with what people said; `file` is the name of each row's file.", rich_help_panel=_SET
    ),
]
Positive = Annotated[
    list[str] | None,
    typer.Option("--positive", help="The gold that counts as fake; all else is not. Repeatable.", rich_help_panel=_SET),
]
Map = Annotated[
    Path | None,
    typer.Option("--map", help="Two columns, gold,yes or no; '-' leaves rows out.", rich_help_panel=_SET),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where", help="Only rows with COLUMN=VALUE. Repeatable.", rich_help_panel=_SET, metavar="COLUMN=VALUE"
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="Which column holds what, where it is not guessed: followers=fans; `-` for none. Repeatable.",
        rich_help_panel=_SET,
        metavar="NAME=COLUMN",
    ),
]
SeenAt = Annotated[
    datetime | None,
    typer.Option("--seen-at", help="When the profiles were read, to know their age.", rich_help_panel=_SET),
]
NoQuotes = Annotated[
    bool, typer.Option("--no-quotes", help="Quotation marks in the file are just letters.", rich_help_panel=_SET)
]
Weights = Annotated[
    str, typer.Option("--weights", help="open, research, or the path of a file of points.", rich_help_panel=_SCORER)
]
Threshold = Annotated[
    int | None,
    typer.Option("--threshold", min=1, help="Points from which on it counts as fake-like.", rich_help_panel=_SCORER),
]


def score_profiles(
    files: Files,
    gold: GoldColumn = None,
    positive: Positive = None,
    map_file: Map = None,
    where: Where = None,
    column: Columns = None,
    seen_at: SeenAt = None,
    no_quotes: NoQuotes = False,
    weights: Weights = "open",
    threshold: Threshold = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Score the profile scorer on sorted profiles, or count how many of a list are consistent with fakes."""
    from dataclasses import replace

    from seguito.cli.profile_scores import document_of, print_document, tell
    from seguito.kit.errors import UsageError
    from seguito.measures.profiles.scorer import Scorer

    if (positive or map_file) and gold is None:
        raise UsageError("--positive and --map speak of the gold.", "Name its column with --gold.")
    scorer = Scorer.load(weights)
    if threshold is not None:
        # The errors that were measured are those of the threshold it came with.
        scorer = replace(scorer, threshold=threshold, name="other threshold", errors=())
    told = pairs(column, "--column")
    parts = [_part(file, told, gold, where, seen_at, quoted=not no_quotes) for file in files]
    profiles = _joined([one.profiles for one in parts])
    about: dict[str, Any] = {
        "weights": weights,
        "revision": scorer.revision,
        "rows": profiles.rows,
        "rejected": sum(one.rows.rejected for one in parts),
        "unreadable": _added([one.unreadable for one in parts]),
        "columns": {file.name: one.columns for file, one in zip(files, parts, strict=True)},
    }
    is_fake = None
    if gold is not None:
        right = _gold([one.rows for one in parts], files, gold, positive, map_file)
        kept = right.numbers >= 0
        about["left_out"] = dict(right.left_out)
        profiles, is_fake = profiles.some(kept), right.numbers[kept] == 1
    document = document_of(about, profiles, is_fake, scorer)
    if as_json:
        typer.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    print_document(document)
    tell(Talk(quiet=quiet), document)


@dataclass(frozen=True, slots=True)
class _Part:
    """One file: its profiles, its needed columns, what each was taken for, and cells that could not be read."""

    profiles: Profiles
    rows: Rows
    columns: dict[str, str]
    unreadable: dict[str, int]


def _part(
    file: Path,
    told: dict[str, str],
    gold: str | None,
    where: list[str] | None,
    seen_at: datetime | None,
    *,
    quoted: bool,
) -> _Part:
    from datetime import UTC

    from seguito.measures.profiles.cells import profiles_of, unreadable
    from seguito.measures.profiles.columns import recognise
    from seguito.sources.files.layout import grid_of
    from seguito.sources.files.opening import digest, take_sample

    header = grid_of(take_sample(file), digest(file), quoted=quoted).header
    found = recognise([name for name in header if name != gold], told)
    needed = {*found.values(), *(name for name, _ in filters(where))}
    if gold is not None and (gold != BY_FILE or BY_FILE in header):
        needed.add(gold)
    rows = read(file, needed, where, quoted=quoted)
    moment = seen_at.replace(tzinfo=UTC) if seen_at is not None and seen_at.tzinfo is None else seen_at
    cells = {name: rows.columns[column] for name, column in found.items()}
    profiles = profiles_of(cells, rows.rows, moment)
    return _Part(profiles, rows, found, unreadable(cells, profiles))


def _added(parts: list[dict[str, int]]) -> dict[str, int]:
    return {name: sum(one.get(name, 0) for one in parts) for name in sorted({name for one in parts for name in one})}


def _joined(parts: list[Profiles]) -> Profiles:
    """The profiles of several files as one; what a file does not tell is unknown for its profiles."""
    import numpy as np

    from seguito.measures.profiles.fields import Profiles

    names = sorted({name for one in parts for name in one.columns})
    return Profiles(
        sum(one.rows for one in parts), {name: np.concatenate([one.column(name) for one in parts]) for name in names}
    )


def _gold(parts: list[Rows], files: list[Path], gold: str, positive: list[str] | None, map_file: Path | None) -> Gold:
    """The gold of all rows as numbers: 1 fake, 0 not, -1 left out."""
    import pyarrow as pa

    from seguito.kit.errors import UsageError
    from seguito.labels.gold import NO, YES, named, read_map, yes_or_no

    if positive and map_file:
        raise UsageError("--positive and --map contradict each other.", "Use one of them.")
    cells = pa.concat_arrays(
        [
            rows.columns[gold].combine_chunks()
            if gold in rows.columns
            else pa.array([file.stem] * rows.rows, pa.string())
            for file, rows in zip(files, parts, strict=True)
        ]
    )
    if positive:
        return _without_empty(cells, yes_or_no(cells, positive))
    return named(cells, (NO, YES), read_map(map_file) if map_file else None)


def _without_empty(cells: pa.Array, gold: Gold) -> Gold:
    """An empty cell is nobody's word that a profile is real: its row is left out."""
    import numpy as np
    import pyarrow.compute as pc

    from seguito.labels.gold import LEFT_OUT, Gold

    silent = pc.is_null(cells).to_numpy(zero_copy_only=False)
    if not silent.any():
        return gold
    return Gold(np.where(silent, LEFT_OUT, gold.numbers), {**gold.left_out, "": int(silent.sum())})
