"""`make check-source`: its seven proofs, and that a planted fault turns each of them red."""

import re
import subprocess

import pytest
from conftest import ROOT, casebook, changed_table

from casebook.evidence import NOT_APPLICABLE
from casebook.proof import located, proofs
from casebook.proof.article import named_before, normalise, sha256_of, split, value_of

pytestmark = pytest.mark.machinery


def edit(folder, table, old, new):
    """Replace the first `old`, a text or a pattern, in a table."""
    path = folder / f"{table}.csv"
    text, count = re.subn(
        old if isinstance(old, re.Pattern) else re.escape(old),
        new,
        path.read_text(encoding="utf-8"),
        count=1,
    )
    assert count, f"the fault cannot be planted: {old!r} is not in {table}.csv"
    path.write_text(text, encoding="utf-8")


def row(first):
    """The row that begins with the text `first`."""
    return re.compile(rf"(?m)^{re.escape(first)}.*\n")


def findings_of(article, folder):
    findings, _ = proofs.prove_all(article, folder, folder, changed_table(folder))
    return list(map(str, findings))


def test_the_evidence_is_proven_by_the_article(article):
    findings, lines = proofs.prove_all(article)
    assert findings == [], "\n".join(lines)


def test_the_report_names_every_proof_and_every_exception(article):
    text = "\n".join(proofs.prove_all(article)[1])
    practices = located.read_tables(proofs.DATA)["practices"]
    excused = sum(practice.cells["exception_en"] != NOT_APPLICABLE for practice in practices)
    assert text.count("ok  ") == 7 and text.count("exception:") == excused > 0
    assert "titles" in text and "quoted names" in text and "numbers" in text


