"""The same measures as a careful analyst would write them in an afternoon: pandas, networkx, one script.

It reads the same files and gives the same figures with intervals, but keeps nothing: no lake, no history, no coverage,
no evidence, no page. Prints its figures and seconds as one JSON line.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

DRAWS = 2_000
DAY = 86_400

QUESTION = (
    r"\?|\b(?:come (?:faccio|si|fai)|quanto (?:tempo|costa)|quando (?:torni|esce)|how (?:do|can|long|much)|where can)\b"
)
THANKS = r"\b(?:grazie|ti ringrazio|complimenti|brav[ao]|thank(?:s| you)|thx|well done|great (?:video|job)|love this)\b"
WORRY = (
    r"\b(?:tutto (?:bene|ok)|stai bene|come stai|preoccup\w+|in pensiero|dove sei|(?:ci |mi )?manchi"
    r"|è successo qualcosa|non pubblichi|torna presto|are you (?:ok|alright|okay)|worried|where are you|miss you"
    r"|hope you are|come back soon|not posted|did something happen)\b"
)
LOW = r"bello|bellissimo|brava|top|wow|stupendo|super|adoro|che buono|nice|beautiful|great|amazing|love it|yum"


def read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables."""
    comments = pd.read_csv(folder / "comments.csv", parse_dates=["publishedAt"], keep_default_na=False)
    videos = pd.read_csv(folder / "videos.csv", parse_dates=["publishedAt"])
    comments["at"] = comments.publishedAt.astype("int64") // 10**9
    comments["by_creator"] = comments.isChannelOwner == 1
    return comments, videos


