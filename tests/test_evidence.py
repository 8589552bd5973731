"""The loader's promises: typed tables, honest joins, and bad data stopped with all that is wrong with it."""

import json
import subprocess
import sys

import pytest

from casebook import evidence
from casebook.evidence import MISSING, EvidenceError, Finding


def findings(folder):
    return [str(finding) for finding in evidence.validate(folder)]


def edit(folder, table, old, new, count=1):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the fault cannot be planted: {old!r} is not in {table}.csv"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_the_evidence_is_valid():
    assert findings(evidence.DATA) == []


def test_every_field_of_the_schema_says_what_it_holds(ev):
    for resource in ev.package["resources"]:
        assert resource["description"].endswith("."), resource["name"]
        for field in resource["schema"]["fields"]:
            assert len(field["description"]) > 8, f"{resource['name']}.{field['name']}"


def test_every_table_carries_both_languages(ev):
    for resource in ev.package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        for column in columns:
            if column.endswith("_en") and (resource["name"], column) not in {
                ("places", "name_en"), ("terms", "term_en"), ("terms", "note_en"), ("figures", "unit_en")
            }:  # fmt: skip
                assert column[:-2] + "zh" in columns, f"{resource['name']}.{column}"


PLANTED = {
    "unknown province": ("practices", "bj-whistle,CN-BJ", "bj-whistle,CN-XX", ["practices.csv, row 3, column province", "CN-XX", "one of CN-BJ"]),
    "unknown code": ("practices", ",programme,organisation,subdistrict", ",programm,organisation,subdistrict", ["column kind", "'programm'", "one of plan"]),
    "broken key": ("precedents", "m-fang-guan-fu,bj-fang-guan-fu", "m-fang-guan-fu,bj-fang-guan-fuu", ["precedents.csv", "practice", "bj-fang-guan-fuu", "practices.csv"]),
    "duplicate id": ("practices", "bj-dual-reporting,", "bj-whistle,", ["practices.csv, row 6", "bj-whistle", "no other row"]),
    "wrong type": ("figures", ",28,项,", ",twenty-eight,项,", ["figures.csv, row 2, column value", "'twenty-eight'", "number"]),
    "stray comma": ("provinces", "CN-BJ,Beijing", "CN-BJ,,Beijing", ["provinces.csv, row 2", "6 cells", "stray or missing comma"]),
    "empty cell": ("provinces", "CN-BJ,Beijing", "CN-BJ,", ["provinces.csv, row 2, column name_en", "''", "a value or one of"]),
    "formula": ("provinces", "CN-BJ,Beijing", "CN-BJ,=1+1", ["column name_en", "'=1+1'", "no formula"]),
    "markup": ("provinces", "CN-BJ,Beijing", "CN-BJ,<script>alert(1)</script>", ["column name_en", "no markup"]),
    "missing column": ("provinces", "province,name_en,name_zh,type,role", "province,name_en,name_zh,type,part", ["provinces.csv, row 1, column role", "the columns"]),
    "direction mark": ("provinces", "CN-BJ,Beijing", "CN-BJ,Bei\u202ejing", ["column name_en", "no control or invisible"]),
    "padding": ("provinces", "CN-BJ,Beijing", "CN-BJ, Beijing", ["column name_en", "no blank"]),
    "other prefix": ("practices", "bj-whistle,CN-BJ", "bj-whistle,CN-GD", ["column practice", "an id that begins with gd-"]),
    "planned without note": ("practices", "Announced: the article says that Beijing will set it up.,已宣布：文章称北京将建立。", "not applicable,not applicable", ["column note_en", "a note, because the status is planned"]),
    "list out of order": ("items", "bj-task-2,bj-social-governance-plan,2", "bj-task-2,bj-social-governance-plan,3", ["items.csv", "column position", "2, the next place"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED, ids=lambda name: name.replace(" ", "-"))
def test_a_planted_fault_is_named_with_file_row_column_and_value(data, fault):
    table, old, new, words = PLANTED[fault]
    edit(data, table, old, new)
    told = findings(data)
    assert any(all(word in line for word in words) for line in told), told


def test_a_row_doubled_under_another_id_is_found(data):
    path = data / "practices.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:3], lines[2].replace("bj-whistle,", "bj-whistle-again,"), *lines[3:]]), encoding="utf-8")
    assert any("evidence that no other row claims" in line and "bj-whistle" in line for line in findings(data))


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("byte order mark", lambda raw: b"\xef\xbb\xbf" + raw, "a byte order mark"),
        ("carriage returns", lambda raw: raw.replace(b"\n", b"\r\n"), "a carriage return"),
        ("NUL", lambda raw: raw.replace(b"Beijing", b"Bei\x00jing", 1), "a NUL byte"),
        ("another encoding", lambda raw: raw.decode().encode("gb18030"), "UTF-8"),
        ("no rows", lambda raw: raw.split(b"\n")[0] + b"\n", "a header and at least one row"),
    ],
)
def test_bytes_that_are_no_clean_table_are_refused(data, name, change, words):
    path = data / "provinces.csv"
    path.write_bytes(change(path.read_bytes()))
    assert any("provinces.csv" in line and words in line for line in findings(data)), name


def test_a_missing_file_is_named(data):
    (data / "items.csv").unlink()
    assert any(line.startswith("items.csv") and "no such file" in line for line in findings(data))


