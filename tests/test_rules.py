"""The house rules: each finds the fault that is planted against it, and nothing else."""

import re

import pytest

from casebook import evidence
from casebook.evidence import clean, rules

# Tables whose key has several columns.
KEYS = [
    ("coder", "unit", "variable"),
    ("practice", "question", "known"),
    ("variable", "code", "symbol"),
    ("variable", "section"),
]


def id_of(row):
    """A row's id: its first cell, or those of a key of several columns."""
    key = next((key for key in KEYS if {*key} <= {*row}), [next(iter(row))])
    return ", ".join(row[column] for column in key if column != "symbol")


@pytest.fixture(scope="module")
def context():
    """The tables of the study, of which a test takes a copy."""
    package = evidence.descriptor()
    tables = {}
    for resource in package["resources"]:
        header, records, _ = clean.read_rows(evidence.DATA / resource["path"])
        tables[resource["name"]] = [dict(zip(header, record)) for record in records]
    return rules.Context(tables, evidence.bibliography(), package)


def changed(context, tables):
    """A context with some of its tables replaced."""
    return rules.Context(context.tables | tables, context.bib, evidence.descriptor())


def found(context, rule):
    """The findings of a rule as (table, id of the row, column, value, expected)."""
    for finding in rule(context):
        table = finding.file.removesuffix(".csv")
        row = context.tables[table][finding.row - 2]
        yield (table, id_of(row), finding.column, finding.value, finding.expected)


