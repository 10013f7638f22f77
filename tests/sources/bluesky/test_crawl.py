"""What is asked: whatever a host answers, the questions come to an end."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from seguito.kit.http import Params
from seguito.kit.progress import SILENT
from seguito.sources.bluesky import views
from seguito.sources.bluesky.crawl import BARREN, Budget, Crawl
from seguito.sources.bluesky.pages import Page
from tests.sources.bluesky.bodies import ANN, BOB, NOON, VERA, actor, node, post, uri
from tests.sources.bluesky.test_mapping import STRANGE, changed, places

P0 = uri(VERA, "p0")
ANSWERS: dict[str, Any] = {
    views.FEED: {
        "feed": [
            {"post": post(VERA, "p0", replies=1, likes=1)},
            {"post": post(VERA, "r", root=P0, parent=uri(ANN, "gone"))},
        ],
        "cursor": "1",
    },
    views.THREAD: {"thread": {"post": post(VERA, "p0", replies=1), "replies": [node(post(ANN, "a", root=P0))]}},
    views.LIKES: {"likes": [{"actor": actor(BOB), "createdAt": NOON}], "cursor": "1"},
    views.FOLLOWERS: {"followers": [actor(ANN), actor(BOB)], "cursor": "1"},
    views.PROFILES: {"profiles": [actor(ANN)]},
}


def asked(answers: dict[str, Any]) -> list[tuple[str, Params]]:
    """Everything a crawl asks when it gets these answers, always the same for each endpoint."""
    questions: list[tuple[str, Params]] = []

    def ask(endpoint: str, params: Params) -> Page:
        questions.append((endpoint, params))
        assert len(questions) < 300, "no end"
        return Page(endpoint, {}, NOON, msgspec.Raw(json.dumps(answers.get(endpoint, {})).encode()))

    budget = Budget(posts=50, followers=50, per_post=50)
    Crawl(ask, lambda *_: None, budget, SILENT).run(views.Actor(did=VERA, handle="vera.test"))
    return questions


def test_the_questions_and_their_order() -> None:
    found = asked(ANSWERS)
    assert [endpoint.rsplit(".", 1)[1] for endpoint, _ in found] == [
        *["getAuthorFeed"] * 2,
        "getPostThread",  # the creator's post
        "getPostThread",  # the creator's answer stood in no thread: around what it answers
        *["getLikes"] * 2,
        *["getFollowers"] * 2,
        "getProfiles",
    ]
    assert found[3][1]["uri"] == uri(ANN, "gone")
    assert found[-1][1] == {"actors": [ANN, BOB]}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_no_strange_value_anywhere_breaks_it_or_keeps_it_going(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(sorted(ANSWERS)))
    body = changed(ANSWERS[endpoint], data.draw(st.sampled_from(places(ANSWERS[endpoint]))), data.draw(STRANGE))
    assert len(asked({**ANSWERS, endpoint: body})) <= 10 + BARREN
