"""`make mutate`: every kind of fault is one fault, none survives, and a survivor cannot hide."""

import pytest

from casebook.evidence import DATA, Finding
from casebook.proof import accept
from tools import mutate
from tools.mutate import CELL_KINDS, HEAD_KINDS, ROW_KINDS, Fault

pytestmark = pytest.mark.machinery

KINDS = [*CELL_KINDS, *ROW_KINDS, *HEAD_KINDS]
TABLES = mutate.tables_of(DATA)
ALL_FAULTS = [*mutate.faults(TABLES)]


def test_what_is_written_without_a_fault_is_the_file_as_it_stands():
    for table in TABLES.values():
        assert table.written() == (DATA / table.file).read_bytes(), table.file


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_a_kind_changes_the_bytes_in_its_own_line_only(kind):
    some = [fault for fault in ALL_FAULTS if fault.kind == kind]
    assert some, "no column that this kind applies to"
    for fault in some[:5]:
        table = TABLES[fault.table]
        before, after = table.written(), mutate.planted(table, fault)
        assert after != before
        lines = before.split(b"\n")
        first, rest = lines[: fault.row - 1], lines[fault.row + (kind == "moved row") :]
        if fault.row:
            assert after.startswith(b"\n".join(first)) and after.endswith(b"\n".join(rest)), fault
        elif "head" in kind:
            assert after.split(b"\n")[1:] == lines[1:]


def test_every_column_of_every_table_is_tried_and_so_is_every_table_as_a_whole():
    tried = {(fault.table, fault.column) for fault in ALL_FAULTS}
    for table in TABLES.values():
        assert {(table.name, column) for column in (*table.header, "")} <= tried
    assert {fault.kind for fault in ALL_FAULTS} == {*KINDS}


def test_the_sample_is_the_same_every_time_and_has_every_kind_and_every_table():
    chosen = mutate.sample(ALL_FAULTS, 150)
    assert chosen == mutate.sample([*reversed(ALL_FAULTS)], 150) and len(set(chosen)) == 150
    assert {fault.kind for fault in chosen} == {*KINDS}
    assert {fault.table for fault in chosen} == set(TABLES)


@pytest.mark.long
def test_no_fault_of_the_fixed_sample_survives(article):
    lines, failed = mutate.report(mutate.outcomes_of(mutate.sample(ALL_FAULTS, 150), article))
    assert not failed, "\n".join(lines)


REASON = Fault("readings", "cut", 2, "reason_en")


@pytest.fixture
def run(monkeypatch, tmp_path, article, capsys):
    """The command with one fault only: its exit code and what it prints."""
    path = tmp_path / "article.txt"
    path.write_text(article, encoding="utf-8")

    def of(fault):
        monkeypatch.setattr(mutate, "faults", lambda tables: [fault])
        return mutate.main([str(path)]), capsys.readouterr().out

    return of


def test_a_survivor_is_listed_and_fails(monkeypatch, run):
    monkeypatch.setattr(accept, "unaccepted", lambda folder: [])
    code, report = run(REASON)
    assert code == 1 and "0 of 1 caught" in report
    line = "  readings.csv, row 2, column reason_en: cut: 'Named as Party-led"
    assert f"survived: 1\n{line}" in report


def test_a_catch_that_does_not_name_its_place_fails(monkeypatch, run):
    elsewhere = Finding("readings.csv", 3, "reason_en", "x", "another")
    monkeypatch.setattr(accept, "unaccepted", lambda folder: [elsewhere])
    code, report = run(REASON)
    assert code == 1
    assert "caught, but not named: 1\n  readings.csv, row 2, column reason_en" in report


def test_a_column_of_the_article_that_only_the_accepted_state_notices_fails(monkeypatch, run):
    fault = Fault("practices", "cut", 4, "name_zh")
    assert run(fault)[0] == 0
    monkeypatch.setattr(mutate.source, "check_names", lambda tables: [])
    code, report = run(fault)
    line = "  practices.csv, row 4, column name_zh"
    assert code == 1 and f"noticed by the accepted state only: 1\n{line}" in report


def test_every_judged_column_exists_and_has_its_reason():
    for name, reason in mutate.JUDGED.items():
        table, column = name.split(".")
        assert column in TABLES[table].fields and len(reason) > 40


def test_the_data_themselves_are_never_touched(run):
    before = {path.name: path.read_bytes() for path in DATA.iterdir()}
    run(REASON)
    assert {path.name: path.read_bytes() for path in DATA.iterdir()} == before


def test_without_the_article_nothing_is_claimed(tmp_path, capsys):
    assert mutate.main([str(tmp_path / "none.txt")]) == 2
    assert "SOURCE=path" in capsys.readouterr().err
