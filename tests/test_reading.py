"""Charts and pages in a real browser, every other host blocked: there without script, alive when asked, the same by
keyboard as by pointer, accessible in both themes and widths, still while they load."""

import csv
import io
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_editions import left_in_latin
from test_pages import PAGES

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
CHART = "#fig-precedents"
CHINESE = [f"../zh/chapters/{name}" for name in PAGES]
SHIFT = """window.moved = []; new PerformanceObserver((list) => { for (const e of list.getEntries())
moved.push([e.value, ...e.sources.map(s => (s.node?.outerHTML || s.node?.textContent || "").slice(0, 120))]); })
.observe({ type: "layout-shift", buffered: true })"""


@pytest.fixture(params=["server", "disk"])
def address(request, site, book):
    """The last chapter, from a server under a sub-path and opened from disk."""
    return f"{site}/chapters/jiangsu.html" if request.param == "server" else (book / "chapters" / "jiangsu.html").as_uri()


def marks(page):
    """The marks that the live chart of precedents draws now."""
    return page.locator(f"{CHART} .chart-now svg .mark-symbol.role-mark path")


def shown_rows(page):
    return page.locator(f"{CHART} .chart-table tbody tr:not([hidden])").count()


# ---- without script


@pytest.mark.parametrize("name", PAGES)
def test_without_script_charts_and_their_tables_are_there_and_nothing_that_needs_one(read, site, name):
    page = read(f"{site}/chapters/{name}.html", java_script_enabled=False, viewport=PHONE)
    for chart in page.locator(".chart").all():
        assert chart.locator(".chart-narrow svg").is_visible() and not chart.locator(".chart-wide svg").is_visible()
        chart.locator(".chart-table summary").click()
        assert chart.locator(".chart-table tbody tr").first.is_visible()
    assert page.locator(".chart-filters:visible, .register-controls:visible").count() == 0


# ---- the words of a mark


def test_a_mark_tells_its_words_by_pointer_which_can_be_reached_and_dismissed(read, site):
    page = read(f"{site}/chapters/index.html")
    page.locator("#fig-map svg:visible a").first.hover()
    tip = page.locator(".chart-tip")
    assert "Beijing (municipality), 1.1" in tip.inner_text()
    tip.hover()
    page.wait_for_timeout(500)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_by_keyboard_a_chart_is_one_stop_and_the_arrows_go_from_mark_to_mark(read, site):
    page = read(f"{site}/chapters/index.html")
    page.locator("#fig-map svg:visible a").first.focus()
    first = page.locator(".chart-tip").inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator(".chart-tip").inner_text()
    assert first != second and page.evaluate("document.activeElement.getAttribute('href')").startswith("evidence.html#cell-1.1-")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg') === null"), "every mark is a stop of its own"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence.html#cell-*")


# ---- alive on demand


def test_pages_that_nobody_touches_never_load_the_runtime(site, browser):
    page = browser.new_context(viewport=WIDE).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto(f"{site}/chapters/{name}.html")
        page.wait_for_timeout(200)
    page.goto(f"{site}/chapters/index.html")
    page.locator("#fig-map svg:visible a").first.hover()  # a chart without filters has nothing to load
    page.wait_for_timeout(200)
    assert not [url for url in asked if url.endswith("vega.js")]
    page.context.close()


@pytest.mark.parametrize("how", ["mouse", "touch", "keyboard"])
def test_a_chart_comes_alive_and_filters(read, address, how):
    page = read(address, has_touch=how == "touch", viewport=PHONE if how == "touch" else WIDE)
    before = page.locator(f"{CHART} .chart-drawing").bounding_box()
    if how == "mouse":
        page.locator(f"{CHART} .chart-drawing").hover(position={"x": 40, "y": 5})
    elif how == "touch":
        page.locator(f"{CHART} .chart-drawing").tap(position={"x": 10, "y": 5})
    else:
        page.locator(f"{CHART} select").first.focus()
    marks(page).first.wait_for()
    after, every = page.locator(f"{CHART} .chart-drawing").bounding_box(), marks(page).count()
    assert (before["width"], before["height"]) == pytest.approx((after["width"], after["height"]), abs=1), (
        "the swap makes the page jump"
    )
    assert every == shown_rows(page)
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    expect(marks(page)).not_to_have_count(every)
    assert marks(page).count() == shown_rows(page) > 0
    assert f"{shown_rows(page)} of {every}" in page.locator(f"{CHART} .chart-said").inner_text()


