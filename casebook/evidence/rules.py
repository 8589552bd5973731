"""House rules: what holds between the columns of the tables, and no table schema can say.

One rule is one function of a `Context`. It yields a Finding for each cell that breaks it.
`RULES` lists them all.
"""

import re
import unicodedata
from functools import cached_property

from casebook.escape import link
from casebook.evidence.findings import Finding
from casebook.evidence.schema import JOIN, MISSING, languages, printed_in, published_on
from casebook.marks import MARKS

# What a row claims: no two rows of a table may claim the same.
CLAIMS = {
    "practices": ("province", "section", "evidence"),
    "figures": ("province", "section", "evidence"),
    "items": ("practice", "evidence"),
    "measures": ("section", "evidence"),
    "premises": ("section", "evidence"),
    "silences": ("theme", "keywords"),
    "benefits": ("section", "evidence"),
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
    "knowledge": {"question": "question", "known": "known"},
    "later": {"change": "change"},
}
KINDS_OF_SOURCES = ("official", "press", "copy")
NO_CODE = "none"  # in codings.csv: the coder looked, and no code of the variable fits
SEVERAL = ("actors", "element", "question")  # a coder may give a unit several of their codes


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
    the rules pass over it. `bib` has the entries of references.bib by key, or is None where that
    cannot be read. `package` is the descriptor.
    """

    def __init__(self, tables, bib, package):
        self.tables = {
            name: [TableRow(name, line, cells) for line, cells in enumerate(rows, start=2)]
            for name, rows in tables.items()
        }
        self.bib = bib
        self.languages = languages(package)
        self.printed_name = f"name_{printed_in(package)}"
        self.published = published_on(package).date().isoformat()

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
    def _codes_of_practices(self):
        codes = {}
        for row in self.rows("readings"):
            codes.setdefault((row["practice"], row["variable"]), set()).add(row["code"])
        for table in ("practices", "knowledge", "later"):
            for row in self.rows(table):
                for column, variable in CODED[table].items():
                    of_practice = codes.setdefault((row["practice"], variable), set())
                    of_practice.update(row[column].split(JOIN))
        return codes

    def codes_of(self, practice, variable):
        """The codes of a variable that a practice carries, in its own row or another's: a set."""
        return self._codes_of_practices.get((practice, variable), set())

    @cached_property
    def told(self):
        """{practice of a pioneer: the questions that the text answers of it, a set}."""
        rows = [row for row in self.rows("knowledge") if row["known"] != "figure"]
        told = [(row["practice"], row["question"]) for row in rows]
        for row in self.rows("benefits"):
            told += [(practice, "effect") for practice in row["practices"].split(JOIN)]
        roles, questions = self.column("provinces", "province", "role"), {}
        for practice, question in told:
            if roles.get(self.practices.get(practice, {}).get("province")) == "pioneer":
                questions.setdefault(practice, set()).add(question)
        return questions

    def codes_in_use(self):
        """The rows of codes.csv, but for a code that has neither a row yet nor an example."""
        for row in self.rows("codes"):
            is_carried = (row["variable"], row["code"]) in self.carried_codes
            if is_carried or row["example"] not in MISSING:
                yield row


def id_prefix(province):
    """How the ids of a jurisdiction's practices begin: `bj-` for CN-BJ, `dk-84-` for DK-84.

    An id begins with a letter.
    """
    last = province.rpartition("-")[2]
    return f"{last if last[0].isalpha() else province}-".lower()


def ids_begin_with_their_jurisdiction(context):
    """A practice's id begins with its jurisdiction's letters (`id_prefix`)."""
    provinces = {row["province"] for row in context.rows("provinces")}
    for row in context.rows("practices"):
        prefix = id_prefix(row["province"])
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


def parts_are_of_a_practice_beside_them(context):
    """A practice is part of another of its own jurisdiction and sub-section, or of none."""
    for row in context.rows("practices"):
        whole = context.practices.get(row["part_of"], {})
        places = [(one.get("province"), one.get("section")) for one in (row, whole)]
        if row["part_of"] not in MISSING and places[0] != places[1]:
            yield row.wrong("part_of", f"a practice of {row['province']} in {row['section']}")


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
    """A practice that stands as the example of a code carries it.

    A criterion holds for every practice, and a relation for a pair.
    """
    for row in context.codes_in_use():
        variable, code, practice = row["variable"], row["code"], row["example"]
        if practice not in context.practices or variable in ("missing", "relation", "criterion"):
            continue
        if code not in context.codes_of(practice, variable):
            yield row.wrong("example", f"a row that is coded {code}")


