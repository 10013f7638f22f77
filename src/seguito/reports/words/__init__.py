"""The report's sentences in a person's language, looked up by code and filled with figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from seguito.kit.errors import UsageError
from seguito.reports.numbers import UNKNOWN, Numbers

LANGUAGES = ("en", "it")
# What a figure inside a sentence is measured in, when it is not the measure's own unit.
_SHARES = (
    "share",
    "coverage",
    "sensitivity",
    "specificity",
    "limit",
    "false_alarms",
    "recall",
    "half_width",
    "relate_lo",
    "relate_hi",
    "relate_yes",
)
_UNITS = {
    **dict.fromkeys((*_SHARES, "return_lo", "return_hi", "return_yes"), "share"),
    "jumps": "per_year",
    **dict.fromkeys(("n", "needed", "more", "weeks", "declared", "collected", "missing", "rows", "known"), "count"),
}

# Beyond so many weeks, "at the present pace" is no advice.
LONGEST_WAIT = 260

Units = Mapping[str, str]


def unit_of(units: Units, measure: str, part: str = "") -> str:
    """The unit of a measure's figure, or of a part of it (under `measure/part`); a share where neither is told."""
    return units.get(f"{measure}/{part}", units.get(measure, "share"))


@cache
def _source_notes() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """A pattern for every English note, with its words in the other languages."""
    text = (files("seguito.reports.words") / "source_notes.toml").read_text(encoding="utf-8")
    found = []
    for row in tomllib.loads(text)["note"]:
        parts = re.split(r"\{(\w+)\}", row["en"])
        pattern = "".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        found.append((re.compile(pattern, re.DOTALL), {key: value for key, value in row.items() if key != "en"}))
    return tuple(found)