def test_the_state_is_in_the_address_and_survives_reload_and_back(read, site):
    page = read(f"{site}/chapters/jiangsu.html")
    every = shown_rows(page)
    page.locator(f"{CHART} select[name=who]").select_option("CN-ZJ")
    page.locator(f"{CHART} select[name=which]").select_option(index=2)
    few = shown_rows(page)
    assert "fig-precedents.who=CN-ZJ" in page.url and few < every
    page.reload()
    marks(page).first.wait_for()
    page.wait_for_timeout(300)
    assert marks(page).count() == shown_rows(page) == few
    page.go_back()
    page.wait_for_timeout(300)
    assert page.locator(f"{CHART} select[name=which]").input_value() == "all" and few < shown_rows(page) < every
    page.goto(f"{site}/chapters/jiangsu.html?fig-precedents.who=Atlantis")
    assert shown_rows(page) == every


def test_downloads_are_of_what_is_shown(read, address):
    page = read(address, accept_downloads=True)
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    marks(page).first.wait_for()
    page.locator(f"{CHART} .chart-download summary").click()
    got = {}
    for kind in ("csv", "svg", "png", "json"):
        with page.expect_download() as download:
            page.locator(f"{CHART} .chart-download a[data-kind={kind}]").click()
        assert download.value.suggested_filename == f"fig-precedents.{kind}"
        with open(download.value.path(), "rb") as file:
            got[kind] = file.read()
    rows = list(csv.reader(io.StringIO(got["csv"].decode("utf-8-sig"))))
    assert len(rows) - 1 == shown_rows(page) and {row[rows[0].index("Jurisdiction")] for row in rows[1:]} == {
        "Shanghai (municipality)"
    }
    assert got["png"].startswith(b"\x89PNG") and b"Shanghai" in got["json"]
    words = " ".join(re.sub(r"<[^>]+>", " ", got["svg"].decode()).split())
    assert all(part in words for part in ("Shanghai", "It ranks no", "Qiu Yuting")) and "var(--" not in got["svg"].decode()


def test_a_broken_runtime_leaves_the_static_chart_and_says_nothing_wrong(site, browser):
    page = browser.new_context(viewport=WIDE).new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/vega.js", lambda route: route.abort())
    page.goto(f"{site}/chapters/jiangsu.html")
    every = shown_rows(page)
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    page.locator(f"{CHART} .chart-filters").wait_for(state="detached")
    assert page.locator(f"{CHART} .chart-wide svg").is_visible() and shown_rows(page) == every and errors == []
    page.context.close()


def test_the_table_of_a_chart_sorts_by_its_headings(read, site):
    page = read(f"{site}/chapters/index.html")
    page.locator("#fig-map .chart-table summary").click()
    page.locator("#fig-map .chart-table").get_by_role("button", name="Practices named").click()
    cells = page.locator("#fig-map .chart-table tbody td:last-child").all_inner_texts()
    numbers = [int(cell) for cell in cells if cell.isdigit()]
    assert numbers == sorted(numbers) and len(cells) == 48
    assert page.locator("#fig-map .chart-table th[aria-sort=ascending]").count() == 1


# ---- every page


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["1280", "360"])
@pytest.mark.parametrize("name", [*PAGES, *CHINESE])
def test_nothing_moves_while_a_page_loads(site, browser, name, viewport):
    page = browser.new_context(viewport=viewport).new_page()
    page.add_init_script(SHIFT)
    page.goto(f"{site}/chapters/{name}.html")
    page.wait_for_load_state("networkidle")
    for _ in range(5):
        page.mouse.wheel(0, viewport["height"])
        page.wait_for_timeout(40)
    assert page.evaluate("window.moved") == []
    page.context.close()


@pytest.mark.parametrize("width", [360, 1100, 1280])
def test_a_header_button_stands_in_its_place_before_the_others_have_arrived(read, site, width):
    """A long page is shown while it is still parsed: whatever of the header is not there yet, what is there must not move."""
    page = read(f"{site}/chapters/method.html", viewport={"width": width, "height": 900})
    box = "JSON.stringify(document.querySelector('.article-header-buttons > *').getBoundingClientRect())"
    whole = page.evaluate(box)
    page.evaluate("document.querySelectorAll('.article-header-buttons > * + *').forEach((button) => button.remove())")
    assert page.evaluate(box) == whole
    switch = "document.querySelector('.edition-switch').getBoundingClientRect().left"
    before = page.evaluate(switch)
    page.evaluate("document.querySelector('.article-header-buttons > * i').remove()")
    early, late = json.loads(page.evaluate(box)), json.loads(whole)
    assert (early["left"], early["width"]) == (late["left"], late["width"])
    page.evaluate("document.querySelector('.header-article-item:has(.article-header-buttons)').remove()")
    assert page.evaluate(switch) == before


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["1280", "360"])
@pytest.mark.parametrize("name", [*PAGES, "../search", *CHINESE, "../zh/search"])
def test_axe_finds_nothing(read, site, name, viewport, theme):
    state = "?explorer=1.w100-20-0-20-20-50-50-50.pm-silos_4.cm-silos*m-services.n5" if name.endswith("jiangsu") else ""
    page = read(f"{site}/chapters/{name}.html{state}", viewport=viewport, color_scheme=theme)
    if name.endswith("jiangsu"):  # the live charts and everything that opens, too
        page.locator(f"{CHART} select").first.select_option("CN-SH")
        marks(page).first.wait_for()
        page.locator("#chart-fig-priorities .chart-now svg").wait_for()
        page.locator(".explorer-filters summary").click()
        page.locator(".explorer-list > li summary").first.click()
        page.locator("[data-points=breadth]").fill("abc")
        page.locator("[data-points=breadth]").press("Tab")
        page.locator(".explorer-more").click()
        page.wait_for_timeout(450)
    page.evaluate("document.querySelectorAll('.chart-tools details').forEach((details) => { details.open = true; })")
    # No preload: axe would fetch a stylesheet's own import from the wrong folder.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


