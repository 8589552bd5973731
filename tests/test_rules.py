"""The house rules: each finds the fault that is planted against it, and nothing else."""

import copy

import pytest

from casebook import evidence
from casebook.evidence import clean, rules


def id_of(row):
    """A row's id: its first cell; for a code of a codebook or a coder, what it is a code of."""
    if "comment" in row:
        return f"{row['coder']}, {row['unit']}, {row['variable']}"
    return f"{row['variable']}, {row['code']}" if "symbol" in row else next(iter(row.values()))


@pytest.fixture(scope="module")
def context():
    """The tables of the study, of which a test takes a copy."""
    package = evidence.descriptor()
    tables = {}
    for resource in package["resources"]:
        header, records, _ = clean.read_rows(evidence.DATA / resource["path"])
        tables[resource["name"]] = [dict(zip(header, record)) for record in records]
    return rules.Context(tables, set(evidence.bibliography()), package)


def changed(context, tables):
    """A context with some of its tables replaced."""
    other = copy.copy(context)
    for name in ("practices", "chapters", "carried_codes", "_readings"):
        other.__dict__.pop(name, None)
    other.tables = context.tables | tables
    return other


def planted(context, table, row_id, **cells):
    """A context in which one row has other cells."""
    rows = [row | cells if id_of(row) == row_id else row for row in context.tables[table]]
    assert rows != context.tables[table], f"the fault cannot be planted: no {row_id} in {table}.csv"
    return changed(context, {table: rows})


def found(context, rule):
    """The findings of a rule as (table, id of the row, column, value, expected)."""
    for finding in rule(context):
        table = finding.file.removesuffix(".csv")
        yield (
            table,
            id_of(context.tables[table][finding.row - 2]),
            finding.column,
            finding.value,
            finding.expected,
        )


