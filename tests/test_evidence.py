"""The loader's promises: typed tables, honest joins, and bad data stopped with all its faults."""

import csv
import io
import re
import subprocess
import sys

import pandas as pd
import pytest
import raw
from conftest import changed_table

from casebook import evidence
from casebook.evidence import MISSING, NOT_CODED, EvidenceError, Finding, clean
from casebook.evidence.validation import validate
from casebook.proof import check


def findings(folder):
    """What is wrong with a folder in which at most one table was changed."""
    return [str(finding) for finding in validate(folder, changed_table(folder))]


def edit(folder, table, old, new, count=1):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the fault cannot be planted: {old!r} is not in {table}.csv"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_the_evidence_is_valid():
    assert validate(evidence.DATA) == []


def test_every_field_of_the_schema_says_what_it_holds(ev):
    for resource in ev.package["resources"]:
        assert resource["description"].endswith("."), resource["name"]
        for field in resource["schema"]["fields"]:
            assert len(field["description"]) > 8, f"{resource['name']}.{field['name']}"


def test_every_table_carries_both_languages(ev):
    only_english = {
        ("places", "name_en"),
        ("terms", "term_en"),
        ("terms", "note_en"),
        ("figures", "unit_en"),
    }
    for resource in ev.package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        for column in columns:
            if column.endswith("_en") and (resource["name"], column) not in only_english:
                assert column[:-2] + "zh" in columns, f"{resource['name']}.{column}"


# What is planted in a table, and what the message says of it.
PLANTED = {
    "unknown province": (
        ("practices", "bj-whistle,CN-BJ", "bj-whistle,CN-XX"),
        "practices.csv, row 3, column province: 'CN-XX' – expected a value of province in",
    ),
    "unknown code": (
        ("practices", ",programme,organisation,sub", ",programm,organisation,sub"),
        "column kind: 'programm' – expected one of plan",
    ),
    "broken key": (
        ("precedents", "m-fang-guan-fu,bj-fang-guan-fu", "m-fang-guan-fu,bj-fang-guan-fuu"),
        "column practice: 'bj-fang-guan-fuu' – expected a value of practice in practices.csv",
    ),
    "duplicate id": (
        ("practices", "bj-dual-reporting,", "bj-whistle,"),
        "practices.csv, row 6, column practice: 'bj-whistle' – expected a key that no other row",
    ),
    "wrong type": (
        ("figures", ",28,项,", ",twenty-eight,项,"),
        "figures.csv, row 2, column value: 'twenty-eight' – expected number",
    ),
    "stray comma": (
        ("provinces", "CN-BJ,Beijing", "CN-BJ,,Beijing"),
        "provinces.csv, row 2: '6 cells' – expected 5, as the header has (a stray or missing comma",
    ),
    "missing column": (
        ("provinces", "name_zh,type,role", "name_zh,type,part"),
        "provinces.csv, row 1, column role: 'part' – expected the columns province,name_en",
    ),
    "two heads of one name": (
        ("provinces", "name_en,name_zh", "name_en,name_en"),
        "provinces.csv, row 1, column name_zh: 'name_en' – expected the columns province,name_en",
    ),
    "an unclean cell": (
        ("provinces", "CN-BJ,Beijing", "CN-BJ,Bei\ufe0fjing"),
        "provinces.csv, row 2, column name_en: 'Bei\\ufe0fjing' – expected no control or invisible",
    ),
    "digits of another width": (
        ("figures", ",28,项,", ",２８,项,"),
        "figures.csv, row 2, column value: '２８' – expected 2, not its look-alike ２ (U+FF12)",
    ),
    "other prefix": (
        ("practices", "bj-whistle,CN-BJ", "bj-whistle,CN-GD"),
        "column practice: 'bj-whistle' – expected an id that begins with gd-",
    ),
    "a blank line within": (
        ("provinces", "CN-GD,Guangdong", "\nCN-GD,Guangdong"),
        "provinces.csv, row 4: 'a blank line' – expected a row; the last one ends the file",
    ),
}


