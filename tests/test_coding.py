"""A coding by a person: sheets go out empty, come back whole, and are refused with every fault."""

import csv
import io

import pytest
from conftest import changed_table

from casebook.command import Problem
from casebook.evidence import Evidence
from casebook.proof import coding

CODES = {"kind": "plan", "actors": "party | government", "element": "none"}
LINKS = {"same": "bj-whistle|gd-12346", "part": "", "aim": "zj-one-visit"}


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch):
    """The words of the coder's row need no catalogue here."""
    words = {"zh": "编码者"}
    monkeypatch.setattr(
        coding, "say", lambda text, language, **of: words.get(language) or text.format(**of)
    )


@pytest.fixture
def sheet(tmp_path, data):
    """Ann's sheets, filled in; the third row of each is the first to be filled in."""
    path = tmp_path / "ann.csv"
    coding.write_sheets(path, "ann", folder=data)
    rows = lines(path)
    for row in rows[2:]:
        row.update(CODES)
    rows[2]["comment"] = "A remark; with a mark"
    write(path, rows)
    relation = coding.of_relation(path)
    rows = lines(relation)
    for row in rows[2:]:
        row["same"] = "none"
    rows[2].update(LINKS)
    write(relation, rows)
    return path


def lines(path):
    """A sheet's lines as dicts; the first is the header itself, so that places are a file's."""
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return [dict(zip(rows[0], row)) for row in rows]


def write(path, rows, encoding="utf-8-sig", **form):
    text = io.StringIO()
    csv.writer(text, **form).writerows(row.values() for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))


def refused(sheet, data):
    """The lines of the message with which a sheet is refused. Nothing is written then."""
    with pytest.raises(Problem) as error:
        coding.read_sheets(sheet, "ann", data)
    assert changed_table(data) is None and len(Evidence(data).coders) == len(Evidence().coders)
    head, *found = str(error.value).split("\n  ")
    assert head == f"{len(found)} finding(s), and nothing is written:"
    return found