# A table, what is replaced in it, by what, and the words of a finding.
FAULTS = {
    "28 becomes 29": (
        "figures",
        ",28,项,",
        ",29,项,",
        ["figures.csv, row 2, column value", "'29'"],
    ),
    "a year changed": (
        "practices",
        ",in_place,2013,",
        ",in_place,2014,",
        ["column year", "'2014'"],
    ),
    "a period changed": (
        "practices",
        ",2011,2015,",
        ",2010,2015,",
        ["column period_start", "'2010'"],
    ),
    "a province swapped": (
        "practices",
        "zj-standard-land,CN-ZJ",
        "zj-standard-land,CN-SH",
        ["column province", "'CN-SH'", "CN-ZJ"],
    ),
    "a title cut short": (
        "practices",
        ",not mentioned,government,《2017年法治政府建设情况报告》",
        ",not mentioned,government,《2017年法治政府建设情况》",
        ["column locator", "not printed there"],
    ),
    "a row deleted": (
        "practices",
        row("gd-litigation-rules,"),
        "",
        ["《广东省行政应诉工作规定》", "a row whose locator covers it"],
    ),
    "a neighbouring section": (
        "practices",
        "zj-one-visit,CN-ZJ,4.1",
        "zj-one-visit,CN-ZJ,4.2",
        ["column locator", "4.2"],
    ),
    "a hash changed": (
        "sections",
        re.compile(r"(?m)^(1\.1,.*,)\w{64}"),
        r"\g<1>" + "0" * 64,
        ["sections.csv", "column sha256"],
    ),
    "a heading changed": (
        "sections",
        "深化党建工作",
        "深化党的工作",
        ["sections.csv", "column name_zh"],
    ),
    "an exception that is none": (
        "practices",
        re.compile(r"(?m)^(bj-data-rules,.*),not applicable,not applicable$"),
        r"\1,An excuse.,借口。",
        ["column exception_en", "no exception"],
    ),
    "an excused row of a province that is not named": (
        "practices",
        "zj-ai-policies,CN-ZJ",
        "zj-ai-policies,CN-BJ",
        ["column province", "'CN-BJ'", "exception or not"],
    ),
    "a member of another list": (
        "items",
        "1.2@245+4",
        "1.2@154+4",
        ["items.csv", "column locator", "CN-BJ, the jurisdiction named last"],
    ),
    "members out of order": (
        "items",
        "3.2@42+6",
        "3.2@7+6",
        ["items.csv", "column locator", "where the member before it stands"],
    ),
    "a year dropped": (
        "practices",
        ",in_place,2013,",
        ",in_place,not mentioned,",
        ["column year", "2013, which the row's own evidence prints"],
    ),
    "a section without a row": (
        "sections",
        row("4.3,"),
        "",
        ["sections.csv", "'4.3'", "a row for every section"],
    ),
    "a place that the article does not print": (
        "places",
        "深圳",
        "深州",
        ["places.csv", "column place", "'深州'"],
    ),
    "a value that is no number": (
        "figures",
        ",28,项,",
        ",abc,项,",
        ["figures.csv, row 2, column value", "'abc'"],
    ),
    "a column that is gone": ("places", "place,", "name,", ["places.csv, row 1, column place"]),
    "a figure of another practice": (
        "figures",
        "bj-28-indicators,bj-indicators",
        "bj-28-indicators,bj-social-governance-plan",
        [
            "figures.csv, row 2, column practice",
            "'bj-social-governance-plan'",
            "bj-indicators, in whose words",
        ],
    ),
    "a count of another list": (
        "figures",
        "bj-ten-tasks,bj-social-governance-plan",
        "bj-ten-tasks,bj-indicators",
        ["figures.csv, row 3, column practice", "after whose list"],
    ),
    "a figure of nobody given to one": (
        "figures",
        "2019,not applicable,CN,2.1",
        "2019,cn-social-org-draft,CN,2.1",
        ["figures.csv, row 7, column practice", "not applicable, in whose words"],
    ),
    "a name cut short": (
        "practices",
        ",街乡管理体制改革,",
        ",街乡管理体制改,",
        ["practices.csv, row 4, column name_zh", "街乡管理体制改革 (or a reason in names.csv)"],
    ),
    "a listed name changed": (
        "practices",
        "培育发展社会工作服务机构",
        "育发展社会工作服务机构",
        ["practices.csv, row 31, column name_zh", "the name that names.csv gives a reason for"],
    ),
    "a reason that is not needed": (
        "names",
        "m-public,发动广大人民群众参与",
        "m-streamline,推进简政放权",
        ["names.csv", "column row", "'m-streamline'", "this one is, and needs no reason"],
    ),
    "a title of another kind": (
        "practices",
        "《广东省行政应诉工作规定》,legislation",
        "《广东省行政应诉工作规定》,policy",
        ["practices.csv, row 73, column kind", "legislation, by the last word"],
    ),
    "a draft that is law": (
        "practices",
        "legislation,authority,national,draft",
        "legislation,authority,national,in_place",
        ["column status", "draft, as its evidence says"],
    ),
    "missing in another way": (
        "practices",
        "planned,not mentioned,",
        "planned,not coded,",
        ["column year", "'not coded'", "not mentioned, where the evidence prints none"],
    ),
    "a unit cut short": (
        "figures",
        ",5,个方面,",
        ",5,个方,",
        ["figures.csv, row 4, column unit", "what follows a number"],
    ),
    "a period dropped": (
        "practices",
        ",not mentioned,2011,2015,",
        ",not mentioned,not mentioned,not mentioned,",
        ["column period_end", "2015, which the row's own evidence prints"],
    ),
    "a year of a title dropped": (
        "practices",
        ",in_place,2015,not mentioned,not mentioned,government,《2015",
        ",in_place,not mentioned,not mentioned,not mentioned,government,《2015",
        ["column year", "2015, which the row's own evidence prints"],
    ),
    "a checked year that its check does not print": (
        "checked_rows",
        "check-plenum,cn-plenum-system,not applicable,2019",
        "check-plenum,cn-plenum-system,not applicable,2018",
        ["checked_rows.csv, row 2, column year", "'2018'"],
    ),
    "a checked value that its check does not print": (
        "checked_rows",
        ",854000,",
        ",845000,",
        ["checked_rows.csv", "column value", "'845000'"],
    ),
    "a row without a title, quote or number deleted": (
        "uncoded",
        row("5.2,"),
        "",
        ["sections.csv", "column rows", "is one lost or doubled?"],
    ),
    "a place cut short": (
        "places",
        "三元里社区,",
        "三元里社,",
        ["places.csv, row 9, column place", "'三元里社'"],
    ),
    "a place's locator changed": (
        "places",
        "2.3@",
        "2.1@",
        ["places.csv, row 9, column locator", "where it prints 三元里社区 first"],
    ),
    "a silence that is none": (
        "silences",
        "隐私 | 个人信息",
        "隐私 | 视频监控",
        ["silences.csv", "column keywords", "视频监控 stands there"],
    ),
    "a quoted name no longer a quoted list": (
        "uncoded",
        row("4.3,“智安”"),
        "",
        ["“智安”", "uncoded.csv"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda name: name.replace(" ", "-"))
def test_a_planted_fault_turns_the_check_red_and_is_named(article, data, fault):
    table, old, new, words = FAULTS[fault]
    edit(data, table, old, new)
    findings = findings_of(article, data)
    assert any(all(word in line for word in words) for line in findings), findings


def test_a_changed_article_is_noticed(article, data):
    assert any(
        "sha256" in line for line in findings_of(article.replace("2016年11月", "2016年12月"), data)
    )


def test_prose_of_the_article_in_the_repository_is_found(article, tmp_path):
    parts = split(article)
    (tmp_path / "notes.md").write_text(
        "## notes\n" + parts["5.2"][1][20:75] + "\n", encoding="utf-8"
    )
    found = list(proofs.check_prose(article, tmp_path))
    assert [finding.file for finding in found] == ["notes.md"]


@pytest.mark.parametrize("name", ["笔记.md", "_notes.md", ".github/x.yml", "a/__init__.py"])
def test_prose_is_found_whatever_the_file_is_called_with_git_and_without(article, tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(split(article)["5.2"][1][20:75], encoding="utf-8")
    assert [finding.file for finding in proofs.check_prose(article, tmp_path)] == [name]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert [finding.file for finding in proofs.check_prose(article, tmp_path)] == [name]


def test_a_title_alone_is_no_prose(article, tmp_path):
    title = "《广东省人民政府关于将一批省级行政职权事项继续委托广州、深圳市实施的决定》"
    (tmp_path / "names.csv").write_text(title * 2, encoding="utf-8")
    assert list(proofs.check_prose(article, tmp_path)) == []


def test_the_command_says_what_it_proved_and_exits_0(article, tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(article, encoding="utf-8")
    done = casebook(ROOT, "source", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every claim stands where its row says" in done.stdout


def test_a_text_that_is_not_the_article_is_refused(tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("Not the article.", encoding="utf-8")
    done = casebook(ROOT, "source", str(path))
    assert done.returncode == 2
    assert "cannot read the article" in done.stderr and "Traceback" not in done.stderr


def test_without_the_article_the_check_is_skipped_with_a_word_and_in_ci_it_may_not_be(tmp_path):
    done = casebook(ROOT, "source", str(tmp_path / "none.txt"), CI="")
    assert done.returncode == 0 and "skipped" in done.stdout and "SOURCE=path" in done.stdout
    done = casebook(ROOT, "source", str(tmp_path / "none.txt"), CI="true")
    assert done.returncode == 2 and "SOURCE=path" in done.stderr


def test_locating_anew_changes_nothing(article, data):
    before = {path.name: path.read_bytes() for path in data.glob("*.csv")}
    located.locate(split(article), data)
    assert {path.name: path.read_bytes() for path in data.glob("*.csv")} == before


def test_text_is_compared_after_nfkc_and_without_white_space():
    assert normalise("A b\u3000(c),\n1") == "Ab(c),1"
    assert sha256_of(normalise("a b")) == sha256_of("ab")


@pytest.mark.parametrize(
    ("text", "value"),
    [("28", 28), ("86.3万", 863_000), ("十", 10), ("五", 5), ("二十", None)],
)
def test_numbers_are_read_as_printed(text, value):
    assert value_of(text) == value


def test_the_last_jurisdiction_named_before_the_evidence_counts():
    places = {"甲": "CN-BJ", "乙": "CN-SH", "乙州": "CN-GD"}
    text = "甲做一事,乙州做二事,乙做三事"
    named = [named_before(text, text.index(word), places) for word in ("一事", "二事", "三事")]
    assert named == ["CN-BJ", "CN-GD", "CN-SH"]


def test_a_name_that_differs_by_a_capital_letter_is_told_so(monkeypatch):
    monkeypatch.setattr(proofs, "printed_name", lambda: "name_en")
    cells = {"item": "x", "name_en": "Village courts", "evidence": "village courts"}
    tables = {name: [] for name in located.NEEDED}
    tables["items"] = [located.Row("items", 2, cells)]
    (finding,) = proofs.check_names(tables)
    assert finding.value == "Village courts"
    assert "prints it, capital letters too, villagecourts" in finding.expected