@pytest.mark.parametrize("fault", PLANTED, ids=lambda name: name.replace(" ", "-"))
def test_a_planted_fault_is_named_with_file_row_column_and_value(data, fault):
    change, message = PLANTED[fault]
    edit(data, *change)
    messages = findings(data)
    assert any(message in line for line in messages), messages


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", "a value or one of"),
        (" Beijing", "no blank"),
        ("=1+1", "no formula"),
        ("＝1+1", "no formula"),
        ("\t=1+1", "no blank"),
        ("<script>alert(1)</script>", "no markup"),
        ("Bei&lt;b&gt;jing", "no markup"),
        ("Bei\u202ejing", "no control or invisible character (U+202E)"),
        ("Bei\u00adjing", "no control or invisible character (U+00AD)"),
        ("Bei\ufe0fjing", "no control or invisible character (U+FE0F)"),
        ("Bei\U000e0041jing", "no control or invisible character (U+E0041)"),
        ("Bei\u00a0jing", "a plain blank, not its look-alike"),
        ("Bеijing", "mixes Cyrillic and Latin (е is U+0435)"),
        ("Be\u0301ijing", "composed characters"),
        ("201٣", "3, not its look-alike ٣ (U+0663)"),
        ("《⽅法", "方, not its look-alike ⽅ (U+2F45)"),
        ("北京", "English (are two cells swapped?)"),
    ],
)
def test_an_unclean_cell_is_told_what_it_should_be(cell, expected):
    assert expected in clean.unclean("name_en", cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("深化党建工作:引领", "Chinese punctuation, not '作:'"),
        ("Beijing", "Chinese (are two cells swapped?)"),
    ],
)
def test_a_cell_of_another_language_is_told_what_it_should_be(cell, expected):
    assert clean.unclean("name_zh", cell) == expected


def test_a_stray_comma_hides_no_other_finding(data):
    edit(data, "practices", "bj-whistle,CN-BJ", "bj-whistle,,CN-BJ")
    edit(data, "practices", "sh-indicators,CN-SH", "sh-indicators,CN-XX")
    messages = "\n".join(findings(data))
    assert "stray or missing comma" in messages and "'CN-XX'" in messages


def by_semicolons(raw):
    """A table as Excel saves it where a comma is the decimal sign."""
    text = io.StringIO()
    rows = csv.reader(io.StringIO(raw.decode()))
    csv.writer(text, delimiter=";").writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (
            lambda raw: b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"),
            ", row 1: 'a byte order mark and a carriage return in every line' – .* save the file",
        ),
        (
            by_semicolons,
            ", row 1: 'practice;province;.*a comma between two cells; .* save the file",
        ),
        (lambda raw: raw.decode().encode("gb18030"), ", row 2, .*not GBK or .* save the file so"),
        (lambda raw: raw.decode().encode("utf-16"), ", row 1: .*UTF-8, not .* save the file so"),
        (lambda raw: raw.replace(b"\nbj", b'\n"bj', 1), ", row 3: .* each quote closed"),
        (
            lambda raw: raw.replace(b"Dual ", b"Dual, "),
            ", row 6: .* a cell with one and without",
        ),
        (None, ": 'no such file'"),
    ],
    ids=["excel", "semicolons", "gbk", "utf-16", "quote", "comma", "missing"],
)
def test_the_cause_comes_first_and_what_follows_from_it_is_one_line(data, change, cause):
    path = data / "practices.csv"
    if change:
        path.write_bytes(change(path.read_bytes()))
    else:
        path.unlink()
    first, *follows = findings(data)
    assert re.match(f"practices.csv{cause}", first)
    waiting = "codes.csv: 'not compared with all rows' – expected practices.csv to be mended first"
    assert follows == ([] if "byte order" in cause else [waiting])


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("references.bib", "@misc{a,\n title = {open\n", "BibTeX in UTF-8"),
        ("datapackage.json", "{}", "a Frictionless data package"),
        ("datapackage.json", "[]", "a Frictionless data package"),
        ("datapackage.json", "{", "valid JSON"),
    ],
)
def test_a_broken_schema_or_bibliography_is_a_finding_and_no_traceback(data, file, text, words):
    (data / file).write_text(text, encoding="utf-8")
    messages = findings(data)
    assert any(line.startswith(file) and words in line for line in messages), messages


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"Beijing", b"Bei\x00jing", "row 2, column name_en: 'a NUL byte'"),
        (b"Beijing", b"Bei\xffjing", "row 2, column name_en: \"b'\\\\xffjin'\""),
        (b"Shanghai", b"Shang\rhai", "row 3: 'a carriage return'"),
        (b"role\n", b"role\r\n", "row 1: 'a carriage return'"),
        (b"national\n", b"national", "row 7: 'no line feed at the end'"),
        (b"national\n", b"national\n\n\n", "row 9: 'a blank line' – expected a row; the last one"),
        (b"", None, "a header and at least one row"),
    ],
)
def test_bytes_that_are_no_clean_table_are_refused(data, old, new, message):
    path = data / "provinces.csv"
    raw = path.read_bytes()
    path.write_bytes(raw.replace(old, new, 1) if new else raw.split(b"\n")[0] + b"\n")
    assert any(line.startswith("provinces.csv") and message in line for line in findings(data))


