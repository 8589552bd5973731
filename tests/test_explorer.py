"""The explorer in a real browser: a form that does what a person expects, and words, chart and
files that tell of one ranking."""

import csv
import io
import json
import re
from contextlib import contextmanager

import pytest
from conftest import PATIENCE, open_page

from casebook import explorer
from casebook.explorer import ranking
from casebook.explorer.ranking import CRITERIA, EVIDENCE, State

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
CHART = f"#chart-{explorer.FIGURE}"

# Take settings as from an address that a reader goes back to.
SET = """(text) => {
    history.replaceState(null, "", `?explorer=${text}`);
    dispatchEvent(new Event("popstate"));
}"""
# [rank, step] of the items of the list that are shown.
ORDER = """() => [...document.querySelectorAll(".explorer-list > li:not([hidden])")]
    .map((item) => [item.querySelector(".step-rank b").textContent, item.dataset.step])"""
# “rank name” of the first three items.
FIRST_THREE = """() => [...document.querySelectorAll(".explorer-list > li")].slice(0, 3)
    .map((item) => [".step-rank b", "strong"].map((part) => item.querySelector(part).textContent))
    .map((parts) => parts.join(" "))"""
# {step: name} of all items.
NAMES = """() => Object.fromEntries([...document.querySelectorAll(".explorer-list > li")]
    .map((item) => [item.dataset.step, item.querySelector("strong").textContent]))"""
# The texts in the live chart that begin with a rank, from above.
DRAWN = """(chart) => [...document.querySelectorAll(chart + " .chart-now svg text")]
    .filter(({ textContent }) => /^\\d+=? [A-Z]/.test(textContent))
    .map((text) => [text.getBoundingClientRect().top, text.textContent])
    .sort((one, other) => one[0] - other[0]).map(([, text]) => text)"""
# All that the explorer says in words, item by item, then around the list.
WORDS = """() => [
    ...[...document.querySelectorAll(".explorer-list > li")].flatMap((item) =>
        [".step-head", ".step-sure", ".step-parts", "summary"]
            .map((part) => item.querySelector(part).textContent)),
    ...[".explorer-apart", ".explorer-settings", "#chart-fig-priorities .chart-finding"]
        .map((part) => document.querySelector(part).textContent),
]"""
# Count in window.told how often the message for a screen reader changes.
COUNT_MESSAGES = """() => {
    window.told = 0;
    const observer = new MutationObserver(() => { window.told += 1; });
    const message = document.querySelector(".explorer-said");
    observer.observe(message, { childList: true, characterData: true, subtree: true });
}"""
# Where the chart stands on the page, and how tall it is.
PLACE = """(chart) => {
    const box = document.querySelector(chart).getBoundingClientRect();
    return [box.top + scrollY, box.height];
}"""


@pytest.fixture(scope="module")
def shared(browser):
    """One page for all tests that need no other than a reader's at a desk: (page, errors)."""
    page, _, errors = open_page(browser, "about:blank", viewport=WIDE)
    yield page, errors
    page.context.close()


@pytest.fixture
def read(read, site, shared):
    """Open the chapter that has the explorer: read(query="", **context).

    With nothing special in the context it opens in the shared page. With `kept` that page stays,
    where it is the plain one, and only its weights and filters are put back.
    """
    page, errors = shared

    def one(query="", kept=False, **context):
        address = f"{site}/chapters/jiangsu.html{query}"
        if kept and page.url.partition("?")[0] == address:
            page.evaluate(SET, "1")
            return page
        if context:
            return read(address, **context)
        page.goto("about:blank")  # an address that differs by its # alone would load nothing
        page.emulate_media(media="screen")
        page.goto(address)
        return page

    yield one
    assert errors == []
    errors.clear()


@contextmanager
def without_vega(browser, site):
    """The chapter in a browser that Vega does not reach. Nothing may be thrown there."""
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(PATIENCE)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/vega.js", lambda route: route.abort())
    page.goto(f"{site}/chapters/jiangsu.html")
    yield page
    context.close()
    assert errors == []


