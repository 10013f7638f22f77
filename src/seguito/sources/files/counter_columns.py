"""What the columns of a file of daily counters are called, and what its cells say: counts, changes, days, causes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from seguito.facts.account import CountState
from seguito.sources.files.numbers import read_count
from seguito.sources.files.synonyms import SYNONYMS, plain

# In order of preference: where two columns fit, the name that stands first wins.
NAMES: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "data", "day", "giorno", "datetime", "dataora", "dataeora", "timestamp", "when", "quando"),
    "followers": (
        "followers", "totalfollowers", "followertotali", "followerstotal", "totalefollower", "follower",
        "followercount", "followerscount", "numerofollower", "seguaci", "totaleseguaci", "subscribers",
        "totalsubscribers", "subscribercount", "iscritti", "totaleiscritti", "iscrittitotali", "fans", "fan", "subs",
    ),
    "change": (
        "netchange", "followerschange", "followerchange", "netfollowers", "followernetti", "netnewfollowers",
        "netgrowth", "variazione", "variazionefollower", "variazionenetta", "crescitanetta", "saldo", "change",
        "delta", "subscriberschange",
    ),
    "gained": (
        "newfollowers", "followersgained", "nuovifollower", "followerguadagnati", "gained", "nuoviseguaci",
        "subscribersgained", "nuoviiscritti", "follows", "guadagnati", "acquisiti",
    ),
    "lost": (
        "lostfollowers", "followerslost", "followerpersi", "unfollows", "unfollowers", "persi", "lost",
        "subscriberslost", "iscrittipersi", "abbandoni",
    ),
    "likes": ("dailylikes", "likes", "mipiace", "like", "likesreceived", "reactions", "reazioni"),
    "comments": ("dailycomments", "comments", "commenti", "commentsreceived"),
    "views": ("dailyviews", "views", "visualizzazioni", "videoviews", "profileviews", "riproduzioni"),
    "impressions": ("dailyimpressions", "impressions", "impression", "reach", "copertura"),
    "cause": (
        "cause", "causa", "event", "evento", "eventi", "note", "notes", "nota", "why", "motivo", "reason",
        "annotation", "annotazione", "comment", "commento",
    ),
    "account": (
        "account", "profile", "profilo", "handle", "username", "nomeutente", "utente", "creator", "creatore",
        "channel", "canale", "page", "pagina",
    ),
    "platform": ("platform", "piattaforma", "network", "social"),
}  # fmt: skip
DAILY = ("likes", "comments", "views", "impressions")
# Running totals of these are turned into what each day added.
TOTALS: Mapping[str, tuple[str, ...]] = {
    name: tuple(f"{before}{one}{after}" for one in NAMES[name] for before, after in (("total", ""), ("", "totali")))
    for name in DAILY
}
# Columns of other kinds of rows: a file with one of them is not about days.
FOREIGN = frozenset(
    name
    for target in ("post_id", "parent_id", "text", "title", "product", "author_id", "comment_id", "url")
    for name in SYNONYMS[target]
) - {"comment", "commento"}

# What a logged cause may be called: the first letters of words, whole words where they are short.
CAUSES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)
    for name, words in {
        "press": r"press|stampa|articol|article|interview|intervist|giornal|newspaper|magazine|rivista|radio|"
        r"televis|tv\b|podcast|news\b|notizi",
        "collaboration": r"collab|duet|feature|featuring|ospit|guest\b",
        "advert": r"advert|ads?\b|pubblicit|sponsor|campagn|campaign|promo|inserzion|boost",
        "import": r"import|merge|merging|fusion|unione\b|migra|trasferiment",
        "giveaway": r"giveaway|give-away|contest|concors|prize|premi[oi]?\b|lotteri|raffle|sorteggi|estrazion",
        "purge": r"purge|pulizia|clean-?up|rimozion|removal|removed|eliminat|epurazion",
    }.items()
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan gen", "feb", "mar", "apr", "may mag", "jun giu", "jul lug", "aug ago", "sep set", "oct ott", "nov",
         "dec dic"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_MONTH = re.compile(r"^(?:[^\W\d]+[.,]?\s+)?(\d{1,2})[°º.]?[\s-]+([^\W\d]{3,10})\.?,?[\s-]+(\d{4})(.*)$")
_MONTH_DAY = re.compile(r"^(?:[^\W\d]+,?\s+)?([^\W\d]{3,10})\.?\s+(\d{1,2}),?\s+(\d{4})(.*)$")
_SIGN = re.compile(r"^([+\-−–])\s*(?=[\d.,])")


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """The column of each target of `NAMES` (and `total_*`) that a header has; each column is used once."""
    plains: dict[str, str] = {}
    for name in header:
        plains.setdefault(plain(name), name)
    found: dict[str, str] = {}
    for target, names in [*((f"total_{name}", TOTALS[name]) for name in DAILY), *NAMES.items()]:
        column = next((plains[name] for name in names if name in plains), None)
        if column is not None and column not in found.values():
            found[target] = column
    return found


def counts_days(header: Sequence[str]) -> bool:
    """Whether a header may be one of daily counters: a day, followers or their change, and nothing of other rows."""
    found = columns_of(header)
    told = "followers" in found or "change" in found or {"gained", "lost"} <= found.keys()
    return "day" in found and told and not FOREIGN & {plain(name) for name in header}


def read_day(text: str | None) -> str | None:
    """A day as it is written; where a month is named (`3 marzo 2024`, `Mar 3, 2024`), in figures."""
    if text is None or not text.strip():
        return None
    text = text.strip()
    if found := _DAY_MONTH.match(text):
        day, month, year, rest = found.groups()
    elif found := _MONTH_DAY.match(text):
        month, day, year, rest = found.groups()
    else:
        return text
    number = _MONTHS.get(month[:3].casefold())
    return text if number is None else f"{year}-{number:02}-{int(day):02}{rest}"


def read_change(text: str | None) -> tuple[int | None, CountState]:
    """A gain or loss with its sign: `+1.234`, `-12`, `(12)`."""
    if text is None or not text.strip():
        return None, "unknown"
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    found = _SIGN.match(text)
    value, state = read_count(text[found.end() :] if found else text)
    return (-value if value is not None and found and found[1] != "+" else value), state


def causes_of(text: str | None) -> tuple[str, ...]:
    """The kinds of cause that a note names, in English or Italian; none where it names none."""
    return tuple(name for name, words in CAUSES.items() if words.search(text or ""))
