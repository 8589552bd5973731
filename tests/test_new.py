"""A case study of another article: `casebook new` makes it, the package builds and proves it."""

import csv
import io
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, environment, must
from latin import left_in_latin, texts_of
from playwright.sync_api import expect

from casebook.evidence import NOT_APPLICABLE, NOT_MENTIONED
from casebook.evidence.rules import id_prefix
from casebook.new import study as new
from casebook.new.study import DISTRIBUTION
from casebook.study import article
from casebook.words import HAN

pytestmark = pytest.mark.machinery

ARTICLE = """The Invented Review – home – contents – contact us

Moving and shade: what three invented cities try

Ann Example, 4 March 2021

Cities that grow hot and crowded try many things at once, and seldom does anybody write them down \
side by side. Alphatown, Betaville and Gammaport are told of here.

1. Moving

1.1 By bus

Alphatown has run the “Night Line” with 40 buses since 2016. Betaville gives out a “Bus Guide” \
and is building the “Lakeside Lane”. Gammaport keeps to its “Quiet Bus Plan 2018-2022”.

1.2 By bicycle

Alphatown lends “Red Bikes” at 120 stations. Betaville will open a “Cycle School”. Gammaport has \
a “Bicycle Council” for parking, lighting and repair.

2. Shade

(1) Trees. Betaville passed the “Tree Charter” in 2017, with 1,500 trees to come. Alphatown shows \
them on a “Leaf Map”, Gammaport pays a “Shade Grant” of 2.5 million crowns.

(2) Water. Gammaport opened the “Fountain Trail”. Alphatown works on a “Water Act (draft)”. \
Betaville, with its 30 “heat days” a year, does little yet.

Print this page – 17 readers
"""
ARGUMENTS = [
    *("--title", "Moving and shade in three cities"),
    *("--article-author", "Ann Example", "--journal", "The Invented Review"),
    *("--article-title", "Moving and shade: what three invented cities try"),
    *("--date", "2021-03-04", "--author", "Bo Coder"),
    *("--jurisdictions", "XA=Alphatown,XB=Betaville,XC=Gammaport"),
    *("--sections", "1=Moving,1.1=By bus,1.2=By bicycle,2=Shade,2.1=Trees,2.2=Water"),
]
PRACTICES = """\
practice,province,section,name_en,kind,instrument,level,\
status,year,period_start,period_end,actors,evidence,note_en
xa-night-line,XA,1.1,Night Line,service,organisation,city,in_place,2016,,,government,\
“Night Line” | 2016,
xb-bus-guide,XB,1.1,Bus Guide,service,nodality,city,in_place,,,,government,“Bus Guide”,
xb-lakeside-lane,XB,1.1,Lakeside Lane,programme,organisation,city,under_way,,,,government,\
“Lakeside Lane”,Being built.
xc-quiet-bus,XC,1.1,Quiet Bus Plan 2018-2022,plan,authority,city,in_place,,2018,2022,government,\
“Quiet Bus Plan 2018-2022”,
xa-red-bikes,XA,1.2,Red Bikes,service,organisation,city,in_place,,,,resident,“Red Bikes”,
xb-cycle-school,XB,1.2,Cycle School,body,organisation,city,planned,,,,resident,“Cycle School”,\
Announced only.
xc-bicycle-council,XC,1.2,Bicycle Council,body,nodality,city,in_place,,,,resident,“Bicycle Council”,
xb-tree-charter,XB,2.1,Tree Charter,policy,authority,city,in_place,2017,,,government,\
“Tree Charter” | 2017,
xa-leaf-map,XA,2.1,Leaf Map,platform,nodality,city,in_place,,,,government,“Leaf Map”,
xc-shade-grant,XC,2.1,Shade Grant,programme,treasure,city,in_place,,,,resident,“Shade Grant”,
xc-fountain-trail,XC,2.2,Fountain Trail,service,organisation,city,in_place,,,,resident,\
“Fountain Trail”,
xa-water-act,XA,2.2,Water Act (draft),legislation,authority,city,draft,,,,legislature,\
“Water Act (draft)”,A draft by its own name.
"""
FIGURES = """figure,province,section,metric_en,value,unit,unit_en,evidence
xa-buses,XA,1.1,Buses of the Night Line,40,buses,buses,40 buses
xa-stations,XA,1.2,Stations of the Red Bikes,120,stations,stations,120 stations
xb-trees,XB,2.1,Trees to come,1500,trees,trees,"1,500 trees"
xc-crowns,XC,2.1,The grant,2.5,million crowns,million crowns,2.5 million crowns
"""
ITEMS = """item,practice,position,name_en,evidence
council-1,xc-bicycle-council,1,parking,parking
council-2,xc-bicycle-council,2,lighting,lighting
council-3,xc-bicycle-council,3,repair,repair
"""
UNCODED = """section,text,reason_en
2.2,30,A number of days that is no practice.
2.2,“heat days”,"A word for weather, not a practice."
"""
CHECKS = """check,province,section,claim_en,verdict,source,finding_en
check-night-line,XA,1.1,The Night Line has run since 2016.,confirmed,\
timetable-2016,A timetable of 2016 has it.
"""
LINKS = """check,practice,figure,year,value
check-night-line,xa-night-line,not applicable,2016,not applicable
"""
BIB = """
@misc{timetable-2016,
  title = {{Night timetable}},
  howpublished = {Alphatown Buses},
  year = {2016},
  kind = {press},
}
"""