def settle(page):
    """Wait until the page has computed the new order, drawn and said it."""
    page.evaluate("window.casebook?.explorer?.settled()")


def said(page):
    settle(page)
    return page.locator(".explorer-said").inner_text()


def order(page):
    """The ranking in words as it is shown: [(rank, step)]."""
    settle(page)
    return page.evaluate(ORDER)


def drawn(page):
    """The names beside the bars of the live chart, from above."""
    return page.evaluate(DRAWN, CHART)


def first_with(ev, preset):
    """The step that a preset puts first, alone, where equal weights have another: (id, name)."""
    first, equal = (
        ranking.ranked(ev, State(weights=ranking.PRESETS[name])).order for name in (preset, "equal")
    )
    assert not first.shared.iloc[0] and first.index[0] != equal.index[0]
    return first.index[0], explorer.names(ev)[first.index[0]]


def weights(page):
    fields = page.locator("[data-points]")
    return [int(field.input_value()) for field in fields.all()]


# ---- the same as Python's


def test_the_script_says_what_the_page_says_without_it(read):
    """Equal weights in words: the ranking written by Python, and the one that the script writes."""
    still, alive = read(java_script_enabled=False), read()
    before = said(still)
    assert said(alive) == before
    assert alive.evaluate(WORDS) == still.evaluate(WORDS)


# ---- by hand


