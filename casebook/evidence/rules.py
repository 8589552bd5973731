"""House rules: what holds between the columns of the tables, and no table schema can say.

One rule is one function of a `Context`. It yields a Finding for each cell that breaks it.
`RULES` lists them all.
"""

import re
import unicodedata
from functools import cached_property

from casebook.escape import link
from casebook.evidence.findings import Finding
from casebook.evidence.schema import JOIN, MISSING, languages, printed_in

# What a row claims: no two rows of a table may claim the same.
CLAIMS = {
    "practices": ("province", "section", "evidence"),
    "figures": ("province", "section", "evidence"),
    "items": ("practice", "evidence"),
    "measures": ("section", "evidence"),
    "premises": ("section", "evidence"),
    "silences": ("theme", "keywords"),
}
# Columns whose cells are codes, and the codebook's variable for each; one cell may join several.
CODED = {
    "practices": {column: column for column in ("kind", "instrument", "level", "status", "actors")},
    "precedents": {"relation": "relation"},
    "alignments": {"relation": "relation"},
    "source_checks": {"verdict": "verdict"},
    "provinces": {"type": "type", "role": "role"},
    "premises": {"kind": "premise"},
    "assessments": {"answer": "answer"},
    "scales": {"criterion": "criterion"},
}
NO_CODE = "none"  # in codings.csv: the coder looked, and no code of the variable fits
SEVERAL = ("actors", "element")  # variables of which a coder may give a unit several codes


class Context:
    """The tables that rules speak of, and look-ups across them.

    `tables` maps a name to its rows, dicts of text. A table with a fault of its own is left out,
    and the rules pass over it. `bib` is the set of keys of references.bib, or None where that
    cannot be read. `package` is the descriptor.
    """

    def __init__(self, tables, bib, package):
        self.tables, self.bib = tables, bib
        self.languages = languages(package)
        self.printed_name = f"name_{printed_in(package)}"

    def rows(self, table):
        """Each row of a table with its line in the file: (line, row)."""
        return enumerate(self.tables.get(table, ()), start=2)

    def column(self, table, key, value):
        """Two columns of a table as a dict."""
        return {row[key]: row[value] for row in self.tables.get(table, ())}

    @cached_property
    def practices(self):
        """{practice: its row}."""
        return {row["practice"]: row for row in self.tables.get("practices", ())}

    @cached_property
    def chapters(self):
        """{section: its chapter}, in the order of sections.csv."""
        return self.column("sections", "section", "chapter")

    @cached_property
    def carried_codes(self):
        """The codes that rows carry: {(variable, code): (table, line, column, cell)}."""
        carried = {("missing", text): ("codes", 0, "", text) for text in MISSING}
        for table in self.tables:
            for line, row in self.rows(table):
                cells = [(variable, column) for column, variable in CODED.get(table, {}).items()]
                if table in ("readings", "assessments"):
                    cells.append((row["variable"], "code"))
                for variable, column in cells:
                    for code in set(row[column].split(JOIN)) - set(MISSING):
                        carried.setdefault((variable, code), (table, line, column, row[column]))
        return carried

    @cached_property
    def _readings(self):
        return {
            (row["practice"], row["variable"], row["code"])
            for row in self.tables.get("readings", ())
        }

    def is_coded(self, practice, variable, code):
        """Whether a practice carries a code, in its own row or in one of readings.csv."""
        own_codes = self.practices[practice].get(variable, "").split(JOIN)
        return code in own_codes or (practice, variable, code) in self._readings

    def codes_in_use(self):
        """The rows of codes.csv as (line, row).

        A code that no row carries yet is left out while it has no example, either.
        """
        for line, row in self.rows("codes"):
            if (row["variable"], row["code"]) in self.carried_codes or row[
                "example"
            ] not in MISSING:
                yield line, row


def _wrong(table, line, column, row, expected):
    return Finding(f"{table}.csv", line, column, row.get(column, ""), expected)


def ids_begin_with_their_jurisdiction(context):
    """A practice's id begins with its jurisdiction's letters: `bj-` for CN-BJ."""
    provinces = context.column("provinces", "province", "province")
    for line, row in context.rows("practices"):
        prefix = row["province"].rpartition("-")[2].lower() + "-"
        if row["province"] in provinces and not row["practice"].startswith(prefix):
            yield _wrong(
                "practices",
                line,
                "practice",
                row,
                f"an id that begins with {prefix} for {row['province']}",
            )