# A rule, the table, row and cell of a fault against it; the column of that row that it finds, and
# what it expects there.
FAULTS = """
ids_begin_with_their_jurisdiction: practices bj-whistle: province = CN-GD
    practice: an id that begins with gd- for CN-GD
practices_stand_in_sub_sections: practices bj-whistle: section = 1
    section: a sub-section, or 0 for the opening paragraph
practices_not_in_place_have_a_note: practices bj-indicators: status = planned
    note_en: a note, because the status is planned
periods_have_both_years_in_order: practices gd-law-plan-1: period_end = 2010
    period_end: a period with both years in order (start 2011)
periods_have_both_years_in_order: practices gd-law-plan-1: period_end = not mentioned
    period_end: a period with both years in order (start 2011)
parts_are_of_a_practice_beside_them: practices bj-indicators: part_of = sh-indicators
    part_of: a practice of CN-BJ in 1.2
notes_are_in_every_language: practices bj-indicators: note_zh = 注。
    note_zh: every language or none
notes_are_in_every_language: practices bj-indicators: exception_zh = 借口。
    exception_zh: every language or none
numbers_of_english_names_are_printed: practices bj-indicators: name_en = 29 indicators
    name_en: numbers that name_zh or evidence prints, not 29
rows_follow_the_order_of_sections: practices bj-indicators: section = 1.1
    section: the rows in the order of sections.csv (is a row moved, or its section?)
every_piece_of_evidence_has_a_place: practices bj-whistle: locator = 1.1@70+13 | 1.1@70+13
    locator: as many places as there are pieces of evidence
figures_stand_beside_their_practice: figures bj-28-indicators: practice = sh-indicators
    practice: a practice of CN-BJ in 1.2
items_count_from_one: items bj-task-2: position = 3
    position: 2, the next place in the list of bj-social-governance-plan
measures_stand_with_their_recommendation: measures m-approval: section = 5.2
    section: 5.1, the section of its recommendation
codes_are_explained: provinces CN-SH: type = city
    type: codes that codes.csv explains; it has no type, city
codes_are_explained: practices bj-whistle: actors = party | state
    actors: codes that codes.csv explains; it has no actors, state
codes_are_carried: codes kind, standard: code = standards
    code: a code of kind that some row carries
examples_are_rows: codes kind, plan: example = gd-law-plan-99
    example: the id of a row that carries it, such as gd-party-plan
examples_are_rows: codes missing, not coded: example = nothing
    example: the id of a row
examples_are_coded_so: codes kind, plan: example = bj-whistle
    example: a row that is coded plan
near_misses_are_coded_otherwise: codes kind, plan: near_miss_en = See gd-law-plan-1.
    near_miss_en: a near miss; gd-law-plan-1 itself is coded plan
kinds_have_a_legal_footing: codes kind, plan: code = plans
    code: a kind that has a level of legal_footing in scales.csv
symbols_are_drawn: codes status, planned: symbol = ◎
    symbol: one of ● ◐ ○ ◇ ✓ ± ≠ ?, which are drawn, or a missing value
checks_have_a_source_unless_none_was_found: source_checks check-plenum: source = not applicable
    source: a source, unless the verdict is “not found”, which has none
checks_have_a_source_unless_none_was_found: source_checks check-plenum: verdict = not found
    source: a source, unless the verdict is “not found”, which has none
sources_are_in_the_bibliography: source_checks check-plenum: source = nobody-2020
    source: a key of references.bib
checked_rows_name_one_row: checked_rows check-whistle-start: practice = not applicable
    practice: either a practice or a figure
checks_stand_where_their_rows_do: source_checks check-plenum: section = 1.1
    section: 0, as its rows in checked_rows.csv say
checks_stand_where_their_rows_do: source_checks check-plenum: province = CN-BJ
    province: CN, as its rows in checked_rows.csv say
sub_sections_have_a_section: sections 1.1: section = 9.1
    section: a sub-section of a section; there is no 9
sub_sections_have_a_section: sections 1.1: chapter = method
    chapter: the chapter of its section
coded_units_are_rows: codings book, bj-whistle, kind: unit = bj-whistling
    unit: a practice of the tables, or retired
coded_units_are_rows: codings book, m-approval bj-joint-acceptance, relation: unit = bj-whistle
    unit: a step and a practice of the tables, or retired
codings_have_codes_of_their_variable: codings book, bj-whistle, kind: code = plans
    code: a code of kind in codes.csv, or none
coders_give_a_unit_one_code: codings book, bj-whistle, level: variable = kind
    code: no other code of kind beside programme
baseline_lies_before_the_article: baseline base-approvals-587: date = 2020
    date: a day before 2020-08-20
later_lies_after_the_article: later later-whistle-law: date = 2020-08
    date: a day after 2020-08-20
every_step_has_a_baseline: measures m-supervision: measure = m-supervise
    measure: a step with a row in baseline.csv
benefits_are_of_practices_of_their_section: benefits benefit-order: practices = zj-one-visit
    practices: practices of 4.3, joined with “ | ”
knowledge_has_a_check_for_its_figures: knowledge bj-three-zeros, effect, figure: check = not coded
    check: a check where known is figure, and none elsewhere
readings_are_there_where_they_are_due: due voice, 2.3: section = 1.1
    section: a code of voice for every practice of a pioneer; bj-whistle has none
decisions_are_as_coded: decisions bj-whistle: code = authority
    code: what bj-whistle carries under instrument
settled_codes_stand: settled bj-dual-reporting: code = city
    code: what the tables say of bj-dual-reporting
settled_codes_stand: settled m-safe-society gd-smart-zones: code = aim
    code: what the tables say of m-safe-society gd-smart-zones
settled_codes_stand: settled bj-three-zeros: code = effect | implementation
    code: what the tables say of bj-three-zeros
settled_codes_stand: settled zj-digital-transformation: code = none
    code: what the tables say of zj-digital-transformation
sources_say_of_what_kind_they_are: source_checks check-plenum: source = lorenz-2016
    source: a source whose entry has a kind: official, press or copy
"""
FAULTS = re.findall(r"^(\w+): (\w+) (.+): (\w+) = (.+)\n    (\w+): (.+)$", FAULTS, re.M)


@pytest.mark.parametrize(
    ("rule", "table", "row_id", "column", "cell", "where", "expected"),
    FAULTS,
    ids=[f"{rule}-{column}" for rule, _, _, column, *_ in FAULTS],
)
def test_a_rule_finds_the_fault_that_is_planted_against_it_and_nothing_else(
    context, rule, table, row_id, column, cell, where, expected
):
    rule, changes = getattr(rules, rule), {column: cell}
    assert list(rule(context)) == []
    (row,) = [row | changes for row in context.tables[table] if id_of(row) == row_id]
    rows = [row if id_of(other) == row_id else other for other in context.tables[table]]
    finding = (table, id_of(row), where, row[where], expected)
    assert list(found(changed(context, {table: rows}), rule)) == [finding]


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
    rule = rules.kinds_have_a_legal_footing
    assert list(rule(changed(context, {"codes": codes})))
    assert list(rule(changed(context, {"codes": codes, "scales": []}))) == []


def test_every_rule_has_a_fault_that_is_planted_against_it():
    tried = {rule for rule, *_ in FAULTS} | {"no_two_rows_claim_the_same"}
    assert tried == {rule.__name__ for rule in rules.RULES} and len(rules.RULES) == len(tried)