def test_by_mouse_a_slider_moves_the_order_the_chart_and_the_words(read):
    page = read()
    before = order(page)
    slider = page.locator("[data-weight=time_in_force]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    assert weights(page)[4] == 100 and "explorer=1.w50-50-50-50-100" in page.url
    after = order(page)
    assert after != before
    assert said(page).split("” ")[0].strip("“") in page.locator(f"#step-{after[0][1]}").inner_text()
    page.locator(f"{CHART} .chart-now svg").wait_for()
    settle(page)
    names = page.evaluate(NAMES)
    assert drawn(page) == [f"{rank} {names[step]}" for rank, step in after]
    assert page.locator(f"{CHART} .chart-finding").inner_text() in said(page)


def test_by_keyboard_everything_can_be_reached_and_the_focus_stays(read):
    page = read()
    page.locator("[data-weight=breadth]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert weights(page)[0] == 100
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.points") == "breadth"
    last = order(page)[-1][1]
    page.locator(f"#step-{last} summary").focus()
    page.keyboard.press("Enter")
    own = page.locator(f"#step-{last} [data-own=priority]")
    own.focus()
    # From “not set” to “very high”: the step rises, and its select keeps the focus.
    page.keyboard.press("ArrowDown")
    settle(page)
    assert page.evaluate("document.activeElement.dataset.own") == "priority"
    assert own.input_value() == "4"
    assert not page.locator("[data-weight=priority]").is_disabled()
    assert page.locator("[data-weight=feasibility]").is_disabled()
    assert [step for _, step in order(page)] == [
        page.evaluate("n => document.querySelectorAll('.explorer-list > li')[n].dataset.step", n)
        for n in range(len(order(page)))
    ]
    assert f"p{last}_4" in page.url


def test_by_touch_on_a_phone(read):
    page = read(viewport=PHONE, has_touch=True)
    slider = page.locator("[data-weight=measured]")
    box = slider.bounding_box()
    slider.tap(position={"x": 2, "y": box["height"] / 2})
    assert weights(page)[3] < 5
    page.locator("[data-preset=legal]").tap()
    assert weights(page)[:6] == list(ranking.PRESETS["legal"][:6])
    page.locator(f"{CHART} .chart-now svg").wait_for()
    settle(page)
    assert [name.split(" ")[0] for name in drawn(page)] == [rank for rank, _ in order(page)]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("preset", ranking.PRESETS)
def test_a_preset_says_its_philosophy_and_sets_its_weights(read, preset):
    page = read(kept=True)
    button = page.locator(f"[data-preset={preset}]")
    assert len(button.locator("span").inner_text()) > 30
    button.click()
    assert weights(page)[:6] == list(ranking.PRESETS[preset][:6])
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("[data-preset][aria-pressed=true]").count() == 1
    page.locator("[type=reset]").click()
    assert weights(page) == list(ranking.EQUAL) and "explorer=" not in page.url


TYPED = [
    ("70", 70, ""),
    ("７０", 70, ""),
    (" 70 % ", 70, ""),
    ("12,5", 13, ""),
    ("7.4", 7, ""),
    ("-5", 0, "-5 is below 0"),
    ("−5", 0, "below 0"),
    ("150", 100, "150 is above 100"),
    ("1e3", 50, "Enter a number"),
    ("abc", 50, "Enter a number from 0 to 100; the weight stays at 50"),
    ("", 50, "Enter a number"),
    ("<b>9", 50, "Enter a number"),
]


@pytest.mark.parametrize(("text", "points", "notice"), TYPED)
def test_what_is_typed_as_a_weight_is_taken_as_a_person_means_it(read, text, points, notice):
    page = read(kept=True)
    field = page.locator("[data-points=breadth]")
    field.fill(text)
    field.press("Tab")
    assert weights(page)[0] == points
    assert int(page.locator("[data-weight=breadth]").input_value()) == points
    shown = page.locator(".explorer-notice")
    assert (notice in shown.inner_text()) if notice else not shown.is_visible()


# ---- states of their own


def test_filters_choose_steps_and_precedents(read, ev):
    page = read()
    page.locator(".explorer-filters summary").click()
    page.locator("[name=recommendation]").select_option("rec-technology")
    steps = set(ev.measures.measure[ev.measures.recommendation == "rec-technology"])
    without = steps - set(ranking.counted_precedents(ev).measure)
    assert without and {step for _, step in order(page)} == steps - without
    apart = page.locator(".explorer-apart").inner_text()
    assert {step for step, name in explorer.names(ev).items() if name in apart} == without
    page.locator("[data-from=municipality]").click()
    assert page.locator("[name=jurisdictions]:checked").count() == 2 and "jBJ-SH" in page.url
    answer = ranking.ranked(
        ev, State(jurisdictions=("CN-BJ", "CN-SH"), recommendation="rec-technology")
    )
    assert [step for _, step in order(page)] == list(answer.order.index)
    assert page.locator(".explorer-apart").is_visible() == bool(answer.apart)
    page.locator(f"#step-{answer.order.index[0]} summary").click()
    assert not re.search(
        "Guangdong|Zhejiang",
        page.locator(f"#step-{answer.order.index[0]} .explorer-links ul").first.inner_text(),
    )


def test_ties_are_shown_as_ties(read, ev):
    page = read("?explorer=1.w0-0-100-0-0-0-0-0")
    page.locator(f"{CHART} .chart-now svg").wait_for()
    assert "share the first place" in said(page) and "order of one criterion" in said(page)
    ranks = [rank for rank, _ in order(page)]
    assert ranks == ["1="] * len(ranks)
    assert len(ranks) == (ranking.values(ev).specificity == 1).sum()
    assert [name.split(" ")[0] for name in drawn(page)] == ranks
    svg, box = (
        page.locator(f"{CHART} {part}").bounding_box()
        for part in (".chart-now svg", ".chart-drawing")
    )
    assert svg["y"] + svg["height"] <= box["y"] + box["height"] + 1, (
        "more rows than the chart has room for"
    )


def test_no_weight_and_nothing_that_fits_are_said(read):
    page = read("?explorer=1.w0-0-0-0-0-0-0-0")
    assert "Every weight is 0" in said(page) and order(page) == []
    page.locator("[data-preset=equal]").click()
    assert "is first" in said(page) and order(page)
    page.locator(".explorer-filters summary").click()
    for box in page.locator("[name=jurisdictions]").all():
        box.uncheck()
    assert "No step fits" in said(page) and order(page) == []
    page.locator("[type=reset]").click()
    assert "is first" in said(page)


def test_a_link_restores_everything(read, ev):
    state = State(
        weights=(10, 20, 30, 40, 50, 60, 70, 80),
        jurisdictions=("CN-GD", "CN-ZJ"),
        relations=("same", "part"),
        recommendation="rec-rule-of-law",
        priority=(("m-lawmaking", 4),),
        near=5,
        compare=("m-lawmaking", "m-coverage"),
    )
    page = read(f"?explorer={state}")
    answer = ranking.ranked(ev, state)
    assert [step for _, step in order(page)] == list(answer.order.index)
    assert weights(page) == list(state.weights)
    assert page.locator("[name=near]").input_value() == "5"
    assert "±5 points" in page.locator(".step-sure").first.inner_text()
    assert page.locator(".explorer-pair table").is_visible()
    assert not page.locator(".explorer-notice").is_visible()
    assert page.evaluate("new URLSearchParams(location.search).get('explorer')") == str(state)


@pytest.mark.parametrize(
    "text", ["2.w1", "1.w1-2", "1.n7", "%3Cscript%3E", "1.__proto__", "1.constructor", ""]
)
def test_a_broken_link_begins_at_the_beginning_and_says_so(read, text):
    page = read(f"?explorer={text}")
    assert "could not be read" in page.locator(".explorer-notice").inner_text()
    assert weights(page) == list(ranking.EQUAL) and len(order(page)) == explorer.SHOWN


def test_a_link_to_a_step_further_down_opens_all(read, ev):
    last = ranking.ranked(ev).order.index[-1]
    page = read(f"#step-{last}")
    assert page.locator(f"#step-{last}").is_visible()


# ---- two steps, and what can be taken along


def test_two_steps_side_by_side(read, ev):
    better, worse, other = "m-law-administration", "m-coverage", "m-silos"
    dominates, names = ranking.dominates(ranking.values(ev)), explorer.names(ev)
    assert dominates.loc[better, worse]
    assert not dominates.loc[better, other] and not dominates.loc[other, better]
    page = read(f"?explorer=1.c{better}*{worse}")
    pair = page.locator(".explorer-pair")
    settle(page)
    text = pair.inner_text()
    assert f"“{names[better]}” is at least as good as “{names[worse]}”" in text
    assert "no weights can reverse them" in text
    questions = [
        ev.code_name("lesson", code) for code in ev.codes.code[ev.codes.variable == "lesson"]
    ]
    assert all(question in text for question in [*questions, "The article is silent on"])
    precedents = ranking.counted_precedents(ev).groupby("measure").practice.agg(list)
    assert precedents[better] and precedents[worse]
    for column, step in enumerate((better, worse)):
        cell = pair.locator("[data-row=precedents] td").nth(column)
        links = [link.get_attribute("href") for link in cell.locator("a").all()]
        assert sorted(links) == sorted(f"evidence.html#{one}" for one in precedents[step])
    page.locator("[name=right]").select_option(other)
    assert "the weights decide" in pair.inner_text()
    assert page.url.endswith(f"1.c{better}*{other}")


def test_the_csv_is_the_view(read, ev):
    state = State(
        weights=(100, 20, 20, 20, 0, 50, 60, 50),
        jurisdictions=("CN-BJ", "CN-ZJ"),
        priority=(("m-silos", 4),),
    )
    page = read(f"?explorer={state}")
    with page.expect_download() as download:
        page.locator("[data-take=csv]").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read())))
    page.locator(".explorer-more").click()
    assert [(row["rank"], row["step"]) for row in rows] == [tuple(one) for one in order(page)]
    answer = ranking.ranked(ev, state)
    for row in rows:
        assert float(row["score"]) == pytest.approx(answer.order.score[row["step"]], abs=1e-9)
        parts = sum(float(row[f"{code}_part"]) for code in CRITERIA)
        assert parts == pytest.approx(float(row["score"]), abs=1e-9)
        assert row["settings"] == str(state)
        assert float(row["first_in_all_weightings"]) == pytest.approx(
            answer.shares.loc[row["step"], 1]
        )
        assert row["breadth_weight"] == "100" and row["time_in_force_weight"] == "0"
    assert {row["priority"] for row in rows} == {"1", "unknown"}


