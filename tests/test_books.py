"""Whole books of other evidence, other languages and other places, built from copies of the project: the long set."""

import ast
import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jupytext
import pandas as pd
import pytest
from attacks import ATTACKS, STRANGE, spoil
from conftest import book_of, casebook, copy_of_the_project, open_page, served
from latin import texts_of
from test_pages import PAGES

from casebook import evidence
from casebook.proof import translate
from casebook.site.build import site_digest
from casebook.words import HAN as HAN_RANGE

pytestmark = pytest.mark.long
HAN = re.compile(f"[{HAN_RANGE}]")
WIDE = {"width": 1280, "height": 900}
CHART, RANKED = "#fig-precedents", "#chart-fig-priorities"


# ---- the same everywhere


def test_two_cold_builds_are_the_same_bytes(book, tmp_path):
    """The whole book again, without any cache, in another folder, time zone and locale."""
    folder = copy_of_the_project(tmp_path / "elsewhere", "locale")
    here, there = book, book_of(folder, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7")
    names = [
        {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        for site in (here, there)
    ]
    assert names[0] == names[1]
    assert [
        name
        for name in sorted(names[0])
        if (here / name).read_bytes() != (there / name).read_bytes()
    ] == []
    assert site_digest(here) == site_digest(there)


# ---- a fifth pioneer by editing data/ alone, and a third edition: one folder of catalogues, one suffix of columns


HUBEI = [
    (
        "1.2",
        "Hubei plan of social governance",
        "湖北省社会治理规划",
        "plan",
        "authority",
        "in_place",
    ),
    (
        "2.1",
        "Hubei fund for social organisations",
        "湖北省社会组织发展基金",
        "programme",
        "treasure",
        "in_place",
    ),
    (
        "2.2",
        "Hubei announcement on firms’ duties",
        "湖北省企业责任指引",
        "policy",
        "authority",
        "planned",
    ),
    ("2.3", "Hubei residents’ forum", "湖北居民论坛", "mechanism", "nodality", "in_place"),
    ("3.1", "Hubei rule-of-law report", "湖北省法治报告", "report", "nodality", "in_place"),
    (
        "3.2",
        "Hubei rule-of-law programme",
        "湖北省法治工程",
        "programme",
        "organisation",
        "in_place",
    ),
    ("3.3", "Hubei enforcement platform", "湖北省执法平台", "platform", "nodality", "in_place"),
    ("4.1", "Hubei one-stop service", "湖北“一站通办”", "service", "organisation", "in_place"),
    ("4.2", "Hubei digital plan", "湖北省数字规划", "plan", "authority", "in_place"),
    ("4.3", "Hubei city brain", "湖北“城市大脑”", "platform", "organisation", "under_way"),
]


def added(path, *rows, after=None):
    """Add rows to a table where they belong: after the row of the id `after`, in the order of sections, or at its end."""
    with path.open(encoding="utf-8", newline="") as file:
        old = list(csv.DictReader(file))
    at = (
        next(place for place, row in enumerate(old) if next(iter(row.values())) == after) + 1
        if after
        else len(old)
    )
    every = [*old[:at], *rows, *old[at:]]
    if "section" in old[0]:
        with (path.parent / "sections.csv").open(encoding="utf-8", newline="") as file:
            order = [row["section"] for row in csv.DictReader(file)]
        every.sort(key=lambda row: order.index(row["section"]))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(old[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(every)
    path.write_text(text.getvalue(), encoding="utf-8")


def with_hubei(data):
    """Add Hubei to the tables in `data` as CONTRIBUTING says: a province, its place, ten practices, a list, readings, precedents."""
    added(data / "provinces.csv", dict(zip(("province", "name_en", "name_zh", "type", "role"), ("CN-HB", "Hubei", "湖北", "province", "pioneer"))), after="CN-ZJ")  # fmt: skip
    added(data / "places.csv", {"place": "湖北", "name_en": "Hubei", "province": "CN-HB", "level": "province", "locator": "0@1+2"})  # fmt: skip
    for at, (section, name_en, name_zh, kind, instrument, status) in enumerate(HUBEI, start=1):
        note = (
            ("The article announces it.", "文章仅为宣布。")
            if status != "in_place"
            else ("not applicable", "not applicable")
        )
        row = {
            "practice": f"hb-{at}",
            "province": "CN-HB",
            "section": section,
            "name_en": name_en,
            "name_zh": name_zh,
            "kind": kind,
        }
        row |= {
            "instrument": instrument,
            "level": "province",
            "status": status,
            "actors": "government",
            "evidence": name_zh,
        }
        row |= dict.fromkeys(("year", "period_start", "period_end"), "not mentioned") | {
            "locator": f"{section}@{at}+{len(name_zh)}"
        }
        row |= {
            "note_en": note[0],
            "note_zh": note[1],
            "exception_en": "not applicable",
            "exception_zh": "not applicable",
        }
        added(data / "practices.csv", row)
    item = {
        "item": "hb-project-1",
        "practice": "hb-6",
        "position": "1",
        "name_en": "Villages",
        "name_zh": "乡村",
        "evidence": "乡村",
    }
    added(data / "items.csv", {**item, "locator": "3.2@9+2"})
    for practice, variable, code in (
        ("hb-8", "layer", "application"),
        ("hb-9", "layer", "platform"),
        ("hb-4", "voice", "both"),
    ):
        reason = {"reason_en": "Named as such.", "reason_zh": "文章如此提到。"}
        added(
            data / "readings.csv",
            {"practice": practice, "variable": variable, "code": code, **reason},
        )
        added(
            data / "precedents.csv",
            {"measure": "m-services", "practice": practice, "relation": "part", **reason},
        )


ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
KEPT = re.compile(
    r"\[[^\]]*\]\([^)]*#source-[^)]*\)|\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|https?://\S+|<[^>]+>|\{\w*\}|%s|^% .*$|^\(.*\)=$",
    re.M,
)


def accented(text):
    """Text of a made-up language: every vowel has an accent; values, code, links and claims are as they are."""
    pieces, at = [], 0
    for kept in KEPT.finditer(text):
        pieces += [text[at : kept.start()].translate(ACCENTED), kept[0]]
        if "#source-" in kept[0]:  # names stay, what stands between them does not
            pieces[-1] = pieces[-1].replace(" et al.", " ét ál.").replace(" and ", " ánd ")
        at = kept.end()
    return "".join([*pieces, text[at:].translate(ACCENTED)])


class AccentedTexts(ast.NodeTransformer):
    """Accents the texts of code that a reader sees: those with a blank or a capital, and all parts of an f-string."""

    def visit_Constant(self, node):
        seen = isinstance(node.value, str) and re.search(r"[A-Z].*[a-z]|[a-z] [a-z]", node.value)
        return ast.Constant(accented(node.value)) if seen else node

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
            cell.source = ast.unparse(AccentedTexts().visit(ast.parse(cell.source)))
            figure = cell.metadata.get("mystnb", {}).get("figure", {})
            figure |= {"caption": accented(figure["caption"])} if "caption" in figure else {}
        else:
            cell.source = accented(cell.source)
    return jupytext.writes(notebook, fmt="md:myst")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """A draft of the book with Hubei as a fifth pioneer and a book in a made-up language: the folder of its site."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("larger"), "locale")
    with_hubei(folder / "data")
    catalogue = translate.words()
    for message in catalogue:
        if message.id:
            message.string = (
                tuple(map(accented, message.id))
                if isinstance(message.id, tuple)
                else accented(message.id)
            )
    translate.write(folder / "locale" / "eo" / "LC_MESSAGES" / "casebook.po", catalogue, "eo")
    (folder / "chapters" / "eo").mkdir()
    for chapter in (folder / "chapters").glob("*.md"):
        text = accented_chapter(chapter.read_text(encoding="utf-8"))
        (folder / "chapters" / "eo" / chapter.name).write_text(text, encoding="utf-8")
    package = json.loads((folder / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = folder / "data" / resource["path"]
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for field in [
            field for field in resource["schema"]["fields"] if field["name"].endswith("_en")
        ]:
            own = field["name"].removesuffix("en") + "eo"
            resource["schema"]["fields"].append({**field, "name": own})
            table[own] = [
                text if text in evidence.MISSING else text.translate(ACCENTED)
                for text in table[field["name"]]
            ]
        table.to_csv(path, index=False, lineterminator="\n")
    (folder / "data" / "datapackage.json").write_text(
        json.dumps(package, ensure_ascii=False), encoding="utf-8"
    )
    return book_of(folder, DRAFT="1")


def words_of(svg):
    """All that a drawing says, without the breaks of its lines."""
    return re.sub(
        r"[\s\u2068\u2069]+", "", re.sub(r"<[^>]+>", "", re.sub(r"<title>.*?</title>", "", svg))
    )


# The sentences that a fifth pioneer takes the ground from, by page.
LOST = {
    "index": ["f.n_pioneers == 4", "f.joint_sections == f.common_sections"],
    "jiangsu": [
        "f.technology.n_practices == f.technology.n_beijing + f.technology.n_shanghai"
        " + f.technology.n_guangdong + f.technology.n_zhejiang"
    ],
    "rule-of-law": [
        "f.n == f.n_guangdong + f.n_beijing + f.n_zhejiang + f.n_shanghai",
        'f.enforcing == ["CN-BJ", "CN-GD"]',
    ],
    "smart-governance": [
        "f.n == f.n_zhejiang + f.n_guangdong + f.n_shanghai + f.n_beijing",
        "len(f.everywhere) == 1",
    ],
    "top-level-design": [
        "f.n == f.n_beijing + f.n_guangdong + f.n_shanghai",
        "f.n_planners == 2",
        "f.n_planners == 2",
    ],
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
    assert all(
        name in words_of(svg) for svg in re.findall(r"<svg.*?</svg>", chart, flags=re.S)[:2]
    ), "the evidence map"
    register = pages["evidence"]
    assert (
        all(f'id="hb-{at}"' in register for at in range(1, 11))
        and f'<option value="CN-HB">{name}' in register
    )
    assert re.search(rf'<option value="CN-HB">{name}', pages["jiangsu"]), (
        "the filter of the precedents"
    )
    assert re.search(r'name="jurisdictions" value="CN-HB"', pages["jiangsu"]), (
        "the explorer’s choice of jurisdictions"
    )
    downloads = larger / edition / "downloads"
    assert (downloads / "register.csv").read_text(encoding="utf-8").count("\nhb-") == 10
    assert name in (downloads / "register-excel.csv").read_text(encoding="utf-8")
    plain = re.sub(r"<[^>]+>", "", pages["index"])
    assert ("5个先行省市" if edition else "of 5 pioneers") in plain


@pytest.mark.parametrize("name", PAGES)
def test_a_third_language_is_a_folder_and_a_suffix_and_no_word_of_it_stays_english(
    larger, read, name
):
    page = read((larger / "eo" / "chapters" / f"{name}.html").as_uri())
    page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
    )
    # Names; what the theme and CLDR have in Esperanto, the language whose tag the third edition borrows; the text of a role.
    own = {
        "Vega",
        "Lite",
        "Altair",
        "Python",
        "sekva",
        "Enhavo",
        "Plenekrana",
        "Novembro",
        "Marto",
        "explorer",
        "offset",
        "length",
    }
    plain = re.compile(r"(?<![\w@/.-])(?=[A-Za-z]*[aeiou])[A-Za-z]{3,}(?![\w@/-]|\.\w)")
    texts = [
        text for text in texts_of(page) if not HAN.search(text) and text not in evidence.MISSING
    ]
    # The explorer's paragraph ends in the page's own address, which begins with file: here.
    texts = {
        text: translate.NOT_PROSE.sub(" ", text.replace(page.url.partition("#")[0], ""))
        for text in texts
    }
    left = [
        f"{found} in: {text[:80]}"
        for text in texts
        if (found := [w for w in plain.findall(texts[text]) if w not in own])
    ]
    assert left == []


# ---- hostile evidence, read


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """The English edition of evidence full of attacks, made by a package whose loader lets them pass: the folder of its site."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("spoilt"))
    spoil(folder / "data")
    with (folder / "casebook" / "evidence" / "valid.py").open("a", encoding="utf-8") as module:
        module.write("\n\ndef assure(folder=DATA):\n    return\n")
    return book_of(folder)


def open_inert(browser, address, **context):
    """A page of the spoilt book without the protection of its policy, which would hide an escape that is missing."""
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


def test_live_charts_and_the_explorer_show_hostile_evidence_as_it_stands(spoilt, browser, hostile):
    page, errors = open_inert(
        browser, (spoilt / "chapters" / "jiangsu.html").as_uri(), accept_downloads=True
    )
    page.locator(f"{CHART} select[name=who]").select_option("CN-SH")
    mark = page.locator(f"{CHART} .chart-now svg .mark-symbol.role-mark path").first
    mark.hover(
        force=True, position={"x": 17, "y": 12}
    )  # the half of a half-filled disc that is filled
    place = hostile.provinces.set_index("province")["name"]["CN-SH"]
    assert " ".join(place.split()) in " ".join(page.locator(".chart-tip").inner_text().split())
    page.locator("[data-points=breadth]").fill("90")
    page.locator(f"{RANKED} .chart-now svg").wait_for()
    page.locator(f"{RANKED} .chart-now svg .mark-rect path").first.hover(force=True)
    page.locator(".explorer-more").click()
    page.evaluate("casebook.explorer.settled()")
    names = dict(zip(hostile.measures.measure, hostile.measures["name"]))
    shown = page.locator(".explorer-list > li strong").all_text_contents()
    assert len(shown) > 20 and set(shown) <= set(names.values())
    for summary in page.locator(".explorer-list > li summary").all()[:6]:
        summary.click()
    left, right = [step for step, name in names.items() if "script" in name][:2]
    page.locator(".explorer-compare select[name=left]").select_option(left)
    page.locator(".explorer-compare select[name=right]").select_option(right)
    assert page.locator(".explorer-pair thead th").all_text_contents()[1:] == [
        names[left],
        names[right],
    ]
    page.locator(f"{RANKED} .chart-table summary").click()
    page.locator(f"{RANKED} .chart-download summary").click()
    for kind in ("csv", "svg"):
        with page.expect_download() as download:
            page.locator(f"{RANKED} .chart-download a[data-kind={kind}]").click()
        raw = Path(download.value.path()).read_bytes()
        if kind == "csv":
            cells = [
                cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) for cell in row
            ]
            run = [
                cell
                for cell in cells
                if cell.startswith(tuple("=+-@")) and not re.fullmatch(r"-?[\d.e-]+", cell)
            ]
            assert run == [] and any(cell.startswith("'=SUM") for cell in cells)
        else:
            assert not [
                tag
                for tag in ElementTree.fromstring(raw).iter()
                if tag.tag.endswith(("script", "img"))
            ]
    assert_nothing_ran(page, errors)
    page.context.close()


def test_search_shows_hostile_evidence_as_it_stands(spoilt, browser):
    with served(spoilt) as address:
        page, errors = open_inert(browser, f"{address}/search.html?q=window.hit")
        page.locator(".pagefind-ui__result").first.wait_for()
        told = " ".join(page.locator(".pagefind-ui__result").all_inner_texts())
        assert "<img src=x onerror=" in told or "<script>" in told, told
        assert_nothing_ran(page, errors)
        page.context.close()
