"""Pods and those who look like one: each writes as planned, in the creator's space and in those of others."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import zstandard

from seguito.simulate.cadence import DAY
from seguito.simulate.comments import CODE, CREATOR, ROOT
from seguito.simulate.community import Community, simulate
from seguito.simulate.files import creator_key, write
from seguito.simulate.loyal import TOPICS, topic_of
from seguito.simulate.people import LURKER, MODERATOR, NOTIFIED, POD, STRANGER, SUPERFAN, TOPIC, ZONE
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Adverts, Loyal, Pod
from seguito.simulate.scenarios import planned
from seguito.simulate.truth import truth

LOYAL = Loyal(superfans=20, bells=10, family=4, moderators=3, topic=12, zone=15, lurkers=0.1)
PLAN = Plan(
    comments=2_500,
    days=120,
    posts=60,
    silences=(),
    bought_share=0,
    loyal=LOYAL,
    adverts=Adverts(share=0.25, disclosed=0.5),
    pod=Pod(size=12, where="sponsored", participation=0.8, minutes=10, generic=0.7, spaces=3),
)


@pytest.fixture(scope="module")
def world() -> Community:
    return simulate(PLAN)


def rows_of(world: Community, group: int) -> np.ndarray:
    opening = (world.comments.parent == ROOT) & world.by_member
    return np.flatnonzero(opening & (world.members.group[world.comments.author] == group))


def test_a_pod_on_paid_posts_writes_under_no_other_and_as_often_as_agreed(world: Community) -> None:
    rows = rows_of(world, POD)
    assert world.posts.paid[world.comments.post[rows]].all()
    paid = int(world.posts.paid.sum())
    assert paid == round(0.25 * (world.posts.kind == 0).sum())
    assert world.posts.disclosed.sum() == round(0.5 * paid)
    assert len(rows) / (12 * paid) == pytest.approx(0.8, abs=0.07)
    told = truth(world)["pod"]
    assert (told["size"], told["where"], told["posts"]) == (12, "sponsored", paid)


def test_a_pod_is_early_and_has_little_to_say(world: Community) -> None:
    rows = rows_of(world, POD)
    minutes = (world.comments.at[rows] - world.posts.at[world.comments.post[rows]]) / 60
    assert 7 < np.median(minutes) < 14
    assert (world.comments.intent[rows] == CODE["low"]).mean() == pytest.approx(0.7, abs=0.1)


def test_the_controls_do_what_makes_them_look_alike(world: Community) -> None:
    comments, posts, members = world.comments, world.posts, world.members
    notified, superfans = rows_of(world, NOTIFIED), rows_of(world, SUPERFAN)
    minutes = (comments.at[notified] - posts.at[comments.post[notified]]) / 60
    assert np.median(minutes) < 20
    assert (comments.intent[notified] == CODE["low"]).mean() < 0.35
    assert len(superfans) / (20 * len(posts)) == pytest.approx(0.62, abs=0.1)
    assert (posts.subject[comments.post[rows_of(world, TOPIC)]] % TOPICS == topic_of(world.plan)).all()
    zone = rows_of(world, ZONE)
    assert np.ptp(comments.at[zone] % DAY) < 7 * 3600
    lurkers = members.group == LURKER
    assert lurkers.sum() == round(0.1 * world.plan.silent)
    assert not members.has_bio[lurkers].any()
    assert members.posts[lurkers].max() == 0
    assert not np.isin(comments.author, np.flatnonzero(lurkers)).any()
    moderated = np.isin(comments.author, members.of(MODERATOR))
    assert (comments.parent[moderated] != ROOT).any()


def test_the_pod_meets_again_elsewhere_and_the_creator_pays_back(world: Community) -> None:
    *pods, friend = world.neighbours
    assert [space.owner for space in pods] == world.members.of(POD)[:3].tolist()
    assert world.members.group[friend.owner] == STRANGER
    for space in pods:
        here = np.unique(space.comments.author)
        mates = np.setdiff1d(world.members.of(POD), [space.owner])
        assert np.isin(mates, here).all()
        mine = space.comments.author == CREATOR
        assert len(np.unique(space.comments.post[mine])) / len(space.posts) == pytest.approx(0.8, abs=0.2)
    assert not np.isin(friend.comments.author, world.members.of(POD)).any()
    assert (world.comments.author == friend.owner).any()


def test_every_space_is_written_and_the_creator_can_be_named(world: Community, tmp_path: Path) -> None:
    paths = write(world, tmp_path / "pages")
    assert [path.name for path in paths] == [
        "community.ndjson.zst",
        *(f"space-{number:02}.ndjson.zst" for number in range(1, 5)),
        "daily.csv",
    ]
    uris = []
    for path in paths[:-1]:
        with path.open("rb") as file:
            lines = zstandard.ZstdDecompressor().stream_reader(file).read().decode().splitlines()
        pages = [json.loads(line) for line in lines]
        uris += [
            post["post"]["uri"] for page in pages if page["endpoint"].endswith("Feed") for post in page["body"]["feed"]
        ]
    assert len(set(uris)) == len(uris) == sum(len(one.posts) for one in (world, *world.neighbours))
    _, videos, daily = write(world, tmp_path / "tables", form="youtube")
    with videos.open() as file:
        channels = {row["channelId"] for row in csv.DictReader(file)}
    with daily.open() as file:
        (mine,) = {row["account"] for row in csv.DictReader(file)}
    assert len(channels) == 5
    assert creator_key(world, "youtube") == f"youtube:account:{mine}"
    assert mine in channels


def test_paid_posts_say_so_only_where_they_do(world: Community) -> None:
    from seguito.simulate.words import post_texts

    texts = np.array(post_texts(world.posts, 0))
    open_words = ("#adv", "Pubblicità", "pagata", "sponsorizzato", "#ad")
    says = np.array([any(word in text for word in open_words) for text in texts])
    assert np.array_equal(says, world.posts.disclosed)


def test_pods_of_the_scenario_lie_in_the_ranges_told() -> None:
    where = set()
    for seed in range(20):
        pod = planned("S2", seed=seed, comments=400).pod
        assert pod is not None
        assert 8 <= pod.size <= 40
        assert 0.5 <= pod.participation <= 0.95
        assert 5 <= pod.minutes <= 30
        assert 0.5 <= pod.generic <= 0.9
        assert 3 <= pod.spaces <= pod.size
        where.add(pod.where)
    assert where == {"all", "sponsored"}