def test_pictures_and_table_are_of_what_is_shown(read, ev):
    state = State(weights=(0, 100, 0, 0, 0, 0, 0, 0))
    answer = ranking.ranked(ev, state).order
    name = explorer.names(ev)[answer.index[0]]
    assert answer.shared.iloc[0] and answer.index[0] != ranking.ranked(ev).order.index[0]
    page = read(f"?explorer={state}")
    page.locator(f"{CHART} .chart-now svg").wait_for()
    page.locator(f"{CHART} .chart-table summary").click()
    settle(page)
    first = page.locator(f"{CHART} .chart-table tbody tr:not([hidden])").first.inner_text()
    assert name in first and "1=" in first
    page.locator(f"{CHART} .chart-download summary").click()
    got = {}
    for kind in ("csv", "svg", "json"):
        with page.expect_download() as download:
            page.locator(f"{CHART} .chart-download a[data-kind={kind}]").click()
        with open(download.value.path(), encoding="utf-8") as file:
            got[kind] = file.read()
    words = " ".join(re.sub(r"<[^>]+>", " ", got["svg"]).split())
    assert f"1= {name}" in words
    assert "Legal footing 100" in words
    assert "var(--" not in got["svg"]
    assert "It ranks steps" in words
    assert {param["name"]: param.get("value") for param in json.loads(got["json"])["params"]}[
        "w2"
    ] == 100
    assert "legal_footing_weight" in got["csv"]


