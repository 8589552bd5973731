"""Charts and pages in a real browser, every other host blocked: there without script, alive when
asked, the same by keyboard as by pointer, still while they load."""

import csv
import io
import re

import pytest
from conftest import PATIENCE
from latin import left_in_latin
from playwright.sync_api import expect
from test_pages import PAGES
from test_shortlist import PHONE, WIDE, settled, without

from casebook.charts.theme import COLOURS
from casebook.marks import MARKS, drawn

CHART = "#fig-precedents"


@pytest.fixture(params=["server", "disk"])
def address(request, site, book):
    """The last chapter, from a server under a sub-path and opened from disk."""
    return (
        f"{site}/chapters/jiangsu.html"
        if request.param == "server"
        else (book / "chapters" / "jiangsu.html").as_uri()
    )


def marks(page):
    """The marks that the live chart of precedents shows now."""
    return page.locator(f"{CHART} .chart-now svg:visible .mark-symbol.role-mark path")


def shown_rows(page):
    return page.locator(f"{CHART} .chart-table tbody tr:not([hidden])").count()


# ---- without script


@pytest.mark.parametrize("name", PAGES)
def test_without_script_charts_and_their_tables_are_there_and_nothing_that_needs_one(
    read, site, name
):
    page = read(f"{site}/chapters/{name}.html", java_script_enabled=False, viewport=PHONE)
    for chart in page.locator(".chart").all():
        assert chart.locator(".chart-narrow svg").is_visible()
        assert not chart.locator(".chart-wide svg").is_visible()
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
    assert first != second
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith(
        "evidence.html#cell-1.1-"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg') === null"), (
        "every mark is a stop of its own"
    )
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence.html#cell-*")


@pytest.mark.parametrize("chart", ["fig-map", "fig-precedents"])
def test_the_first_tap_on_a_mark_or_beside_it_tells_its_words_and_the_second_follows(
    read, site, chart
):
    name = {"fig-map": "index", "fig-precedents": "jiangsu"}[chart]
    page = read(f"{site}/chapters/{name}.html", viewport=PHONE, has_touch=True)
    before = page.url
    if chart == "fig-precedents":  # alive, where Vega would follow
        page.locator(f"#{chart} .chart-drawing").tap(position={"x": 2, "y": 2})
        marks(page).first.wait_for()
    mark = page.locator(f"#{chart} svg:visible .mark-symbol.role-mark path").nth(3)

    def tap(down):
        """Tap the middle of the mark, or so many pixels below its edge."""
        mark.evaluate("mark => mark.scrollIntoView({ block: 'center' })")
        box = mark.evaluate("mark => mark.getBoundingClientRect().toJSON()")
        y = box["bottom"] + down if down else box["y"] + box["height"] / 2
        page.touchscreen.tap(box["x"] + box["width"] / 2, y)

    tip = page.locator(".chart-tip")
    link = tip.get_by_role("link", name="Go there")
    tap(3)
    assert link.is_visible() and len(tip.inner_text()) > len("Go there") + 10
    assert link.bounding_box()["height"] >= 24
    page.locator(f"#{chart} .chart-caveat").tap()
    assert tip.is_hidden()
    tap(0)
    target = link.evaluate("link => link.href")
    assert page.url == before and target.startswith(before.rpartition("/")[0])
    tap(0)
    page.wait_for_url(target)


# ---- alive on demand


def test_a_chart_without_filters_has_nothing_to_load(read, site):
    page, asked = read(f"{site}/chapters/index.html"), []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#fig-map svg:visible a").first.hover()
    page.locator(".chart-tip").wait_for()
    assert asked == []


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
    assert (before["width"], before["height"]) == pytest.approx(
        (after["width"], after["height"]), abs=1
    ), "the swap makes the page jump"
    assert every == shown_rows(page)
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    expect(marks(page)).not_to_have_count(every, timeout=PATIENCE)
    assert marks(page).count() == shown_rows(page) > 0
    assert f"{shown_rows(page)} of {every}" in page.locator(f"{CHART} .chart-said").inner_text()