def near_misses_are_coded_otherwise(context):
    """A practice that a code's near miss names does not carry that code."""
    for row in context.codes_in_use():
        words = {*re.findall(r"[\w-]+", row["near_miss_en"])}
        for practice in sorted(words & context.practices.keys()):
            if row["code"] in context.codes_of(practice, row["variable"]):
                expected = f"a near miss; {practice} itself is coded {row['code']}"
                yield row.wrong("near_miss_en", expected)


def kinds_have_a_legal_footing(context):
    """Every kind of practice has a level of legal_footing, once scales.csv has that criterion."""
    scale = (row for row in context.rows("scales") if row["criterion"] == "legal_footing")
    levels = {row["level"] for row in scale}
    for row in context.rows("codes") if levels else ():
        if row["variable"] == "kind" and row["code"] not in levels:
            yield row.wrong("code", "a kind that has a level of legal_footing in scales.csv")


def symbols_are_drawn(context):
    """The symbol of a code is one that the book has a shape for."""
    for row in context.rows("codes"):
        if row["symbol"] not in {*MISSING, *MARKS}:
            yield row.wrong(
                "symbol", f"one of {' '.join(MARKS)}, which are drawn, or a missing value"
            )


def checks_have_a_source_unless_none_was_found(context):
    """A check has a source, and one with the verdict “not found” has none."""
    for row in context.rows("source_checks"):
        if (row["verdict"] == "not found") != (row["source"] in MISSING):
            expected = "a source, unless the verdict is “not found”, which has none"
            yield row.wrong("source", expected)


def sources_are_in_the_bibliography(context):
    """The source of a check, a row of context or a fact is a key of references.bib.

    A check may have none.
    """
    for row in _sourced(context):
        if row["source"] not in context.bib:
            yield row.wrong("source", "a key of references.bib")


def sources_say_of_what_kind_they_are(context):
    """The entry of such a source says whether it is official, press or a copy."""
    for row in _sourced(context):
        entry = context.bib.get(row["source"])
        if entry and entry.fields.get("kind") not in KINDS_OF_SOURCES:
            expected = "a source whose entry has a kind: official, press or copy"
            yield row.wrong("source", expected)


def _sourced(context):
    """The rows of facts that name a source."""
    for table in ("source_checks", "context", "baseline", "later"):
        for row in context.rows(table) if context.bib is not None else ():
            if table != "source_checks" or row["source"] not in MISSING:
                yield row


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


def coded_units_are_rows(context):
    """A unit of codings.csv is a practice, for relation a step and a practice.

    An id that the tables no longer have is named by its coder's row, as retired.
    """
    measures = {row["measure"] for row in context.rows("measures")}
    retired = context.column("coders", "coder", "retired")
    for row in context.rows("codings"):
        gone = retired.get(row["coder"], "").split(JOIN)
        *measure, practice = row["unit"].split(" ")
        is_pair = row["variable"] == "relation"
        is_known = practice in {*context.practices, *gone} and {*measure} <= {*measures, *gone}
        if not is_known or len(measure) != is_pair:
            expected = "a step and a practice" if is_pair else "a practice"
            yield row.wrong("unit", f"{expected} of the tables, or retired")


def codings_have_codes_of_their_variable(context):
    """A code of codings.csv is one of codes.csv for its variable, or none."""
    codes = {(row["variable"], row["code"]) for row in context.rows("codes")}
    codes |= {(variable, NO_CODE) for variable, _ in codes}
    for row in context.rows("codings"):
        if (row["variable"], row["code"]) not in codes:
            yield row.wrong("code", f"a code of {row['variable']} in codes.csv, or {NO_CODE}")


def coders_give_a_unit_one_code(context):
    """A coder gives a unit one code of a variable, or several of one of `SEVERAL`; none alone."""
    given = {}
    for row in context.rows("codings"):
        codes = given.setdefault((row["coder"], row["unit"], row["variable"]), [])
        codes.append(row["code"])
        if len(codes) > 1 and (row["variable"] not in SEVERAL or NO_CODE in codes):
            yield row.wrong("code", f"no other code of {row['variable']} beside {codes[0]}")


def baseline_lies_before_the_article(context):
    """What the addressee had is dated before the article; a year or a month ends before it."""
    for row in context.rows("baseline"):
        if row["date"] >= context.published[: len(row["date"])]:
            yield row.wrong("date", f"a day before {context.published}")


def later_lies_after_the_article(context):
    """What became of a practice is dated after the article; a year or a month begins after it."""
    for row in context.rows("later"):
        if row["date"] <= context.published[: len(row["date"])]:
            yield row.wrong("date", f"a day after {context.published}")


def every_step_has_a_baseline(context):
    """Every step recommended has a row of baseline.csv, once that has any."""
    based = {row["measure"] for row in context.rows("baseline")}
    for row in context.rows("measures") if based else ():
        if row["measure"] not in based:
            yield row.wrong("measure", "a step with a row in baseline.csv")