def test_figure_table_citation_and_paper_tell_of_one_ranking(read, ev):
    page = read()
    _, name = first_with(ev, "legal")
    page.locator("[data-preset=legal]").click()
    page.locator(f"{CHART} .chart-now svg").wait_for()
    page.locator(f"{CHART} .chart-table summary").click()
    page.locator(f"{CHART} .chart-cite summary").click()
    settle(page)
    title = page.locator(f"{CHART} .chart-finding").inner_text()
    assert title.startswith(f"“{name}” is first")
    assert page.locator(f"{CHART} .chart-table caption").inner_text() == title
    cited = page.locator(f"{CHART} .chart-cite p").inner_text()
    assert f"‘{name}’ is first" in cited and "““" not in cited
    page.evaluate("window.print = () => {}")
    page.locator("[data-take=print]").click()
    page.emulate_media(media="print")
    assert page.locator("h1:visible, h2:visible").all_inner_texts() == [
        "Which step first? It depends on who asks"
    ]
    assert page.locator(".explorer-list > li:visible strong").first.inner_text() == name
    assert page.locator(f"{CHART} .chart-table:visible, .explorer-form:visible").count() == 0
    assert "Legal footing 100" in page.locator(".explorer-settings").inner_text()


def test_a_criterion_that_changes_no_place_says_so(read, ev):
    page = read()
    hint = page.locator("#q-begun")
    assert (ranking.values(ev).begun == 1).all() and "changes no place" in hint.inner_text()
    assert "Highest" in page.locator("#q-breadth").inner_text()
    page.locator(".explorer-filters summary").click()
    page.locator("[data-from=municipality]").click()
    both = ranking.values(ev, State(jurisdictions=("CN-BJ", "CN-SH"))).begun
    assert (both == 1).all() and "changes no place" in hint.inner_text()
    page.locator("[name=jurisdictions][value=CN-BJ]").uncheck()
    begun = ranking.values(ev, State(jurisdictions=("CN-SH",))).begun
    assert (begun < 1).sum() == 2 and (begun == 1).any()
    assert "changes no place" not in hint.inner_text(), (
        "two steps have only announcements in Shanghai"
    )


def test_a_judgement_alone_brings_the_chart_alive_and_is_told(read, ev):
    page = read()
    page.evaluate("document.querySelector('#step-m-business details').open = true")
    page.locator("#step-m-business [data-own=feasibility]").select_option("0")
    page.locator(f"{CHART} .chart-now svg").wait_for()
    settle(page)
    assert (
        f"{explorer.names(ev)['m-business']} – Feasibility in Jiangsu: very low"
        in page.locator(".explorer-settings").inner_text()
    )
    assert "8\u00a0Feasibility in Jiangsu" in page.locator(f"{CHART} .chart-counted").inner_text()
    count = len(ranking.ranked(ev).order)
    assert f"Rated for 1 of {count} steps" in page.locator("#q-feasibility").inner_text()


