"""The built book as its files have it: links lead somewhere, charts are whole, downloads open."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from playwright.sync_api import expect

from casebook import chapters
from casebook.evidence.clean import HAN_LETTER

PAGES = [path.stem for path in chapters.every()]


@pytest.fixture(scope="session")
def pages(book):
    return {
        name: (book / "chapters" / f"{name}.html").read_text(encoding="utf-8") for name in PAGES
    }


def ids(html):
    return set(re.findall(r'\bid="([^"]+)"', html))


def test_the_build_leaves_no_staging_folder(book):
    assert (
        (book / "index.html").exists()
        and not [*book.parent.glob("next-*")]
        and [*book.parent.glob("html*")] == [book]
    )


@pytest.mark.parametrize(("edition", "language"), [("", "en"), ("zh", "zh-CN")])
def test_the_root_leads_to_the_first_page_and_says_what_it_is(pages, book, edition, language):
    page = BeautifulSoup((book / edition / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert page.html["lang"] == language and page.title.text in (
        book / edition / "chapters" / "index.html"
    ).read_text(encoding="utf-8")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={page.a['href']}"
    assert (book / edition / page.a["href"]).exists() and page.a.text == page.title.text
    assert page.select_one("link[rel=icon]")["href"] == "data:,", (
        "a browser would ask for a file that is not there"
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_the_book_leads_to_something(pages, book, name):
    known = {page: ids(html) for page, html in pages.items()}
    for target in set(re.findall(r'<a [^>]*?href="([^"]+)"', pages[name])):
        address, fragment = urldefrag(target)
        if re.match(r"[a-z]+:", address):
            assert "vega" not in address, f"{name}: {target}: a mark leads out of the book"
            continue
        address = address.partition("?")[0]  # a choice on the page, not another page
        page = address.removesuffix(".html") or name
        path = (book / "chapters" / address).resolve() if address else None
        assert path is None or path.exists(), f"{name}: {target}"
        if fragment and page in known:
            assert unquote(fragment) in known[page], f"{name}: {target}"


@pytest.mark.parametrize("name", PAGES)
def test_ids_of_a_page_are_unique(pages, name):
    found = re.findall(r'\bid="([^"]+)"', pages[name])
    doubled = {one for one in found if found.count(one) > 1}
    # The theme's own dialogs and menus stand in every page twice, for wide and narrow screens.
    assert not {one for one in doubled if not one.startswith(("pst-", "search", "__"))}, doubled


def frames(html):
    """The charts of a page as parsed elements."""
    return BeautifulSoup(html, "html.parser").select(".chart")


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_stands_in_the_page_in_both_widths_with_alt_text(pages, name):
    charts = frames(pages[name])
    drawn = (ROOT / "chapters" / f"{name}.md").read_text(encoding="utf-8").count("name: fig-")
    assert len(charts) == len(re.findall(r"<figure ", pages[name])) == drawn, name
    for chart in charts:
        drawings = chart.select(".chart-wide > svg, .chart-narrow > svg")
        assert len(drawings) == 2 and all(len(svg["aria-label"]) >= 60 for svg in drawings)


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_has_its_table_downloads_link_and_citation(pages, book, name):
    for chart in frames(pages[name]):
        figure = chart.find_parent("figure")["id"]
        assert (
            chart["data-figure"] == figure
            and chart.select_one(".chart-link")["href"] == f"#{figure}"
        )
        finding = chart.select_one(".chart-finding").text
        inside = finding.replace("“", "‘").replace("”", "’")  # a quotation within one
        assert (
            chart.select_one(".chart-table caption").find(string=True).strip() == finding
            and f"“{inside}”" in chart.select_one(".chart-cite").text
        )
        rows = [
            [cell.get_text() for cell in row.select("th, td")]
            for row in chart.select(".chart-table tbody tr")
        ]
        files = {
            link["data-kind"]: book / "chapters" / link["href"]
            for link in chart.select(".chart-download a")
        }
        assert set(files) == {"csv", "svg", "png", "json"} and all(
            path.exists() for path in files.values()
        )
        written = list(csv.reader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"))))
        assert [row[:-1] for row in written[1:]] == rows, figure


# The pictures in which something stands in the outermost 4 pixels (8 at twice the size) of a side.
CUT = """(addresses) => Promise.all(addresses.map(async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { width, height } = image, canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const inked = (...box) => context.getImageData(...box).data.some((value) => value !== 255);
  const sides = {
    left: [0, 0, 8, height],
    right: [width - 8, 0, 8, height],
    top: [0, 0, width, 8],
    bottom: [0, height - 8, width, 8],
  };
  const cut = Object.keys(sides).filter((side) => inked(...sides[side]));
  return cut.map((side) => `${address}: ${side}`);
})).then((found) => found.flat())"""


@pytest.mark.parametrize("edition", ["", "zh/"])
def test_no_word_and_no_mark_of_a_picture_is_cut(book, site, read, edition):
    pictures = sorted(path.name for path in (book / edition / "downloads" / "charts").glob("*.png"))
    page = read(f"{site}/{edition}chapters/index.html")
    chapters = [path.read_text(encoding="utf-8") for path in (ROOT / "chapters").glob("*.md")]
    assert len(pictures) == "".join(chapters).count("name: fig-")
    assert page.evaluate(CUT, [f"../downloads/charts/{name}" for name in pictures]) == []


# How far a text of a picture stands out of it, where it is drawn in a font that is wider than ours.
OUTSIDE = """(svg) => { document.body.innerHTML = svg;
  const whole = document.querySelector("svg").getBoundingClientRect();
  return [...document.querySelectorAll("text")].filter((text) => {
    const { left, right } = text.getBoundingClientRect();
    return left < whole.left || right > whole.right;
  }).map((text) => text.textContent); }"""


@pytest.mark.parametrize("edition", ["", "zh/"])
def test_a_picture_has_room_for_the_wider_letters_of_a_machine_without_its_fonts(
    book, browser, edition
):
    page = browser.new_page()
    for path in (book / edition / "downloads" / "charts").glob("*.svg"):
        picture = path.read_text(encoding="utf-8")
        assert 'font-family="&quot;' in picture and "system-ui" not in picture
        wider = re.sub(r'font-family="[^"]*"', 'font-family="DejaVu Sans, sans-serif"', picture)
        assert page.evaluate(OUTSIDE, wider) == [], path.name
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_nothing_that_the_book_does_not_use(pages, book, name):
    loaded = re.findall(r'<(?:script|link)[^>]*?(?:src|href)="([^"]+)"', pages[name])
    unused = "fontawesome|thebe|togglebutton|sphinx-design|design-tabs|searchtools|searchindex"
    assert not [file for file in loaded if re.search(f"{unused}|language_data|vega", file)]
    assert not (book / "_static" / "scripts" / "fontawesome.js").exists()
    assert not (book / "searchindex.js").exists()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_main_headings_in_order_and_marked_chinese(pages, name):
    page = BeautifulSoup(pages[name], "html.parser")
    assert len(page.select("main, [role=main]")) == 1 and page.html["lang"] == "en"
    levels = [
        int(heading.name[1])
        for heading in page.select("article h1, article h2, article h3, article h4")
    ]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    for cell in page.select("main table td, main table th"):
        own = "".join(
            text
            for text in cell.find_all(string=True)
            if not text.find_parent(attrs={"lang": "zh-CN"})
        )
        assert not re.search(r"[\u4e00-\u9fff]{4}", own), (
            f"Chinese without its language: {own[:60]}"
        )


def test_every_value_is_there(pages):
    for name, html in pages.items():
        prose = re.sub(r"<(script|style|pre|code).*?</\1>", "", html, flags=re.S)
        assert "{eval}" not in prose and "% claim" not in prose, name


def test_every_practice_has_its_row_with_locator_and_chapter(pages, ev):
    for row in ev.practices.itertuples():
        start = pages["evidence"].index(f'<tr id="{row.practice}"')
        cells = pages["evidence"][start : pages["evidence"].index("</tr>", start)]
        assert all(place in cells for place in row.locator.split(" | ")) and ".html" in cells


def test_every_check_has_its_row_and_a_figure_with_another_count_has_its_verdict(pages, ev):
    for check in ev.source_checks.check:
        assert f'id="{check}"' in pages["checks"]
    other_values = ev.source_checks[ev.source_checks.check == "check-organisations-bulletin"]
    for check in other_values.itertuples():
        chapter = pages[ev.sections.set_index("section").chapter[check.section]]
        figure = ev.checked_rows.set_index("check").figure[check.check]
        value = f"{ev.figures.set_index('figure').value[figure]:,.0f}"
        # Wherever the prose has the figure, its verdict stands in the same paragraph or list item.
        prose = BeautifulSoup(chapter, "html.parser").select_one("article.bd-article")
        for cell in prose.select(".cell"):
            cell.decompose()
        told = [block for block in prose.select("p, li") if value in block.get_text()]
        assert told, f"no prose has {value}"
        for block in told:
            assert block.select_one(f'a[href="checks.html#{check.check}"]'), block.get_text()


def test_a_verdict_is_a_word_beside_its_symbol(pages):
    hidden = '(?:<span class="visually-hidden">)?'  # after another of its kind
    word = f"</svg>{hidden}(confirmed|refined|contradicted|not found)"
    for html in pages.values():
        for badge in re.findall(r'<a class="verdict[^>]*>(.*?)</a>', html):
            assert re.search(word, badge), badge


def test_a_verdict_in_prose_stands_on_one_line_with_what_it_closes(pages):
    """A blank before it breaks no line; of two alike the second hides its word."""
    hidden = 0
    for name in ("index", "top-level-design", "jiangsu"):
        page = BeautifulSoup(pages[name], "html.parser")
        for badge in page.select("article :is(p, table.written) a.verdict"):
            before = badge.previous_sibling
            assert isinstance(before, str) and before.endswith("\u00a0"), badge.parent.get_text()
            assert badge.get_text().strip(), badge
            if badge.select_one(".visually-hidden"):
                hidden += 1
                first = badge.find_previous("a", class_="verdict")
                assert first["class"] == badge["class"] and not before.strip()
    assert hidden > 1


@pytest.mark.parametrize("edition", ["", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_types_a_symbol_that_it_can_draw(book, edition, name):
    """Chromium shows a typed hollow disc full where DejaVu and Noto CJK are all its fonts."""
    html = (book / edition / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    for code in page.select("script, style, pre"):
        code.decompose()
    assert not re.findall("[●◐◇○✓≠].{,20}|± ?[a-z补].{,20}", page.get_text())
    assert "</" not in page.get_text(), "markup that was escaped"
    for picture in page.select("svg.symbol"):
        # What it needs stands in it: JupyterLab has no style sheet of the book.
        assert picture["aria-hidden"] == "true" and picture["width"] == "1em"
        assert picture.path["fill"] == "currentColor" and picture.find_parent().get_text().strip()


@pytest.mark.parametrize("edition", ["", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_a_dash_has_its_words_and_a_key_above_the_table(book, edition, name):
    html = (book / edition / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    for table in BeautifulSoup(html, "html.parser").select("table.casebook:not(.written)"):
        key, words = table.caption.select_one(".table-key"), {}
        for dash in table.select("tbody .missing"):
            words[dash.find("span", recursive=False).get_text()] = dash.find_parent(["td", "th"])
        assert (key is not None) == bool(words), table.caption.get_text()
        assert all(word in key.get_text() for word in words)
        for cell in words.values() if len(words) > 1 else ():
            assert cell["data-label"] in key.get_text()
        # No cell says in words of its own what a dash says.
        bare = [
            text
            for text in table.tbody.find_all(string=list(words))
            if not text.find_parent(class_="missing")
        ]
        assert not bare, bare


def test_the_register_prints_evidence_only_where_it_differs_from_the_name(book, ev):
    for edition in ("", "zh"):
        html = (book / edition / "chapters" / "evidence.html").read_text(encoding="utf-8")
        page = BeautifulSoup(html, "html.parser")
        for row in ev.practices.itertuples():
            cell = page.find(id=row.practice).th
            for piece in row.evidence.split(" | "):
                assert piece in cell.get_text(), row.practice
                if piece == row.name_zh:
                    assert cell.get_text().count(piece) == 1, row.practice


def test_judged_tables_are_marked_as_this_books_reading(pages):
    for name in (
        "top-level-design",
        "participation",
        "rule-of-law",
        "smart-governance",
        "codebook",
        "jiangsu",
    ):
        assert re.search(r"this book[’']s reading", pages[name]), name


def test_downloads_open_and_hold_every_row(book, ev):
    folder = book / "downloads"
    plain = list(csv.DictReader(io.StringIO((folder / "register.csv").read_text(encoding="utf-8"))))
    assert [row["practice"] for row in plain] == list(ev.register().practice)
    assert (folder / "register-excel.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    from openpyxl import load_workbook

    sheet = load_workbook(folder / "register.xlsx").active
    assert sheet.max_row == len(plain) + 1
    headers = [cell.value for cell in sheet[1]]
    names = [row[headers.index("name_zh")].value for row in sheet.iter_rows(min_row=2)]
    assert names == [row["name_zh"] for row in plain]
    with zipfile.ZipFile(folder / "register.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 8, 20, 0, 0, 0)}


@pytest.mark.parametrize("edition", ["", "zh"])
def test_a_chapter_is_saved_as_a_chapter_of_the_book_with_its_language_and_day(book, edition):
    descriptions = set()
    for name in chapters.listed():
        page = (book / edition / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        soup = BeautifulSoup(page.partition("</head>")[0], "html.parser")
        head = {tag["name"]: tag["content"] for tag in soup.select("meta[name]")}
        assert soup.title.get_text().startswith(head["citation_title"])
        assert soup.title.get_text().endswith(head["citation_book_title"])
        assert head["citation_author"]
        assert head["citation_language"] == ("zh-CN" if edition else "en")
        assert re.fullmatch(r"\d{4}/\d\d/\d\d", head["citation_publication_date"])
        assert bool(HAN_LETTER.search(head["description"])) is bool(edition)
        assert "<" not in head["description"] and 15 < len(head["description"]) <= 320
        descriptions.add(head["description"])
    assert len(descriptions) == len(chapters.listed()), "each page has its own"


@pytest.mark.parametrize("edition", ["", "zh"])
def test_the_data_package_is_whole_and_valid_where_it_is_unpacked(book, edition, tmp_path):
    with zipfile.ZipFile(book / edition / "downloads" / "data-package.zip") as archive:
        archive.extractall(tmp_path)
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 8, 20, 0, 0, 0)}
    # As a reader's own tool sees it, from a folder of its own.
    tool = [Path(sys.executable).with_name("frictionless"), "validate", "datapackage.json"]
    done = subprocess.run(tool, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    for file in (ROOT / "data").iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
        assert (book / edition / "downloads" / file.name).exists(), "each by itself, too"
    about = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "Creative Commons" in about and "practices.csv" in about
    assert bool(HAN_LETTER.search(about)) is (edition == "zh")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_screen_reader_meets_tables_rows_and_heads_where_rows_are_shown_as_cards(
    site, read, ev, width
):
    page = read(f"{site}/chapters/evidence.html", viewport={"width": width, "height": 800})
    roles = roles_of(page)
    assert roles.count("rowheader") >= len(ev.practices)
    assert roles.count("cell") >= 4 * len(ev.practices)
    for name in ("index", "places"):
        page.goto(f"{site}/chapters/{name}.html")
        shown = page.locator("article table:visible").count()
        rows = page.locator("article table:visible tbody tr:visible").count()
        roles = roles_of(page)
        assert roles.count("table") == shown > 0, name
        assert roles.count("rowheader") >= rows > 0, name


def roles_of(page):
    """The roles in Chromium's accessibility tree, of all that it does not leave out."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [node["role"]["value"] for node in nodes if not node["ignored"]]


