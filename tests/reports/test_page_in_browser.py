"""The page in a real browser: it asks for nothing, complains of nothing, fits a phone and can be read by anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seguito.reports.html import render
from tests.reports.browser import Browser
from tests.reports.sample import document

# Every text against the first background behind it that is not see-through (WCAG 2.2, 1.4.3).
CONTRAST = """
(() => {
  const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const rgba = text => [...text.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || node.closest('.skip, .hidden, style, title, desc')) continue;
    const style = getComputedStyle(node);
    const colour = node.closest('svg') ? style.fill : style.color;
    if (!colour.startsWith('rgb')) continue;
    const pair = [light(rgba(colour)), light(behind(node))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) found.push(node.textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return found;
})()
"""
JUMPS = """
(() => {
  const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => Number(one.tagName[1]));
  return levels.filter((level, at) => level > (at ? levels[at - 1] : 0) + 1).length;
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module", params=["en", "it"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    path.write_text(render(document(), request.param), encoding="utf-8")
    return path


def test_it_asks_for_nothing_and_complains_of_nothing(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.requests() == [page.as_uri()]
    assert browser.complaints() == []
    assert browser.ask("document.scripts.length") == 0
    # The sample holds an image that would load and a script that would run, were they more than text.
    assert browser.ask("document.images.length") == 0


def test_the_browser_watches(browser: Browser, tmp_path: Path) -> None:
    """The two lists above can be other than empty."""
    page = tmp_path / "bad.html"
    page.write_text('<!doctype html><img src="http://127.0.0.1:9/x.png"><script>null.x</script>')
    browser.open(page)
    assert browser.requests() == [page.as_uri(), "http://127.0.0.1:9/x.png"]
    assert any("TypeError" in one for one in browser.complaints())


@pytest.mark.parametrize("width", [320, 360, 768, 1200])
def test_nothing_sticks_out_at_the_side(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    assert browser.ask("document.documentElement.scrollWidth") <= width


def test_everything_is_still_there_when_all_tables_are_open_on_a_phone(browser: Browser, page: Path) -> None:
    browser.open(page, width=360)
    browser.ask("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert browser.ask("document.documentElement.scrollWidth") <= 360


def test_landmarks_title_language_and_headings(browser: Browser, page: Path) -> None:
    browser.open(page)
    nodes: list[dict[str, Any]] = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = [one["role"]["value"] for one in nodes if not one["ignored"]]
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert roles.count(landmark) == 1, landmark
    assert browser.ask("document.title").startswith("@anna.example.org")
    assert browser.ask("document.documentElement.lang") == page.stem
    assert browser.ask("document.querySelectorAll('h1').length") == 1
    assert browser.ask(JUMPS) == 0


def test_every_picture_and_table_has_a_name(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.ask("document.querySelectorAll('details').forEach(one => { one.open = true })")
    nodes: list[dict[str, Any]] = browser.call("Accessibility.getFullAXTree")["nodes"]
    named = [one for one in nodes if not one["ignored"] and one["role"]["value"] in ("image", "img", "table", "region")]
    assert len(named) > 20
    assert [one["role"]["value"] for one in named if not one["name"]["value"]] == []
    assert browser.ask("[...document.querySelectorAll('th')].filter(one => !one.scope).length") == 0
    assert browser.ask("[...document.querySelectorAll('table')].filter(one => !one.caption).length") == 0
    charts = browser.ask("document.querySelectorAll('svg.chart').length")
    assert charts == browser.ask("document.querySelectorAll('figure details table').length") == 5


def test_no_id_occurs_twice_and_every_link_leads_somewhere(browser: Browser, page: Path) -> None:
    browser.open(page)
    ids = browser.ask("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    links = browser.ask("[...document.querySelectorAll('a')].map(one => one.getAttribute('href'))")
    assert links
    assert [one for one in links if one.removeprefix("#") not in ids] == []


def test_texts_can_be_told_from_what_is_behind_them(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.ask(CONTRAST) == []


def test_the_keyboard_comes_to_the_skip_link_first_and_sees_where_it_is(browser: Browser, page: Path) -> None:
    browser.open(page)
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.ask("document.activeElement.className") == "skip"
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert browser.ask("document.activeElement.getBoundingClientRect().left") >= 0


def test_hostile_texts_stay_texts(browser: Browser, page: Path) -> None:
    browser.open(page)
    texts = browser.ask("[...document.querySelectorAll('blockquote')].map(one => one.textContent).join('\\n')")
    assert "<script>alert(1)</script>" in texts
    assert "\u202e" not in texts
    assert "x" * 601 not in texts


def test_it_prints(browser: Browser, page: Path) -> None:
    browser.open(page)
    data = browser.pdf()
    assert data.startswith(b"%PDF")
    assert 3 <= data.count(b"/Type /Page\n") <= 20
