"""Community: at which hours of which days are people there?"""

from __future__ import annotations

import ibis
import numpy as np

from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space
from seguito.measures.tally import Tally

NEWEST = [ibis.desc("created_s"), "uri"]
HOUR = 3600
QUARTER = 42
# The first of January 1970 was a Thursday; weeks here begin on Monday.
THURSDAY = 3


def activity_hours(space: Space) -> Draft:
    """Share of the comments that fall into the busiest quarter of the week.

    Question: When is the community there, and does it have hours of its own?
    Definition: comments written in the 42 hours of the week (of 168) with most comments, over all visible comments by
        anybody but the creator whose time is known to the minute. The series gives all 168, in the zone of the space
        (UTC unless one is given); spread evenly, the share would be 25 %.
    Interval: cluster bootstrap over threads, the 42 hours held fast.
    Reference: the hours are counted, nothing is modelled.
    Needs: creator, times.
    Minimum: 200 comments.
    Not: with few comments the busiest hours are partly chance, and the share is too high; posts pull comments into
        the hours that follow them.
    """
    rows = space.comments
    dated = rows.filter(rows.exact_s.notnull())
    local = space.local(dated.exact_s)
    dated = dated.mutate(slot=((local // DAY + THURSDAY) % 7) * 24 + (local % DAY) // HOUR)
    each = dated.group_by("root_uri", "slot").aggregate(comments=dated.count())
    table = space.fetch(each.order_by(["root_uri", "slot"]))
    slots, counts = (table[name].to_numpy().astype(np.int64) for name in ("slot", "comments"))
    week = np.bincount(slots, weights=counts, minlength=168).astype(np.int64)
    n = int(week.sum())
    everything = int(space.fetch(rows.aggregate(n=rows.count()))["n"][0].as_py())
    if everything and not n:
        return Draft(value=None, n=0, barred=Reason("times_unknown", {"posts": everything, "unknown": everything}))
    # Ties go to the earlier hour of the week.
    busiest = np.sort(np.argsort(-week, kind="stable")[:QUARTER])
    threads = table["root_uri"].combine_chunks().dictionary_encode().indices.to_numpy()
    size = int(threads.max()) + 1 if len(threads) else 0
    inside = np.isin(slots, busiest)
    shares = Tally(
        {
            "n": np.bincount(threads, weights=counts, minlength=size).astype(np.int64),
            "busy": np.bincount(threads, weights=counts * inside, minlength=size).astype(np.int64),
        },
        np.ones(size, dtype=np.int64),
    )
    weekend = int(week[5 * 24 :].sum())
    unknown = Reason("times_unknown", {"posts": everything, "unknown": everything - n})
    return Draft(
        value=shares.ratio("busy", "n"),
        n=n,
        interval=shares.interval("busy", "n", "community.activity_hours"),
        parts=(Part(key="weekend", value=weekend / n if n else None, n=n, unit="share"),),
        series=Series(
            kind="heatmap",
            columns=("weekday", "hour", "comments"),
            rows=tuple((at // 24, at % 24, int(week[at])) for at in range(168)),
        ),
        evidence_for=space.uris(dated.filter(dated.slot.isin(busiest.tolist())).order_by(NEWEST)) if n else (),
        evidence_against=space.uris(dated.filter(~dated.slot.isin(busiest.tolist())).order_by(NEWEST)) if n else (),
        reasons=(unknown,) if everything - n > everything / 5 else (),
    )


ACTIVITY_HOURS = Measure(
    name="community.activity_hours",
    unit="share",
    n_unit="comments",
    min_n=200,
    needs=frozenset({"creator", "times"}),
    covers=("comments",),
    compute=activity_hours,
)