def run(folder, *command, package=ROOT, **variables):
    """A run of `python …` in another study's folder, with the package in `package`."""
    command = [sys.executable, *command]
    env = environment(PYTHONPATH=str(package), **variables)
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


def rows(text):
    """The rows of a CSV, as dicts."""
    return list(csv.DictReader(io.StringIO(text)))


def table(folder, name):
    """The rows of a study's table, as dicts."""
    return rows((folder / "data" / f"{name}.csv").read_text(encoding="utf-8"))


def add(folder, table, text):
    """Put rows under a table's header.

    What they leave empty is not mentioned if it is of the article, else not applicable.
    """
    path = folder / "data" / f"{table}.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval=NOT_APPLICABLE, lineterminator="\n")
        dates = {"year", "period_start", "period_end"} & set(header)
        for row in rows(text):
            cells = {column: cell for column, cell in row.items() if cell}
            writer.writerow({**dict.fromkeys(dates, NOT_MENTIONED), **cells})


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A new study and its article beside it."""
    top = tmp_path_factory.mktemp("other")
    (top / "article.txt").write_text(ARTICLE, encoding="utf-8")
    done = run(top, "-m", "casebook", "new", "study", *ARGUMENTS)
    assert done.returncode == 0 and "README.md has the next steps" in done.stdout, done.stderr
    return top / "study"


@pytest.fixture(scope="module")
def filled(empty):
    """A copy of the new study, beside the same article, with the article coded."""
    unbuilt = shutil.ignore_patterns("_build")
    folder = Path(shutil.copytree(empty, empty.parent / "filled", ignore=unbuilt))
    coded = {"practices": PRACTICES, "figures": FIGURES, "items": ITEMS, "uncoded": UNCODED}
    for name, text in (coded | {"source_checks": CHECKS, "checked_rows": LINKS}).items():
        add(folder, name, text)
    with (folder / "data" / "references.bib").open("a", encoding="utf-8") as file:
        file.write(BIB)
    located = run(folder, "-m", "casebook", "source", "../article.txt", "--locate")
    return SimpleNamespace(folder=folder, located=located)


def book_of(folder):
    """The book of a study: the folder of its site."""
    done = run(folder, "-m", "casebook", "book")
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def blank(empty):
    """The book of the new study, in which nothing is coded."""
    return book_of(empty)


@pytest.fixture(scope="module")
def site(filled):
    """The book of the coded study."""
    return book_of(filled.folder)


def page(site, name):
    """A page of a built book, parsed."""
    html = (site / "chapters" / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser")


@pytest.mark.long
def test_an_empty_study_builds_and_says_that_nothing_is_coded_yet(blank):
    for name in ("index", "evidence", "moving", "shade", "method", "checks"):
        assert "no row of it is coded yet" in page(blank, name).select_one("article").text, name
    assert "Alphatown" in page(blank, "index").text


def test_the_article_proves_the_study(filled):
    assert filled.located.returncode == 0, filled.located.stdout + filled.located.stderr
    assert "every claim stands where its row says" in filled.located.stdout
    assert "accounted for: 9 numbers, 13 quoted names" in filled.located.stdout


# A table, the text of it that is changed (a pattern), what it becomes, and who says so.
FAULTS = [
    ("figures", ",40,buses", ",41,buses", "figures.csv, row 2, column value: '41'"),
    ("practices", "bus-guide,XB", "bus-guide,XC", "practices.csv, row 3, column province: 'XC'"),
    ("practices", ",Leaf Map,", ",Leaf,", "column name_en: 'Leaf'"),
    ("practices", ",2017,", ",2018,", "column year: '2018'"),
    ("practices", "place,2016,", "place,not mentioned,", "2016, which the row's own evidence"),
    ("uncoded", "2.2,“heat days”.*\n", "", "'“heatdays”' – expected a row whose locator covers it"),
    ("practices", ",draft,", ",in_place,", "draft, as its evidence says"),
    ("sections", "1.2,By bicycle", "1.2,By tricycle", "section 1.2, “Bytricycle”"),
]


@pytest.mark.parametrize(("name", "old", "new_text", "message"), FAULTS)
def test_a_planted_fault_turns_its_check_red(filled, tmp_path, name, old, new_text, message):
    shutil.copytree(filled.folder / "data", tmp_path / "data")
    path = tmp_path / "data" / f"{name}.csv"
    spoilt, times = re.subn(old, new_text, path.read_text(encoding="utf-8"))
    assert times == 1
    path.write_text(spoilt, encoding="utf-8")
    done = run(tmp_path, "-m", "casebook", "source", str(filled.folder.parent / "article.txt"))
    output = done.stdout + done.stderr
    assert done.returncode != 0 and message in output, output


def test_misspelt_evidence_is_told_once_with_what_the_article_prints(filled, tmp_path):
    folder = Path(shutil.copytree(filled.folder, tmp_path / "study"))
    path = folder / "data" / "practices.csv"
    misspelt = path.read_text(encoding="utf-8").replace(
        "“Night Line” | 2016", "“Nigth Line” | 2016"
    )
    path.write_text(misspelt, encoding="utf-8")
    article = filled.folder.parent / "article.txt"
    told = run(folder, "-m", "casebook", "source", article, "--locate").stdout
    assert told.count("row 2, ") == 1, told
    assert "expected what section 1.1 prints, not '“Nigth Line”'; nearest" in told
    assert "'“NightLine”'" in told


def test_its_prose_is_found_in_its_folder(filled):
    notes = filled.folder / "notes.md"
    notes.write_text(ARTICLE.split("\n\n")[3], encoding="utf-8")
    try:
        done = run(filled.folder, "-m", "casebook", "source", "../article.txt")
    finally:
        notes.unlink()
    assert done.returncode == 1
    assert "notes.md" in done.stdout and "no run of 100 characters" in done.stdout


@pytest.mark.long
def test_the_book_of_the_second_study_has_its_cities_map_register_search_and_downloads(site):
    index = page(site, "index")
    assert index.title.text.startswith("Moving and shade in three cities")
    figure = index.select_one("figure #chart-fig-map, #chart-fig-map")
    for city in ("Alphatown", "Betaville", "Gammaport"):
        assert city in figure.text
    links = {link["href"] for link in figure.select("svg a")}
    register = page(site, "evidence")
    assert links == {f"evidence.html#{group['id']}" for group in register.select("tbody[id]")}
    assert len(register.select("table.register tbody tr")) == 12
    assert (site / "pagefind" / "pagefind.js").exists()
    downloaded = (site / "downloads" / "register.csv").read_text(encoding="utf-8")
    columns = downloaded.splitlines()[0].split(",")
    assert "name_en" in columns and not [column for column in columns if column.endswith("_zh")]
    cited = figure.select_one(".chart-cite, [id$=cite], details:last-of-type") or figure
    assert "Moving and shade in three cities, version 0.1.0" in cited.text
    assert "Ann Example, The Invented Review, 4 March 2021" in figure.text


def test_locate_gives_each_code_that_a_row_carries_an_example(filled):
    examples = {
        (row["variable"], row["code"]): row["example"] for row in table(filled.folder, "codes")
    }
    assert examples["verdict", "confirmed"] == "check-night-line"
    for practice in rows(PRACTICES):
        for column in ("kind", "instrument", "level", "status", "actors"):
            assert examples[column, practice[column]] != NOT_APPLICABLE
    assert examples["kind", "platform"] == "xa-leaf-map"
    assert NOT_APPLICABLE in examples.values(), "a code without a row has none"


@pytest.mark.long
def test_the_codebook_of_a_study_has_the_codes_that_a_row_carries(filled, site):
    shown = {code.text for code in page(site, "method").select("th strong + br + code")}
    carried = {
        row["code"]
        for row in table(filled.folder, "codes")
        if row["example"] in {practice["practice"] for practice in rows(PRACTICES)}
    }
    idle = {
        row["code"]
        for row in table(filled.folder, "codes")
        if row["example"] == NOT_APPLICABLE and row["variable"] != "verdict"
    }
    assert carried and idle and carried <= shown and not idle & shown
    assert NOT_APPLICABLE not in {code.text for code in page(site, "method").select("td p code")}


@pytest.mark.long
def test_the_page_of_a_theme_has_a_finding_a_chart_and_tables_of_its_own_rows(site):
    moving = page(site, "moving")
    finding = moving.select_one(".chart-finding").text
    assert finding == "7 practices are named here: Alphatown 2, Betaville 3 and Gammaport 2"
    links = {link["href"].split("#")[1] for link in moving.select(".chart-wide svg a")}
    assert links and all(re.match(r"cell-1\.[12]-", link) for link in links)
    heads = [
        row.th.text for row in moving.select_one("table.casebook:not(.small)").select("tbody tr")
    ]
    assert heads == ["1.1 By bus", "1.2 By bicycle"]


@pytest.mark.long
def test_a_study_in_one_language_fits_a_phone(site, read):
    phone = {"width": 360, "height": 740}
    view = read((site / "chapters" / "index.html").as_uri(), viewport=phone)
    for path in (site / "chapters").glob("*.html"):
        view.goto(path.as_uri())
        assert view.evaluate("document.documentElement.scrollWidth") == 360, path.stem


ADVICE = """\
3. Advice