def test_a_live_chart_takes_the_other_shape_with_its_filter_when_the_page_turns(read, site):
    page = read(f"{site}/chapters/jiangsu.html", viewport={"width": 844, "height": 390})
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    marks(page).first.wait_for()
    expect(marks(page)).to_have_count(shown_rows(page), timeout=PATIENCE)
    for width, shape in ((390, "narrow"), (844, "wide")):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator(f"{CHART} .chart-{shape} .chart-now svg").is_visible()
        assert marks(page).count() == shown_rows(page) > 0


# How wide the smallest letters of each chart are drawn, and how far the page runs over.
LETTERS = """() => [...document.querySelectorAll('.chart')].map((chart) => {
  const svg = [...chart.querySelectorAll('svg.chart-svg')].find((one) => one.checkVisibility());
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const sizes = [...svg.querySelectorAll('text')].map(
    (text) => parseFloat(getComputedStyle(text).fontSize));
  const over = svg.getBoundingClientRect().right - document.documentElement.clientWidth;
  return [chart.id, scale * Math.min(...sizes), over];
})"""


@pytest.mark.parametrize("edition", ["", "zh/"])
@pytest.mark.parametrize("name", ["index", "jiangsu", "participation", "places"])
def test_no_label_of_a_chart_is_smaller_than_12_pixels_at_any_width(read, book, edition, name):
    page = read((book / edition / "chapters" / f"{name}.html").as_uri())
    for width in (320, 339, 340, 360, 430, 700, 715, 716, 760, 959, 960, 980, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for chart, letters, over in page.evaluate(LETTERS):
            assert letters >= 11.95, f"{chart} at {width} pixels"
            assert over <= 0, f"{chart} at {width} pixels"


def test_the_state_is_in_the_address_and_survives_reload_and_back(read, site):
    page = read(f"{site}/chapters/jiangsu.html")
    every = shown_rows(page)
    page.locator(f"{CHART} select[name=who]").select_option("CN-ZJ")
    page.locator(f"{CHART} select[name=which]").select_option(index=2)
    few = shown_rows(page)
    assert "fig-precedents.who=CN-ZJ" in page.url and few < every
    page.reload()
    expect(marks(page)).to_have_count(few, timeout=PATIENCE)
    assert shown_rows(page) == few
    page.go_back()
    expect(page.locator(f"{CHART} select[name=which]")).to_have_value("all", timeout=PATIENCE)
    assert few < shown_rows(page) < every
    page.goto(f"{site}/chapters/jiangsu.html?fig-precedents.who=Atlantis")
    assert shown_rows(page) == every


def test_downloads_are_of_what_is_shown_and_light_where_the_page_is_dark(read, address):
    page = read(address, accept_downloads=True, color_scheme="dark")
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
    assert len(rows) - 1 == shown_rows(page)
    assert {row[rows[0].index("Jurisdiction")] for row in rows[1:]} == {"Shanghai (municipality)"}
    assert got["png"].startswith(b"\x89PNG") and b"Shanghai" in got["json"]
    words = " ".join(re.sub(r"<[^>]+>", " ", got["svg"].decode()).split())
    assert all(part in words for part in ("Shanghai", "not that it worked", "Qiu Yuting"))
    assert "var(--" not in got["svg"].decode()
    drawn = set(re.findall(r"#[0-9a-f]{6}", got["svg"].decode().lower()))
    assert drawn <= {*COLOURS.values()}, "colours of the dark theme"
    links = re.findall(r'"href": "([^"]+)"', got["json"].decode())
    assert links and all(link.startswith("http") == address.startswith("http") for link in links)


@pytest.mark.parametrize("edition", ["", "zh/"])
@pytest.mark.parametrize(("width", "shape"), [(360, "narrow"), (900, "wide")])
def test_a_chart_stands_in_somebody_elses_page_without_script(
    read, browser, site, edition, width, shape
):
    page = read(f"{site}/{edition}chapters/places.html")
    chart = page.locator("#chart-fig-profiles")
    finding = chart.locator(".chart-finding").inner_text()
    code = chart.locator(".chart-embed code").text_content()
    viewport = {"width": width, "height": 900}
    other = browser.new_page(java_script_enabled=False, viewport=viewport)
    other.set_content(f"<h1>Somebody else</h1>{code}")
    frame = other.frame_locator("iframe")
    frame.locator(f".{shape} svg").wait_for()
    assert frame.locator("svg:visible").count() == 1
    assert frame.locator(".finding").inner_text() == finding
    assert other.locator("iframe").get_attribute("title") == finding
    assert frame.locator("a").get_attribute("href").endswith("/places.html#fig-profiles")
    other.close()


def test_from_disk_without_an_address_nothing_is_offered_to_embed(read, book):
    page = read((book / "chapters" / "places.html").as_uri())
    assert not page.locator(".chart-embed").first.is_visible()
    assert page.locator(".chart-cite summary").first.is_visible()


def test_a_broken_runtime_leaves_the_static_chart_and_says_nothing_wrong(site, browser):
    with without(browser, site, "vega.js") as page:
        every = shown_rows(page)
        page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
        page.locator(f"{CHART} .chart-filters").wait_for(state="detached")
        assert page.locator(f"{CHART} .chart-wide svg").is_visible()
        assert shown_rows(page) == every


def test_the_table_of_a_chart_sorts_by_its_headings(read, site):
    page = read(f"{site}/chapters/index.html")
    page.locator("#fig-map .chart-table summary").click()
    page.locator("#fig-map .chart-table").get_by_role("button", name="Practices named").click()
    cells = page.locator("#fig-map .chart-table tbody td:last-child").all_inner_texts()
    numbers = [int(cell) for cell in cells if cell.isdigit()]
    assert numbers == sorted(numbers) and len(cells) == 48
    assert page.locator("#fig-map .chart-table th[aria-sort=ascending]").count() == 1


# ---- the page itself


BOX = """() => {
  const button = document.querySelector(".article-header-buttons > *");
  const { left, top, width, height } = button.getBoundingClientRect();
  return { left, top, width, height };
}"""
REMOVE = "(all) => document.querySelectorAll(all).forEach((element) => element.remove())"


@pytest.mark.parametrize("width", [360, 1100, 1280])
def test_a_header_button_stands_in_its_place_before_the_others_have_arrived(read, site, width):
    """A long page is shown while it is still parsed. What is there of the header must not move."""
    page = read(f"{site}/chapters/codebook.html", viewport={"width": width, "height": 900})
    whole = page.evaluate(BOX)
    page.evaluate(REMOVE, ".article-header-buttons > * + *")
    assert page.evaluate(BOX) == whole
    switch = "document.querySelector('.edition-switch').getBoundingClientRect().left"
    before = page.evaluate(switch)
    page.evaluate(REMOVE, ".article-header-buttons > * i")
    early = page.evaluate(BOX)
    assert (early["left"], early["width"]) == (whole["left"], whole["width"])
    page.evaluate(REMOVE, ".header-article-item:has(.article-header-buttons)")
    assert page.evaluate(switch) == before


def test_in_forced_colours_the_text_of_a_chart_is_the_systems(read, site):
    page = read(f"{site}/chapters/index.html", forced_colors="active")
    text = "getComputedStyle(document.querySelector('#fig-map .chart-wide svg text')).fill"
    assert page.evaluate(text) == page.evaluate(
        "getComputedStyle(document.querySelector('#fig-map .chart-finding')).color"
    )


def test_a_printed_page_has_its_charts_and_no_navigation(read, site):
    page = read(f"{site}/chapters/jiangsu.html")
    page.emulate_media(media="print")
    for part in (".bd-sidebar-primary", ".bd-header-article", ".chart-filters", ".chart-link"):
        assert page.locator(f"{part}:visible").count() == 0
    assert page.locator(f"{CHART} svg:visible").count() == 1
    assert page.locator(f"{CHART} .chart-table tbody tr").first.is_visible(), (
        "the rows of a chart that is only interactive"
    )


# ---- type


# Letters a line of running text: of paragraphs of three lines and more, the last line not counted.
MEASURE = """() => {
  let letters = 0, lines = 0;
  for (const text of document.querySelectorAll("article.bd-article :is(p, li)")) {
    if (!text.offsetParent || text.closest("table, .cell") || text.querySelector("p, li")) continue;
    const line = parseFloat(getComputedStyle(text).lineHeight);
    const count = Math.round(text.getBoundingClientRect().height / line);
    if (count < 3) continue;
    const words = text.textContent.trim();
    letters += words.length * (1 - 0.5 / count);
    lines += count - 1;
  }
  return letters / lines;
}"""


@pytest.mark.parametrize(
    ("edition", "low", "high", "height"), [("", 65, 75, 1.6), ("zh/", 28, 36, 1.75)]
)
def test_running_text_has_lines_that_one_can_read_and_tables_have_the_whole_column(
    read, site, edition, low, high, height
):
    page = read(f"{site}/{edition}chapters/participation.html")
    assert low <= page.evaluate(MEASURE) <= high
    style = "getComputedStyle(document.querySelector('article.bd-article section > p'))"
    size, tall = (
        float(page.evaluate(f"parseFloat({style}.{name})")) for name in ("fontSize", "lineHeight")
    )
    assert tall / size == pytest.approx(height, abs=0.01)
    width = "document.querySelector({}).getBoundingClientRect().width"
    text = page.evaluate(width.format("'article.bd-article section > p'"))
    table = page.evaluate(width.format("'main .text_html > table.casebook'"))
    assert table > 1.15 * text


# ---- symbols


@pytest.mark.parametrize(
    "how", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}, {"media": "print"}]
)
def test_a_symbol_has_the_colour_and_size_of_its_words_without_a_style_sheet(browser, how):
    """So it looks in JupyterLab, too."""
    words = "".join(f'<p style="color: LinkText">{drawn(one)}word</p>' for one in MARKS)
    page = browser.new_page()
    page.emulate_media(**how)
    page.set_content(
        f"<!doctype html><html><body style='color-scheme: light dark'>{words}</body></html>"
    )
    looks = page.evaluate(
        """[...document.querySelectorAll("svg")].map((picture) => {
          const { width, height } = picture.getBoundingClientRect();
          const own = getComputedStyle(picture.firstChild).fill;
          return [width, height, own === getComputedStyle(picture.parentElement).color];
        })"""
    )
    assert looks == [[16, 12, True]] * len(MARKS)
    page.close()


