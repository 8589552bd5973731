"""Text of the tables is only text, wherever it stands; a page runs only what is the book’s own."""

import base64
import csv
import hashlib
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
from attacks import ATTACKS, STRANGE
from bs4 import BeautifulSoup
from conftest import PATIENCE, wait_until
from openpyxl import load_workbook
from test_charts import FORMS
from test_pages import PAGES
from test_shortlist import settled

from casebook import escape, evidence, shortlist, tables
from casebook.charts.frame import frame_of
from casebook.charts.renderer import MIME, renderer
from casebook.evidence.validation import validate
from casebook.site import downloads, drawing, figure, search

WIDE = {"width": 1280, "height": 900}
CHART = "#fig-precedents"


def assert_only_text(markup, texts=()):
    """Assert that HTML has nothing out of an attack, and says each of `texts` to its reader."""
    page = BeautifulSoup(f"<article>{markup}</article>", "html.parser")
    assert page.select(STRANGE) == []
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert not page.find_all(["img", "iframe", "object", "base"])
    words = "".join(page.get_text().split())
    lost = [text for text in texts if "".join(text.split()) not in words]
    assert lost == [], "not there as it stands"


# ---- each place, by itself


def test_the_loader_names_an_address_that_leads_to_no_page(data):
    path = data / "references.bib"
    bib = path.read_text(encoding="utf-8").replace(
        "http://zt.bjdj.gov.cn/rdztarticle/3000190526.html", "javascript:alert(1)"
    )
    path.write_text(bib, encoding="utf-8")
    found = [str(finding) for finding in validate(data)]
    assert found == [
        "references.bib, column url of ztbjdj-2018: 'javascript:alert(1)' – expected an address "
        "that begins with https:// or http://, without blanks and quotes"
    ]


def test_tables_show_every_text_as_text(hostile):
    ev, register = hostile, hostile.register()
    pieces = register.evidence.str.split(" | ", regex=False).explode()
    order = dict(zip(ev.subsections().section, ev.subsections().short))
    matrix = tables.side_by_side(ev, register, "section", order, "matrix")
    parts = [
        (tables.register(ev), [*register["name"], *pieces, *register.note]),
        (tables.practices(ev, register, ATTACKS[0]), [*register["name"], ATTACKS[0]]),
        (
            tables.checks(ev, ev.source_checks, "checks"),
            [*ev.source_checks.claim, *ev.source_checks.finding],
        ),
        (tables.codebooks(ev), ev.codes.question),
        (tables.figures(ev, ev.figures.figure, "figures"), ev.figures.metric),
        (tables.context(ev), ev.context.metric),
        (tables.dictionary(ev), []),
        (tables.scales(ev), []),
        (tables.assessment(ev, "lesson", "lessons"), []),
        (matrix, register["name"][register.province != "CN"]),
    ]
    for practice, items in ev.items.groupby("practice"):
        parts.append((tables.items(ev, practice, "items"), items["name"]))
        parts.append((tables.matched(ev, {practice: ATTACKS[0]}, "lists"), items["name"]))
    for recommendation, measures in ev.measures.groupby("recommendation"):
        parts.append((tables.measures(ev, recommendation), measures["name"]))
    for table, texts in parts:
        assert_only_text(table.markup, [text for text in texts if text not in evidence.MISSING])
    for key in ev.sources:
        assert_only_text(tables.source_short(ev, key))
        assert_only_text(tables.references(ev)[key], [ev.sources[key]["title"]])
    for practice in register.practice:
        assert_only_text(tables.practice_link(ev, practice))
        assert_only_text(tables.verdict_badges(ev, practice=practice))


def test_the_shortlist_shows_every_text_as_text_and_its_data_end_where_they_end(hostile):
    markup = shortlist.tool(hostile).markup
    listed = shortlist.order(hostile).index
    names = hostile.register().set_index("practice").loc[listed, "name"]
    assert_only_text(markup, [*names, *hostile.measures.name])
    (data,) = BeautifulSoup(markup, "html.parser").select(".shortlist-data")
    assert not re.search("[<>&\u2028\u2029]", data.string)
    assert json.loads(data.string) == json.loads(json.dumps(shortlist.data(hostile)))


