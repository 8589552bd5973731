"""The shortlist in a real browser: a list that does what a person expects, and a memo that says
what the rows say, in both languages and in every form."""

import os
import shutil
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from xml.etree import ElementTree

import pytest
from conftest import PATIENCE, must, open_page
from pypdf import PdfReader

from casebook import shortlist
from casebook.shortlist import candidates, ranking
from casebook.shortlist.state import CRITERIA, PICKED, QUESTIONS, State
from casebook.words import label

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}

# Take settings as from an address that a reader goes back to.
SET = """(query) => {
    history.replaceState(null, "", `?${query}`);
    dispatchEvent(new Event("popstate"));
}"""
# The practices of the rows that are shown, from above, and the ranks beside them.
LISTED = """() => [...document.querySelectorAll("tr[data-practice]:not([hidden])")]
    .map((row) => row.dataset.practice)"""
RANKS = """() => [...document.querySelectorAll("tr[data-practice]:not([hidden]) .rank")]
    .map((rank) => rank.textContent)"""
SETTLED = """(patience) => Promise.race([
    window.casebook.shortlist.settled(),
    new Promise((_, no) => setTimeout(() => no(new Error("it never settles")), patience)),
])"""
# Count in window.told how often the message for a screen reader changes.
COUNT_MESSAGES = """() => {
    window.told = 0;
    const observer = new MutationObserver(() => { window.told += 1; });
    const message = document.querySelector(".shortlist-said");
    observer.observe(message, { childList: true, characterData: true, subtree: true });
}"""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def shared(browser):
    """One page for all tests that need no other than a reader's at a desk: (page, errors)."""
    page, _, errors = open_page(browser, "about:blank", viewport=WIDE, accept_downloads=True)
    yield page, errors
    page.context.close()


@pytest.fixture
def read(read, site, shared):
    """Open the chapter that has the shortlist: read(query="", edition="", **context).

    With nothing special in the context it opens in the shared page.
    """
    page, errors = shared

    def one(query="", edition="", **context):
        address = f"{site}/{edition}chapters/jiangsu.html{query}"
        if context:
            return settled(read(address, **context))
        page.goto("about:blank")  # an address that differs by its # alone would load nothing
        page.emulate_media(media="screen")
        page.goto(address)
        return settled(page)

    yield one
    assert errors == []
    errors.clear()


@contextmanager
def with_script(browser, site, script, comes, query=""):
    """The chapter in a browser to which a script comes as `comes(route)` has it. Gives the page,
    and what was thrown there."""
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(PATIENCE)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"**/{script}*", comes)
    page.goto(f"{site}/chapters/jiangsu.html{query}", wait_until="domcontentloaded")
    try:
        yield page, errors
    finally:
        context.close()


@contextmanager
def without(browser, site, script):
    """The chapter in a browser that a script does not reach. Nothing may be thrown there."""
    with with_script(browser, site, script, lambda route: route.abort()) as (page, errors):
        yield page
    assert errors == []


@contextmanager
def before_its_scripts(browser, site, query=""):
    """The chapter while a script is on its way: the page, and a function that lets it come."""
    waiting = []
    with with_script(browser, site, "memo.js", lambda route: waiting.append(route), query) as (
        page,
        errors,
    ):

        def come():
            while not waiting:
                page.wait_for_timeout(20)
            waiting.pop().continue_()
            settled(page)

        yield page, come
    assert errors == []


def settled(page):
    """The page, once its scripts have come and it has computed the order, drawn and said it."""
    if not page.evaluate("matchMedia('(scripting: enabled)').matches"):
        return page
    page.evaluate("dispatchEvent(new Event('pointermove'))")  # somebody is there
    page.locator("table.rows[data-ready]").wait_for(state="attached")
    page.evaluate(SETTLED, PATIENCE)
    return page


def said(page):
    return settled(page).locator(".shortlist-said").inner_text()


def listed(page):
    return settled(page).evaluate(LISTED)


def weights(page):
    return [int(field.input_value()) for field in page.locator("[data-points]").all()]