# The marks of a chart beside whose middle something else is hit than the mark's own link.
MISSED = """(links) => links.filter((link) => {
  link.scrollIntoView({ block: "center" });
  const { left, top, width, height } = link.querySelector("path").getBoundingClientRect();
  return document.elementFromPoint(left + width / 2 + 1, top + height / 2)?.closest("a") !== link;
}).length"""


@pytest.mark.parametrize(
    ("name", "chart"), [("smart-governance", "#fig-stack"), ("checks", "#fig-verdicts")]
)
def test_a_mark_is_hit_in_its_middle_also_where_it_is_hollow(read, site, name, chart):
    page = read(f"{site}/chapters/{name}.html")
    links = page.locator(f"{chart} .chart-wide svg a:has(path)")
    assert links.count() > 10 and links.evaluate_all(MISSED) == 0


def test_a_missing_value_is_seen_as_a_dash_and_heard_as_words(read, site):
    page = read(f"{site}/chapters/evidence.html")
    dash = page.locator("table.register .missing").first
    assert dash.evaluate("dash => getComputedStyle(dash, '::before').content").startswith('"–"')
    assert dash.locator("span").bounding_box()["width"] <= 1
    tree = page.locator("table.register tbody tr").nth(3).aria_snapshot()
    assert "not checked" in tree and "–" not in tree
    key = page.locator("table.register .table-key")
    assert key.is_visible() and "not checked (Checked)" in key.inner_text()