@pytest.mark.parametrize("form", ["evidence_map", "unit_matrix", "years", "precedents"])
def test_a_chart_shows_every_text_as_text_on_the_page_and_in_its_files(
    hostile, form, tmp_path, monkeypatch
):
    monkeypatch.setattr(drawing, "CACHE", tmp_path)
    spec = renderer(FORMS[form](hostile).to_dict())[MIME]
    frame = frame_of(spec)
    frame |= dict(zip(("finding", "counted", "caveat"), ATTACKS))
    page = figure.to_html(spec, "fig-x")
    assert_only_text(page, [*ATTACKS[:3], *(row[0] for row in frame["table"]["rows"])])
    wide = figure.to_svg(figure.bare(spec), "x", spec["description"])
    svg = ElementTree.fromstring(wide)
    assert svg.get("aria-label") == " ".join(spec["description"].split("\n"))
    tips = {row["tip"] for rows in spec["datasets"].values() for row in rows if "tip" in row}
    titles = {title.text for title in svg.findall(".//{*}title")}
    assert titles <= tips and bool(titles) == bool(tips)
    for link in svg.findall(".//{*}a"):
        assert re.match(r"(evidence|checks)\.html#[\w.-]+$|#[\w-]+$", link.get("href"))
    # What stands between the tags is what was drawn: no attack stands in an attribute’s place.
    drawn = ElementTree.fromstring(drawing.svg(figure.bare(spec)))
    assert words_of(svg) == words_of(drawn)
    if spec.get("params"):
        assert not re.search("[<>&\u2028\u2029]", figure.for_live(spec, "fig-x"))
    picture = ElementTree.fromstring(figure.whole_picture(spec))
    for name in ("script", "img", "foreignObject", "a"):
        assert picture.find(f".//{{*}}{name}") is None
    assert_inert(figure.as_csv(frame["table"]), frame["table"]["rows"])


def words_of(svg):
    """The words that a drawing (its parsed SVG) has, one text each."""
    return ["".join(text.itertext()) for text in svg.findall(".//{*}text")]


def assert_inert(raw, rows):
    """Assert that a CSV has the cells of `rows`, with an apostrophe before each formula."""
    _, *lines = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    for line, row in zip(lines, rows, strict=True):
        for cell, value in zip(line, row):
            number = re.fullmatch(r"-?[\d.]+", cell)
            assert number or not cell.startswith(tuple("=+-@\t\r")), cell
            assert cell.removeprefix("'") == str(value).removeprefix("'")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "-", "+", "=", "@"]
)
def test_a_cell_that_a_spreadsheet_would_run_has_an_apostrophe(text):
    assert escape.cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, -0.5, 1e-9, "-3", "a=b", "1-2", "", "–", "not mentioned"])
def test_a_number_and_other_text_stay_as_they_are(value):
    assert escape.cell(value) == str(value)