# A rule; the table, row and cells of the fault; and its findings: (table, row, column, value,
# expected). A text stands for one finding on the changed cell itself.
FAULTS = [
    (
        rules.ids_begin_with_their_jurisdiction,
        "practices",
        "bj-whistle",
        {"province": "CN-GD"},
        [
            (
                "practices",
                "bj-whistle",
                "practice",
                "bj-whistle",
                "an id that begins with gd- for CN-GD",
            )
        ],
    ),
    (
        rules.practices_stand_in_sub_sections,
        "practices",
        "bj-whistle",
        {"section": "1"},
        "a sub-section, or 0 for the opening paragraph",
    ),
    (
        rules.practices_not_in_place_have_a_note,
        "practices",
        "bj-indicators",
        {"status": "planned"},
        [
            (
                "practices",
                "bj-indicators",
                "note_en",
                "not applicable",
                "a note, because the status is planned",
            )
        ],
    ),
    (
        rules.periods_have_both_years_in_order,
        "practices",
        "gd-law-plan-1",
        {"period_end": "2010"},
        "a period with both years in order (start 2011)",
    ),
    (
        rules.periods_have_both_years_in_order,
        "practices",
        "gd-law-plan-1",
        {"period_end": "not mentioned"},
        "a period with both years in order (start 2011)",
    ),
    (
        rules.notes_are_in_every_language,
        "practices",
        "bj-indicators",
        {"note_zh": "注。"},
        "every language or none",
    ),
    (
        rules.notes_are_in_every_language,
        "practices",
        "bj-indicators",
        {"exception_zh": "借口。"},
        "every language or none",
    ),
    (
        rules.numbers_of_english_names_are_printed,
        "practices",
        "bj-indicators",
        {"name_en": "29 main development indicators"},
        "numbers that name_zh or evidence prints, not 29",
    ),
    (
        rules.rows_follow_the_order_of_sections,
        "practices",
        "bj-indicators",
        {"section": "1.1"},
        "the rows in the order of sections.csv (is a row moved, or its section?)",
    ),
    (
        rules.every_piece_of_evidence_has_a_place,
        "practices",
        "bj-whistle",
        {"locator": "1.1@70+13 | 1.1@70+13"},
        "as many places as there are pieces of evidence",
    ),
    (
        rules.figures_stand_beside_their_practice,
        "figures",
        "bj-28-indicators",
        {"practice": "sh-indicators"},
        "a practice of CN-BJ in 1.2",
    ),
    (
        rules.items_count_from_one,
        "items",
        "bj-task-2",
        {"position": "3"},
        "2, the next place in the list of bj-social-governance-plan",
    ),
    (
        rules.measures_stand_with_their_recommendation,
        "measures",
        "m-approval",
        {"section": "5.2"},
        "5.1, the section of its recommendation",
    ),
    (
        rules.codes_are_explained,
        "provinces",
        "CN-SH",
        {"type": "city"},
        "codes that codes.csv explains; it has no type, city",
    ),
    (
        rules.codes_are_explained,
        "practices",
        "bj-whistle",
        {"actors": "party | state"},
        "codes that codes.csv explains; it has no actors, state",
    ),
    (
        rules.codes_are_carried,
        "codes",
        "kind, standard",
        {"code": "standards"},
        [("codes", "kind, standards", "code", "standards", "a code of kind that some row carries")],
    ),
    (
        rules.examples_are_rows,
        "codes",
        "kind, plan",
        {"example": "gd-law-plan-99"},
        "the id of a row that carries it, such as gd-party-plan",
    ),
    (
        rules.examples_are_rows,
        "codes",
        "missing, not coded",
        {"example": "nothing"},
        "the id of a row",
    ),
    (
        rules.examples_are_coded_so,
        "codes",
        "kind, plan",
        {"example": "bj-whistle"},
        "a row that is coded plan",
    ),
    (
        rules.near_misses_are_coded_otherwise,
        "codes",
        "kind, plan",
        {"near_miss_en": "See gd-law-plan-1."},
        "a near miss; gd-law-plan-1 itself is coded plan",
    ),
    (
        rules.kinds_have_a_legal_footing,
        "codes",
        "kind, plan",
        {"code": "plans"},
        [
            (
                "codes",
                "kind, plans",
                "code",
                "plans",
                "a kind that has a level of legal_footing in scales.csv",
            )
        ],
    ),
    (
        rules.checks_have_a_source_unless_none_was_found,
        "source_checks",
        "check-plenum",
        {"source": "not applicable"},
        "a source, unless the verdict is “not found”, which has none",
    ),
    (
        rules.checks_have_a_source_unless_none_was_found,
        "source_checks",
        "check-plenum",
        {"verdict": "not found"},
        [
            (
                "source_checks",
                "check-plenum",
                "source",
                "mooc11chaoxing-nd",
                "a source, unless the verdict is “not found”, which has none",
            )
        ],
    ),
    (
        rules.sources_are_in_the_bibliography,
        "source_checks",
        "check-plenum",
        {"source": "nobody-2020"},
        "a key of references.bib",
    ),
    (
        rules.checked_rows_name_one_row,
        "checked_rows",
        "check-whistle-start",
        {"practice": "not applicable"},
        "either a practice or a figure",
    ),
    (
        rules.checks_stand_where_their_rows_do,
        "source_checks",
        "check-plenum",
        {"section": "1.1"},
        "0, as its rows in checked_rows.csv say",
    ),
    (
        rules.checks_stand_where_their_rows_do,
        "source_checks",
        "check-plenum",
        {"province": "CN-BJ"},
        "CN, as its rows in checked_rows.csv say",
    ),
    (
        rules.sub_sections_have_a_section,
        "sections",
        "1.1",
        {"section": "9.1"},
        "a sub-section of a section; there is no 9",
    ),
    (
        rules.sub_sections_have_a_section,
        "sections",
        "1.1",
        {"chapter": "method"},
        "the chapter of its section",
    ),
    (
        rules.coded_units_are_rows,
        "codings",
        "book, bj-whistle, kind",
        {"unit": "bj-whistling"},
        "a practice of the tables, or retired",
    ),
    (
        rules.coded_units_are_rows,
        "codings",
        "book, m-approval bj-joint-acceptance, relation",
        {"unit": "m-approvals bj-joint-acceptance"},
        "a step and a practice of the tables, or retired",
    ),
    (
        rules.coded_units_are_rows,
        "codings",
        "book, m-approval bj-joint-acceptance, relation",
        {"unit": "bj-joint-acceptance"},
        "a step and a practice of the tables, or retired",
    ),
    (
        rules.codings_have_codes_of_their_variable,
        "codings",
        "book, bj-whistle, kind",
        {"code": "plans"},
        "a code of kind in codes.csv, or none",
    ),
    (
        rules.coders_give_a_unit_one_code,
        "codings",
        "book, bj-whistle, level",
        {"variable": "kind"},
        [
            (
                "codings",
                "book, bj-whistle, kind",
                "code",
                "subdistrict",
                "no other code of kind beside programme",
            )
        ],
    ),
    (
        rules.coders_give_a_unit_one_code,
        "codings",
        "definitions-only, bj-indicators, element",
        {"unit": "bj-whistle", "code": "none"},
        [
            (
                "codings",
                "definitions-only, bj-whistle, element",
                "code",
                "none",
                "no other code of element beside party_leadership",
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("rule", "table", "row_id", "cells", "expected"),
    FAULTS,
    ids=[f"{rule.__name__}-{'-'.join(cells)}" for rule, _, _, cells, _ in FAULTS],
)
def test_a_rule_finds_the_fault_that_is_planted_against_it_and_nothing_else(
    context, rule, table, row_id, cells, expected
):
    assert list(rule(context)) == []
    if isinstance(expected, str):
        row = next(row for row in context.tables[table] if id_of(row) == row_id) | cells
        ((column, value),) = cells.items()
        expected = [(table, id_of(row), column, value, expected)]
    assert list(found(planted(context, table, row_id, **cells), rule)) == expected


def test_a_figure_of_context_has_a_source_of_the_bibliography(context):
    first, *others = context.tables["context"]
    unknown = changed(context, {"context": [first | {"source": "nobody-2020"}, *others]})
    expected = ("context", first["province"], "source", "nobody-2020", "a key of references.bib")
    assert list(found(unknown, rules.sources_are_in_the_bibliography)) == [expected]


@pytest.mark.parametrize("table", rules.CLAIMS)
def test_a_row_doubled_under_another_id_is_found(context, table):
    first, *others = context.tables[table]
    key, column = next(iter(first)), rules.CLAIMS[table][-1]
    doubled = changed(context, {table: [first, first | {key: f"{first[key]}-again"}, *others]})
    expected = f"{column} that no other row claims (this is {first[key]}’s)"
    assert list(rules.no_two_rows_claim_the_same(context)) == []
    assert list(found(doubled, rules.no_two_rows_claim_the_same)) == [
        (table, f"{first[key]}-again", column, first[column], expected)
    ]


def test_a_unit_that_the_tables_no_longer_have_is_named_by_its_coder(context):
    gone = changed(context, {"practices": context.tables["practices"][1:], "measures": []})
    ids = " | ".join(
        [context.tables["practices"][0]["practice"]]
        + [row["measure"] for row in context.tables["measures"]]
    )
    coders = [row | {"retired": ids} for row in context.tables["coders"]]
    assert {finding.column for finding in rules.coded_units_are_rows(gone)} == {"unit"}
    assert list(rules.coded_units_are_rows(changed(gone, {"coders": coders}))) == []


def test_a_study_without_a_scale_of_legal_footing_needs_no_level_for_a_kind(context):
    codes = [
        row | {"code": "novel"} if id_of(row) == "kind, plan" else row
        for row in context.tables["codes"]
    ]
    assert list(rules.kinds_have_a_legal_footing(changed(context, {"codes": codes})))
    assert (
        list(rules.kinds_have_a_legal_footing(changed(context, {"codes": codes, "scales": []})))
        == []
    )


def test_every_rule_has_a_fault_that_is_planted_against_it():
    tried = {rule for rule, *_ in FAULTS} | {rules.no_two_rows_claim_the_same}
    assert tried == set(rules.RULES) and len(rules.RULES) == len(set(rules.RULES))