def practices_stand_in_sub_sections(context):
    """A practice stands in a sub-section or in the opening, not in a section that is divided."""
    divided = {section.rpartition(".")[0] for section in context.chapters}
    for line, row in context.rows("practices"):
        if row["section"] in divided:
            yield _wrong(
                "practices", line, "section", row, "a sub-section, or 0 for the opening paragraph"
            )


def practices_not_in_place_have_a_note(context):
    """A practice that is not reported in place has a note."""
    for line, row in context.rows("practices"):
        if row["status"] != "in_place" and row["note_en"] in MISSING:
            yield _wrong(
                "practices", line, "note_en", row, f"a note, because the status is {row['status']}"
            )


def periods_have_both_years_in_order(context):
    """A period has both of its years or none, the earlier one first."""
    for line, row in context.rows("practices"):
        start, end = row["period_start"], row["period_end"]
        if (start in MISSING) != (end in MISSING) or start > end:
            yield _wrong(
                "practices",
                line,
                "period_end",
                row,
                f"a period with both years in order (start {start})",
            )


def notes_are_in_every_language(context):
    """A practice's note or exception is written in every language or in none."""
    for line, row in context.rows("practices"):
        for column in ("note", "exception"):
            for language in context.languages:
                if (row[f"{column}_en"] in MISSING) != (row[f"{column}_{language}"] in MISSING):
                    yield _wrong(
                        "practices", line, f"{column}_{language}", row, "every language or none"
                    )


def numbers_of_english_names_are_printed(context):
    """A number in a practice's English name is printed in its name or its evidence.

    Ordinals may differ.
    """
    for line, row in context.rows("practices"):
        text = unicodedata.normalize("NFKC", row[context.printed_name] + row["evidence"])
        for digits in re.findall(r"(?<!\d)\d+(?!\d|st|nd|rd|th)", row["name_en"]):
            if digits not in re.findall(r"\d+", text):
                expected = f"numbers that {context.printed_name} or evidence prints, not {digits}"
                yield _wrong("practices", line, "name_en", row, expected)


def rows_follow_the_order_of_sections(context):
    """The rows of a table that names sections stand in the order of sections.csv."""
    order = {section: place for place, section in enumerate(context.chapters)}
    for table in context.tables if order else ():
        latest = 0
        for line, row in context.rows(table):
            place = order.get(row.get("section"), latest)
            if place < latest:
                expected = "the rows in the order of sections.csv (is a row moved, or its section?)"
                yield _wrong(table, line, "section", row, expected)
            latest = max(latest, place)


def no_two_rows_claim_the_same(context):
    """No two rows of a table claim the same words of the article, see `CLAIMS`."""
    for table, claim in CLAIMS.items():
        claims = {}
        for line, row in context.rows(table):
            key = next(iter(row))  # a table's first column is its id
            first = claims.setdefault(tuple(row[column] for column in claim), row[key])
            if first != row[key]:
                yield _wrong(
                    table,
                    line,
                    claim[-1],
                    row,
                    f"{claim[-1]} that no other row claims (this is {first}’s)",
                )


def every_piece_of_evidence_has_a_place(context):
    """A locator has as many places as its row's evidence has pieces."""
    for table in context.tables:
        for line, row in context.rows(table):
            if not {"evidence", "locator"} <= row.keys() or row["locator"] in MISSING:
                continue
            if row["evidence"].count(JOIN) != row["locator"].count(JOIN):
                yield _wrong(
                    table, line, "locator", row, "as many places as there are pieces of evidence"
                )


def figures_stand_beside_their_practice(context):
    """A figure has the jurisdiction and the section of its practice."""
    for line, row in context.rows("figures"):
        owner = context.practices.get(row["practice"])
        if owner and (owner["province"], owner["section"]) != (row["province"], row["section"]):
            yield _wrong(
                "figures",
                line,
                "practice",
                row,
                f"a practice of {row['province']} in {row['section']}",
            )


def items_count_from_one(context):
    """The items of a practice's list count 1, 2, 3 in the order of their rows."""
    counts = {}
    for line, row in context.rows("items"):
        practice = row["practice"]
        counts[practice] = counts.get(practice, 0) + 1
        if row["position"] != str(counts[practice]):
            expected = f"{counts[practice]}, the next place in the list of {practice}"
            yield _wrong("items", line, "position", row, expected)


