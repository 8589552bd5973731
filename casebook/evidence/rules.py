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


class TableRow(dict):
    """The cells of a row by column, with its table and line in the file."""

    def __init__(self, table, line, cells):
        super().__init__(cells)
        self.table, self.line = table, line

    def wrong(self, column, expected):
        """The Finding that one of its cells is not as `expected`."""
        return Finding(f"{self.table}.csv", self.line, column, self.get(column, ""), expected)


class Context:
    """The tables that rules speak of, and look-ups across them.

    `tables` maps a name to its rows, dicts of text. A table that cannot be read is left out, and
    the rules pass over it. `bib` is the set of keys of references.bib, or None where that cannot be
    read. `package` is the descriptor.
    """

    def __init__(self, tables, bib, package):
        self.tables = {
            name: [TableRow(name, line, cells) for line, cells in enumerate(rows, start=2)]
            for name, rows in tables.items()
        }
        self.bib = bib
        self.languages = languages(package)
        self.printed_name = f"name_{printed_in(package)}"

    def rows(self, table):
        """The `TableRow`s of a table, none where it is left out."""
        return self.tables.get(table, ())

    def column(self, table, key, value):
        """Two columns of a table as a dict."""
        return {row[key]: row[value] for row in self.rows(table)}

    @cached_property
    def practices(self):
        """{practice: its row}."""
        return {row["practice"]: row for row in self.rows("practices")}

    @cached_property
    def chapters(self):
        """{section: its chapter}, in the order of sections.csv."""
        return self.column("sections", "section", "chapter")

    @cached_property
    def carried_codes(self):
        """The codes that rows carry: {(variable, code): (first such TableRow, column)}."""
        carried = {("missing", text): (TableRow("codes", 0, {"": text}), "") for text in MISSING}
        for table in self.tables:
            for row in self.rows(table):
                variables = CODED.get(table, {})
                if table in ("readings", "assessments"):
                    variables = variables | {"code": row["variable"]}
                for column, variable in variables.items():
                    for code in {*row[column].split(JOIN)} - {*MISSING}:
                        carried.setdefault((variable, code), (row, column))
        return carried

    @cached_property
    def _readings(self):
        return {(row["practice"], row["variable"], row["code"]) for row in self.rows("readings")}

    def is_coded(self, practice, variable, code):
        """Whether a practice carries a code, in its own row or in one of readings.csv."""
        own_codes = self.practices[practice].get(variable, "").split(JOIN)
        return code in own_codes or (practice, variable, code) in self._readings

    def codes_in_use(self):
        """The rows of codes.csv, but for a code that has neither a row yet nor an example."""
        for row in self.rows("codes"):
            is_carried = (row["variable"], row["code"]) in self.carried_codes
            if is_carried or row["example"] not in MISSING:
                yield row


def ids_begin_with_their_jurisdiction(context):
    """A practice's id begins with its jurisdiction's letters: `bj-` for CN-BJ."""
    provinces = {row["province"] for row in context.rows("provinces")}
    for row in context.rows("practices"):
        prefix = row["province"].rpartition("-")[2].lower() + "-"
        if row["province"] in provinces and not row["practice"].startswith(prefix):
            yield row.wrong("practice", f"an id that begins with {prefix} for {row['province']}")


def practices_stand_in_sub_sections(context):
    """A practice stands in a sub-section or in the opening, not in a section that is divided."""
    divided = {section.rpartition(".")[0] for section in context.chapters}
    for row in context.rows("practices"):
        if row["section"] in divided:
            yield row.wrong("section", "a sub-section, or 0 for the opening paragraph")


def practices_not_in_place_have_a_note(context):
    """A practice that is not reported in place has a note."""
    for row in context.rows("practices"):
        if row["status"] != "in_place" and row["note_en"] in MISSING:
            yield row.wrong("note_en", f"a note, because the status is {row['status']}")


def periods_have_both_years_in_order(context):
    """A period has both of its years or none, the earlier one first."""
    for row in context.rows("practices"):
        start, end = row["period_start"], row["period_end"]
        if (start in MISSING) != (end in MISSING) or start > end:
            yield row.wrong("period_end", f"a period with both years in order (start {start})")


def notes_are_in_every_language(context):
    """A practice's note or exception is written in every language or in none."""
    for row in context.rows("practices"):
        for column in ("note", "exception"):
            for language in context.languages:
                if (row[f"{column}_en"] in MISSING) != (row[f"{column}_{language}"] in MISSING):
                    yield row.wrong(f"{column}_{language}", "every language or none")


