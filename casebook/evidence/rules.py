"""House rules: what holds between the columns of the tables, and no table schema can say."""

import re
import unicodedata

from casebook.escape import link
from casebook.evidence.findings import Finding
from casebook.evidence.schema import JOIN, MISSING, languages, printed_in
from casebook.words import SOURCE

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


def _used_codes(tables):
    """Every code that a row carries: {(variable, code): (table, line, column, cell) of the first such row}."""
    used = {("missing", text): ("codes", 0, "", text) for text in MISSING}
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=2):
            cells = [(variable, column) for column, variable in CODED.get(table, {}).items()]
            if table in ("readings", "assessments"):
                cells.append((row["variable"], "code"))
            for variable, column in cells:
                for code in set(row[column].split(JOIN)) - set(MISSING):
                    used.setdefault((variable, code), (table, number, column, row[column]))
    return used


def house_rules(tables, bib, package):
    """Findings on rules between columns. `tables` maps a name to a list of dicts of text, `bib` is the set of keys of
    references.bib, or None where that cannot be read, `package` the descriptor, which says in which languages the texts are."""
    printed_name, own = f"name_{printed_in(package)}", languages(package)

    def wrong(table, number, column, row, expected):
        return Finding(f"{table}.csv", number, column, row.get(column, ""), expected)

    def rows(table):
        return enumerate(tables.get(table, ()), start=2)

    practices = {row["practice"]: row for row in tables.get("practices", ())}
    provinces = {row["province"] for row in tables.get("provinces", ())}
    chapters = {row["section"]: row["chapter"] for row in tables.get("sections", ())}
    divided = {section.rpartition(".")[0] for section in chapters}
    for number, row in rows("practices"):
        prefix = row["province"].rpartition("-")[2].lower() + "-"
        if row["province"] in provinces and not row["practice"].startswith(prefix):
            yield wrong("practices", number, "practice", row, f"an id that begins with {prefix} for {row['province']}")
        if row["section"] in divided:
            yield wrong("practices", number, "section", row, "a sub-section, or 0 for the opening paragraph")
        if row["status"] != "in_place" and row["note_en"] in MISSING:
            yield wrong("practices", number, "note_en", row, f"a note, because the status is {row['status']}")
        if (row["period_start"] in MISSING) != (row["period_end"] in MISSING) or row["period_start"] > row["period_end"]:
            yield wrong(
                "practices", number, "period_end", row, f"a period with both years in order (start {row['period_start']})"
            )
        for pair in ("note", "exception"):
            for other in own:
                if (row[f"{pair}_{SOURCE}"] in MISSING) != (row[f"{pair}_{other}"] in MISSING):
                    yield wrong("practices", number, f"{pair}_{other}", row, "every language or none")
        printed = set(re.findall(r"\d+", unicodedata.normalize("NFKC", row[printed_name] + row["evidence"])))
        for digits in re.findall(r"(?<!\d)\d+(?!\d|st|nd|rd|th)", row["name_en"]):
            if digits not in printed:
                yield wrong("practices", number, "name_en", row, f"numbers that {printed_name} or evidence prints, not {digits}")
    order = {section: place for place, section in enumerate(chapters)}
    for table in tables if chapters else ():
        before = 0
        for number, row in rows(table) if "section" in next(iter(tables[table]), {}) else ():
            place = order.get(row["section"], before)
            if place < before:
                yield wrong(
                    table, number, "section", row, "the rows in the order of sections.csv (is a row moved, or its section?)"
                )
            before = max(before, place)
    for table, claim in CLAIMS.items():
        claims = {}
        for number, row in rows(table):
            key = next(iter(row))  # a table's first column is its id
            first = claims.setdefault(tuple(row[column] for column in claim), row[key])
            if first != row[key]:
                yield wrong(table, number, claim[-1], row, f"{claim[-1]} that no other row claims (this is {first}’s)")
    for table in ("practices", "figures", "items", "premises", "recommendations", "measures"):
        for number, row in rows(table):
            if row["locator"] not in MISSING and row["evidence"].count(JOIN) != row["locator"].count(JOIN):
                yield wrong(table, number, "locator", row, "as many places as there are pieces of evidence")
    for number, row in rows("figures"):
        owner = practices.get(row["practice"])
        if owner and (owner["province"], owner["section"]) != (row["province"], row["section"]):
            yield wrong("figures", number, "practice", row, f"a practice of {row['province']} in {row['section']}")
    seen = {}
    for number, row in rows("items"):
        seen[row["practice"]] = seen.get(row["practice"], 0) + 1
        if row["position"] != str(seen[row["practice"]]):
            yield wrong(
                "items", number, "position", row, f"{seen[row['practice']]}, the next place in the list of {row['practice']}"
            )
    steps = {row["recommendation"]: row["section"] for row in tables.get("recommendations", ())}
    for number, row in rows("measures"):
        if steps.get(row["recommendation"], row["section"]) != row["section"]:
            yield wrong("measures", number, "section", row, f"{steps[row['recommendation']]}, the section of its recommendation")
    read = {}
    for _, row in rows("readings"):
        read.setdefault((row["practice"], row["variable"]), set()).add(row["code"])
    used = _used_codes(tables)
    known = {(row["variable"], row["code"]) for row in tables.get("codes", ())}
    for variable, code in sorted(used.keys() - known) if known else ():
        table, number, column, value = used[variable, code]
        yield Finding(f"{table}.csv", number, column, value, f"codes that codes.csv explains; it has no {variable}, {code}")
    ids = {next(iter(row.values())) for table in tables if table != "codes" for row in tables[table]}
    for number, row in rows("codes"):
        carried = used.get((row["variable"], row["code"]))
        if not carried and row["example"] in MISSING:
            continue  # the codebook goes before the rows: none carries it yet
        if not carried:
            yield wrong("codes", number, "code", row, f"a code of {row['variable']} that some row carries")
        if row["example"] not in ids:
            first = next(iter(tables[carried[0]][carried[1] - 2].values())) if carried and carried[1] else ""
            yield wrong(
                "codes", number, "example", row, "the id of a row" + (f" that carries it, such as {first}" if first else "")
            )
        elif row["example"] in practices and row["variable"] not in ("missing", "relation"):
            coded = set(practices[row["example"]].get(row["variable"], "").split(JOIN))
            if row["code"] not in coded | read.get((row["example"], row["variable"]), set()):
                yield wrong("codes", number, "example", row, f"a row that is coded {row['code']}")
        for practice in sorted(set(re.findall(r"[\w-]+", row["near_miss_en"])) & practices.keys()):
            coded = set(practices[practice].get(row["variable"], "").split(JOIN))
            if row["code"] in coded | read.get((practice, row["variable"]), set()):
                yield wrong("codes", number, "near_miss_en", row, f"a near miss; {practice} itself is coded {row['code']}")
    levels = {row["level"] for row in tables.get("scales", ()) if row["criterion"] == "legal_footing"}
    for number, row in rows("codes") if levels else ():
        if row["variable"] == "kind" and row["code"] not in levels:
            yield wrong("codes", number, "code", row, "a kind that has a level of legal_footing in scales.csv")
    for number, row in rows("source_checks"):
        if (row["verdict"] == "not found") != (row["source"] in MISSING):
            yield wrong("source_checks", number, "source", row, "a source, unless the verdict is “not found”, which has none")
        if row["source"] not in MISSING and bib is not None and row["source"] not in bib:
            yield wrong("source_checks", number, "source", row, "a key of references.bib")
    figures, linked = {row["figure"]: row for row in tables.get("figures", ())}, {}
    for number, row in rows("checked_rows"):
        if (row["practice"] in MISSING) == (row["figure"] in MISSING):
            yield wrong("checked_rows", number, "practice", row, "either a practice or a figure")
        if about := practices.get(row["practice"]) or figures.get(row["figure"]):
            linked.setdefault(row["check"], []).append((about["province"], about["section"]))
    for number, row in rows("source_checks"):
        for column, index in (("province", 0), ("section", 1)):
            known_of = sorted({about[index] for about in linked.get(row["check"], ())})
            if known_of and row[column] not in known_of:
                yield wrong("source_checks", number, column, row, f"{' or '.join(known_of)}, as its rows in checked_rows.csv say")
    for number, row in rows("context"):
        if bib is not None and row["source"] not in bib:
            yield wrong("context", number, "source", row, "a key of references.bib")
    for number, row in rows("sections"):
        parent = row["section"].rpartition(".")[0]
        if parent not in {"", *chapters}:
            yield wrong("sections", number, "section", row, f"a sub-section of a section; there is no {parent}")
        elif parent and chapters[parent] != row["chapter"]:
            yield wrong("sections", number, "chapter", row, "the chapter of its section")


def links(entries):
    """Findings on the addresses of references.bib: each must lead to a page of the web."""
    urls = {key: re.sub(r"\\(?=[&%_#])", "", entry.fields["url"]) for key, entry in entries.items() if "url" in entry.fields}
    expected = "an address that begins with https:// or http://, without blanks and quotes"
    return [Finding("references.bib", 0, f"url of {key}", url, expected) for key, url in urls.items() if not link(url)]
