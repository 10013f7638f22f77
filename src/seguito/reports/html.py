"""The report as one self-contained page. JSON is the report; this is a view of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from seguito.reports.figures import families
from seguito.reports.peers import who
from seguito.reports.plain import plain
from seguito.reports.view import Card, cards, requests
from seguito.reports.words import Words, words_in
from seguito.reports.written import Document, creator_name

if TYPE_CHECKING:
    from jinja2 import Environment


# So many trials that held are listed openly; more are folded away, those that did not hold never.
MOST_CHECKS = 6


def render(document: Document, lang: str) -> str:
    """The page for a report's JSON: no script, no request, everything from outside shown as text.

    Args:
        document: a report as `seguito.reports.canonical.to_document` gives it, or read back from its JSON.
        lang: `en` or `it`.

    Raises:
        UsageError: there are no words in this language.
    """
    words = words_in(lang)
    answers = cards(document, lang)
    template = _environment().get_template("report.html.j2")
    return template.render(
        lang=lang,
        label=words.label,
        numbers=words.numbers,
        words=words,
        report=document,
        creator=creator_name(document),
        cards=answers,
        most_checks=MOST_CHECKS,
        summary=_summary(answers, words),
        families=families(document, words),
        standing=_standing(document, words),
        peers=who(document, words),
        amounts=_amounts(document, words),
        coverage=document["looked_at"]["coverage"],
        command=_command(document, lang),
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("seguito.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _seen(value: Any) -> Any:
    """Every text that is put into the page passes here: what cannot be seen is taken out."""
    return plain(value, longest=100_000) if type(value) is str else value


def _summary(answers: list[Card], words: Words) -> list[tuple[str, list[str]]]:
    """What is known, what remains open and what would settle it, in a few sentences."""

    def told(*verdicts: str) -> list[str]:
        return [_verdict(card, words) for card in answers if card.verdict in verdicts]

    known, left = told("yes", "no"), told("unclear", "not_answerable")
    return [
        (words.label("known"), known or [words.label("nothing_known")]),
        (words.label("open"), left or [words.label("nothing_open")]),
        (words.label("to_ask"), requests(answers) or [words.label("nothing_to_ask")]),
    ]


def _verdict(card: Card, words: Words) -> str:
    """One answer as a sentence, with the figure that decided where there is one."""
    first, said = card.deciding, {"name": words.capital(card.name), "verdict": card.verdict_word.lower()}
    if first is None or not first.interval:
        return words.label("verdict_on", **said)
    return words.label("verdict_figure", **said, figure=first.name, value=first.value, interval=first.interval)


def _amounts(document: Document, words: Words) -> list[tuple[str, str]]:
    """What the answers rest on, in counts; what the source does not tell is said to be unknown."""
    seen, numbers = document["looked_at"], words.numbers

    def told(value: int | None) -> str:
        return words.label("not_told") if value is None else numbers.plain(value)

    counts = {"posts": "posts", "comments": "comments", "members": "members", "answers_given": "answers"}
    amounts = [(key, told(seen[name])) for key, name in counts.items()]
    if seen["comments_read"] != seen["comments"]:
        amounts.append(("comments_read", told(seen["comments_read"])))
    listed, declared = seen["followers_listed"], seen["followers_declared"]
    if listed is not None and declared is not None:
        both = words.label("followers_of", listed=numbers.plain(listed), declared=numbers.plain(declared))
        amounts.append(("followers_listed", both))
    elif listed is not None:
        amounts.append(("followers_listed", told(listed)))
    elif declared is not None:
        amounts.append(("followers_declared", told(declared)))
    return amounts


def _standing(document: Mapping[str, Any], words: Words) -> str:
    statuses = [one["status"] for one in document["estimates"]]
    return words.label("status_of", n=sum(one in ("ok", "weak") for one in statuses), total=len(statuses))


def _command(document: Mapping[str, Any], lang: str) -> str:
    creator = plain(str(document["creator"]["uri"]), 200)
    command = f"seguito report {shlex.quote(creator)} --as-of {document['snapshot']['sequence']} --lang {lang}"
    command += " --reply REPLY.txt" if document["right_of_reply"] else ""
    peers = document.get("peers")
    if peers:
        named = any(dot["name"] for one in peers["comparisons"] for dot in one["dots"])
        command += f" --cohort {shlex.quote(plain(str(peers['cohort']), 40))}" + (" --names" if named else "")
    return command + (" --show-names" if document["shows_names"] else "")