def measures_stand_with_their_recommendation(context):
    """A measure has the section of its recommendation."""
    sections = context.column("recommendations", "recommendation", "section")
    for line, row in context.rows("measures"):
        section = sections.get(row["recommendation"], row["section"])
        if section != row["section"]:
            yield _wrong(
                "measures", line, "section", row, f"{section}, the section of its recommendation"
            )


def codes_are_explained(context):
    """Every code that a row carries is explained by codes.csv."""
    explained = {(row["variable"], row["code"]) for row in context.tables.get("codes", ())}
    for variable, code in sorted(context.carried_codes.keys() - explained) if explained else ():
        table, line, column, value = context.carried_codes[variable, code]
        expected = f"codes that codes.csv explains; it has no {variable}, {code}"
        yield Finding(f"{table}.csv", line, column, value, expected)


def codes_are_carried(context):
    """Every code of codes.csv is carried by some row, once it has an example."""
    for line, row in context.codes_in_use():
        if (row["variable"], row["code"]) not in context.carried_codes:
            yield _wrong(
                "codes", line, "code", row, f"a code of {row['variable']} that some row carries"
            )


def examples_are_rows(context):
    """The example of a code is the id of a row."""
    tables = context.tables
    ids = {
        next(iter(row.values())) for table in tables if table != "codes" for row in tables[table]
    }
    for line, row in context.codes_in_use():
        if row["example"] not in ids:
            table, at, *_ = context.carried_codes.get((row["variable"], row["code"]), ("", 0))
            carrier = (
                f" that carries it, such as {next(iter(tables[table][at - 2].values()))}"
                if at
                else ""
            )
            yield _wrong("codes", line, "example", row, f"the id of a row{carrier}")


def examples_are_coded_so(context):
    """A practice that stands as the example of a code carries it."""
    for line, row in context.codes_in_use():
        variable, code, practice = row["variable"], row["code"], row["example"]
        if practice not in context.practices or variable in ("missing", "relation"):
            continue
        if not context.is_coded(practice, variable, code):
            yield _wrong("codes", line, "example", row, f"a row that is coded {code}")


def near_misses_are_coded_otherwise(context):
    """A practice that a code's near miss names does not carry that code."""
    for line, row in context.codes_in_use():
        for practice in sorted(
            set(re.findall(r"[\w-]+", row["near_miss_en"])) & context.practices.keys()
        ):
            if context.is_coded(practice, row["variable"], row["code"]):
                expected = f"a near miss; {practice} itself is coded {row['code']}"
                yield _wrong("codes", line, "near_miss_en", row, expected)


def kinds_have_a_legal_footing(context):
    """Every kind of practice has a level of legal_footing, once scales.csv has that criterion."""
    levels = {
        row["level"]
        for row in context.tables.get("scales", ())
        if row["criterion"] == "legal_footing"
    }
    for line, row in context.rows("codes") if levels else ():
        if row["variable"] == "kind" and row["code"] not in levels:
            yield _wrong(
                "codes", line, "code", row, "a kind that has a level of legal_footing in scales.csv"
            )


def checks_have_a_source_unless_none_was_found(context):
    """A check has a source, and one with the verdict “not found” has none."""
    for line, row in context.rows("source_checks"):
        if (row["verdict"] == "not found") != (row["source"] in MISSING):
            expected = "a source, unless the verdict is “not found”, which has none"
            yield _wrong("source_checks", line, "source", row, expected)


def sources_are_in_the_bibliography(context):
    """The source of a check or of a row of context.csv is a key of references.bib.

    A check may have none.
    """
    for table, none in (("source_checks", MISSING), ("context", ())):
        for line, row in context.rows(table) if context.bib is not None else ():
            if row["source"] not in {*context.bib, *none}:
                yield _wrong(table, line, "source", row, "a key of references.bib")


def checked_rows_name_one_row(context):
    """A row of checked_rows.csv names either a practice or a figure."""
    for line, row in context.rows("checked_rows"):
        if (row["practice"] in MISSING) == (row["figure"] in MISSING):
            yield _wrong("checked_rows", line, "practice", row, "either a practice or a figure")