def test_a_sheet_shows_every_unit_and_no_code(tmp_path, ev):
    path = tmp_path / "ann.csv"
    coding.write_sheets(path, "ann", rules="2")
    head, hints, *rows = lines(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert hints["practice"] == "coder ann, rules 2" and hints["status"].endswith("planned | none")
    assert [row["practice"] for row in rows] == [*ev.register().practice]
    assert {*rows[0]} > {"kind", "actors", "element", "stage", "comment"}
    assert not any("".join([*row.values()][4:]) for row in rows)
    steps = lines(coding.of_relation(path))[2:]
    assert [row["measure"] for row in steps] == [*ev.measures.measure]
    assert {*steps[0].values()} >= {"m-fang-guan-fu", ""} and [*head][-1] == "comment"


FORMS = {
    "as it was written": {},
    "Excel, where a comma stands in numbers": {"delimiter": ";"},
    "Excel as text": {"delimiter": "\t"},
    "another program": {"encoding": "utf-8", "lineterminator": "\n"},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_was_filled_in_comes_back(sheet, data, form):
    for path in (sheet, coding.of_relation(sheet)):
        write(path, [*lines(path), {"": ""}], **form)
    before = len(Evidence(data).codings)
    n = coding.read_sheets(sheet, "ann", data)
    after = Evidence(data)  # valid
    ann = after.codings[after.codings.coder == "ann"]
    assert n == len(ann) == len(after.codings) - before == 4 * 100 + 3
    assert [*ann[ann.unit == "bj-whistle"].code] == ["plan", "party", "government", "none"]
    assert [*ann[ann.comment != "not applicable"].comment] == ["A remark; with a mark"]
    assert [*ann[ann.variable == "relation"].unit + " " + ann.code[ann.variable == "relation"]] == [
        "m-fang-guan-fu bj-whistle same",
        "m-fang-guan-fu gd-12346 same",
        "m-fang-guan-fu zj-one-visit aim",
    ]
    row = after.coders.iloc[-1]
    assert (row.coder, row.kind, row.rules) == ("ann", "person", coding.codebook_version(data))
    assert row.saw_en == after.coders.saw_en[1], "compared with who saw the same"


# What is put into which line and column of the sheet (or of that of relations), and what is said.
FAULTS = {
    "an unknown code": (3, "kind", "plans", "'plans' – expected one of plan, policy"),
    "nothing where others have a code": (3, "kind", "", "'' – expected one of plan"),
    "two codes of one variable": (3, "kind", "plan | policy", "'plan | policy' – expected one"),
    "none beside a code": (4, "actors", "party | none", "or several joined with “ | ”"),
    "a code twice": (4, "actors", "party | party", "'party | party' – expected one of party"),
    "an unknown unit": (4, "practice", "bj-whistling", "expected the id of a practice"),
    "a unit twice": (4, "practice", "cn-plenum-system", "on one row alone"),
    "a formula": (5, "comment", "=1+1", "'=1+1' – expected no formula"),
    "another coder's": (2, "practice", "coder bob, rules 1", "expected coder ann, rules …"),
    "no mark": (2, "practice", "", "expected coder ann, rules …"),
    "an unknown practice": (4, "aim", "bj-whistling", "expected ids of practices, joined"),
    "no precedent and no none": (4, "same", "", "'' – expected for m-streamline: ids"),
    "a practice in two columns": (3, "aim", "gd-12346", "'gd-12346' – expected a practice in one"),
    "none beside a practice": (3, "aim", "none", "'none' – expected a practice in one column"),
    "an unknown step": (4, "measure", "m-streamlined", "expected the id of a measure"),
}


@pytest.mark.parametrize(("line", "column", "value", "said"), FAULTS.values(), ids=FAULTS)
def test_a_bad_cell_is_named_with_its_place(sheet, data, line, column, value, said):
    path = coding.of_relation(sheet) if column in (*LINKS, "measure") else sheet
    rows = lines(path)
    rows[line - 1][column] = value
    write(path, rows)
    found = refused(sheet, data)
    place = f"{path.name}, row {line}, column {column}: "
    assert any(one.startswith(place) and said in one for one in found)


def test_everything_that_is_wrong_is_said_at_once(sheet, data):
    rows = lines(sheet)
    for row in rows[2:42]:
        row["kind"] = "plans"
    write(sheet, rows)
    rows = lines(coding.of_relation(sheet))
    write(coding.of_relation(sheet), rows[:-2])
    found = refused(sheet, data)
    assert len(found) == 42
    assert found[0].startswith("ann-relation.csv, column same: '' – expected for m-")


def test_a_column_lost_or_added_is_named(sheet, data):
    rows = [{**row, "kind": row["status"]} for row in lines(sheet)]
    rows[0] = {**rows[0], "kind": "sort"}
    write(sheet, rows)
    assert [one.split(":")[0] for one in refused(sheet, data)[:2]] == [
        "ann.csv, row 1, column kind",
        "ann.csv, row 1, column sort",
    ]


def test_a_file_that_is_no_utf_8_says_how_to_save_it(sheet, data):
    write(sheet, lines(sheet), encoding="gb18030")
    with pytest.raises(Problem, match="save it as “CSV UTF-8”"):
        coding.read_sheets(sheet, "ann", data)


def test_rows_and_columns_that_were_not_coded_may_be_away(sheet, data):
    rows = lines(sheet)
    for row in rows[2:]:
        row["element"] = ""
    write(sheet, rows[:12])
    coding.of_relation(sheet).unlink()
    assert coding.read_sheets(sheet, "ann", data) == 10 * 3


@pytest.mark.parametrize("coder", ["full-codebook", "book", "book-9", "Ann", "ann "])
def test_a_name_that_is_taken_or_none_is_refused(sheet, data, coder):
    for step in (coding.write_sheets, coding.read_sheets):
        with pytest.raises(Problem, match=f"^{coder}: expected a name in small letters"):
            step(sheet, coder, folder=data)
    assert changed_table(data) is None


def test_a_sheet_that_is_there_is_not_written_over(sheet, data):
    before = sheet.read_bytes()
    with pytest.raises(Problem, match=r"ann\.csv: is there already"):
        coding.write_sheets(sheet, "ann", folder=data)
    sheet.unlink()
    with pytest.raises(Problem, match=r"ann-relation\.csv: is there already"):
        coding.write_sheets(sheet, "ann", folder=data)
    assert before and not sheet.exists()


def test_an_empty_sheet_is_refused(tmp_path, data):
    path = tmp_path / "ann.csv"
    coding.write_sheets(path, "ann", folder=data)
    assert refused(path, data) == [
        "ann.csv: 'no code' – expected at least one column that is filled in"
    ]


def test_the_codes_of_data_are_kept_as_a_coding_of_the_books_own(data):
    n = coding.keep_own("book-9", "9", data)
    ev = Evidence(data)
    kept, row = ev.codings[ev.codings.coder == "book-9"], ev.coders.iloc[-1]
    assert n == len(kept) and (row.rules, row.saw_en) == ("9", ev.coders.saw_en[0])
    assert {*kept.variable} == {*ev.codings.variable}


def test_the_command_writes_and_refuses(tmp_path, capsys):
    path = tmp_path / "ann.csv"
    assert coding.main(["sheet", "--coder", "ann", "--out", str(path)]) == 0
    assert capsys.readouterr().out == f"{path} and {tmp_path / 'ann-relation.csv'}\n"
    with pytest.raises(Problem, match="at least one column"):
        coding.main(["read", str(path), "--coder", "ann"])
