"""One moment of the lake: for every table the version that was newest when a batch was committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seguito.facts.batch import Batch
from seguito.facts.tables import TABLES
from seguito.kit.errors import Refused, UsageError
from seguito.store.delta import DIGEST, files_of, kept_schema
from seguito.store.engine import Engine
from seguito.store.layout import Layout


@dataclass
class Snapshot:
    """Reads every table at one version, whatever is written meanwhile.

    Attributes:
        sequence: the number of the batch that made it; 0 for an empty lake.
        versions: the version of every table.
        batches: all batches up to this one, oldest first.
        engine: what runs the expressions.
    """

    layout: Layout
    sequence: int
    versions: Mapping[str, int]
    batches: tuple[Batch, ...]
    engine: Engine
    private: bool = False
    _tables: dict[str, Any] = field(default_factory=dict)
    _once: dict[tuple[str, str | None], bool] = field(default_factory=dict)

    def table(self, name: str) -> Any:
        """All observations of one table, as an Ibis table."""
        if name not in TABLES:
            raise UsageError(f"There is no table '{name}'.", f"The tables are: {', '.join(TABLES)}.")
        if TABLES[name].private and not self.private:
            raise Refused(
                f"The table '{name}' is private and this lake was opened without it.",
                "Only the creator's own tools open it, with open_lake(..., private=True).",
            )
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def _read(self, name: str) -> Any:
        schema = kept_schema(TABLES[name])
        path = self.layout.table(name)
        files = files_of(path, self.versions[name]) if name in self.versions else []
        return self.engine.read(files, str(path), schema).select(*schema.names)

    def rows_of(self, name: str, files: Sequence[str]) -> Any:
        """The observations in some files of one table, as an Ibis table."""
        schema = kept_schema(TABLES[name])
        return self.engine.read(files, str(self.layout.table(name)), schema).select(*schema.names)

    def current(self, name: str, among: Any = None, part: str | None = None) -> Any:
        """The newest observation of every key of one table.

        Args:
            name: the table.
            part: only this part of a table that lies in parts, such as one label.
            among: an Ibis table of one column: only of keys that begin with one of its values. Where they are few, this
                spares the engine the rest.
        """
        import ibis

        table = self._part(name, part)
        if among is not None:
            table = table.semi_join(among, table[TABLES[name].key[0]] == among[among.columns[0]])
        elif self._seen_once(name, part):
            return table
        newest = ibis.window(group_by=list(TABLES[name].key), order_by=[ibis.desc("observed_at"), ibis.desc(DIGEST)])
        ranked = table.mutate(newest_first=ibis.row_number().over(newest))
        return ranked.filter(ranked.newest_first == 0).drop("newest_first")

    def _part(self, name: str, part: str | None) -> Any:
        table = self.table(name)
        return table if part is None else table.filter(table[TABLES[name].part_of] == part)

    def _seen_once(self, name: str, part: str | None) -> bool:
        """Whether every key of a table has one observation only, so that all are current; most tables are like that."""
        if not self.engine.asks_first:
            return False
        if (name, part) not in self._once:
            table = self._part(name, part)
            keys = table.select(*TABLES[name].key).distinct()
            counted = (
                self.engine.fetch(table.aggregate(rows=table.count())),
                self.engine.fetch(keys.aggregate(rows=keys.count())),
            )
            self._once[name, part] = counted[0].equals(counted[1])
        return self._once[name, part]