def test_the_register_filters_sorts_and_keeps_its_state_in_the_address(site, read, ev):
    page = read(f"{site}/chapters/evidence.html")
    page.select_option("select[name=province]", "CN-ZJ")
    page.select_option("select[name=section]", "4.1")
    shown = page.locator("table.register tbody tr:visible")
    expected = ev.practices.query("province == 'CN-ZJ' and section == '4.1'")
    assert shown.count() == len(expected)
    assert f"{len(expected)} of {len(ev.practices)}" in page.locator(".register-count").inner_text()
    page.reload()
    assert page.locator("table.register tbody tr:visible").count() == len(expected)
    page.goto(f"{site}/chapters/evidence.html?find=社会组织")
    found = page.locator("table.register tbody tr:visible").count()
    assert 0 < found < len(ev.practices)
    page.fill(".register-controls input[name=find]", "no such words")
    assert "No practice fits" in page.locator(".register-count").inner_text()
    page.goto(f"{site}/chapters/evidence.html")
    page.get_by_role("button", name="Status and date").click()
    cells = page.locator("table.register tbody tr:visible td:nth-of-type(3)").all_inner_texts()
    assert len(cells) == len(ev.practices) and cells[0] != cells[-1]


def test_a_link_to_a_row_finds_it_even_behind_a_filter(site, read):
    page = read(f"{site}/chapters/evidence.html?province=CN-BJ#zj-one-visit")
    assert page.locator("#zj-one-visit").is_visible()