def checks_stand_where_their_rows_do(context):
    """A check has the jurisdiction and the section of one of the rows that it speaks of."""
    figures = {row["figure"]: row for row in context.tables.get("figures", ())}
    checked = {}
    for _, row in context.rows("checked_rows"):
        if about := context.practices.get(row["practice"]) or figures.get(row["figure"]):
            checked.setdefault(row["check"], []).append(about)
    for line, row in context.rows("source_checks"):
        for column in ("province", "section"):
            cells = sorted({about[column] for about in checked.get(row["check"], ())})
            if cells and row[column] not in cells:
                expected = f"{' or '.join(cells)}, as its rows in checked_rows.csv say"
                yield _wrong("source_checks", line, column, row, expected)


def sub_sections_have_a_section(context):
    """The section of a sub-section is there, and in the same chapter."""
    chapters = context.chapters
    for line, row in context.rows("sections"):
        parent = row["section"].rpartition(".")[0]
        if parent not in {"", *chapters}:
            yield _wrong(
                "sections",
                line,
                "section",
                row,
                f"a sub-section of a section; there is no {parent}",
            )
        elif parent and chapters[parent] != row["chapter"]:
            yield _wrong("sections", line, "chapter", row, "the chapter of its section")


def coded_units_are_rows(context):
    """A unit of codings.csv is a practice, for relation a step and a practice.

    An id that the tables no longer have is named by its coder's row, as retired.
    """
    practices, measures = context.practices, context.column("measures", "measure", "section")
    retired = context.column("coders", "coder", "retired")
    for line, row in context.rows("codings"):
        gone = retired.get(row["coder"], "").split(JOIN)
        *measure, practice = row["unit"].split(" ")
        is_pair = row["variable"] == "relation"
        if (
            practice not in {*practices, *gone}
            or len(measure) != is_pair
            or not {*measure} <= {*measures, *gone}
        ):
            expected = "a step and a practice" if is_pair else "a practice"
            yield _wrong("codings", line, "unit", row, f"{expected} of the tables, or retired")


def codings_have_codes_of_their_variable(context):
    """A code of codings.csv is one of codes.csv for its variable, or none."""
    codes = {(row["variable"], row["code"]) for row in context.tables.get("codes", ())}
    variables = {variable for variable, _ in codes}
    for line, row in context.rows("codings"):
        known = row["code"] == NO_CODE and row["variable"] in variables
        if not known and (row["variable"], row["code"]) not in codes:
            expected = f"a code of {row['variable']} in codes.csv, or {NO_CODE}"
            yield _wrong("codings", line, "code", row, expected)


def coders_give_a_unit_one_code(context):
    """A coder gives a unit one code of a variable, or several of one of `SEVERAL`; none alone."""
    given = {}
    for line, row in context.rows("codings"):
        codes = given.setdefault((row["coder"], row["unit"], row["variable"]), [])
        codes.append(row["code"])
        if len(codes) > 1 and (row["variable"] not in SEVERAL or NO_CODE in codes):
            expected = f"no other code of {row['variable']} beside {codes[0]}"
            yield _wrong("codings", line, "code", row, expected)


RULES = [
    ids_begin_with_their_jurisdiction,
    practices_stand_in_sub_sections,
    practices_not_in_place_have_a_note,
    periods_have_both_years_in_order,
    notes_are_in_every_language,
    numbers_of_english_names_are_printed,
    rows_follow_the_order_of_sections,
    no_two_rows_claim_the_same,
    every_piece_of_evidence_has_a_place,
    figures_stand_beside_their_practice,
    items_count_from_one,
    measures_stand_with_their_recommendation,
    codes_are_explained,
    codes_are_carried,
    examples_are_rows,
    examples_are_coded_so,
    near_misses_are_coded_otherwise,
    kinds_have_a_legal_footing,
    checks_have_a_source_unless_none_was_found,
    sources_are_in_the_bibliography,
    checked_rows_name_one_row,
    checks_stand_where_their_rows_do,
    sub_sections_have_a_section,
    coded_units_are_rows,
    codings_have_codes_of_their_variable,
    coders_give_a_unit_one_code,
]


def house_rules(tables, bib, package):
    """The findings of all `RULES`; the arguments are those of a `Context`."""
    context = Context(tables, bib, package)
    return [finding for rule in RULES for finding in rule(context)]


def broken_links(entries):
    """Findings on the addresses of references.bib: each must lead to a page of the web."""
    expected = "an address that begins with https:// or http://, without blanks and quotes"
    for key, entry in entries.items():
        url = re.sub(r"\\(?=[&%_#])", "", entry.fields.get("url", ""))
        if "url" in entry.fields and not link(url):
            yield Finding("references.bib", 0, f"url of {key}", url, expected)
