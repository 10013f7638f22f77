"""Tables that were prepared from a snapshot, kept in one file of the embedded engine, and what has come since.

A file belongs to one space and one state of the code that prepares it. It is a convenience: whatever is odd about it
(another process has it open, it is damaged, facts were removed) it is as if it had never been. Spark prepares anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from seguito.store import delta
from seguito.store.duckdb import DuckDB
from seguito.store.layout import Layout
from seguito.store.snapshot import Snapshot

# Of fewer posts than this nothing is worth keeping.
LEAST = 20_000
_ALIAS = "prepared"


@dataclass
class Prepared:
    """The kept tables of one space, open for this process alone.

    Attributes:
        snapshot: the one they are wanted for.
        code: digest of the code that prepares them.
    """

    snapshot: Snapshot
    code: str
    _told: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, snapshot: Snapshot, space: str, code: str) -> Prepared | None:
        """The tables of `space`; `None` where they cannot be kept or are not worth it."""
        import duckdb

        engine, layout = snapshot.engine, snapshot.layout
        version = snapshot.versions.get("posts")
        if not isinstance(engine, DuckDB) or version is None:
            return None
        if delta.rows_of(layout.table("posts"), version) < LEAST:
            return None
        place = layout.prepared / f"{sha256(space.encode()).hexdigest()[:24]}.duckdb"
        prepared = cls(snapshot, f"{code} {duckdb.__version__}")
        for _ in range(2):
            try:
                layout.prepared.mkdir(parents=True, exist_ok=True)
                prepared._attach(place)
            except duckdb.IOException:  # in use, or on a disk that can only be read
                return None
            except (duckdb.Error, ValueError):
                _remove(place)
            except OSError:
                return None
            else:
                return prepared
        return None

    def _attach(self, place: Path) -> None:
        name = str(place).replace("'", "''")
        self._run(f"attach if not exists '{name}' as {_ALIAS}")
        self._run(f"create table if not exists {_ALIAS}.main.about (told varchar)")
        row = self._run(f"select told from {_ALIAS}.main.about").fetchone()  # noqa: S608
        self._told = json.loads(row[0]) if row else {}

    def _run(self, query: str, values: list[Any] | None = None) -> Any:
        engine = self.snapshot.engine
        assert isinstance(engine, DuckDB)  # noqa: S101 - nothing else opens it
        return engine.connection.execute(query, values)

    def came_since(self, names: tuple[str, ...]) -> dict[str, list[str]] | None:
        """Files of these tables that came after what is kept; `None` where what is kept cannot be used.

        That is so before the first time, after other code, and where rows were removed or files joined since.
        """
        told = self._told
        if told.get("code") != self.code or told.get("sequence", 0) > self.snapshot.sequence:
            return None
        found = {}
        for name in names:
            now, then = self._files(name), set(told["files"].get(name, []))
            if not then <= set(now):
                return None
            found[name] = [now[one] for one in now if one not in then]
        return found

    def _files(self, name: str) -> dict[str, str]:
        version, path = self.snapshot.versions.get(name), self.snapshot.layout.table(name)
        files = [] if version is None else delta.files_of(path, version)
        return {str(Path(file).relative_to(path.absolute())): file for file in files}

    def table(self, name: str) -> Any:
        """A kept table."""
        engine: Any = self.snapshot.engine
        return engine.attached(name, _ALIAS)

    def begin(self) -> None:
        """From here to `end` what is kept is in between, and no use to anybody who comes upon it."""
        self._say({})

    def put(self, name: str, expression: Any) -> None:
        """Keep a whole table."""
        engine: Any = self.snapshot.engine
        engine.write(expression, name, _ALIAS)

    def amend(self, name: str, gone: Any, new: Any) -> None:
        """Take the rows with some uris out of a kept table and put others in.

        Args:
            name: the table.
            gone: a kept Ibis table with a column uri.
            new: an Ibis table with the table's columns.
        """
        engine: Any = self.snapshot.engine
        kept = engine.keep(new)
        self._run(f"delete from {_ALIAS}.main.{name} where uri in (select uri from {gone.get_name()})")  # noqa: S608
        self._run(f"insert into {_ALIAS}.main.{name} by name from {kept.get_name()}")

    def end(self, names: tuple[str, ...]) -> None:
        """What is kept is that of the snapshot now."""
        files = {name: sorted(self._files(name)) for name in names}
        self._say({"code": self.code, "sequence": self.snapshot.sequence, "files": files})

    def _say(self, told: Mapping[str, Any]) -> None:
        self._told = dict(told)
        self._run(f"delete from {_ALIAS}.main.about")  # noqa: S608
        self._run(f"insert into {_ALIAS}.main.about values (?)", [json.dumps(told)])  # noqa: S608


def void(layout: Layout) -> None:
    """Keep nothing any more. Only while holding the lock."""
    shutil.rmtree(layout.prepared, ignore_errors=True)


def _remove(place: Path) -> None:
    for file in (place, place.with_name(place.name + ".wal")):
        file.unlink(missing_ok=True)