def test_a_cell_of_ten_megabytes_is_named_in_short(data):
    edit(data, "provinces", "CN-SH,Shanghai", "CN-SH,Shanghai" + "i" * 10_000_000)
    lines = findings(data)
    place = "provinces.csv, row 3, column name_en: 'Shanghaiii"
    assert any(place in line and "not 10000008" in line for line in lines), lines[0][:500]
    assert max(map(len, lines)) < 500


@pytest.mark.parametrize(
    "cell",
    [
        "Москва",
        "Αθήνα",
        "القاهرة",
        "北京AI技术",
        "m², 5 µm",
        "café",
        "ひらがなと漢字",
        "-1.5",
        "R&D; more",
    ],
)
def test_words_of_any_one_script_are_clean(cell):
    assert clean.unclean("name", cell) is None


def test_a_table_read_alone_has_the_findings_of_all(data):
    """What the mutation harness relies on: one changed table is judged as the whole is."""
    edit(data, "practices", "bj-whistle,CN-BJ", "bj-whistling,CN-XX")
    assert validate(data, changed="practices") == validate(data) != []


def test_a_process_parses_a_table_once(data):
    clean._parsed.cache_clear()
    assert validate(data) == []
    ev = evidence.load(data)
    tables = [resource["name"] for resource in ev.package["resources"]]
    assert all(len(getattr(ev, name)) for name in tables)
    assert clean._parsed.cache_info().misses == len(tables)