3.1 Buses for all

Deltaburg should open a “Night Network” and print a “Bus Book”.

3.2 Shade for all

Deltaburg should plant a “Tree Street”.
"""
ADVISED = {
    "recommendations": """recommendation,section,name_en,evidence
rec-bus,3.1,Night Network,“Night Network”
rec-shade,3.2,Tree Street,“Tree Street”
""",
    "measures": """measure,recommendation,section,name_en,evidence
m-night,rec-bus,3.1,Night Network,“Night Network”
m-book,rec-bus,3.1,Bus Book,“Bus Book”
m-tree,rec-shade,3.2,Tree Street,“Tree Street”
""",
    "precedents": """measure,practice,relation,reason_en
m-night,xa-night-line,part,One line of a network.
m-book,xb-bus-guide,same,A printed guide to buses.
""",
}


# The names of a study in two languages, and of one whose article gives advice.
IN_TWO_LANGUAGES = {
    "--title": "Moving and shade in three cities|三城的出行与遮阴",
    "--author": "Bo Coder|博编",
    "--article-author": "Ann Example|安例",
    "--journal": "The Invented Review|《虚构评论》",
    "--jurisdictions": "XA=Alphatown|甲城,XB=Betaville|乙城,XC=Gammaport|丙港,"
    "XD=Deltaburg|丁堡:municipality:target",
    "--sections": "1=Moving|出行,1.1=By bus|公交,1.2=By bicycle|自行车,2=Shade|遮阴,2.1=Trees|树木,"
    "2.2=Water|水,3=Advice|建议,3.1=Buses for all|人人有公交,3.2=Shade for all|人人有树荫",
    "--edition": "zh",
    "--advice": "3",
}


PRINTED = {"Moving and shade what three invented cities try", "heat days"}


def in_chinese(text):
    """Rows in which each English text has one in Chinese beside it. A unit is as printed."""
    coded = rows(text)
    for number, row in enumerate(coded):
        texts = {column: cell for column, cell in row.items() if column.endswith("_en") and cell}
        row.update({f"{column[:-3]}_zh": f"译文{number}" for column in texts})
        row.pop("unit_en", None)
    out = io.StringIO()
    writer = csv.DictWriter(out, dict.fromkeys(column for row in coded for column in row))
    writer.writeheader()
    writer.writerows(coded)
    return out.getvalue()


@pytest.mark.long
def test_a_study_of_advice_in_two_languages_has_lessons_and_a_shortlist_in_both(tmp_path, read):
    text = ARTICLE.replace("Print this page – 17 readers\n", ADVICE)
    (tmp_path / "article.txt").write_text(text, encoding="utf-8")
    arguments = [*ARGUMENTS, *chain(*IN_TWO_LANGUAGES.items())]
    done = run(tmp_path, "-m", "casebook", "new", "study", *arguments)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "study"
    done = run(folder, "-m", "casebook", "translate")
    assert done.stdout == "nothing to do: every edition is whole\n", done.stdout
    assert "刊载处虚构评论，" in (folder / "chapters" / "zh" / "index.md").read_text("utf-8")
    catalogue = (folder / "locale" / "zh_CN" / "LC_MESSAGES" / "casebook.po").read_text("utf-8")
    assert not re.search("江苏|直辖市|省市|Qiu Yuting", catalogue)
    chinese_page = folder / "chapters" / "zh" / "shade.md"
    written = chinese_page.read_text(encoding="utf-8")
    chinese_page.write_text(f"{written}\nThis sentence stayed English.\n", encoding="utf-8")
    done = run(folder, "-m", "casebook", "check", "words")
    assert done.returncode == 1 and "chapters/zh/shade.md: “This sentence" in done.stdout
    chinese_page.write_text(written, encoding="utf-8")
    empty = page(book_of(folder), "lessons")
    assert "no row of it is coded yet" in empty.text
    practices = PRACTICES.replace("1.2,Red Bikes", "1.2,Bikes in red")
    coded = {"practices": practices, "figures": FIGURES, "items": ITEMS, "uncoded": UNCODED}
    checked = {"source_checks": CHECKS, "checked_rows": LINKS}
    for name, rows_of_table in (coded | checked | ADVISED).items():
        add(folder, name, in_chinese(rows_of_table))
    reason = (
        "row,name_en,reason_en,reason_zh\nxa-red-bikes,Bikes in red,It reads better.,更通顺。\n"
    )
    add(folder, "names", reason)
    package = folder / "data" / "datapackage.json"
    package.write_text(package.read_text("utf-8").replace("CC-BY-4.0", "CC0-1.0"), "utf-8")
    with (folder / "data" / "references.bib").open("a", encoding="utf-8") as file:
        file.write(BIB)
    located = run(folder, "-m", "casebook", "source", "../article.txt", "--locate")
    assert "every claim stands where its row says" in located.stdout, located.stdout
    site = book_of(folder)
    chinese = sorted((site / "zh" / "chapters").glob("*.html"))
    assert len(chinese) == 7
    for path in chinese:
        view = read(path.as_uri())
        assert view.evaluate("document.documentElement.lang") == "zh-CN"
        # What the article prints is in English.
        left = [text.partition(" in: ")[0] for text in left_in_latin(texts_of(view))]
        assert [words for words in left if words not in PRINTED] == [], path
        assert view.evaluate("document.documentElement.scrollWidth") == view.viewport_size["width"]
    lessons = page(site, "lessons")
    steps = [one.text.strip() for one in lessons.select("main details > summary")]
    assert {"3.1 Buses for all", "3.2 Shade for all"} <= set(steps)
    # Nobody coded this study blind, and nobody said that a machine coded it.
    said = [str(one) for one in (lessons, page(site / "zh", "lessons"))]
    assert not re.search(
        "江苏|大语言模型|盲编的编码|language model|blind coding|one coder", "".join(said)
    )
    assert "Coding under CC0 1.0" in said[0] and "CC BY" not in "".join(said)
    assert "2 of 3 steps have a precedent" in lessons.select_one(".chart-finding").text
    assert len(lessons.select("table.rows tr[data-practice]")) == 2
    assert "Jiangsu" not in lessons.text and "like Deltaburg?" in lessons.text
    view = read((site / "chapters" / "lessons.html").as_uri() + "?shortlist=1&step=m-night")
    expect(view.locator("select[name=coding]")).to_be_hidden()
    assert "The codings differ" not in lessons.text
    listed = view.locator("table.rows tr[data-practice]:visible")
    expect(listed).to_have_count(1)
    view.locator("[data-ask=alike]").click()
    assert listed.get_attribute("data-practice") == "xa-night-line"


def test_a_heading_that_differs_from_the_articles_is_told_with_its_line(tmp_path):
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    arguments = [*ARGUMENTS, "--article", str(tmp_path / "article.txt")]
    arguments[arguments.index("--sections") + 1] = "1=Moving,1.1=By tram,1.2=By bicycle"
    with pytest.raises(new.NewError, match=r"section 1\.1 is “Bytram” .* is “1\.1Bybus”"):
        new.main([str(tmp_path / "study"), *arguments])


def test_the_title_of_an_article_stands_in_its_own_language(tmp_path):
    arguments = [*ARGUMENTS, *chain(*IN_TWO_LANGUAGES.items()), "--article-title", "A|甲"]
    with pytest.raises(new.NewError, match=re.escape("'A|甲' – expected one title")):
        new.main([str(tmp_path / "study"), *arguments])


def test_advice_without_whom_it_is_for_is_refused(tmp_path):
    two = "XA=A,XB=B:province:target,XC=C:province:target"
    with pytest.raises(new.NewError, match="2 jurisdictions are targets – expected one"):
        new.main([str(tmp_path / "s"), *ARGUMENTS, "--advice", "2", "--jurisdictions", two])
    with pytest.raises(new.NewError, match="no jurisdiction is a target"):
        new.main([str(tmp_path / "study"), *ARGUMENTS, "--advice", "2"])
    with pytest.raises(new.NewError, match="--advice: '9'"):
        new.main([str(tmp_path / "study"), *ARGUMENTS, "--advice", "9"])


@pytest.mark.parametrize(
    ("province", "prefix"), [("CN-BJ", "bj-"), ("DK-84", "dk-84-"), ("XA", "xa-")]
)
def test_an_id_begins_with_letters_where_a_code_ends_in_digits(province, prefix):
    assert id_prefix(province) == prefix


@pytest.mark.long
def test_nothing_of_the_first_study_stands_in_the_second(site, blank):
    source = article()
    words = [source["author"], source["journal"], "Social governance", "Jiangsu can learn"]
    words += [row["name_en"] for row in table(ROOT, "provinces")]
    endings = (".html", ".csv", ".json", ".svg")
    for folder in (site, blank):
        paths = [path for path in folder.rglob("*") if path.suffix in endings]
        assert len(paths) > 20
        for path in paths:
            text = path.read_text(encoding="utf-8")
            assert not re.search(f"[{HAN}]", text), path
            for word in words:
                assert word not in text, (path, word)


@pytest.mark.long
def test_its_reference_notebooks_are_made_and_replayed(filled):
    done = run(filled.folder, "-m", "casebook", "accept")
    assert done.returncode == 0 and "index: new" in done.stdout, done.stderr
    done = run(filled.folder, "-m", "casebook", "check", SOURCE="../article.txt")
    assert done.returncode == 0, done.stdout[-3000:]
    replay = ("-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "tests/notebooks")
    done = run(filled.folder, *replay)
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout[-3000:]
    path = filled.folder / "tests" / "notebooks" / "index.ipynb"
    text = path.read_text(encoding="utf-8")
    assert text.count("n = 12") == 1
    path.write_text(text.replace("n = 12", "n = 13"), encoding="utf-8")
    done = run(filled.folder, *replay[:-1], "tests/notebooks/index.ipynb")
    path.write_text(text, encoding="utf-8")
    assert done.returncode == 1, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("language", "names", "headings"),
    [
        ("zh", "XA=Alphatown|甲城,XB=Betaville|乙城", "1=Moving|出行,1.1=By bus|公交"),
        (
            "fr",
            "XA=Alphatown|Alphaville,XB-C=Betaville|Bêta:province",
            "1=Moving|Aller,1.1=By bus, and on foot|En bus, à pied",
        ),
    ],
)
def test_a_study_of_an_article_in_another_language_has_its_columns_and_is_valid(
    tmp_path, language, names, headings
):
    arguments = ["--title", "T", "--author", "A", "--language", language, "--jurisdictions", names]
    new.main([str(tmp_path / "s"), *arguments, "--sections", headings])
    code = "from casebook import evidence; print(evidence.load().subsections().section.tolist())"
    done = run(tmp_path / "s", "-c", code)
    assert done.stdout == "['1.1']\n", done.stdout + done.stderr
    header = (tmp_path / "s" / "data" / "practices.csv").read_text(encoding="utf-8").split("\n")[0]
    assert "name_en" in header and f"name_{language}" in header
    assert (language == "zh") == ("_zh" in header)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--jurisdictions", "Alphatown", "expected a code, = and a name"),
        ("--jurisdictions", "alpha=Alphatown", "'alpha' – expected a code as ISO 3166-2 has them"),
        ("--jurisdictions", "XA=Alphatown,XA=Betaville", "'XA' stands there twice"),
        ("--jurisdictions", "XA=Alphatown,XB-XA=Betaville", "another last part than XA"),
        ("--jurisdictions", "XA=Alphatown:borough", "XA: 'borough' – expected its type: one of"),
        ("--jurisdictions", "XA=Alphatown:municipality:target", "no jurisdiction is a pioneer"),
        ("--sections", "1=Moving,2.1=Trees", "'2.1' has no section 2 above it"),
        ("--sections", "one=Moving", "'one' – expected a number"),
        ("--sections", "1=Moving,1=Shade", "'1' stands there twice"),
        ("--sections", "0=Opening", "no section but the opening"),
        ("--language", "xx-none", "expected the code of a language"),
        ("--language", "fr", "expected it in English and in French, with | between them"),
        ("--edition", "zh", "three cities' – expected it in English and in Chinese, with |"),
        ("--edition", "fr", "'fr' – expected one of zh: the package has words in no other"),
        ("--date", "March", "expected the day of publication as YYYY-MM-DD"),
        ("--article", "none.txt", "none.txt: "),
    ],
)
def test_an_argument_that_cannot_be_used_is_named_and_nothing_is_written(
    tmp_path, option, value, words
):
    with pytest.raises(new.NewError, match=re.escape(words)):
        new.main([str(tmp_path / "study"), *ARGUMENTS, option, value])
    assert not (tmp_path / "study").exists()


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(new.NewError, match="is not empty"):
        new.main([str(tmp_path), *ARGUMENTS])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_with_its_article_a_new_study_has_lengths_hashes_and_places(tmp_path):
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    new.main([str(tmp_path / "study"), *ARGUMENTS, "--article", str(tmp_path / "article.txt")])
    sections = table(tmp_path / "study", "sections")
    lengths = {row["section"]: int(row["characters"]) for row in sections}
    assert lengths["1"] == len("Moving") and lengths["1.1"] > 100 and lengths["0"] > 100
    places = table(tmp_path / "study", "places")
    assert all(place["locator"].startswith("0@") for place in places)


def test_an_installed_package_brings_what_a_new_study_is_made_of(tmp_path):
    if int(metadata.version("setuptools").partition(".")[0]) < 77:
        must("pyproject.toml needs setuptools 77 or newer, as requirements.txt pins it")
    apart = shutil.ignore_patterns(".git", ".venv", "_build", "tests", "docs", "__pycache__")
    project = shutil.copytree(ROOT, tmp_path / "p", symlinks=True, ignore=apart)
    options = ("-q", "--no-deps", "--no-build-isolation", "-w", tmp_path)
    done = run(tmp_path, "-m", "pip", "wheel", *options, project)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
        packed = {name for name in wheel.namelist() if name.startswith("casebook/")}
    package = [path for path in (project / "casebook").rglob("*") if path.is_file()]
    words = [path for path in (project / "locale").rglob("*") if path.is_file()]
    assert packed == {
        *(path.relative_to(project).as_posix() for path in package),
        *(f"casebook/new/{path.relative_to(project).as_posix()}" for path in words),
    }
    both = ("-m", "casebook", "new", "both", *ARGUMENTS, *chain(*IN_TWO_LANGUAGES.items()))
    done = run(tmp_path, *both, package=tmp_path / "site")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "both" / "locale" / "zh_CN" / "LC_MESSAGES" / "casebook.po").is_file()
    done = run(tmp_path, "-m", "casebook", "new", "study", *ARGUMENTS, package=tmp_path / "site")
    assert done.returncode == 0, done.stderr
    makefile = (tmp_path / "study" / "Makefile").read_text(encoding="utf-8")
    assert "\nCASEBOOK ?= \n" in makefile, "a name would be looked up on PyPI"
    asked = subprocess.run(
        ["make", "book"], cwd=tmp_path / "study", env=environment(), capture_output=True, text=True
    )
    assert asked.returncode and "make CASEBOOK=path" in asked.stdout
    (information,) = (tmp_path / "site").glob("*.dist-info")
    assert information.name.startswith(DISTRIBUTION.replace("-", "_"))
    for told, origin in {
        '{"url": "file:///a/b.whl"}': "file:///a/b.whl",
        '{"url": "https://x.org/r", "vcs_info": {"vcs": "git", "commit_id": "1f"}}': (
            "git+https://x.org/r@1f"
        ),
    }.items():
        (information / "direct_url.json").write_text(told)
        shutil.rmtree(tmp_path / "study")
        run(tmp_path, "-m", "casebook", "new", "study", *ARGUMENTS, package=tmp_path / "site")
        makefile = (tmp_path / "study" / "Makefile").read_text(encoding="utf-8")
        assert f"\nCASEBOOK ?= {origin}\n" in makefile
    files = "README.md chapters/index.md data/practices.csv requirements.txt .gitignore _toc.yml"
    for name in files.split():
        assert (tmp_path / "study" / name).is_file(), name
