"""`make check-source`: its proofs, and that a planted fault turns each of them red."""

import csv
import re
import subprocess

import pytest
from conftest import ROOT, casebook, changed_table

from casebook.evidence import NOT_APPLICABLE
from casebook.proof import located, proofs
from casebook.proof.article import PERIOD, named_before, normalise, split, value_of

pytestmark = pytest.mark.machinery


def edit(folder, table, old, new):
    """Replace the first `old` in a table: a text, or a pattern that begins with ^."""
    path = folder / f"{table}.csv"
    text, count = re.subn(
        old if old.startswith("^") else re.escape(old),
        new,
        path.read_text(encoding="utf-8"),
        count=1,
        flags=re.M,
    )
    assert count, f"the fault cannot be planted: {old!r} is not in {table}.csv"
    path.write_text(text, encoding="utf-8")


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
    assert text.count("ok  ") == 8 and text.count("exception:") == excused > 0
    assert "titles" in text and "quoted names" in text and "numbers" in text


# A table, what is replaced in it (after ^ a pattern), by what, and what a finding says of it.
with (ROOT / "tests" / "faults.csv").open(encoding="utf-8", newline="") as file:
    FAULTS = {fault.pop("fault").replace(" ", "-"): fault for fault in csv.DictReader(file)}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_turns_the_check_red_and_is_named(article, data, fault):
    edit(data, fault["table"], fault["old"], fault["new"])
    findings = findings_of(article, data)
    assert any(fault["expected"] in line for line in findings), findings


@pytest.mark.parametrize("name", ["笔记.md", "_notes.md", ".github/x.yml", "a/__init__.py"])
def test_prose_is_found_whatever_the_file_is_called_with_git_and_without(article, tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    prose = split(article)["5.2"][1][20:75]
    (tmp_path / name).write_text(f"## notes\n{prose}\n", encoding="utf-8")
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


@pytest.mark.parametrize(
    ("text", "value"),
    [("28", 28), ("86.3万", 863_000), ("十", 10), ("五", 5), ("二十", None)],
)
def test_numbers_are_read_as_printed(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2013－2017年", ("2013", "2017")),
        ("2013年至2017年", ("2013", "2017")),
        ("from 2013 to 2019", ("2013", "2019")),
        ("in 2013 and 2019", None),
    ],
)
def test_a_period_is_read_as_printed(text, years):
    found = PERIOD.search(normalise(text))
    assert (found and found.groups()) == years


def test_evidence_may_begin_with_its_own_year():
    text = normalise("In Alphatown, 2016 obliges all.")
    at = text.index("2016")
    row = located.Row(
        "practices",
        2,
        {
            "province": "XA",
            "section": "1",
            "evidence": "2016 obliges | 2016",
            "locator": f"1@{at}+11 | 1@{at}+4",
        },
    )
    assert list(proofs._attributed(text, row, {"Alphatown": "XA"})) == []


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
