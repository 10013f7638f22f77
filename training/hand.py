"""Comments that people labelled by hand: read, weighted, and split into the half that decides and the half that tells.

`intents/labels.tsv` under SEGUITO_DATA: 1,680 comments of 2013 to 2020 (Italian under music videos and adverts on
YouTube, English under YouTube videos, tobacco brands on Instagram and tweets to customer services). They are split by
what they stand under (a video, a brand, a company): everything is decided while looking at one half, and only the other
half is reported. No video or brand is in both.

The sample is stratified: of every source, half to 60 % was drawn among rows that match a broad word pattern. Rows are
weighted back to their source (rows of the stratum / rows drawn from it), and the weights of a source scaled so that it
counts for as many rows as were read. Shares are weighted; counts are of the effective number of rows (Kish: the square
of the summed weights over the sum of their squares), so that an interval built on them is as wide as the sample
deserves.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

# What people were asked, for what a label (or one value of it) says.
ACTS: Mapping[str, frozenset[str]] = {
    name: frozenset(acts.split())
    for name, acts in {
        "question": "q_genuine",
        "question=rhetorical": "q_rhetorical",
        "thanks": "thanks",
        "support": "support support_hard",
        "comfort": "support_hard",
        "worry": "worry_absence",
        "low_effort": "low_effort",
        "purchase_intent": "purchase_intent",
        "purchase_report": "purchase_report",
        "service_request": "service_request",
        "collaboration_offer": "collab_offer",
        "content_request": "content_request",
        "demand": "demand",
        "criticism": "crit_content crit_conduct",
        "criticism=content": "crit_content",
        "criticism=conduct": "crit_conduct",
        "hostility": "host_target_creator host_target_member host_target_group",
        "hostility=creator": "host_target_creator",
        "hostility=member": "host_target_member",
        "hostility=group": "host_target_group",
        "threat": "threat",
        "counter_speech": "counter",
        "spam": "spam",
        "closeness": "closeness",
        "personal_story": "personal_story",
        "off_topic": "offtopic",
        "sentiment=negative": "polarity:neg",
        "sentiment=positive": "polarity:pos",
    }.items()
}
# Fewer than this many comments that have the label, or that have it not, and nothing is known of its errors.
ENOUGH = 15
TO_COMPANY = "tweet to a company"


@dataclass(frozen=True, slots=True)
class Comment:
    """One hand-labelled comment.

    Attributes:
        half: "develop" or "report".
        acts: what people found in it, its polarity as `polarity:neg` among them.
        weight: how many comments of its source it stands for, scaled.
        unsure: whether the people who read it were.
        to: whom it answers: "post", or "creator" for a tweet to a company.
    """

    text: str
    language: str
    source: str
    half: str
    acts: frozenset[str]
    weight: float
    unsure: bool
    to: str = "post"


def half_of(source: str, context: str) -> str:
    """Which half the comments under one video, brand or company belong to."""
    digest = hashlib.sha256(f"{source}\t{context}".encode()).digest()
    return "report" if digest[0] % 2 else "develop"


def read(folder: Path) -> list[Comment]:
    """The hand-labelled comments, with their weights."""
    with (folder / "intents" / "labels.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    drawn: dict[tuple[str, str, str], int] = {}
    for row in rows:
        stratum = (row["set"], row["stratum"], row["stratum_pool"])
        drawn[stratum] = drawn.get(stratum, 0) + 1
    weights = [int(row["stratum_pool"]) / drawn[row["set"], row["stratum"], row["stratum_pool"]] for row in rows]
    mass: dict[str, float] = {}
    size: dict[str, int] = {}
    for row, weight in zip(rows, weights, strict=True):
        mass[row["set"]] = mass.get(row["set"], 0) + weight
        size[row["set"]] = size.get(row["set"], 0) + 1
    return [
        Comment(
            text=row["text"],
            language=row["language"],
            source=row["set"],
            half=half_of(row["set"], row["context"]),
            acts=frozenset([*row["acts"].split(";"), f"polarity:{row['polarity']}"]),
            weight=weight * size[row["set"]] / mass[row["set"]],
            unsure=row["unsure"] == "1",
            to="creator" if row["kind"] == TO_COMPANY else "post",
        )
        for row, weight in zip(rows, weights, strict=True)
    ]


def context(comments: Sequence[Comment]) -> pa.RecordBatch:
    """What a lake knows of such comments beside their text: whom they answer. Labels are measured as they are given."""
    columns = {f"to_{who}": [float(one.to == who) for one in comments] for who in ("post", "creator", "member")}
    return pa.RecordBatch.from_pydict({name: pa.array(values, pa.float64()) for name, values in columns.items()})


def weight_of(comments: Sequence[Comment], rows: Iterable[int]) -> float:
    """The summed weight of some comments."""
    return sum(comments[number].weight for number in rows)


def effective(comments: Sequence[Comment], rows: Sequence[int]) -> int:
    """How many equally weighted comments some comments are worth (Kish); 0 of none."""
    squares = sum(comments[number].weight ** 2 for number in rows)
    return round(weight_of(comments, rows) ** 2 / squares) if squares else 0
