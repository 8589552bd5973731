"""A case study of another article: `casebook new` makes it, the package builds and proves it."""

import csv
import io
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, environment, must

from casebook.evidence import NOT_APPLICABLE, NOT_MENTIONED
from casebook.new import study as new
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
    *("--author", "Ann Example", "--journal", "The Invented Review"),
    *("--article-title", "Moving and shade: what three invented cities try"),
    *("--date", "2021-03-04", "--book-author", "Bo Coder"),
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


def run(folder, *command, package=ROOT):
    """A run of `python …` in another study's folder, with the package in `package`."""
    command = [sys.executable, *command]
    env = environment(PYTHONPATH=str(package))
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


def exemplify(folder):
    """Give each code its first row as an example."""
    examples = {("verdict", "confirmed"): "check-night-line"}
    for row in rows(PRACTICES):
        for column in ("kind", "instrument", "level", "status", "actors"):
            examples.setdefault((column, row[column]), row["practice"])
    codes = table(folder, "codes")
    for row in codes:
        row["example"] = examples.get((row["variable"], row["code"]), row["example"])
    with (folder / "data" / "codes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(codes[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(codes)


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
    exemplify(folder)
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
    arguments = ["--title", "T", "--language", language, "--jurisdictions", names]
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
        ("--language", "fr", "expected its name in English and as the article prints it (fr)"),
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
    assert packed == {path.relative_to(project).as_posix() for path in package}
    done = run(tmp_path, "-m", "casebook", "new", "study", *ARGUMENTS, package=tmp_path / "site")
    assert done.returncode == 0, done.stderr
    files = "README.md chapters/index.md data/practices.csv requirements.txt .gitignore _toc.yml"
    for name in files.split():
        assert (tmp_path / "study" / name).is_file(), name
