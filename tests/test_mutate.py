"""`make mutate`: every kind of fault is one fault, none survives, and a survivor cannot hide."""

import pytest

from casebook.evidence import DATA, Finding
from casebook.evidence.validation import validate
from casebook.proof import accept
from tools import mutate
from tools.mutate import CELL_KINDS, FILE_KINDS, ROW_KINDS, Fault

pytestmark = pytest.mark.machinery

TABLES = mutate.tables_of(DATA)
FAULTS = [*mutate.faults(TABLES)]


def test_what_is_written_without_a_fault_is_the_file_as_it_stands():
    for table in TABLES.values():
        assert table.written() == (DATA / table.file).read_bytes(), table.file


@pytest.mark.parametrize("kind", [*CELL_KINDS, *ROW_KINDS, *FILE_KINDS])
def test_a_fault_of_a_kind_changes_the_bytes_in_its_own_line_only(kind):
    some = [fault for fault in FAULTS if fault.kind == kind]
    assert some, "no column that this kind applies to"
    for fault in some[:5]:
        table = TABLES[fault.table]
        before, (after, _) = table.written(), mutate.planted(table, fault)
        assert after != before and mutate.planted(table, fault)[0] == after
        if fault.row:
            lines = before.split(b"\n")
            first = b"\n".join(lines[: fault.row - 1])
            rest = lines[fault.row + (kind == "moved row") :]
            assert after.startswith(first) and after.endswith(b"\n".join(rest)), fault
        elif "head" in kind:
            assert after.split(b"\n")[1:] == before.split(b"\n")[1:]


def test_every_column_of_every_table_is_tried_and_so_is_every_table_as_a_whole():
    tried = {(fault.table, fault.column) for fault in FAULTS}
    for table in TABLES.values():
        assert {(table.name, column) for column in (*table.header, "")} <= tried
    assert {fault.kind for fault in FAULTS} == {*CELL_KINDS, *ROW_KINDS, *FILE_KINDS}


def test_the_sample_is_the_same_every_time_and_has_every_kind_and_every_table():
    chosen = mutate.sample(FAULTS, 150)
    assert chosen == mutate.sample([*reversed(FAULTS)], 150) and len(set(chosen)) == 150
    assert {fault.kind for fault in chosen} == {fault.kind for fault in FAULTS}
    assert {fault.table for fault in chosen} == set(TABLES)


@pytest.mark.long
def test_no_fault_of_the_fixed_sample_survives(article):
    lines, failed = mutate.report(mutate.outcomes_of(mutate.sample(FAULTS, 150), article))
    assert not failed, "\n".join(lines)


def run_with(monkeypatch, tmp_path, article, faults):
    """The command's exit code, with these faults only."""
    path = tmp_path / "article.txt"
    path.write_text(article, encoding="utf-8")
    monkeypatch.setattr(mutate, "faults", lambda tables, rows, seed: faults)
    return mutate.main([str(path)])


REASON = Fault("readings", "cut", 2, "reason_en")


def test_a_survivor_is_listed_and_fails(monkeypatch, tmp_path, article, capsys):
    monkeypatch.setattr(accept, "unaccepted", lambda folder: [])
    assert run_with(monkeypatch, tmp_path, article, [REASON]) == 1
    told = capsys.readouterr().out
    assert (
        "survived: 1\n  readings.csv, row 2, column reason_en: cut: 'Named as Party-led" in told
        and "0 of 1 caught" in told
    )


def test_a_catch_that_does_not_name_its_place_fails(monkeypatch, tmp_path, article, capsys):
    monkeypatch.setattr(
        accept,
        "unaccepted",
        lambda folder: [Finding("readings.csv", 3, "reason_en", "x", "another")],
    )
    assert run_with(monkeypatch, tmp_path, article, [REASON]) == 1
    assert (
        "caught, but not named: 1\n  readings.csv, row 2, column reason_en"
        in capsys.readouterr().out
    )


def test_a_column_of_the_article_that_only_the_accepted_state_notices_fails(
    monkeypatch, tmp_path, article, capsys
):
    fault = Fault("practices", "cut", 4, "name_zh")
    assert run_with(monkeypatch, tmp_path, article, [fault]) == 0
    monkeypatch.setattr(mutate.source, "check_names", lambda tables: [])
    assert run_with(monkeypatch, tmp_path, article, [fault]) == 1
    assert (
        "noticed by the accepted state only: 1\n  practices.csv, row 4, column name_zh"
        in capsys.readouterr().out
    )


def test_every_judged_column_exists_and_has_its_reason():
    for name, reason in mutate.JUDGED.items():
        table, column = name.split(".")
        assert column in TABLES[table].fields and len(reason) > 40


def test_the_data_themselves_are_never_touched(article):
    before = {path.name: path.read_bytes() for path in DATA.iterdir()}
    mutate.outcomes_of([REASON], article)
    assert {path.name: path.read_bytes() for path in DATA.iterdir()} == before and validate() == []


def test_without_the_article_nothing_is_claimed(tmp_path, capsys):
    assert (
        mutate.main([str(tmp_path / "none.txt")]) == 2 and "SOURCE=path" in capsys.readouterr().err
    )
