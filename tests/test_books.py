"""Whole books of other evidence, languages and places, built from copies of the project."""

import ast
import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import jupytext
import pandas as pd
import pytest
from attacks import ATTACKS, STRANGE, spoil
from babel.dates import get_month_names
from bs4 import BeautifulSoup
from conftest import PATIENCE, book_of, casebook, copy_of_the_project, open_page, served
from latin import texts_of
from openpyxl import load_workbook
from playwright.sync_api import expect
from test_pages import PAGES
from test_shortlist import settled

from casebook import evidence
from casebook.chapters import CLAIM
from casebook.proof import translate
from casebook.site.build import site_digest
from casebook.words import HAN

pytestmark = pytest.mark.long
HAN_LETTER = re.compile(f"[{HAN}]")
WIDE = {"width": 1280, "height": 900}
CHART = "#fig-precedents"
ADDRESS = "https://example.org/book"  # of the larger site, in its _config.yml


# ---- the same everywhere


def test_two_cold_builds_are_the_same_bytes(book, tmp_path):
    """The whole book again, without any cache, in another folder, time zone and locale."""
    folder = copy_of_the_project(tmp_path / "elsewhere", "locale")
    other = book_of(folder, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7")
    names, others = (
        {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        for site in (book, other)
    )
    assert names == others
    assert [n for n in sorted(names) if (book / n).read_bytes() != (other / n).read_bytes()] == []
    assert site_digest(book) == site_digest(other)


# ---- a fifth pioneer by editing data/ alone; a third edition by a folder and a suffix of columns


HUBEI = """\
section,name_en,name_zh,kind,instrument,status
1.2,Hubei plan of social governance,湖北省社会治理规划,plan,authority,in_place
2.1,Hubei fund for social organisations,湖北省社会组织发展基金,programme,treasure,in_place
2.2,Hubei announcement on firms’ duties,湖北省企业责任指引,policy,authority,planned
2.3,Hubei residents’ forum,湖北居民论坛,mechanism,nodality,in_place
3.1,Hubei rule-of-law report,湖北省法治报告,report,nodality,in_place
3.2,Hubei rule-of-law programme,湖北省法治工程,programme,organisation,in_place
3.3,Hubei enforcement platform,湖北省执法平台,platform,nodality,in_place
4.1,Hubei one-stop service,湖北“一站通办”,service,organisation,in_place
4.2,Hubei digital plan,湖北省数字规划,plan,authority,in_place
4.3,Hubei city brain,湖北“城市大脑”,platform,organisation,under_way
"""
ELEMENTS = [  # of the ten practices, in their order
    *("government_responsibility", "social_coordination", "government_responsibility"),
    *("public_participation", "rule_of_law", "rule_of_law", "rule_of_law"),
    *("technology", "technology", "technology"),
]
NONE = "not applicable"


def rows_of(text):
    """The rows of a CSV, as dicts."""
    return list(csv.DictReader(io.StringIO(text)))


def add(path, *rows, after=None):
    """Add rows to a table: after the row of the id `after`, in the order of sections, or last."""
    every = rows_of(path.read_text(encoding="utf-8"))
    columns = list(every[0])
    ids = [row[columns[0]] for row in every]
    place = ids.index(after) + 1 if after else len(every)
    every[place:place] = rows
    if "section" in columns:
        sections = rows_of((path.parent / "sections.csv").read_text(encoding="utf-8"))
        order = [row["section"] for row in sections]
        every.sort(key=lambda row: order.index(row["section"]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(every)
    path.write_text(text.getvalue(), encoding="utf-8")


def with_hubei(data):
    """Add Hubei to the tables in `data` as CONTRIBUTING says.

    It is a province with its place, ten practices, a list, readings and precedents.
    """
    hubei, names = {"province": "CN-HB"}, {"name_en": "Hubei", "name_zh": "湖北"}
    province = {**hubei, **names, "type": "province", "role": "pioneer"}
    add(data / "provinces.csv", province, after="CN-ZJ")
    place = {**hubei, "place": "湖北", "name_en": "Hubei", "level": "province"}
    add(data / "places.csv", {**place, "locator": "0@1+2"})
    for number, practice in enumerate(rows_of(HUBEI), start=1):
        announced = practice["status"] != "in_place"
        name, section = practice["name_zh"], practice["section"]
        row = {**hubei, **practice, "practice": f"hb-{number}", "level": "province"}
        row |= {"actors": "government", "evidence": name}
        row |= dict.fromkeys(("year", "period_start", "period_end"), "not mentioned")
        row |= {"part_of": NONE}
        row |= {"locator": f"{section}@{number}+{len(name)}"}
        row |= {"note_en": "The article announces it." if announced else NONE}
        row |= {"note_zh": "文章仅为宣布。" if announced else NONE}
        add(data / "practices.csv", row | {"exception_en": NONE, "exception_zh": NONE})
    item = {"item": "hb-project-1", "practice": "hb-6", "position": "1", "locator": "3.2@9+2"}
    item |= {"name_en": "Villages", "name_zh": "乡村", "evidence": "乡村"}
    add(data / "items.csv", item)
    reason = {"reason_en": "Named as such.", "reason_zh": "文章如此提到。"}
    readings = [(f"hb-{number}", "element", code) for number, code in enumerate(ELEMENTS, start=1)]
    readings += [("hb-3", "stage", "operate"), ("hb-4", "voice", "both")]
    readings += [("hb-8", "layer", "application"), ("hb-9", "layer", "platform")]
    readings += [("hb-10", "layer", "application")]
    for practice, variable, code in readings:
        row = {"practice": practice, "variable": variable, "code": code, **reason}
        add(data / "readings.csv", row)
    for practice in ("hb-4", "hb-8", "hb-9"):
        row = {"practice": practice, "measure": "m-services", "relation": "part", **reason}
        add(data / "precedents.csv", row)


ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
# Values, code, links and claims.
UNACCENTED = re.compile(
    r"\[[^\]]*\]\([^)]*#source-[^)]*\)|\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|https?://\S+"
    r"|<[^>]+>|\{\w*\}|^ *% .*$|^\(.*\)=$",
    re.M,
)


def accented(text):
    """Text of a made-up language: each vowel of its prose has an accent."""
    pieces, at = [], 0
    for match in UNACCENTED.finditer(text):
        pieces += [text[at : match.start()].translate(ACCENTED), match[0]]
        if "#source-" in match[0]:  # names stay, what stands between them does not
            pieces[-1] = pieces[-1].replace(" et al.", " ét ál.").replace(" and ", " ánd ")
        at = match.end()
    return "".join([*pieces, text[at:].translate(ACCENTED)])


class AccentedTexts(ast.NodeTransformer):
    """Accents the texts of code that a reader sees.

    They are those with a blank or a capital, and all parts of an f-string.
    """

    def visit_Constant(self, node):
        seen = isinstance(node.value, str) and re.search(r"[A-Z].*[a-z]|[a-z] [a-z]", node.value)
        return ast.Constant(accented(node.value)) if seen else node

    def visit_keyword(self, node):
        if node.arg == "unit":
            return ast.keyword("unit", ast.Constant(accented(node.value.value)))
        return self.generic_visit(node)

    def visit_JoinedStr(self, node):
        for part in node.values:
            if isinstance(part, ast.Constant):
                part.value = part.value.translate(ACCENTED)
        return node


def accented_chapter(text):
    """An English chapter's text as one of the made-up language's book."""
    notebook = jupytext.reads(text, fmt="md:myst")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            claims = [f"# claim: {claim}" for claim in CLAIM.findall(cell.source)]
            code = ast.unparse(AccentedTexts().visit(ast.parse(cell.source)))
            cell.source = "\n".join([*claims, code])
            figure = cell.metadata.get("mystnb", {}).get("figure", {})
            figure |= {"caption": accented(figure["caption"])} if "caption" in figure else {}
        else:
            cell.source = accented(cell.source)
    return jupytext.writes(notebook, fmt="md:myst")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """The site of a draft with Hubei as a fifth pioneer and a book in a made-up language."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("larger"), "locale")
    config = (folder / "_config.yml").read_text(encoding="utf-8")
    config = config.replace("\nhtml:\n", f"\nhtml:\n  baseurl: {ADDRESS}\n")
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    with_hubei(folder / "data")
    catalogue = translate.package_texts()
    for message in catalogue:
        if message.id:
            forms = isinstance(message.id, tuple)
            message.string = tuple(map(accented, message.id)) if forms else accented(message.id)
    catalogue.locale = "eo"
    translate.write_catalogue(folder / "locale" / "eo" / "LC_MESSAGES" / "casebook.po", catalogue)
    (folder / "chapters" / "eo").mkdir()
    for chapter in (folder / "chapters").glob("*.md"):
        text = accented_chapter(chapter.read_text(encoding="utf-8"))
        (folder / "chapters" / "eo" / chapter.name).write_text(text, encoding="utf-8")
    descriptor = folder / "data" / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = folder / "data" / resource["path"]
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        fields = resource["schema"]["fields"]
        for field in [field for field in fields if field["name"].endswith("_en")]:
            column = field["name"].removesuffix("en") + "eo"
            fields.append({**field, "name": column})
            table[column] = [
                text if text in evidence.MISSING else text.translate(ACCENTED)
                for text in table[field["name"]]
            ]
        table.to_csv(path, index=False, lineterminator="\n")
    descriptor.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return book_of(folder, DRAFT="1")


def words_of(svg):
    """All that a drawing says, without the breaks of its lines."""
    return re.sub(r"<title>.*?</title>|<[^>]+>|[\s\u2068\u2069]+", "", svg)


@pytest.mark.parametrize("edition", ["", "zh/", "eo/"])
def test_where_the_address_of_the_site_is_configured_every_link_that_leaves_it_is_whole(
    larger, edition
):
    top, chapters = f"{ADDRESS}/{edition}", larger / edition / "chapters"
    downloads = larger / edition / "downloads"
    page = BeautifulSoup((chapters / "places.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select_one("link[rel=canonical]")["href"] == f"{top}chapters/places.html"
    alternates = {link["hreflang"]: link["href"] for link in page.select("link[hreflang]")}
    assert set(alternates) == {"en", "zh-CN", "eo"}
    assert alternates["zh-CN"] == f"{ADDRESS}/zh/chapters/places.html"
    assert f'src="{top}downloads/charts/' in page.select_one(".chart-embed code").text
    assert f"{top}chapters/places.html#fig-" in page.select_one(".chart-cite").text
    rows = list(csv.reader((downloads / "charts" / "fig-map.csv").open(encoding="utf-8-sig")))
    links = [row[-1] for row in rows[1:] if row[-1]]
    assert links and all(link.startswith(f"{top}chapters/evidence.html#") for link in links)
    whole = (downloads / "charts" / "fig-map.json").read_text(encoding="utf-8")
    assert links[0] in whole and '"evidence.html' not in whole
    ids = load_workbook(downloads / "register.xlsx").active["A"][1:]
    assert all(cell.hyperlink.target == f"{top}chapters/evidence.html#{cell.value}" for cell in ids)
    bibtex = (downloads / "citations.bib").read_text(encoding="utf-8")
    assert f'url = "{top}chapters/evidence.html#zj-one-visit"' in bibtex


def test_the_site_map_has_every_page_of_every_book(larger):
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (larger / "robots.txt").read_text(encoding="utf-8")
    listed = re.findall("<loc>(.*?)</loc>", (larger / "sitemap.xml").read_text(encoding="utf-8"))
    pages = {path.relative_to(larger).as_posix() for path in larger.glob("**/chapters/*.html")}
    assert {address.removeprefix(f"{ADDRESS}/") for address in listed} == pages
    assert len(listed) == len(pages) > 30


# The sentences that a fifth pioneer takes the ground from, by page.
LOST = {
    "index": [
        "f.n_pioneers == 4",
        "(f.n_sections, f.fewest_places, f.most_places_but_one) == (12, 2, 3)",
        'f.joint_sections == f.common_sections == ["4.1"]',
        "(f.n_sections, f.fewest_places, f.most_places_but_one) == (12, 2, 3)",
    ],
    "jiangsu": ["f.n_pioneers == f.n_recommendations == 4"],
    "participation": [
        'f.planned == {"bj-csr-institutions", "bj-csr-alliance", "bj-csr-incentives"}',
        "f.n_answered == 1 == f.n_voices - f.n_inward - f.n_among",
    ],
    "places": ["f.n_pioneers == 4"],
    "rule-of-law": ['f.enforcing == ["CN-BJ", "CN-GD"]'],
    "smart-governance": [
        "len(f.sharing) == f.n_pioneers == 4",
        "len(f.told.data_rules) == f.n_pioneers == 4",
    ],
    "top-level-design": ['f.places["1.2"] == {"CN-BJ", "CN-SH"}'],
}


def test_a_fifth_pioneer_names_the_sentences_to_write_anew_in_every_book(larger):
    folder = larger.resolve().parents[2]
    done = casebook(folder, "book", PYTHONPATH=str(folder))
    assert done.returncode == 1 and "nothing was published" in done.stderr
    for book in ("", "zh/", "eo/"):
        line = re.compile(
            rf"^chapters/{book}([\w-]+)\.md, line \d+: (.*?) no longer holds: “", re.M
        )
        lost = {}
        for page, claim in line.findall(done.stderr):
            lost.setdefault(page, []).append(claim)
        assert lost == LOST, book
        for page, claims in LOST.items():
            html = (larger / book / "chapters" / f"{page}.html").read_text(encoding="utf-8")
            assert html.count('class="lost-ground"') == len(claims), page


@pytest.mark.parametrize(("edition", "name"), [("", "Hubei"), ("zh", "湖北")])
def test_a_fifth_pioneer_with_ten_practices_is_a_matter_of_data_alone(larger, edition, name):
    chapters = larger / edition / "chapters"
    pages = {path.stem: path.read_text(encoding="utf-8") for path in chapters.glob("*.html")}
    chart = re.search(r'id="fig-map".*?</figure>', pages["index"], flags=re.S)[0]
    for svg in re.findall(r"<svg.*?</svg>", chart, flags=re.S)[:2]:
        assert name in words_of(svg), "the evidence map"
    choice = f'<option value="CN-HB">{name}'
    assert all(f'id="hb-{number}"' in pages["evidence"] for number in range(1, 11))
    assert choice in pages["evidence"]
    assert pages["jiangsu"].count(choice) == 2, "the filters of the precedents, of the shortlist"
    downloads = larger / edition / "downloads"
    assert (downloads / "register.csv").read_text(encoding="utf-8").count("\nhb-") == 10
    assert name in (downloads / "register-excel.csv").read_text(encoding="utf-8")
    chart = re.search(r'id="fig-profiles".*?</figure>', pages["places"], flags=re.S)[0]
    assert name in words_of(chart), "the profiles"
    assert 'value="CN-HB"' in pages["places"], "the choice of two places to compare"


@pytest.mark.parametrize("name", PAGES)
def test_a_third_language_is_a_folder_and_a_suffix_and_no_word_of_it_stays_english(
    larger, read, name
):
    page = read((larger / "eo" / "chapters" / f"{name}.html").as_uri())
    page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
    )
    names = {"Vega", "Lite", "Altair", "Python", "BibTeX"}
    # The third edition borrows the tag of Esperanto, in which the theme and CLDR have some words.
    names |= {"sekva", "Enhavo", "Plenekrana", *get_month_names(locale="eo").values()}
    names |= {"offset", "length", "len"}  # code
    plain = re.compile(r"(?<![\w@/.-])(?=[A-Za-z]*[aeiou])[A-Za-z]{3,}(?![\w@/-]|\.\w)")
    english = []
    for text in texts_of(page):
        if not HAN_LETTER.search(text) and text not in evidence.MISSING:
            prose = translate.NOT_PROSE.sub(" ", text)
            english += [(word, text[:80]) for word in plain.findall(prose) if word not in names]
    assert english == []


# ---- hostile evidence, read


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """The site of evidence full of attacks, made by a package whose loader lets them pass."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("spoilt"))
    spoil(folder / "data")
    with (folder / "casebook" / "evidence" / "valid.py").open("a", encoding="utf-8") as module:
        module.write("\n\ndef assure(folder=DATA):\n    return\n")
    # The prose has the words of verdicts as they were: the build would stop at the first attack.
    with (folder / "casebook" / "site" / "prose.py").open("a", encoding="utf-8") as module:
        module.write("\n\nCitations.warn = lambda *_: None\n")
    return book_of(folder)


def open_inert(browser, address, **context):
    """A page of the spoilt book without its policy, which would hide that an escape is missing."""
    page, foreign, errors = open_page(browser, address, viewport=WIDE, bypass_csp=True, **context)
    assert foreign == []
    return page, errors


def assert_nothing_ran(page, errors):
    assert page.evaluate("window.hit") is None
    assert page.locator(STRANGE).count() == 0
    assert errors == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_page_of_hostile_evidence_nothing_runs_and_no_element_is_made_of_it(
    spoilt, browser, name
):
    page, errors = open_inert(browser, (spoilt / "chapters" / f"{name}.html").as_uri())
    page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
    )
    for chart in page.locator(".chart:not(.live) .chart-wide svg").all():
        for mark in chart.locator("a").all()[:3]:
            mark.hover(force=True)
    assert_nothing_ran(page, errors)
    page.context.close()


def test_the_register_shows_hostile_evidence_as_it_stands_and_finds_it(spoilt, browser, hostile):
    page, errors = open_inert(browser, (spoilt / "chapters" / "evidence.html").as_uri())
    row = hostile.practices[hostile.practices["name"].str.startswith(ATTACKS[0])].iloc[0]
    assert page.locator(f"#{row.practice} .row-link").inner_text() == row["name"]
    page.fill(".register-controls input[name=find]", ATTACKS[0])
    page.get_by_role("button", name="Status and date").click()
    assert page.locator(f"#{row.practice}").is_visible()
    assert_nothing_ran(page, errors)
    page.context.close()


def test_live_charts_and_the_shortlist_show_hostile_evidence_as_it_stands(spoilt, browser, hostile):
    page, errors = open_inert(
        browser, (spoilt / "chapters" / "jiangsu.html").as_uri(), accept_downloads=True
    )
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    mark = page.locator(f"{CHART} .chart-now svg:visible .mark-symbol.role-mark path").nth(1)
    box = mark.bounding_box()  # of a half-filled disc, whose middle is filled
    mark.hover(force=True, position={"x": box["width"] / 2 + 1, "y": box["height"] / 2})
    place = hostile.provinces.set_index("province")["name"]["CN-SH"]
    assert " ".join(place.split()) in " ".join(page.locator(".chart-tip").inner_text().split())
    page.locator(f"{CHART} .chart-table summary").click()
    page.locator(f"{CHART} .chart-download summary").click()
    for kind in ("csv", "svg"):
        with page.expect_download() as download:
            page.locator(f"{CHART} .chart-download a[data-kind={kind}]").click()
        raw = Path(download.value.path()).read_bytes()
        if kind == "csv":
            lines = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
            cells = [cell for row in lines for cell in row]
            formulas = [cell for cell in cells if cell.startswith(tuple("=+-@"))]
            assert [cell for cell in formulas if not re.fullmatch(r"-?[\d.e-]+", cell)] == []
            assert any(cell.startswith("'=SUM") for cell in cells)
        else:
            tags = [element.tag for element in ElementTree.fromstring(raw).iter()]
            assert not [tag for tag in tags if tag.endswith(("script", "img"))]
    page.locator("[data-ask=law]").click()
    page.locator(".shortlist-all").click()
    settled(page)
    names = set(hostile.practices["name"])
    listed = page.locator("tr[data-practice] .row-link").all_text_contents()
    assert len(listed) > 20 and set(listed) <= names
    for box in page.locator("[name=pick]").all()[:3]:
        box.check()
    page.locator("[data-do=compare]").click()
    settled(page)
    headings = page.locator(".shortlist-compare thead th").all_text_contents()
    assert len(headings) == 3 and all(any(n in head for n in names) for head in headings)
    with page.expect_download() as download:
        page.locator("[data-take=docx]").click()
    with zipfile.ZipFile(download.value.path()) as file:
        ElementTree.fromstring(file.read("word/document.xml"))
        ElementTree.fromstring(file.read("word/_rels/document.xml.rels"))
    assert_nothing_ran(page, errors)
    page.context.close()


def test_search_shows_hostile_evidence_as_it_stands(spoilt, browser):
    with served(spoilt) as address:
        page, errors = open_inert(browser, f"{address}/search.html?q=onerror")
        page.locator(".pagefind-ui__result-link").first.wait_for()
        # Until it has come, a result is a row of dots.
        coming = page.locator(".pagefind-ui__result:not(:has(.pagefind-ui__result-link))")
        expect(coming).to_have_count(0, timeout=PATIENCE)
        results = " ".join(page.locator(".pagefind-ui__result").all_inner_texts())
        assert "<img src=x onerror=" in results or "<script>" in results, results
        assert_nothing_ran(page, errors)
        page.context.close()