def ordered(ev, state, count=None):
    return list(ranking.ranked(ev, state).order.index)[:count]


def pick(page, practices):
    for practice in practices:
        page.locator(f"#pick-{practice} [name=pick]").check()
    settled(page)


def downloaded(page, kind):
    with page.expect_download() as download:
        page.locator(f"[data-take={kind}]").click()
    return download.value.path()


# ---- the list


def test_the_script_lists_what_the_page_lists_without_it(read, ev):
    still, alive = read(java_script_enabled=False), read()
    alive.locator(".shortlist-all").click()
    every = list(candidates.candidates(ev).practice)
    assert listed(still) == listed(alive) == every
    assert alive.locator("tr.group:visible").all_inner_texts() == (
        still.locator("tr.group:visible").all_inner_texts()
    )


def test_without_script_rows_and_questions_stay_and_nothing_asks_to_be_used(read, ev):
    page = read(java_script_enabled=False, viewport=PHONE)
    assert page.locator(".shortlist-tool:visible").count() == 0
    assert page.locator("tr[data-practice]:visible").count() == len(candidates.candidates(ev))
    assert page.locator(".knows:visible").count() == 5 * len(candidates.candidates(ev))
    questions = page.locator(".memo-questions li").all_inner_texts()
    assert label("need_effect") in questions and label("need_economics") in questions
    page.locator("tr[data-practice] summary").first.click()
    assert page.locator("tr[data-practice] .line:visible").count() >= 6


def test_what_is_quicker_than_the_scripts_counts(browser, site, ev):
    with before_its_scripts(browser, site) as (page, come):
        boxes = page.locator(".rows [name=pick]")
        boxes.nth(0).click()
        boxes.nth(1).click()
        page.locator("[name=place]").select_option("CN-SH")
        page.locator("[data-ask=law]").click()
        assert not boxes.nth(0).is_checked()
        come()
        assert boxes.nth(0).is_checked() and boxes.nth(1).is_checked()
        assert page.locator("[name=place]").input_value() == "CN-SH"
        assert listed(page) == ordered(ev, State(place="CN-SH", ask="law"), shortlist.SHOWN)


def test_to_be_at_a_field_early_changes_nothing(browser, site, ev):
    with before_its_scripts(browser, site, "?shortlist=1&place=CN-SH") as (page, come):
        page.locator("[name=place]").focus()
        come()
        assert page.locator("[name=place]").input_value() == "CN-SH"
        assert listed(page) == ordered(ev, State(place="CN-SH"), shortlist.SHOWN)


def test_on_a_phone_the_first_rows_stand_before_anybody_moves(browser, site):
    page, _, errors = open_page(browser, f"{site}/chapters/jiangsu.html", viewport=PHONE)
    assert page.locator("tr[data-practice]:visible").count() == shortlist.SHOWN
    page.context.close()
    assert errors == []


@pytest.mark.parametrize("body", [None, "throw 1", "?"], ids=["lost", "throws", "no script"])
@pytest.mark.parametrize("script", ["charts.js", *(path.name for path in shortlist.SCRIPTS)])
def test_where_a_script_does_not_run_every_row_stays_and_nothing_asks_to_be_used(
    browser, site, ev, script, body
):
    def comes(route):
        route.abort() if body is None else route.fulfill(content_type="text/javascript", body=body)

    with with_script(browser, site, script, comes) as (page, _):
        page.mouse.move(9, 9)
        page.locator(".shortlist.bare").wait_for()
        assert page.locator("tr[data-practice]:visible").count() == len(candidates.candidates(ev))
        assert page.locator(".shortlist-tool:visible").count() == 0


def test_a_question_orders_the_list_and_the_article_has_its_order_back(read, ev):
    page = read()
    before = listed(page)
    assert page.evaluate(RANKS) == [""] * len(before)
    for ask, points in QUESTIONS.items():
        page.locator(f"[data-ask={ask}]").click()
        assert listed(page) == ordered(ev, State(ask=ask), shortlist.SHOWN)
        assert f"ask={ask}" in page.url
        page.evaluate("document.querySelector('.shortlist-weights').open = true")
        assert weights(page)[:6] == list(points[:6])
        first = candidates.candidates(ev).set_index("practice").name[listed(page)[0]]
        assert first in said(page)
    page.locator("[data-ask='']").click()
    assert listed(page) == before and "?" not in page.url