def numbers_of_english_names_are_printed(context):
    """A number in a practice's English name is printed in its name or its evidence.

    Ordinals may differ.
    """
    for row in context.rows("practices"):
        text = unicodedata.normalize("NFKC", row[context.printed_name] + row["evidence"])
        for digits in re.findall(r"(?<!\d)\d+(?!\d|st|nd|rd|th)", row["name_en"]):
            if digits not in re.findall(r"\d+", text):
                expected = f"numbers that {context.printed_name} or evidence prints, not {digits}"
                yield row.wrong("name_en", expected)


def rows_follow_the_order_of_sections(context):
    """The rows of a table that names sections stand in the order of sections.csv."""
    order = {section: place for place, section in enumerate(context.chapters)}
    for table in context.tables if order else ():
        latest = 0
        for row in context.rows(table):
            place = order.get(row.get("section"), latest)
            if place < latest:
                expected = "the rows in the order of sections.csv (is a row moved, or its section?)"
                yield row.wrong("section", expected)
            latest = max(latest, place)


def no_two_rows_claim_the_same(context):
    """No two rows of a table claim the same words of the article, see `CLAIMS`."""
    for table, claim in CLAIMS.items():
        claims = {}
        for row in context.rows(table):
            key = next(iter(row))  # a table's first column is its id
            first = claims.setdefault(tuple(row[column] for column in claim), row[key])
            if first != row[key]:
                expected = f"{claim[-1]} that no other row claims (this is {first}’s)"
                yield row.wrong(claim[-1], expected)


def every_piece_of_evidence_has_a_place(context):
    """A locator has as many places as its row's evidence has pieces."""
    for table in context.tables:
        for row in context.rows(table):
            if not {"evidence", "locator"} <= row.keys() or row["locator"] in MISSING:
                continue
            if row["evidence"].count(JOIN) != row["locator"].count(JOIN):
                yield row.wrong("locator", "as many places as there are pieces of evidence")


def figures_stand_beside_their_practice(context):
    """A figure has the jurisdiction and the section of its practice."""
    for row in context.rows("figures"):
        owner = context.practices.get(row["practice"])
        if owner and (owner["province"], owner["section"]) != (row["province"], row["section"]):
            yield row.wrong("practice", f"a practice of {row['province']} in {row['section']}")


def items_count_from_one(context):
    """The items of a practice's list count 1, 2, 3 in the order of their rows."""
    counts = {}
    for row in context.rows("items"):
        practice = row["practice"]
        counts[practice] = counts.get(practice, 0) + 1
        if row["position"] != str(counts[practice]):
            expected = f"{counts[practice]}, the next place in the list of {practice}"
            yield row.wrong("position", expected)


def measures_stand_with_their_recommendation(context):
    """A measure has the section of its recommendation."""
    sections = context.column("recommendations", "recommendation", "section")
    for row in context.rows("measures"):
        section = sections.get(row["recommendation"], row["section"])
        if section != row["section"]:
            yield row.wrong("section", f"{section}, the section of its recommendation")


def codes_are_explained(context):
    """Every code that a row carries is explained by codes.csv."""
    explained = {(row["variable"], row["code"]) for row in context.rows("codes")}
    for variable, code in sorted(context.carried_codes.keys() - explained) if explained else ():
        row, column = context.carried_codes[variable, code]
        yield row.wrong(column, f"codes that codes.csv explains; it has no {variable}, {code}")


def codes_are_carried(context):
    """Every code of codes.csv is carried by some row, once it has an example."""
    for row in context.codes_in_use():
        if (row["variable"], row["code"]) not in context.carried_codes:
            yield row.wrong("code", f"a code of {row['variable']} that some row carries")


def examples_are_rows(context):
    """The example of a code is the id of a row."""
    tables = [rows for table, rows in context.tables.items() if table != "codes"]
    ids = {next(iter(row.values())) for rows in tables for row in rows}
    for row in context.codes_in_use():
        if row["example"] not in ids:
            carrier, column = context.carried_codes.get((row["variable"], row["code"]), ({}, ""))
            hint = f" that carries it, such as {next(iter(carrier.values()))}" if column else ""
            yield row.wrong("example", f"the id of a row{hint}")


