"""The page as text: all of it inside, nothing from outside alive, nothing unknown shown as a number."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

import pytest

from seguito.dossier.contract import Row
from seguito.reports.html import render
from seguito.reports.plain import plain
from tests.reports.sample import ESTIMATES, ROWS, SCRIPT, document

HOSTILE = '"><script>alert(1)</script><style>*{display:none}</style>{{ 7 * 7 }}\u202e\u2066\x00'


def strings(value: Any) -> Any:
    """The same report with every text of the world outside made hostile."""
    found = copy.deepcopy(value)
    found["creator"].update(handle=HOSTILE, display_name=HOSTILE, platform=HOSTILE)
    found["right_of_reply"] = HOSTILE
    for row in found["rows"].values():
        row.update(author=HOSTILE, text=HOSTILE)
    for source in found["sources"]:
        source.update(source=HOSTILE, locator=HOSTILE, notes=[HOSTILE], version=HOSTILE)
    for one in found["estimates"]:
        one["coverage"] = [{**each, "limited_by": [HOSTILE]} for each in one["coverage"]]
        for part in one["parts"]:
            part["key"] = HOSTILE
        if one["series"]:
            one["series"]["columns"] = [HOSTILE, *one["series"]["columns"][1:]]
            one["series"]["rows"] = [[HOSTILE, *row[1:]] for row in one["series"]["rows"]]
    for each in found["looked_at"]["coverage"]:
        each["limited_by"] = [HOSTILE]
    return found


@pytest.mark.parametrize("lang", ["en", "it"])
def test_hostile_texts_are_shown_as_texts(lang: str) -> None:
    page = render(strings(document()), lang)
    assert "<script" not in page
    assert page.count("<style>") == 1
    assert "{{ 7 * 7 }}" in page
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00]", page)
    assert "&lt;script&gt;" in page


def test_the_same_report_gives_the_same_page() -> None:
    assert render(document(), "en") == render(document(), "en")


def test_nothing_is_fetched_from_elsewhere() -> None:
    page = render(document(), "it")
    without_names = page.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert not re.search(r"""(?:src|href|url|@import)\s*[=(:]\s*["']?\s*(?:https?:)?//""", without_names)
    assert "http" not in without_names.replace("http-equiv", "")
    assert "default-src 'none'" in page


def test_what_is_not_known_is_not_shown_as_a_number() -> None:
    none = [replace(one, value=None, interval=None, parts=(), series=None, n=0) for one in ESTIMATES]
    page = render(document(estimates=tuple(none), answers=()), "en")
    assert 'class="dot"' not in page
    assert not re.search(r'class="value">[^<]*\d', page)


def test_a_simulation_and_names_are_said_at_the_top() -> None:
    simulated, named = render(document(), "en"), render(document(is_simulated=False, show_names=True), "en")
    assert "Nobody in it exists." in simulated.split("<h1>")[0]
    assert "Nobody in it exists." not in named
    assert "For the owner of this space only" in named.split("<h1>")[0]
    assert "--show-names" in named
    assert "pseudonyms" not in named


def test_every_answer_every_estimate_and_every_reason_is_there() -> None:
    report = document()
    page = render(report, "en")
    for one in report["estimates"]:
        assert f'id="m-{one["measure"].replace(".", "-")}"' in page
    for answer in report["answers"]:
        assert f'id="q-{answer["question"]}"' in page
    assert "the whole interval, 44% to 66%, lies above 25%" in page
    assert "Only 41% of the comments the source declares were collected (2,104 of 5,100)." in page
    assert "The source does not show a list of followers and the followers&#39; public profiles." in page
    assert report["result_sha256"] in page
    assert "seguito report bluesky:account:did:plc:anna --as-of 2 --lang en" in page


def test_the_command_cannot_be_made_to_do_something_else() -> None:
    report = document()
    report["creator"]["uri"] = "x:account:a; rm -rf $HOME"
    assert "seguito report &#39;x:account:a; rm -rf $HOME&#39; --as-of 2" in render(report, "en")


@pytest.mark.parametrize(("lang", "word"), [("en", "score"), ("it", "punteggio")])
def test_the_only_score_is_the_one_that_is_denied(lang: str, word: str) -> None:
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", render(document(), lang), flags=re.DOTALL)
    assert len(re.findall(word, text, re.IGNORECASE)) == 1


def test_italian_numbers_have_a_comma() -> None:
    page = render(document(), "it")
    assert "2.104" in page
    assert "3,25 post a settimana" in page
    assert "3.25" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_a_reply_is_shown_unedited() -> None:
    page = render(document(right_of_reply="La pausa era per il libro.\n<b>Grazie</b>"), "it")
    assert "La pausa era per il libro.\n&lt;b&gt;Grazie&lt;/b&gt;" in page
    assert "Il creator non ha ancora replicato" not in page


def test_huge_texts_do_not_flood_the_page() -> None:
    rows = {**ROWS, "uri:1": Row(reference="R-1", author="M", at=None, text="<" * 5_000_000)}
    assert len(render(document(rows=rows), "en")) < 400_000


def test_plain_takes_out_what_is_not_seen_and_leaves_the_rest() -> None:
    assert plain("a\u202eb\x00c\ud800\nd\u200d") == "abc\ufffd\nd\u200d"
    assert plain("x" * 700) == "x" * 599 + "…"
    assert plain(SCRIPT).endswith("gnp.exe")


def test_counts_that_the_source_does_not_tell_are_said_to_be_unknown() -> None:
    report = document()
    report["looked_at"].update(members=None, answers=None, followers_listed=None)
    page = re.sub(r"\s+", " ", render(report, "en"))
    assert "<dt>members who wrote</dt><dd>not told</dd>" in page
    assert "<dt>answers by the creator</dt><dd>not told</dd>" in page
    assert "<dt>followers, as the source says</dt><dd>18,400</dd>" in page
    assert "followers seen in the list" not in page


def test_what_could_not_be_counted_rests_on_nothing_not_on_zero() -> None:
    page = render(document(), "en")
    assert "based on 0" not in page
    assert "based on 2,104 comments" in page


def test_what_could_not_have_been_seen_stands_under_the_figure_and_under_the_question() -> None:
    page = render(document(), "en")
    for sentence in (
        "A smaller difference than 5%: with 385 followers read, the share is not known any better.",
        "A group that comments on every post together: it looks like the most loyal members.",
    ):
        figures, cards = page.split('id="figures"')[1], page.split('id="figures"')[0]
        assert sentence in figures
        # Both questions that rest on the figure say so.
        assert cards.count(sentence) == 2


def test_what_was_done_differently_is_a_picture_with_its_table() -> None:
    page = render(document(), "en")
    card = page.split('id="q-dialogue"')[1].split('class="others"')[0]
    # The deciding figure is the part on questions: .21 and .59 were tried, .21 leaves the stretch of yes above .25.
    assert card.count('class="ring"') == 1
    assert card.count('class="across"') == 1
    assert "21% to 59%; ways tried: 2, in another stretch: 1." in card
    assert 'href="#m-dialogue-answered_share-changes"' in card
    entry = page.split('id="m-dialogue-answered_share"')[1].split("</article>")[0]
    table = re.sub(r"<svg.*?</svg>|<[^>]+>|\s+", " ", entry.split("-changes")[2].split("</table>")[0], flags=re.DOTALL)
    rows = " ".join(table.split())
    assert "As worked out 41% 0% 50% if the program raised more false alarms 39%" in rows
    assert "Comments that ask something: as worked out 55%" in rows
    assert rows.endswith("counting all that the owner was not sure of 59% if the program missed more –")


def test_trials_that_did_not_hold_are_never_folded_away() -> None:
    report = document()
    answer = next(one for one in report["answers"] if one["question"] == "dialogue")
    trial = answer["survival"][0]
    answer["survival"] = [*({**trial, "check": "first_half"} for _ in range(7)), {**trial, "holds": False}]
    card = render(report, "en").split('id="q-dialogue"')[1].split("</article>")[0]
    folded = card.split("<details>")[1].split("</details>")[0]
    assert "Holds in 7 of 8 trials" in folded
    assert folded.count("<strong>holds</strong>") == 7
    assert "does not hold" in card.split("<details>")[0]


def test_a_trial_that_was_not_made_is_said_and_is_not_counted() -> None:
    report = document()
    card = render(report, "en").split('id="q-dialogue"')[1].split("</article>")[0]
    text = " ".join(card.split())
    assert "Not tried on “Followers with empty profiles”: without the strongest day. It does not count comments" in text
    made = next(one for one in report["answers"] if one["question"] == "dialogue")["survival"]
    assert text.count('class="check-') == sum(one["untried"] is None for one in made) == len(made) - 1