def benefits_are_of_practices_of_their_section(context):
    """A benefit is asserted of practices that stand in its own sub-section."""
    for row in context.rows("benefits"):
        of = row["practices"].split(JOIN)
        places = {context.practices.get(practice, {}).get("section") for practice in of}
        if places != {row["section"]}:
            yield row.wrong("practices", f"practices of {row['section']}, joined with “{JOIN}”")


def knowledge_has_a_check_for_its_figures(context):
    """A row of knowledge.csv names a check where a source gives a figure, and nowhere else."""
    for row in context.rows("knowledge"):
        if (row["known"] == "figure") == (row["check"] in MISSING):
            yield row.wrong("check", "a check where known is figure, and none elsewhere")


def readings_are_there_where_they_are_due(context):
    """Every practice of a pioneer carries the readings that due.csv asks of its section."""
    roles = context.column("provinces", "province", "role")
    for row in context.rows("due"):
        for practice, about in context.practices.items():
            is_due = (
                about["section"] == row["section"] and roles.get(about["province"]) == "pioneer"
            )
            if is_due and not context.codes_of(practice, row["variable"]):
                expected = f"a code of {row['variable']} for every practice of a pioneer"
                yield row.wrong("section", f"{expected}; {practice} has none")
                break


def decisions_are_as_coded(context):
    """A decision on a unit says the codes that the unit carries."""
    for row in context.rows("decisions"):
        codes = context.codes_of(row["row"], row["variable"])
        if row["row"] in context.practices and codes != {*row["code"].split(JOIN)}:
            yield row.wrong("code", f"what {row['row']} carries under {row['variable']}")


def settled_codes_stand(context):
    """What was decided where codings disagreed is what the tables say.

    Of `question` that is what the text tells, as codings have it: no figure of a source.
    """
    links = {
        (row["measure"], row["practice"]): row["relation"] for row in context.rows("precedents")
    }
    for row in context.rows("settled"):
        if row["variable"] == "relation":
            codes = {links.get((*row["unit"].split(" "),), NO_CODE)}
        elif row["variable"] == "question":
            codes = context.told.get(row["unit"]) or {NO_CODE}
        else:
            codes = context.codes_of(row["unit"], row["variable"]) - {*MISSING} or {NO_CODE}
        if codes != {*row["code"].split(JOIN)}:
            yield row.wrong("code", f"what the tables say of {row['unit']}")


RULES = [
    ids_begin_with_their_jurisdiction,
    practices_stand_in_sub_sections,
    practices_not_in_place_have_a_note,
    periods_have_both_years_in_order,
    parts_are_of_a_practice_beside_them,
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
    symbols_are_drawn,
    checks_have_a_source_unless_none_was_found,
    sources_are_in_the_bibliography,
    checked_rows_name_one_row,
    checks_stand_where_their_rows_do,
    sub_sections_have_a_section,
    coded_units_are_rows,
    codings_have_codes_of_their_variable,
    coders_give_a_unit_one_code,
    sources_say_of_what_kind_they_are,
    baseline_lies_before_the_article,
    later_lies_after_the_article,
    every_step_has_a_baseline,
    benefits_are_of_practices_of_their_section,
    knowledge_has_a_check_for_its_figures,
    readings_are_there_where_they_are_due,
    decisions_are_as_coded,
    settled_codes_stand,
]
# What these find missing may stand in a table that cannot be read.
OF_ALL_TABLES = (
    codes_are_carried,
    examples_are_rows,
    examples_are_coded_so,
    checks_stand_where_their_rows_do,
    coded_units_are_rows,
    codings_have_codes_of_their_variable,
    every_step_has_a_baseline,
    benefits_are_of_practices_of_their_section,
    readings_are_there_where_they_are_due,
    decisions_are_as_coded,
    settled_codes_stand,
)


def house_rules(tables, bib, package):
    """The findings of all `RULES`; the arguments are those of a `Context`.

    Where a table is left out, those `OF_ALL_TABLES` wait.
    """
    context = Context(tables, bib, package)
    waiting = OF_ALL_TABLES if len(tables) < len(package["resources"]) else ()
    return [finding for rule in RULES if rule not in waiting for finding in rule(context)]


def wrong_links(entries):
    """Findings on the addresses of references.bib.

    Each leads to a page of the web, and none to a copy: that is no address of its publisher.
    """
    expected = "an address that begins with https:// or http://, without blanks and quotes"
    for key, entry in entries.items():
        url = re.sub(r"\\(?=[&%_#])", "", entry.fields.get("url", ""))
        if "url" in entry.fields and not link(url):
            yield Finding("references.bib", 0, f"url of {key}", url, expected)
        elif url and entry.fields.get("kind") == "copy":
            yield Finding("references.bib", 0, f"url of {key}", url, "no address: it is a copy")