def examples_are_coded_so(context):
    """A practice that stands as the example of a code carries it."""
    for row in context.codes_in_use():
        variable, code, practice = row["variable"], row["code"], row["example"]
        if practice not in context.practices or variable in ("missing", "relation"):
            continue
        if not context.is_coded(practice, variable, code):
            yield row.wrong("example", f"a row that is coded {code}")


def near_misses_are_coded_otherwise(context):
    """A practice that a code's near miss names does not carry that code."""
    for row in context.codes_in_use():
        words = {*re.findall(r"[\w-]+", row["near_miss_en"])}
        for practice in sorted(words & context.practices.keys()):
            if context.is_coded(practice, row["variable"], row["code"]):
                expected = f"a near miss; {practice} itself is coded {row['code']}"
                yield row.wrong("near_miss_en", expected)


def kinds_have_a_legal_footing(context):
    """Every kind of practice has a level of legal_footing, once scales.csv has that criterion."""
    scale = (row for row in context.rows("scales") if row["criterion"] == "legal_footing")
    levels = {row["level"] for row in scale}
    for row in context.rows("codes") if levels else ():
        if row["variable"] == "kind" and row["code"] not in levels:
            yield row.wrong("code", "a kind that has a level of legal_footing in scales.csv")


def checks_have_a_source_unless_none_was_found(context):
    """A check has a source, and one with the verdict “not found” has none."""
    for row in context.rows("source_checks"):
        if (row["verdict"] == "not found") != (row["source"] in MISSING):
            expected = "a source, unless the verdict is “not found”, which has none"
            yield row.wrong("source", expected)


def sources_are_in_the_bibliography(context):
    """The source of a check or of a row of context.csv is a key of references.bib.

    A check may have none.
    """
    for table, none in (("source_checks", MISSING), ("context", ())):
        for row in context.rows(table) if context.bib is not None else ():
            if row["source"] not in {*context.bib, *none}:
                yield row.wrong("source", "a key of references.bib")


def checked_rows_name_one_row(context):
    """A row of checked_rows.csv names either a practice or a figure."""
    for row in context.rows("checked_rows"):
        if (row["practice"] in MISSING) == (row["figure"] in MISSING):
            yield row.wrong("practice", "either a practice or a figure")


def checks_stand_where_their_rows_do(context):
    """A check has the jurisdiction and the section of one of the rows that it speaks of."""
    figures = {row["figure"]: row for row in context.rows("figures")}
    checked = {}
    for row in context.rows("checked_rows"):
        if about := context.practices.get(row["practice"]) or figures.get(row["figure"]):
            checked.setdefault(row["check"], []).append(about)
    for row in context.rows("source_checks"):
        for column in ("province", "section"):
            cells = sorted({about[column] for about in checked.get(row["check"], ())})
            if cells and row[column] not in cells:
                expected = f"{' or '.join(cells)}, as its rows in checked_rows.csv say"
                yield row.wrong(column, expected)


def sub_sections_have_a_section(context):
    """The section of a sub-section is there, and in the same chapter."""
    for row in context.rows("sections"):
        parent = row["section"].rpartition(".")[0]
        if parent not in {"", *context.chapters}:
            yield row.wrong("section", f"a sub-section of a section; there is no {parent}")
        elif parent and context.chapters[parent] != row["chapter"]:
            yield row.wrong("chapter", "the chapter of its section")


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
]
# What these find missing may stand in a table that cannot be read.
OF_ALL_TABLES = (
    codes_are_carried,
    examples_are_rows,
    examples_are_coded_so,
    checks_stand_where_their_rows_do,
)


def house_rules(tables, bib, package):
    """The findings of all `RULES`; the arguments are those of a `Context`.

    Where a table is left out, those `OF_ALL_TABLES` wait.
    """
    context = Context(tables, bib, package)
    waiting = OF_ALL_TABLES if len(tables) < len(package["resources"]) else ()
    return [finding for rule in RULES if rule not in waiting for finding in rule(context)]


def broken_links(entries):
    """Findings on the addresses of references.bib: each must lead to a page of the web."""
    expected = "an address that begins with https:// or http://, without blanks and quotes"
    for key, entry in entries.items():
        url = re.sub(r"\\(?=[&%_#])", "", entry.fields.get("url", ""))
        if "url" in entry.fields and not link(url):
            yield Finding("references.bib", 0, f"url of {key}", url, expected)