def test_the_first_three_stay_in_sight_while_weights_are_set(read):
    page = read(viewport=PHONE)
    page.locator("[data-weight=breadth]").scroll_into_view_if_needed()
    top = page.locator(".explorer-top")
    box = top.bounding_box()
    assert box["y"] > 0 and box["y"] + box["height"] <= PHONE["height"] + 1
    page.locator("[data-weight=breadth]").focus()
    page.keyboard.press("End")
    page.locator("[data-weight=measured]").focus()
    page.keyboard.press("Home")
    settle(page)  # the list below follows when the hand rests
    assert top.inner_text().splitlines() == page.evaluate(FIRST_THREE)


def test_showing_fewer_again_keeps_ones_place(read, ev):
    page = read()
    page.locator(".explorer-more").click()
    settle(page)
    assert len(order(page)) == len(ranking.ranked(ev).order) > explorer.SHOWN
    page.locator(".explorer-more").click()
    settle(page)
    box = page.locator(".explorer-more").bounding_box()
    assert len(order(page)) == explorer.SHOWN and 0 <= box["y"] <= WIDE["height"]


def test_the_paragraph_says_the_result_with_its_caveats_and_can_be_copied(read, ev):
    page = read()
    _, name = first_with(ev, "legal")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-preset=legal]").click()
    settle(page)
    page.locator("[data-take=text]").click()
    page.locator(".explorer-taken", has_text="opied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    for part in (
        f"Of {len(ranking.ranked(ev).order)} steps",
        f"“{name}” is first",
        "measures no effect",
        "ranks no jurisdiction",
        "Legal footing 100",
        page.url,
    ):
        assert part in text, part
    page.evaluate("document.querySelector('.explorer-taken').textContent = ''")
    page.locator("[data-take=link]").click()
    page.locator(".explorer-taken", has_text="opied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url and "w20-100" in page.url


# ---- everybody


def test_the_order_is_told_once_the_hand_rests(read):
    page = read()
    page.evaluate(COUNT_MESSAGES)
    page.locator("[data-weight=time_in_force]").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    settle(page)
    assert page.evaluate("window.told") == 1
    assert page.locator(".explorer-said").get_attribute("role") == "status"


def test_without_script_the_ranking_and_the_tables_stay_and_nothing_asks_to_be_used(read, ev):
    page = read(java_script_enabled=False, viewport=PHONE)
    assert page.locator(".explorer-tool:visible").count() == 0
    visible = page.locator(".explorer-list > li:visible")
    assert visible.count() == len(ranking.ranked(ev).order)
    assert page.locator(f"{CHART} .chart-narrow svg").is_visible()


def test_a_broken_runtime_leaves_the_ranking_in_words(browser, site, ev):
    first, _ = first_with(ev, "legal")
    with without_vega(browser, site) as page:
        page.locator("[data-preset=legal]").click()
        settle(page)
        assert order(page)[0][1] == first
        assert not page.locator(f"{CHART} .chart-drawing").is_visible(), (
            "the drawing of equal weights under other weights"
        )
        page.locator("[type=reset]").click()
        settle(page)
        assert page.locator(f"{CHART} .chart-drawing").is_visible()


def test_coming_alive_moves_nothing(read):
    page = read()
    before = page.evaluate(PLACE, CHART)
    page.locator(".explorer-form").hover()
    page.locator(f"{CHART} .chart-now svg").wait_for()
    assert page.evaluate(PLACE, CHART) == pytest.approx(before, abs=1.5)


def test_the_criteria_are_those_of_the_codebook(ev):
    assert (
        tuple(ev.codes.code[ev.codes.variable == "criterion"])
        == CRITERIA
        == (*EVIDENCE, *ranking.OWN)
    )
    assert set(ev.scales.criterion) == set(CRITERIA)