def test_a_table_that_the_schema_does_not_know_is_named(data):
    (data / "extra.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert any(line.startswith("extra.csv") for line in findings(data))


def test_all_findings_of_a_run_come_at_once(data):
    edit(data, "provinces", "CN-BJ,Beijing", "CN-BJ,=1+1")
    edit(data, "practices", ",programme,organisation,subdistrict", ",programm,organisation,subdistrict")
    (data / "terms.csv").unlink()
    with pytest.raises(EvidenceError) as error:
        evidence.load(data)
    told = str(error.value)
    assert all(word in told for word in ("=1+1", "programm", "terms.csv", "finding(s)"))


def test_make_book_stops_before_it_builds(tmp_path):
    """The build reads the same list, says that nothing was built, and leaves by exit code 1 without a traceback."""
    code = (
        "import casebook.build as b, casebook.evidence as e;"
        "e.validate = lambda *a: [e.Finding('practices.csv', 3, 'kind', 'programm', 'one of plan')];"
        f"b.OUT = b.Path({str(tmp_path)!r}); raise SystemExit(b.book())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "practices.csv, row 3, column kind: 'programm'" in done.stderr and "nothing was built" in done.stderr
    assert "Traceback" not in done.stderr and not list(tmp_path.iterdir())


def test_missing_values_are_labelled_and_never_zero(ev):
    dated = ev.practices.year.dropna()
    assert (dated > 1949).all()
    assert set(ev.practices.loc[ev.practices.instrument.isin(MISSING), "instrument"]) <= {"not coded"}
    grid = ev.evidence_map()
    assert len(grid) == 48 and grid.n.sum() == ev.practices.province.isin(evidence.PIONEERS).sum()


def test_the_register_has_every_practice_once_in_the_articles_order(ev):
    register = ev.register()
    assert sorted(register.practice) == sorted(ev.practices.practice)
    order = list(ev.sections.section)
    places = [order.index(section) for section in register.section]
    assert places == sorted(places)


def test_a_practices_checks_include_those_of_its_figures(ev):
    checks = ev.checks_of(practice="bj-indicators")
    assert set(ev.checks_of(figure="bj-28-indicators").check) <= set(checks.check) and len(checks) >= 1


def test_enumerations_of_the_schema_and_codes_of_the_codebook_agree(ev):
    fields = {
        (resource["name"], field["name"]): field["constraints"]["enum"]
        for resource in ev.package["resources"]
        for field in resource["schema"]["fields"]
        if "enum" in field.get("constraints", {})
    }
    same = {
        ("practices", "kind"): "kind", ("practices", "instrument"): "instrument", ("practices", "level"): "level",
        ("places", "level"): "level", ("practices", "status"): "status", ("precedents", "relation"): "relation",
        ("alignments", "relation"): "relation", ("source_checks", "verdict"): "verdict", ("provinces", "type"): "type",
        ("provinces", "role"): "role", ("premises", "kind"): "premise", ("assessments", "answer"): "answer",
    }  # fmt: skip
    for place, variable in same.items():
        assert sorted(fields[place]) == sorted(ev.codes.loc[ev.codes.variable == variable, "code"]), place
    actors = {actor for cell in ev.practices.actors for actor in cell.split(evidence.JOIN)}
    assert actors <= set(ev.codes.loc[ev.codes.variable == "actors", "code"])
    assert sorted(ev.codes.loc[ev.codes.variable == "missing", "code"]) == sorted(MISSING)


def test_no_code_of_the_codebook_is_unused(ev):
    used = {("relation", r) for r in (*ev.precedents.relation, *ev.alignments.relation)}
    for variable in ("kind", "instrument", "level", "status"):
        used |= {(variable, code) for code in ev.practices[variable] if code not in MISSING}
    used |= {("actors", actor) for cell in ev.practices.actors for actor in cell.split(evidence.JOIN)}
    used |= set(zip(ev.readings.variable, ev.readings.code)) | set(zip(ev.assessments.variable, ev.assessments.code))
    used |= {("verdict", v) for v in ev.source_checks.verdict} | {("premise", k) for k in ev.premises.kind}
    used |= {("type", t) for t in ev.provinces.type} | {("role", r) for r in ev.provinces.role}
    used |= {("answer", a) for a in ev.assessments.answer} | {("missing", m) for m in MISSING}
    assert set(zip(ev.codes.variable, ev.codes.code)) == used


def test_examples_of_the_codebook_carry_their_code(ev):
    practices = ev.practices.set_index("practice")
    readings = set(zip(ev.readings.practice, ev.readings.variable, ev.readings.code))
    for row in ev.codes[ev.codes.example.isin(practices.index)].itertuples():
        if row.variable in ("kind", "instrument", "level", "status"):
            assert practices.loc[row.example, row.variable] == row.code, row
        elif row.variable == "actors":
            assert row.code in practices.loc[row.example, "actors"].split(evidence.JOIN), row
        elif row.variable not in ("missing", "relation", "type", "role"):
            assert (row.example, row.variable, row.code) in readings, row


def test_every_recommendation_answers_every_question(ev):
    questions = set(map(tuple, ev.codes.loc[ev.codes.variable.isin(["lesson", "decision"]), ["variable", "code"]].to_numpy()))
    for recommendation in ev.recommendations.recommendation:
        rows = ev.assessments[ev.assessments.recommendation == recommendation]
        assert set(zip(rows.variable, rows.code)) == questions, recommendation


def test_a_finding_reads_as_one_sentence():
    text = str(Finding("practices.csv", 3, "kind", "programm", "one of plan, policy"))
    assert text == "practices.csv, row 3, column kind: 'programm' – expected one of plan, policy"


def test_the_schema_is_one_readable_file(ev):
    text = (evidence.DATA / "datapackage.json").read_text(encoding="utf-8")
    assert json.loads(text) == ev.package and max(map(len, text.splitlines())) < 1200