def test_the_evidence_needs_no_word_of_a_page():
    """A program can take the typed tables without an edition and its catalogue."""
    code = """
import sys
from casebook.evidence import Evidence, validation
assert len(Evidence().register()) > 0
assert not [name for name in sys.modules if name.startswith("casebook.words")]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_table_that_the_schema_does_not_know_is_named(data):
    (data / "extra.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert any(line.startswith("extra.csv") for line in findings(data))


def test_all_findings_of_a_run_come_at_once(data):
    edit(data, "provinces", "CN-BJ,Beijing", "CN-BJ,=1+1")
    edit(
        data,
        "practices",
        ",programme,organisation,subdistrict",
        ",programm,organisation,subdistrict",
    )
    (data / "terms.csv").unlink()
    with pytest.raises(EvidenceError) as error:
        evidence.load(data)
    messages = str(error.value)
    assert all(word in messages for word in ("=1+1", "programm", "terms.csv", "finding(s)"))


def test_a_message_fits_on_a_screen_however_much_is_wrong(data):
    for table in ("practices", "precedents"):
        path = data / f"{table}.csv"
        text = path.read_text(encoding="utf-8").replace("not applicable", "not aplicable")
        path.write_text(text, encoding="utf-8")
    edit(data, "practices", "government", "goverment", count=-1)
    with pytest.raises(EvidenceError) as error:
        evidence.load(data)
    messages = str(error.value).splitlines()
    assert len(error.value.findings) > 100 and len(messages) <= 24
    rest = r"and \d+ more \(.*\d+ in practices\.csv.*\); all of them: python -m casebook check data"
    assert re.search(rest, messages[-1])


def test_check_data_lists_all_that_the_message_of_a_build_has_no_room_for(monkeypatch, capsys):
    wrong = [Finding("practices.csv", row, "status", "planed", "planned") for row in range(2, 102)]

    def refuse():
        raise EvidenceError(wrong)

    monkeypatch.setattr(check, "assure", refuse)
    assert check.main(["data"]) == 1
    assert capsys.readouterr().out.splitlines()[:-1] == list(map(str, wrong))


def test_missing_values_are_labelled_and_never_zero(ev):
    assert ev.practices.year.isna().any() and not (ev.practices.year == 0).any()
    missing = ev.practices.instrument[ev.practices.instrument.isin(MISSING)]
    assert set(missing) <= {NOT_CODED}
    grid = ev.evidence_map()
    of_pioneers = ev.practices.province.isin(ev.pioneers().province)
    assert len(grid) == 48 and grid.n.sum() == of_pioneers.sum()


def test_a_source_dates_a_practice_by_the_first_of_its_years(ev):
    years = {}
    for row in raw.records("checked_rows"):
        if row["year"].isdigit():
            years.setdefault(row["practice"], []).append(int(row["year"]))
    first = ev.seen_year(ev.practices).set_axis(ev.practices.practice).dropna()
    assert max(map(len, years.values())) > 1
    assert first.to_dict() == {practice: min(of) for practice, of in years.items()}


def test_the_register_has_every_practice_once_in_the_articles_order(ev):
    register = ev.register()
    assert sorted(register.practice) == sorted(ev.practices.practice)
    order = list(ev.sections.section)
    places = [order.index(section) for section in register.section]
    assert places == sorted(places)


def test_a_practices_checks_include_those_of_its_figures(ev):
    checks = ev.checks_of(practice="bj-indicators")
    assert (
        set(ev.checks_of(figure="bj-28-indicators").check) <= set(checks.check) and len(checks) >= 1
    )


def test_enumerations_of_the_schema_and_codes_of_the_codebook_agree(ev):
    fields = {
        (resource["name"], field["name"]): field["constraints"]["enum"]
        for resource in ev.package["resources"]
        for field in resource["schema"]["fields"]
        if "enum" in field.get("constraints", {})
    }
    same = {
        ("practices", "kind"): "kind",
        ("practices", "instrument"): "instrument",
        ("practices", "level"): "level",
        ("places", "level"): "level",
        ("practices", "status"): "status",
        ("precedents", "relation"): "relation",
        ("alignments", "relation"): "relation",
        ("source_checks", "verdict"): "verdict",
        ("provinces", "type"): "type",
        ("provinces", "role"): "role",
        ("premises", "kind"): "premise",
        ("assessments", "answer"): "answer",
    }
    for place, variable in same.items():
        assert sorted(fields[place]) == sorted(ev.codes.code[ev.codes.variable == variable]), place
    actors = {actor for cell in ev.practices.actors for actor in cell.split(evidence.JOIN)}
    assert actors <= set(ev.codes.loc[ev.codes.variable == "actors", "code"])
    assert sorted(ev.codes.loc[ev.codes.variable == "missing", "code"]) == sorted(MISSING)


def test_every_recommendation_answers_every_question(ev):
    asked = ev.codes[ev.codes.variable.isin(["lesson", "decision"])]
    questions = set(zip(asked.variable, asked.code))
    for recommendation in ev.recommendations.recommendation:
        rows = ev.assessments[ev.assessments.recommendation == recommendation]
        assert set(zip(rows.variable, rows.code)) == questions, recommendation


def test_a_finding_reads_as_one_sentence():
    text = str(Finding("practices.csv", 3, "kind", "programm", "one of plan, policy"))
    assert text == "practices.csv, row 3, column kind: 'programm' – expected one of plan, policy"


def test_names_of_terms_are_used_as_the_terms_have_them(ev):
    """A practice or item whose Chinese name is a term has the term's English name."""

    def plain(text):
        return text.translate(str.maketrans("", "", "“”‘’'\"")).lower()

    terms = dict(zip(ev.terms.term_zh, ev.terms.term_en))
    for table, key in ((ev.practices, "practice"), (ev.items, "item"), (ev.measures, "measure")):
        for row in table.itertuples():
            name = row.name_zh.strip("《》“”")
            if name in terms:
                term, english = plain(terms[name]), plain(row.name_en)
                assert term in english or english in term, getattr(row, key)


def test_a_lead_in_is_a_sub_section_only_where_a_practice_stands(ev, monkeypatch):
    lead_in = ev.sections[ev.sections.section == "1.1"].assign(section="1.0")
    before = list(ev.subsections().section)
    monkeypatch.setattr(ev, "sections", pd.concat([ev.sections, lead_in]))
    assert list(ev.subsections().section) == before
    moved = ev.practices.assign(section=ev.practices.section.replace("1.1", "1.0"))
    monkeypatch.setattr(ev, "practices", moved)
    assert set(ev.subsections().section) == {*before, "1.0"}