def label(comments: pd.DataFrame) -> pd.DataFrame:
    """Language by py3langid, labels by regular expressions."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    text = comments.text.str.replace(r"https?://\S+|@\S+", " ", regex=True).str.strip()
    comments["language"] = text.map(lambda one: identifier.classify(one)[0] if len(one) >= 12 else "und")
    lower = text.str.lower()
    comments["question"] = lower.str.contains(QUESTION, regex=True)
    comments["thanks"] = lower.str.contains(THANKS, regex=True)
    comments["worry"] = lower.str.contains(WORRY, regex=True)
    words = lower.str.replace(r"[^\w\s]|\d", "", regex=True).str.split()
    comments["low"] = words.map(len).eq(0) | lower.str.fullmatch(rf"(?:{LOW})[!.\s]*", na=False)
    comments["wording"] = words.map(lambda some: " ".join(sorted(set(some))))
    return comments


def shares(top: pd.Series, bottom: pd.Series) -> tuple[float, list[float]]:
    """A ratio of sums with a bootstrap interval over the rows (threads, or people)."""
    rng = np.random.default_rng(0)
    top_values, bottom_values = top.to_numpy(float), bottom.to_numpy(float)
    draws = np.empty(DRAWS)
    for number in range(DRAWS):
        picked = rng.integers(0, len(top_values), len(top_values))
        draws[number] = top_values[picked].sum() / max(1.0, bottom_values[picked].sum())
    return float(top_values.sum() / bottom_values.sum()), np.quantile(draws, [0.025, 0.975]).tolist()


def by_thread(members: pd.DataFrame, hit: pd.Series) -> tuple[float, list[float]]:
    """A share of comments, resampling threads."""
    grouped = pd.DataFrame({"video": members.videoId, "hit": hit, "n": 1}).groupby("video").sum()
    return shares(grouped.hit, grouped.n)


def measure(comments: pd.DataFrame, videos: pd.DataFrame) -> dict[str, object]:
    """All figures."""
    creator = comments[comments.by_creator]
    first_answer = creator.groupby("isReplyToId")["at"].min()
    members = comments[~comments.by_creator].copy()
    members["answered"] = members.id.map(first_answer)
    wait = members.answered - members["at"]
    author = comments.set_index("id").authorChannelId
    owner = set(creator.id)
    to_member = (members.isReplyToId != "") & ~members.isReplyToId.isin(owner)
    found: dict[str, object] = {
        "answered_share": by_thread(members, members.answered.notna()),
        "answered_24h": by_thread(members, wait <= DAY),
        "answered_72h": by_thread(members, wait <= 3 * DAY),
        "median_hours": float(wait.median() / 3600),
        "member_to_member": by_thread(members, to_member),
        "low_effort": by_thread(members, members.low),
    }
    found |= network(members[to_member], author)
    found |= people(members)
    found |= wordings(members)
    found |= rhythm(members, videos)
    return found


def network(talk: pd.DataFrame, author: pd.Series) -> dict[str, object]:
    """Who answers whom, and threads that live without the creator."""
    answered = talk.isReplyToId.map(author)
    graph = nx.DiGraph()
    graph.add_edges_from(
        (one, other) for one, other in zip(talk.authorChannelId, answered, strict=True) if one != other
    )
    mutual = sum(1 for one, other in graph.edges if one < other and graph.has_edge(other, one))
    alive = talk.groupby("videoId").authorChannelId.nunique()
    return {"mutual_pairs": mutual, "threads_alive": int((alive >= 3).sum())}


def people(members: pd.DataFrame) -> dict[str, object]:
    """New, casual and regular commenters; who comes back; how much a few write."""
    ordered = members.sort_values("at")
    grouped = ordered.groupby("authorChannelId")["at"]
    first = grouped.min()
    per_person = grouped.size()
    months = ordered.groupby("authorChannelId")["at"].agg(lambda some: (some // (28 * DAY)).nunique())
    later = ordered["at"] - ordered.authorChannelId.map(first)
    returned = ordered[(later >= DAY) & (later <= 28 * DAY)].authorChannelId.unique()
    seen_long = first[first <= members["at"].max() - 28 * DAY]
    came_back = pd.Series(seen_long.index.isin(returned), index=seen_long.index)
    return {
        "kinds": {
            "once": int((per_person == 1).sum()),
            "casual": int(((per_person > 1) & (months < 3)).sum()),
            "regular": int((months >= 3).sum()),
        },
        "return_28d": shares(came_back.astype(float), pd.Series(1.0, index=came_back.index)),
        "gini": gini(per_person.to_numpy()),
    }


def gini(counts: np.ndarray) -> tuple[float, list[float]]:
    """Concentration of comments, resampling people."""

    def of(values: np.ndarray) -> float:
        ordered = np.sort(values)
        n = len(ordered)
        return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))

    rng = np.random.default_rng(0)
    draws = [of(counts[rng.integers(0, len(counts), len(counts))]) for _ in range(DRAWS)]
    return of(counts), np.quantile(draws, [0.025, 0.975]).tolist()


def wordings(members: pd.DataFrame) -> dict[str, object]:
    """Comments whose words another account wrote too."""
    long_enough = members[members.wording.str.len() >= 12]
    writers = long_enough.groupby("wording").authorChannelId.nunique()
    repeated = long_enough.wording.map(writers) >= 2
    return {"near_identical": by_thread(long_enough, repeated)}


def rhythm(members: pd.DataFrame, videos: pd.DataFrame) -> dict[str, object]:
    """Hours and days of the week, cadence, silences and worry in them."""
    hours = members.publishedAt.dt.hour.value_counts().sort_index()
    weekdays = members.publishedAt.dt.dayofweek.value_counts().sort_index()
    posted = np.sort(videos.publishedAt.astype("int64").to_numpy() // 10**9)
    gaps = np.diff(posted)
    usual = np.quantile(gaps, 0.95)
    long_ones = np.flatnonzero(gaps > max(usual, 7 * DAY))
    worried = members[members.worry]
    per_day = []
    for number in long_ones:
        begun, ended = posted[number] + usual, posted[number + 1]
        during = worried[(worried["at"] >= begun) & (worried["at"] < ended)]
        per_day.append(len(during) / max(1.0, (ended - begun) / DAY))
    return {
        "hours": hours.to_dict(),
        "weekdays": weekdays.to_dict(),
        "median_gap_days": float(np.median(gaps) / DAY),
        "silences": len(long_ones),
        "worry_per_silent_day": per_day,
    }


def main() -> None:
    """Run once on a folder; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    begun = time.perf_counter()
    comments, videos = read(folder)
    has_read = time.perf_counter()
    label(comments)
    has_labelled = time.perf_counter()
    figures = measure(comments, videos)
    told = {
        "seconds": {
            "collect": has_read - begun,
            "label": has_labelled - has_read,
            "measure": time.perf_counter() - has_labelled,
        },
        "rows": len(comments),
        "figures": figures,
        "peak_own_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    sys.stdout.write(json.dumps(told, default=int) + "\n")


if __name__ == "__main__":
    main()