def test_of_the_registers_files_the_canonical_one_is_true_and_those_for_spreadsheets_run_nothing(
    hostile, tmp_path
):
    downloads.write_downloads(hostile, tmp_path)
    canonical, safe = downloads.named_register(hostile), downloads.for_readers(hostile)
    text = (tmp_path / "register.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert rows == canonical.astype(str).to_numpy().tolist()
    assert any(cell.startswith("=SUM") for row in rows for cell in row)
    raw = (tmp_path / "register-excel.csv").read_bytes()
    assert_inert(raw, safe.to_numpy().tolist())
    assert b"'=SUM" in raw
    sheet = load_workbook(tmp_path / "register.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value.startswith("=SUM") for cell in cells)


def test_a_record_of_the_search_index_is_text(hostile):
    for row in hostile.register().itertuples():
        record = search.record(row, hostile.language)
        assert_only_text(record, [row.name, row.evidence.split(" | ")[0]])


def test_an_id_in_an_address_is_encoded_and_only_the_web_is_linked():
    assert escape.fragment('a"b/../<c>#?') == "a%22b%2F..%2F%3Cc%3E%23%3F"
    refused = ["javascript:alert(1)", "data:text/html,x", "//example.org", "file:///etc"]
    for text in [*refused, "https://a b", 'https://a"b', ""]:
        assert escape.link(text) is None
    assert escape.link("https://example.org/a?b=1&c=2#d") == "https://example.org/a?b=1&c=2#d"


@pytest.mark.parametrize("text", ATTACKS)
def test_a_text_in_a_vega_expression_is_that_text(text):
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_text().encode(text="said:N")
    spec = chart.transform_calculate(said=escape.in_expression(text)).to_dict()
    svg = drawing.vl_convert.vegalite_to_svg(spec, vl_version=drawing.VL_VERSION)
    (drawn,) = ElementTree.fromstring(svg).findall(".//{*}text")
    assert drawn.text == text


# ---- the policy of every page


QUOTED = {"'none'", "'self'", "'unsafe-inline'", "'wasm-unsafe-eval'"}


@pytest.fixture(scope="module")
def every_page(book):
    """Every page of the site, parsed: {its address within the book: its elements}."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(book.rglob("*.html"))}
    return {
        path.relative_to(book).as_posix(): BeautifulSoup(text, "html.parser")
        for path, text in texts.items()
    }


def policy_of(page):
    """A page's policy: {directive: list of sources}."""
    (meta,) = page.select("meta[http-equiv=Content-Security-Policy]")
    return {
        name: sources for name, *sources in (rule.split() for rule in meta["content"].split(";"))
    }


def test_every_page_has_a_policy_in_front_of_all_that_it_asks_for_and_no_source_is_foreign(
    every_page,
):
    names = {"404.html", "index.html", "search.html", "zh/index.html", "zh/chapters/jiangsu.html"}
    assert names <= every_page.keys()
    for name, page in every_page.items():
        rules = policy_of(page)
        first = page.find(["script", "style", "link", "img", "base", "meta"])
        first = first if not first.get("charset") else first.find_next("meta")
        assert first.get("http-equiv") == "Content-Security-Policy", name
        assert rules["default-src"] == rules["base-uri"] == ["'none'"], name
        sources = {source for rule in rules.values() for source in rule}
        unknown = sources - {*QUOTED, "data:"}
        assert all(source.startswith("'sha256-") for source in unknown), name
        assert not {"data:", "'unsafe-inline'"} & {*rules["script-src"], *rules["style-src-elem"]}
        assert ("'wasm-unsafe-eval'" in rules["script-src"]) == name.endswith("search.html"), name


def test_no_page_has_a_handler_or_a_script_in_its_markup_that_its_policy_does_not_know(every_page):
    for name, page in every_page.items():
        rules = policy_of(page)
        for tag in page.find_all(True):
            for attribute, value in tag.attrs.items():
                place = f"{name}: {tag.name} {attribute}={value}"
                assert not attribute.startswith("on"), place
                assert not re.match(r"\s*javascript:", str(value), re.I), place
                asks = ("src", "srcset", "data", "action", "poster", "href")
                allowed = tag.name == "a" or tag.get("rel") == ["icon"]
                if attribute in asks and not allowed:
                    assert not re.match(r"[a-z]+:|//", str(value), re.I), place
        for kind, rule in (("script", "script-src"), ("style", "style-src-elem")):
            run = {"src": False, "type": lambda value: value != "application/json"}
            for tag in page.find_all(kind, run):
                digest = base64.b64encode(hashlib.sha256(tag.string.encode()).digest()).decode()
                assert f"'sha256-{digest}'" in rules[rule], f"{name}: {kind} {tag.string[:80]}"


@pytest.mark.parametrize(
    ("where", "edition"),
    [
        ("server", ""),
        ("disk", "zh/"),
        *(pytest.param(*one, marks=pytest.mark.long) for one in (("server", "zh/"), ("disk", ""))),
    ],
)
def test_no_page_asks_for_what_its_policy_refuses(read, site, book, where, edition):
    """`read` holds that nothing went wrong; the console tells of all that a policy refuses.

    test_visits.py sees the pages as they load from a server.
    """
    top = site if where == "server" else book.as_uri()
    read(f"{top}/{edition}index.html")
    page = read(f"{top}/{edition}chapters/jiangsu.html", accept_downloads=True)
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button:visible").click()
    assert page.evaluate("document.documentElement.dataset.mode") != before
    page.locator("[data-full-screen]:visible").click()
    page.locator(":fullscreen").first.wait_for(state="attached")
    page.locator("[data-full-screen]:visible").click()
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    page.locator(f"{CHART} .chart-now svg:visible .mark-symbol.role-mark path").first.hover(
        force=True
    )
    page.locator("[data-ask=law]").click()
    page.locator("[name=pick]:visible").first.check()
    settled(page)
    for kind in ("docx", "md"):
        with page.expect_download() as download:
            page.locator(f"[data-take={kind}]").click()
        assert Path(download.value.path()).stat().st_size > 1000
    page.locator(f"{CHART} .chart-download summary").click()
    for kind in ("csv", "svg", "png", "json"):
        with page.expect_download() as download:
            page.locator(f"{CHART} .chart-download a[data-kind={kind}]").click()
        assert Path(download.value.path()).stat().st_size > 1000
    page = read(f"{top}/{edition}chapters/evidence.html?find=社会组织&sort=status")
    assert page.locator("table.register tbody tr:visible").count() > 0
    page.fill(".book-search input", "社会组织")
    page.press(".book-search input", "Enter")
    page.locator(
        ".pagefind-ui__result" if where == "server" else ".search-from-disk"
    ).first.wait_for()


@pytest.mark.long
@pytest.mark.parametrize("edition", ["", "zh/"])
@pytest.mark.parametrize("name", [*(f"chapters/{name}" for name in PAGES), "search"])
def test_no_page_asks_for_what_its_policy_refuses_when_it_loads_from_disk(
    read, book, name, edition
):
    page = read(f"{book.as_uri()}/{edition}{name}.html")
    assert page.locator("article h1").first.is_visible()


PLANTED = """<script>window.hit = 1</script>
<script src="https://example.org/x.js"></script>
<script src="data:text/javascript,window.hit=2"></script>
<img src="https://example.org/x.png" onerror="window.hit = 3">
<a id="planted" href="javascript:window.hit=4">x</a><iframe src="https://example.org/"></iframe>
<style>h1 { display: none }</style><link rel="stylesheet" href="https://example.org/x.css">
<base href="https://example.org/"><form id="planted-form" action="https://example.org/"></form>
<object data="https://example.org/x"></object>"""


@pytest.mark.parametrize("where", ["server", "disk"])
def test_what_an_attack_would_put_into_a_page_does_not_run_and_asks_nobody(
    site, book, browser, where
):
    index = book / "chapters" / "index.html"
    html = index.read_text(encoding="utf-8").replace("</article>", f"{PLANTED}</article>", 1)
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', "
        "(event) => refused.push(event.effectiveDirective))"
    )
    address = f"{site}/chapters/planted.html" if where == "server" else index.as_uri()
    answer = {"status": 200, "content_type": "text/html; charset=utf-8", "body": html}
    page.route(address, lambda route: route.fulfill(**answer))
    page.goto(address)
    page.locator("#planted").click()
    page.evaluate("setTimeout('window.hit = 5')")
    page.evaluate("document.querySelector('#planted-form').submit()")
    page.evaluate("fetch('https://example.org/').catch(() => 0)")
    expected = "script-src-elem script-src-attr script-src img-src style-src-elem frame-src"
    expected = [*expected.split(), "base-uri", "form-action"]
    wait_until(page, "(expected) => expected.every((one) => refused.includes(one))", expected)
    assert page.evaluate("window.hit") is None and page.locator("article h1").first.is_visible()
    assert page.evaluate("document.baseURI") == address
    context.close()