@pytest.mark.parametrize("name", [*PAGES, *CHINESE])
def test_targets_are_large_enough(read, site, name):
    page = read(f"{site}/chapters/{name}.html", viewport=PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main summary, main select, main input, .chart-tools > a, .chart-download a, .bd-header-article a")]
        .map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width && (r.height < 24 || r.width < 24)).map(([e]) => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


# Words of up to 20 letters that stand on more than one line, in any cell that is shown.
BROKEN = r"""() => [...document.querySelectorAll("table.casebook :is(th, td)")].filter((cell) => cell.offsetParent).flatMap((cell) => {
  const found = [], walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walk.nextNode()) for (const word of walk.currentNode.data.matchAll(/[A-Za-z]{2,20}/g)) {
    range.setStart(walk.currentNode, word.index);
    range.setEnd(walk.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0] + " in: " + cell.textContent);
  }
  return found;
})"""


@pytest.mark.parametrize("edition", ["", "zh/"])
@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_a_table_is_broken(read, site, name, edition):
    page = read(f"{site}/{edition}chapters/{name}.html")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate(BROKEN) == []


def test_in_forced_colours_the_text_of_a_chart_is_the_systems(read, site):
    page = read(f"{site}/chapters/index.html", forced_colors="active")
    text = "getComputedStyle(document.querySelector('#fig-map .chart-wide svg text')).fill"
    assert page.evaluate(text) == page.evaluate("getComputedStyle(document.querySelector('#fig-map .chart-finding')).color")


def test_a_printed_page_has_its_charts_and_no_navigation(read, site):
    page = read(f"{site}/chapters/jiangsu.html")
    page.emulate_media(media="print")
    assert (
        page.locator(
            ".bd-sidebar-primary:visible, .bd-header-article:visible, .chart-filters:visible, .chart-link:visible"
        ).count()
        == 0
    )
    assert page.locator(f"{CHART} svg:visible").count() == 1
    assert page.locator(f"{CHART} .chart-table tbody tr").first.is_visible(), "the rows of a chart that is only interactive"


# ---- search


ROWS = {
    "社会组织": "gd-social-org-governance",
    "一网通办": "sh-one-network-service",
    "数字政府": "gd-digital-plan",
    "whistles": "bj-whistle",
}


@pytest.mark.parametrize(("edition", "words"), [*(("", words) for words in ROWS), *(("zh/", words) for words in list(ROWS)[:3])])
def test_search_finds_a_word_inside_a_sentence_and_leads_to_its_row(read, site, edition, words):
    page = read(f"{site}/{edition}chapters/index.html")
    page.fill(".book-search input", words)
    page.press(".book-search input", "Enter")
    page.locator(".pagefind-ui__result").first.wait_for()
    while page.locator(".pagefind-ui__button").count():
        page.locator(".pagefind-ui__button").click()
        page.wait_for_timeout(300)
    found = page.locator(".pagefind-ui__result-link").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert any(href.endswith(f"/{edition}chapters/evidence.html#{ROWS[words]}") for href in found), found
    told = page.locator(".pagefind-ui__message, .pagefind-ui__result").all_inner_texts()
    if re.search(r"[\u4e00-\u9fff]", words):
        assert all(words in "".join(text.split()) for text in told)
    if edition:
        assert left_in_latin(told) == [] and not re.search(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", " / ".join(told)), told


def test_opened_from_disk_the_search_page_says_that_it_needs_a_server(read, book):
    page = read((book / "search.html").as_uri())
    assert page.locator(".search-from-disk").is_visible()