@dataclass(frozen=True)
class Words:
    """Everything the product says in one language.

    Attributes:
        lang: `en` or `it`.
        table: the sentences, as in the language's TOML file.
        numbers: how figures are written.
    """

    lang: str
    table: Mapping[str, Any]
    numbers: Numbers

    def get(self, section: str, key: str, part: str | None = None) -> str:
        """The words for a code; the code itself, made readable, where there are none."""
        found = self.table.get(section, {}).get(key)
        if part is not None:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) else _readable(key)

    def source_note(self, note: str) -> str:
        """What a source said of itself, in this language; as it stands where nobody put it into other words."""
        for pattern, told in _source_notes():
            found = pattern.fullmatch(note)
            if found is not None and self.lang in told:
                return told[self.lang].format(**found.groupdict())
        return note

    def has(self, section: str, key: str) -> bool:
        """Whether there are words for a code."""
        return key in self.table.get(section, {})

    def label(self, key: str, **values: Any) -> str:
        """A fixed text of the page."""
        return self.fill(self.get("labels", key), values, {})

    def sentence(self, section: str, reason: Mapping[str, Any], units: Units) -> str:
        """A reason in words.

        Where a figure is not known, the words may be others: `code_without_figure` is looked for first.

        Args:
            section: `rules`, `settle`, `reasons` or `notes`.
            reason: its `code` and the `values` it speaks of.
            units: unit of every measure, so that figures are written as they are measured.
        """
        code, values = str(reason["code"]), reason.get("values", {})
        for key in sorted(values):
            silent = values[key] in (None, [], ()) or (key == "weeks" and values[key] > LONGEST_WAIT)
            if silent and self.has(section, f"{code}_without_{key}"):
                code = f"{code}_without_{key}"
                break
        return self.fill(self.get(section, code), values, units)

    def fill(self, text: str, values: Mapping[str, Any], units: Units) -> str:
        """Put figures into a sentence. A figure that was not given reads as unknown."""
        unit = unit_of(units, str(values.get("measure", "")), str(values.get("part", "")))
        written = {key: self._write(key, value, unit) for key, value in values.items()}
        if values.get("part") and "measure" in values:
            written["measure"] += f" ({self.part(str(values['measure']), str(values['part']))})"
        return text.format_map(_Blank(written))

    def _write(self, key: str, value: Any, unit: str) -> str:
        if value is None:
            return UNKNOWN
        if key in _SECTIONS:
            return self._named(_SECTIONS[key], value)
        if key == "measure":
            return self.get("measures", str(value), "name")
        if key == "measures":
            return self.join(self.get("measures", str(one), "name") for one in value)
        if key in ("date", "first", "last"):
            return self.numbers.date(value)
        if key == "dates":
            return self.join(self.numbers.date(one) for one in value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return str(value)
        plain = isinstance(value, int) or key.endswith("_days") or key == "days"
        return self.numbers.figure(value, _UNITS.get(key, "count" if plain else unit))

    def _named(self, section: str, value: Any) -> str:
        if isinstance(value, (list, tuple)):
            return self.join((self.get(section, str(one)) for one in value), "or" if section == "suppliers" else "and")
        return self.get(section, str(value))

    def column(self, name: str) -> str:
        """The title of a column of a series."""
        return self.get("columns", name)

    def value(self, name: str) -> str:
        """A value of a series; what is no code of ours stays as it is."""
        found = self.table.get("values", {}).get(name)
        return found if isinstance(found, str) else name

    def cell(self, column: str, value: Any) -> Any:
        """A value of one column of a series: days of the week and codes in words, numbers as they are."""
        if column == "weekday":
            return self.get("weekdays", str(value))
        return self.value(value) if isinstance(value, str) else value

    def limit(self, code: str) -> str:
        """What cut a reading short: a budget with its size, or what the source said."""
        name, _, value = code.partition("=")
        return self.fill(self.get("limits", name), {"value": value}, {}) if self.has("limits", name) else code

    def part(self, measure: str, key: str) -> str:
        """A named part of a measure's answer."""
        found = self.table.get("measures", {}).get(measure, {}).get("parts", {}).get(key)
        return found if isinstance(found, str) else _readable(self.value(key))

    def of(self, measure: str, part: str = "") -> str:
        """A measure's name, with the part's where one is meant."""
        name = self.get("measures", measure, "name")
        return f"{name} ({self.part(measure, part)})" if part else name

    def told(self, measure: str) -> tuple[str, str]:
        """What a measure asks and what it does not mean; in English they stand in its docstring."""
        own = self.table.get("measures", {}).get(measure, {})
        if "question" in own and "is_not" in own:
            return str(own["question"]), str(own["is_not"])
        from seguito.measures.pages import page
        from seguito.measures.registry import MEASURES

        if measure not in MEASURES:
            return "", ""
        found = page(MEASURES[measure])
        return found.question, self.capital(found.is_not)

    def capital(self, text: str) -> str:
        """The text with a capital letter at its start."""
        return text[:1].upper() + text[1:]

    def join(self, parts: Iterable[str], last: str = "and") -> str:
        """A list in words: `a, b and c`, or with `last="or"` the other one."""
        given = list(parts)
        if len(given) < 2:
            return "".join(given)
        return f"{', '.join(given[:-1])} {self.get('labels', last)} {given[-1]}"


# Where the words for a value in a sentence are looked up.
_SECTIONS = {
    "unit": "n_units",
    "what": "covered",
    "capabilities": "capabilities",
    "suppliers": "suppliers",
    "sampling": "sampling",
    "check": "checks",
    "change": "changes",
    "was": "verdicts",
    "label": "label_names",
    "signals": "signals",
    "raised": "signals",
    "open": "signals",
    "metrics": "metrics",
    "fields": "profile_fields",
}


class _Blank(dict[str, str]):
    """Fills what is missing with the sign for unknown."""

    def __missing__(self, key: str) -> str:
        return UNKNOWN


def _readable(code: str) -> str:
    return code.rsplit(".", 1)[-1].replace("_", " ")


@cache
def words_in(lang: str) -> Words:
    """The words of a language.

    Raises:
        UsageError: the language is not one of `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"There is no report in '{lang}'.", f"The languages are: {', '.join(LANGUAGES)}.")
    text = files("seguito.reports.words").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return Words(lang, tomllib.loads(text), Numbers(lang))