# ---- search


ROWS = {
    "社会组织": "gd-social-org-governance",
    "一网通办": "sh-one-network-service",
    "数字政府": "gd-digital-plan",
    "whistles": "bj-whistle",
}


@pytest.mark.parametrize(
    ("edition", "words"),
    [*(("", words) for words in ROWS), *(("zh/", words) for words in list(ROWS)[:3])],
)
def test_search_finds_a_word_inside_a_sentence_and_leads_to_its_row(read, site, edition, words):
    page = read(f"{site}/{edition}chapters/index.html")
    page.fill(".book-search input", words)
    page.press(".book-search input", "Enter")
    page.locator(".pagefind-ui__result").first.wait_for()
    results = page.locator(".pagefind-ui__result")
    while page.locator(".pagefind-ui__button").count():
        before = results.count()
        page.locator(".pagefind-ui__button").click()
        expect(results).not_to_have_count(before, timeout=PATIENCE)
    expect(page.locator(".pagefind-ui__result:not(:has(.pagefind-ui__result-link))")).to_have_count(
        0, timeout=PATIENCE
    )
    found = page.locator(".pagefind-ui__result-link").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert any(
        href.endswith(f"/{edition}chapters/evidence.html#{ROWS[words]}") for href in found
    ), found
    told = page.locator(".pagefind-ui__message, .pagefind-ui__result").all_inner_texts()
    if re.search(r"[\u4e00-\u9fff]", words):
        assert all(words in "".join(text.split()) for text in told)
    if edition:
        assert left_in_latin(told) == [] and not re.search(
            r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", " / ".join(told)
        ), told