def test_by_mouse_a_slider_moves_the_order_and_its_words(read, ev):
    page = read("?shortlist=1&ask=law")
    page.locator(".shortlist-weights summary").click()
    slider = page.locator("[data-weight=time_in_force]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    state = State(weights=(0, 0, 100, 100, 0, 0, 50, 50))
    assert weights(page) == list(state.weights)
    assert listed(page) == ordered(ev, state, shortlist.SHOWN)
    assert "weights=0-0-100-100-0-0-50-50" in page.url and "ask=" not in page.url
    assert page.locator(".shortlist-questions [aria-pressed=true]").count() == 0
    words = page.locator("tr[data-practice]:visible .sure .words").first.inner_text()
    assert "Among the first 5" in words and "of 100:" in words
    drawn = page.locator("tr[data-practice]:visible .ranks path").first.get_attribute("d")
    assert drawn.count("V") > len(candidates.candidates(ev))


def test_by_keyboard_everything_can_be_reached_and_the_focus_stays(read):
    page = read("?shortlist=1&ask=law")
    page.locator(".shortlist-weights summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.weight") == "known"
    page.keyboard.press("End")
    assert weights(page)[0] == 100
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.points") == "known"
    last = listed(page)[-1]
    page.locator(f"#pick-{last} summary").focus()
    page.keyboard.press("Enter")
    own = page.locator(f"#pick-{last} [data-own=priority]")
    own.focus()
    page.keyboard.press("ArrowDown")  # from “not set” to “very high”
    settled(page)
    assert page.evaluate("document.activeElement.dataset.own") == "priority"
    assert own.input_value() == "4" and f"priority={last}_4" in page.url
    assert page.locator("[data-weight=priority]").is_visible()
    assert not page.locator("[data-weight=feasibility]").is_visible()
    page.locator(f"#pick-{last} [name=pick]").focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.name") == "pick"
    assert page.locator(".shortlist-tray").is_visible()


def test_by_touch_on_a_phone_filters_are_a_sheet(read, ev):
    page = read(viewport=PHONE, has_touch=True)
    assert not page.locator("[name=step]").is_visible()
    page.locator(".shortlist-open").tap()
    page.locator("[name=step]").select_option("m-services")
    steps = ordered(ev, State(step="m-services"))
    button = page.locator(".shortlist-close button").last
    assert button.inner_text() == f"Show {len(steps)} practices"
    button.tap()
    assert not page.locator("[name=step]").is_visible()
    assert listed(page) == steps[: shortlist.SHOWN]
    page.locator("[data-ask=longest]").tap()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = """() => [...document.querySelectorAll(".shortlist *")].filter((one) =>
        one.checkVisibility() && one.textContent.trim()
        && parseFloat(getComputedStyle(one).fontSize) < 12).map((one) => one.outerHTML)"""
    assert page.evaluate(small) == []


def test_filters_choose_practices_and_their_links(read, ev):
    page = read()
    page.locator("[name=recommendation]").select_option("rec-technology")
    assert listed(page) == ordered(ev, State(recommendation="rec-technology"), shortlist.SHOWN)
    steps = ev.measures[ev.measures.recommendation == "rec-technology"].measure
    assert page.locator("[name=step] option:not([hidden])").count() == 1 + len(steps)
    page.locator("[name=step]").select_option("m-services")
    page.locator("[name=type]").select_option("province")
    state = State(recommendation="rec-technology", step="m-services", type="province")
    assert listed(page) == ordered(ev, state)
    page.locator("[name=recommendation]").select_option("rec-functions")
    assert page.locator("[name=step]").input_value() == "", "the step is of another recommendation"
    page.locator("[name=recommendation]").select_option("")
    page.locator("[name=type]").select_option("")
    page.locator("[name=coding]").select_option("contested")
    page.locator("[data-ask=documented]").click()
    assert listed(page) == ordered(ev, State(ask="documented", coding="contested"), shortlist.SHOWN)
    assert label("s_its_link") in page.locator(".sure .words:visible").first.inner_text()


def test_nothing_that_fits_and_nothing_that_tells_apart_are_said(read, ev):
    page = read("?shortlist=1&place=CN-SH&type=province")
    assert said(page) == label("s_none") and listed(page) == []
    page = read("?shortlist=1&place=CN-GD&weights=0-0-0-0-100-0-50-50")
    assert said(page) == label("s_level")
    page.evaluate("document.querySelector('.shortlist-weights').open = true")
    assert page.locator("#q-alike").inner_text() == label("s_flat")
    assert not page.locator("[data-weight=alike]").is_visible()
    assert page.locator("#q-priority").inner_text() == label("s_own_off")


def test_ties_are_shown_as_ties(read, ev):
    page = read("?shortlist=1&ask=law")
    order = ranking.ranked(ev, State(ask="law")).order
    ties = int((order["rank"] == 1).sum())
    assert ties > 1 and page.evaluate(RANKS)[:ties] == ["1="] * ties
    assert f"{ties} practices share the first place" in said(page)


def test_how_sure_is_said_as_python_counts_it(read, ev):
    page = read("?shortlist=1&ask=documented")
    answer = ranking.ranked(ev, State(ask="documented"))
    for practice in answer.order.index[: shortlist.SHOWN]:
        words = page.locator(f"#pick-{practice} .sure .words").inner_text()
        share = answer.shares.loc[practice, [1, 2, 3, 4, 5]].sum()
        times = min(9, round(10 * share + 1e-9))
        expected = (
            label("s_always", k=5, draws=ranking.DRAWS)
            if share > 1 - 1e-9
            else label("s_never", k=5, draws=ranking.DRAWS)
            if share < 1e-9
            else label("s_often", k=5, n=times)
            if times
            else label("s_hardly", k=5)
        )
        assert words.startswith(expected), (practice, share)
        above = int(ranking.dominates(answer.values)[practice].sum())
        told = label("s_above_one") if above == 1 else label("s_above", n=above)
        assert (told in words) is (above > 0), (practice, above)


TYPED = [
    ("70", 70, ""),
    ("７０", 70, ""),
    (" 70 % ", 70, ""),
    ("12,5", 13, ""),
    ("7.4", 7, ""),
    ("-5", 0, "-5 is below 0"),
    ("−5", 0, "below 0"),
    ("150", 100, "150 is above 100"),
    ("1e3", 100, "Enter a number"),
    ("abc", 100, "Enter a number from 0 to 100; the weight stays at 100"),
    ("", 100, "Enter a number"),
    ("<b>9", 100, "Enter a number"),
]


def test_what_is_typed_as_a_weight_is_taken_as_a_person_means_it(read):
    page = read("?shortlist=1&ask=documented")
    for text, points, notice in TYPED:
        page.evaluate(SET, "shortlist=1&ask=documented")
        page.evaluate("document.querySelector('.shortlist-weights').open = true")
        field = page.locator("[data-points=known]")
        field.fill(text)
        field.press("Tab")
        assert weights(page)[0] == points, text
        assert int(page.locator("[data-weight=known]").input_value()) == points
        shown = page.locator(".shortlist-notice")
        assert (notice in shown.inner_text()) if notice else not shown.is_visible(), text


def test_a_mark_leads_to_its_reason(read):
    page = read()
    page.locator("#pick-zj-one-visit .knows").first.click()
    reason = page.locator("#why-zj-one-visit-effect")
    assert reason.is_visible() and "asserts" in reason.inner_text()
    assert page.evaluate("document.activeElement.id") == "why-zj-one-visit-effect"


def test_the_order_is_told_once_the_hand_rests(read):
    page = read("?shortlist=1&ask=law")
    page.evaluate("document.querySelector('.shortlist-weights').open = true")
    page.evaluate(COUNT_MESSAGES)
    # Not by the keyboard: between two of its presses a busy machine may rest long enough.
    page.locator("[data-weight=time_in_force]").evaluate("""(slider) => {
        for (let at = 0; at < 30; at += 1) {
            slider.stepUp();
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }""")
    settled(page)
    assert page.evaluate("window.told") == 1
    assert page.locator(".shortlist-said").get_attribute("role") == "status"


# As on a slow machine: each look at the clock is a tenth of a second later, so that the work pauses
# at every step. Then drag, and wait until every pause is over.
DRAGGED_SLOWLY = """async (slider) => {
  let now = 0;
  performance.now = () => (now += 100);
  for (let at = 0; at < 5; at += 1) {
    slider.stepUp();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const { answer } = window.casebook.shortlist;
  const tick = () => new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = go;
    port2.postMessage(null);
  });
  for (let more = 0; more < 500; more += 1) await tick();
  return answer().shares?.length ?? null;
}"""


def test_how_sure_an_order_is_stays_however_slowly_it_was_reached(read):
    page = read("?shortlist=1&ask=law")
    settled(page)
    page.evaluate("document.querySelector('.shortlist-weights').open = true")
    assert page.locator("[data-weight=time_in_force]").evaluate(DRAGGED_SLOWLY)
    assert page.locator("table.rows.stale").count() == 0


def test_showing_all_and_fewer_again_keeps_ones_place(read, ev):
    page = read()
    more = page.locator(".shortlist-all")
    more.click()
    assert len(listed(page)) == len(candidates.candidates(ev)) > shortlist.SHOWN
    more.click()
    assert len(listed(page)) == shortlist.SHOWN
    assert 0 <= more.bounding_box()["y"] <= WIDE["height"]


# ---- addresses


def test_a_link_restores_everything(read, ev):
    state = State(
        recommendation="rec-rule-of-law",
        type="province",
        weights=(10, 20, 30, 40, 50, 60, 70, 80),
        priority=(("gd-enforcement-platform", 4),),
        pick=("gd-enforcement-platform", "zj-law-standard"),
        show="compare",
    )
    page = read(f"?{state}")
    page.evaluate("document.querySelector('.shortlist-weights').open = true")
    assert listed(page) == ordered(ev, state, shortlist.SHOWN)
    assert weights(page)[:7] == list(state.weights[:7])
    assert page.locator(".shortlist-compare thead th").count() == 2
    assert not page.locator(".shortlist-notice").is_visible()
    assert page.url.partition("?")[2] == str(state)


@pytest.mark.parametrize(
    "part", ["ask=why", "weights=1-2", "pick=none", "step=%3Cscript%3E", "place=__proto__"]
)
def test_a_part_of_a_link_that_means_nothing_is_left_out_and_said(read, part):
    page = read(f"?shortlist=1&type=province&{part}")
    notice = page.locator(".shortlist-notice").inner_text()
    assert "could not be read" in notice and part.partition("=")[0] in notice
    assert page.locator("[name=type]").input_value() == "province"
    assert page.evaluate(RANKS) == [""] * shortlist.SHOWN


def test_a_link_of_another_version_is_said(read):
    page = read("?shortlist=2&type=province")
    assert "shortlist=2" in page.locator(".shortlist-notice").inner_text()
    assert page.locator("[name=type]").input_value() == ""


OLD = [
    ("1.w20-100-50-20-20-50-50-50", State(ask="law")),
    ("1.w20-20-20-20-100-50-50-50.jGD-ZJ", State(ask="longest", type="province")),
    ("1.rrec-technology.jSH", State(recommendation="rec-technology", place="CN-SH")),
    ("1.pm-silos_4.cm-silos*m-services", State()),
    ("%E6%96%87", State()),
]


@pytest.mark.parametrize(("query", "state"), OLD)
def test_an_address_of_the_explorer_leads_to_the_nearest_choice(read, ev, query, state):
    page = read(f"?explorer={query}")
    assert page.locator(".shortlist-notice").inner_text() == label("s_old")
    assert listed(page) == ordered(ev, state, shortlist.SHOWN)
    assert page.url.partition("?")[2] == str(state)


def test_a_link_to_a_step_of_the_explorer_chooses_the_step(read, ev):
    page = read("#step-m-silos")
    assert listed(page) == ordered(ev, State(step="m-silos"), shortlist.SHOWN)
    assert page.locator(".shortlist-notice").inner_text() == label("s_old")


def test_a_link_to_a_row_further_down_shows_it(read, ev):
    last = list(candidates.candidates(ev).practice)[-1]
    page = read(f"#pick-{last}")
    assert page.locator(f"#pick-{last}").is_visible()
    page = read(f"#why-{last}-silent")
    assert page.locator(f"#why-{last}-silent").is_visible()


def test_an_old_anchor_does_not_undo_what_the_address_says(read, ev):
    state = State(place="CN-SH", ask="law", pick=("sh-data-rules",))
    page = read(f"?{state}#step-m-services")
    assert listed(page) == ordered(ev, state, shortlist.SHOWN)
    page = read(f"?{state}#why-zj-one-visit-effect")
    assert page.locator("#why-zj-one-visit-effect").is_visible()
    assert "ask=law&pick=sh-data-rules" in page.url
    page.locator("[name=place]").select_option("CN-BJ")
    assert listed(page) and "#" not in page.url, "nobody is sent back to the mark"


@pytest.mark.parametrize("anchor", ["%ff", "%E4%B8", "%", "step-", "pick-none"])
def test_an_anchor_that_is_none_changes_nothing(read, ev, anchor):
    page = read(f"?shortlist=1&ask=law#{anchor}")
    assert listed(page) == ordered(ev, State(ask="law"), shortlist.SHOWN)


def test_a_row_that_is_rated_stays_in_sight_and_keeps_the_focus(read, ev):
    page = read("?shortlist=1&ask=documented")
    last = listed(page)[-1]
    page.locator(f"#pick-{last} summary").click()
    own = page.locator(f"#pick-{last} [data-own=priority]")
    for level in ("0", "4", ""):
        own.focus()
        own.select_option(level)
        settled(page)
        assert page.evaluate("document.activeElement.dataset.own") == "priority", level
        box = own.bounding_box()
        assert 0 <= box["y"] <= WIDE["height"], level
    own.select_option("0")
    page.locator(".shortlist-unrate").click()
    assert "priority" not in settled(page).url and own.input_value() == ""


@pytest.mark.parametrize("words", ["at most one", "最多跑一次", "《最多跑一次》", "window", "quux"])
def test_words_find_what_stands_in_a_row(read, ev, words):
    page = read()
    page.locator("[name=find]").fill(words)
    found = ordered(ev, State(find=words))
    assert listed(page) == found[: shortlist.SHOWN]
    assert bool(found) == (words != "quux")
    page.locator(".shortlist-close button").first.click()
    assert page.locator("[name=find]").input_value() == ""
    assert len(listed(page)) == shortlist.SHOWN


# ---- side by side, and the memo


def test_two_to_four_practices_stand_side_by_side(read, ev):
    page = read()
    practices = list(candidates.candidates(ev).practice)[:5]
    pick(page, practices[:1])
    page.locator("[data-do=compare]").click()
    compared = page.locator(".shortlist-compare")
    assert compared.inner_text() == label("s_compare_how", n=4)
    pick(page, practices[1:3])
    assert compared.locator("thead th").count() == 3
    names = candidates.candidates(ev).set_index("practice").name
    heads = compared.locator("thead th").all_inner_texts()
    assert [head.startswith(names[one]) for head, one in zip(heads, practices)] == [True] * 3
    rows = compared.locator("tbody th").all_inner_texts()
    assert {"What is told of it:", "What Jiangsu had by August 2020:", "Ask:"} <= set(rows)
    pick(page, practices[3:5])
    assert compared.inner_text() == label("s_compare_how", n=4)


def test_a_memo_has_room_for_eight(read, ev):
    page = read()
    practices = list(candidates.candidates(ev).practice)[: PICKED + 1]
    pick(page, practices[:PICKED])
    assert page.locator(f"#pick-{practices[PICKED]} [name=pick]").is_disabled()
    assert page.locator("[data-drop]").count() == PICKED
    page.locator("[data-drop]").first.click()
    assert page.locator("[data-drop]").count() == PICKED - 1
    assert not page.locator(f"#pick-{practices[0]} [name=pick]").is_checked()
    page.locator("[data-do=clear]").click()
    assert page.locator(".memo-text").count() == 0 and page.locator(".memo-questions").is_visible()
    assert "pick=" not in page.url


def test_the_order_of_a_memo_does_not_hang_on_what_is_left_in_a_filter(read):
    picks = ("zj-one-visit", "bj-one-window", "sh-one-network-service")
    heads = []
    for find in ("", "one window", "visit"):
        page = read(f"?{State(ask='documented', find=find, pick=picks)}")
        heads.append(page.locator(".memo-text h3").all_inner_texts()[:3])
    assert heads[0] == heads[1] == heads[2]


MEMOS = [
    State(pick=("bj-three-zeros", "zj-one-visit")),
    State(ask="documented", step="m-services", pick=("zj-one-visit", "gd-data-rules")),
    State(type="municipality", weights=(0, 0, 100, 0, 0, 30, 50, 50), pick=("zj-one-visit",)),
    State(
        ask="law",
        coding="contested",
        priority=(("gd-enforcement-platform", 3), ("zj-one-visit", 1)),
        source="seen",
        status="in_place",
        recommendation="rec-participation",
        pick=("gd-enforcement-platform", "bj-three-zeros", "sh-one-network-service"),
    ),
]


@pytest.mark.parametrize("state", MEMOS)
def test_the_memo_is_that_of_python_word_for_word(read, site, ev, state):
    page = read(f"?{state}")
    text = downloaded(page, "md").read_text(encoding="utf-8")
    assert text == shortlist.memo(ev, state, f"{site}/chapters/")


def test_the_chinese_memo_is_that_of_python_word_for_word(read, site):
    script = (
        "from casebook import evidence, shortlist\n"
        f"ev = evidence.load()\nstate = shortlist.{MEMOS[1]!r}\n"
        f"print(shortlist.memo(ev, state, {f'{site}/zh/chapters/'!r}), end='')\n"
    )
    ours = in_chinese(script)
    page = read(f"?{MEMOS[1]}", edition="zh/")
    assert downloaded(page, "md").read_text(encoding="utf-8") == ours
    assert "已掌握的情况" in ours


def in_chinese(script):
    """What a script prints in a Python of the Chinese edition."""
    env = {**os.environ, "CASEBOOK_LANGUAGE": "zh", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def words_of(page):
    """The words of the memo as it stands on the page, block by block."""
    blocks = page.locator(".memo-text :is(h2, h3, p, li)").all_text_contents()
    return [" ".join(block.split()) for block in blocks]


@pytest.mark.parametrize("edition", ["", "zh/"])
def test_the_file_of_word_has_the_words_of_the_page_and_its_links(read, edition, tmp_path):
    page = read(f"?{MEMOS[0]}", edition=edition)
    path = downloaded(page, "docx")
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        document = ElementTree.fromstring(file.read("word/document.xml"))
        links = file.read("word/_rels/document.xml.rels").decode("utf-8")
    texts = [
        " ".join("".join(text.text for text in paragraph.iter(f"{WORD}t")).split())
        for paragraph in document.iter(f"{WORD}p")
    ]
    assert texts == words_of(page)
    assert links.count('TargetMode="External"') == page.locator(".memo-text a").count() > 3


@pytest.mark.parametrize("edition", ["", "zh/"])
def test_an_office_program_opens_the_file_and_reads_the_same_words(read, edition, tmp_path):
    office = shutil.which("soffice")
    if not office:
        must("no LibreOffice: install libreoffice-writer-nogui")
    page = read(f"?{MEMOS[0]}", edition=edition)
    file = tmp_path / "memo.docx"
    shutil.copy(downloaded(page, "docx"), file)
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE / 1000)
    lines = (tmp_path / "memo.txt").read_text(encoding="utf-8-sig").splitlines()
    texts = [" ".join(line.replace("•", " ").split()) for line in lines if line.strip()]
    assert texts == words_of(page)


def test_the_memo_can_be_copied_with_and_without_its_form(read):
    page = read(f"?{MEMOS[0]}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copy(kind):
        page.evaluate("document.querySelector('.shortlist-taken').textContent = ''")
        page.locator(f"[data-take={kind}]").click()
        page.locator(".shortlist-taken", has_text="Copied").wait_for()

    for kind in ("rich", "plain"):
        copy(kind)
        text = page.evaluate("navigator.clipboard.readText()")
        copied = [" ".join(line.lstrip("• ").split()) for line in text.splitlines()]
        assert [line for line in copied if line] == words_of(page)
    copy("rich")
    html = page.evaluate(
        "navigator.clipboard.read().then(([item]) => item.getType('text/html'))"
        ".then((blob) => blob.text())"
    )
    assert "<strong>" in html and 'href="http' in html
    copy("link")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_printed_the_memo_stands_alone(read):
    page = read(f"?{MEMOS[0]}")
    page.evaluate("window.print = () => {}")
    page.locator("[data-take=print]").click()
    page.emulate_media(media="print")
    heads = page.locator("article :is(h1, h2, h3):visible").all_inner_texts()
    assert heads == page.locator(".memo-text :is(h2, h3)").all_inner_texts()
    assert page.locator("table:visible, .shortlist-take:visible").count() == 0


def test_on_paper_stands_every_row_that_fits(read, browser, site, ev):
    every = len(candidates.candidates(ev))
    with without(browser, site, "shortlist.js") as page:  # nor has anybody moved
        page.emulate_media(media="print")
        assert page.locator("tr[data-practice]:visible").count() == every
    page = read("?shortlist=1&ask=law")
    first = shortlist.SHOWN
    steps = [("beforeprint", every), ("afterprint", first), ("beforeprint", every)]
    for kind, count in [*steps, ("pointerdown", first)]:
        page.evaluate("(kind) => dispatchEvent(new Event(kind))", kind)
        assert page.locator("tr[data-practice]:visible").count() == count
        assert page.locator(".sure .words:not(:empty):visible").count() == count


@pytest.mark.parametrize("count", [3, 8])
def test_a_memo_of_usual_length_fits_two_sheets(read, ev, tmp_path, count):
    """The practices whose memo is of middle length; the eight longest take three sheets."""
    by_length = sorted(
        candidates.candidates(ev).practice,
        key=lambda one: len(shortlist.memo(ev, State(pick=(one,)))),
    )
    middle = len(by_length) // 2
    page = read(f"?{State(pick=tuple(by_length[middle : middle + count]))}")
    page.evaluate("document.documentElement.classList.add('only-memo')")
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "memo.pdf", format="A4")
    assert len(PdfReader(tmp_path / "memo.pdf").pages) <= 2


def test_the_memo_is_made_from_disk_and_asks_for_nothing(browser, book):
    page, _, errors = open_page(browser, "about:blank", viewport=WIDE, accept_downloads=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{book}/chapters/jiangsu.html?{MEMOS[0]}")
    settled(page)
    asked.clear()
    with zipfile.ZipFile(downloaded(page, "docx")) as file:
        assert "file://" not in file.read("word/_rels/document.xml.rels").decode("utf-8")
    assert "file://" not in downloaded(page, "md").read_text(encoding="utf-8")
    assert [url for url in asked if not url.startswith("blob:")] == []
    page.context.close()
    assert errors == []


def test_the_criteria_have_a_slider_each(read):
    page = read("?shortlist=1&ask=law")
    codes = page.evaluate(
        "[...document.querySelectorAll('[data-weight]')].map((one) => one.dataset.weight)"
    )
    assert tuple(codes) == CRITERIA