def test_unfolded_code_has_a_button_that_copies_it(site, read):
    page = read(f"{site}/chapters/evidence.html")
    page.locator("main details:has(.highlight) summary").first.click()
    page.locator("main details[open] .copybtn").first.click()
    expect(page.locator(".copybtn.success")).to_have_count(1)


def test_any_two_places_are_compared_and_the_choice_is_in_the_address(site, read, ev):
    page = read(f"{site}/chapters/places.html")
    heads = page.locator("table.compare thead th:visible")
    every = ["Sub-section", *(f"{row.name} ({row.type})" for row in ev.pioneers().itertuples())]
    assert heads.all_inner_texts() == every
    page.locator("select[name=compare]").select_option("CN-SH")
    page.locator("select[name=with]").select_option("CN-ZJ")
    two = ["Sub-section", "Shanghai (municipality)", "Zhejiang (province)"]
    assert heads.all_inner_texts() == two
    rows = page.locator("table.compare tbody tr")
    for row in rows.all():
        assert row.locator(":scope > :visible").count() == 3
    said = page.locator(".compare-said").inner_text()
    assert said == "Shanghai (municipality) beside Zhejiang (province)"
    assert page.url.endswith("?compare=CN-SH&with=CN-ZJ")
    page.reload()
    assert heads.all_inner_texts() == two
    page.goto(f"{site}/chapters/places.html?compare=Atlantis")
    assert heads.all_inner_texts() == every and page.locator(".compare-said:visible").count() == 0


@pytest.mark.parametrize("name", ["index", "method", "jiangsu"])
def test_a_table_that_an_author_wrote_is_one_of_the_books_own(pages, name):
    page = BeautifulSoup(pages[name], "html.parser")
    assert not page.select("table:not(.casebook)") and page.select("table.written")
    for table in page.select("table.written"):
        heads = [head.text for head in table.select("thead th")]
        for row in table.select("tbody tr"):
            first, *rest = row.find_all(["th", "td"], recursive=False)
            assert (first.name, first["scope"]) == ("th", "row")
            assert [cell["data-label"] for cell in rest] == heads[1:]


def test_the_readme_names_what_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)", readme):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for path in re.findall(r"\]\(([\w./-]+)\)", readme):
        assert (ROOT / path).exists(), path