def test_opened_from_disk_the_search_page_says_that_it_needs_a_server(read, book):
    page = read((book / "search.html").as_uri())
    assert page.locator(".search-from-disk").is_visible()


@pytest.mark.parametrize("lost", ["pagefind/pagefind.js", "pagefind/pagefind-ui.js", "wasm."])
def test_where_search_cannot_start_the_page_says_so_and_leads_to_the_register(browser, site, lost):
    """A server that sends what search needs as text, or not at all."""
    context = browser.new_context()
    context.route(f"**/*{lost}*", lambda route: route.fulfill(content_type="text/plain", body="?"))
    page = context.new_page()
    page.goto(f"{site}/search.html?q=Zhejiang")
    page.locator(".search-silent").wait_for(timeout=PATIENCE)
    assert page.locator(".search-register a").is_visible()
    context.close()


def test_where_search_answers_the_page_does_not_say_that_it_cannot(read, site):
    page = read(f"{site}/search.html?q=Zhejiang")
    page.locator(".pagefind-ui__result").first.wait_for()
    page.wait_for_timeout(3500)  # the sentence comes by itself after three seconds
    assert not page.locator(".search-silent").is_visible()
    page = read(f"{site}/search.html", java_script_enabled=False)
    page.locator(".search-silent").wait_for()


# ---- a browser that translates the page


# As Google's translator does it: elements in the place of each text that may be translated.
TRANSLATE = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const all = [];
    while (texts.nextNode()) all.push(texts.currentNode);
    for (const text of all) {
        const { parentElement: element } = text;
        if (!text.data.trim() || element.closest("script, style, [translate=no]")) continue;
        const font = document.createElement("font");
        font.textContent = "Ü " + text.data;
        text.replaceWith(font);
    }
}"""


def test_the_registers_count_holds_in_a_translated_page(read, site):
    page = read(f"{site}/chapters/evidence.html")
    page.evaluate(TRANSLATE)
    page.locator("[name=province]").select_option("CN-BJ")
    shown = page.locator("table.register tbody tr:visible").count()
    assert page.locator(".register-count").inner_text().startswith(f"{shown} of ")


def test_the_shortlists_count_holds_in_a_translated_page(read, site):
    page = read(f"{site}/chapters/jiangsu.html")
    settled(page)
    page.evaluate(TRANSLATE)
    page.locator(".shortlist [name=find]").fill("one visit")
    page.wait_for_url("**?*")
    shown = page.locator("table.rows tr[data-practice]:visible").count()
    assert f": {shown} of " in page.locator("table.rows caption").inner_text()


def test_ids_and_what_is_printed_are_not_translated(read, site):
    page = read(f"{site}/chapters/evidence.html")
    page.evaluate(TRANSLATE)
    for text in page.locator("main code, main .evidence").all_text_contents():
        assert "Ü" not in text
    assert "Ü" in page.locator("h1:visible").inner_text()
