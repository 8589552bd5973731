"""What people paste: a link with the sentence's last mark, a title with its quotation marks, a word
that an input method is still composing."""

import re

import pytest
from test_shortlist import settled

from casebook.study import PACKAGE

SCRIPTS = sorted(PACKAGE.glob("*/static/*.js"))
# A letter that an input method composes, as a browser tells of it.
COMPOSE = """([selector, text]) => {
    const field = document.querySelector(selector);
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
}"""


@pytest.mark.parametrize("mark", ["。", "）", ".", "）。", "”", "%E3%80%82"])
def test_a_link_leads_where_it_was_meant_to_with_a_mark_after_it(read, site, mark):
    page = read(f"{site}/chapters/evidence.html#zj-one-visit{mark}")
    page.wait_for_url("**/evidence.html#zj-one-visit")
    assert page.locator("#zj-one-visit:target").is_visible()
    assert page.locator(".lost-place").count() == 0


def test_a_choice_in_an_address_holds_with_a_mark_after_it(read, site):
    page = read(f"{site}/chapters/places.html?compare=CN-GD&with=CN-ZJ）")
    assert page.locator("[name=with]").input_value() == "CN-ZJ"


@pytest.mark.parametrize(("edition", "say"), [("", "no place “no-such”"), ("zh/", "“no-such”")])
def test_an_anchor_that_leads_nowhere_says_so(read, site, edition, say):
    page = read(f"{site}/{edition}chapters/evidence.html#no-such")
    assert say in page.locator(".lost-place").inner_text()
    page.evaluate("location.hash = 'zj-one-visit'")
    page.locator(".lost-place").wait_for(state="detached")


@pytest.mark.parametrize("anchor", ["%", "%ff", "%E4%B8", "%25"])
@pytest.mark.parametrize("name", ["evidence", "index", "jiangsu"])
def test_an_anchor_that_is_none_throws_nowhere(read, site, name, anchor):
    page = read(f"{site}/chapters/{name}.html#{anchor}")
    assert page.locator("h1:visible").count() == 1
    page.locator(".edition-switch").hover()


@pytest.mark.parametrize(
    "words", ["《最多跑一次》", "最多跑一次。", "“最多跑一次”", "最多跑一次改革"]
)
def test_the_register_finds_a_title_with_its_marks(read, site, words):
    page = read(f"{site}/chapters/evidence.html")
    page.locator("[name=find]").fill(words)
    assert page.locator("#zj-one-visit").is_visible()
    assert page.locator("table.register tbody tr:visible").count() < 20


@pytest.mark.parametrize(
    ("edition", "words", "found", "leads"),
    [
        ("", "最多跑一次改革", "At Most One Visit", "/chapters/evidence.html#zj-one-visit"),
        ("", "《最多跑一次》", "At Most One Visit", "/chapters/evidence.html#zj-one-visit"),
        ("zh/", "最多跑一次改革", "最多跑一次改革", "/zh/chapters/evidence.html#zj-one-visit"),
        ("zh/", "社会治理、浙江", "浙江", "/zh/chapters/evidence.html#zj-"),
    ],
)
def test_the_search_finds_what_is_pasted(read, site, edition, words, found, leads):
    page = read(f"{site}/{edition}search.html?q={words}")
    results = page.locator(".pagefind-ui__result", has_text=found)
    results.first.wait_for()
    assert leads in results.first.locator("a").first.get_attribute("href")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("chapters/evidence", "[name=find]"),
        ("chapters/jiangsu", "[name=find]"),
        ("search", ".pagefind-ui__search-input"),
    ],
)
def test_nothing_happens_while_an_input_method_composes(read, site, name, field):
    page = read(f"{site}/zh/{name}.html")
    before = page.url
    page.locator(field).first.wait_for(state="attached")
    if name.endswith("jiangsu"):
        settled(page)
    page.evaluate(COMPOSE, [field, "zuiduo"])
    page.wait_for_timeout(600)
    assert page.url == before
    page.evaluate(
        """(selector) => {
            const field = document.querySelector(selector);
            field.value = "最多跑一次";
            field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
        }""",
        field,
    )
    page.wait_for_url("**?*")
    assert "zuiduo" not in page.url


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_looks_behind_which_older_browsers_cannot(script):
    assert not re.search(r"\(\?<[=!]", script.read_text(encoding="utf-8"))
