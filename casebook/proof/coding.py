"""A coding by a person: the sheets to fill in, and what is read back from them.

There are two CSV files. One has a row for each practice and a column for each variable. The other,
`…-relation.csv`, has a row for each step and a column for each relation, in which the precedents
are listed. The second line of both says whose sheet it is, by which codebook, and what may stand in
each column. Neither shows a code that the book or another coder gave.
"""

import argparse
import csv
import datetime
import hashlib
import io
import re
import shutil
import tempfile
from pathlib import Path

from casebook.command import Problem
from casebook.evidence import JOIN, NOT_APPLICABLE, Evidence, EvidenceError, Finding
from casebook.evidence.agreement import OWN, coding_of
from casebook.evidence.clean import unclean
from casebook.evidence.rules import CODED, NO_CODE, SEVERAL
from casebook.evidence.schema import languages
from casebook.evidence.valid import assure
from casebook.study import DATA, put
from casebook.words import SOURCE, editions, say

MARK = "coder {}, rules {}"  # in the first cell of the second line
SHOWN = ["section", "name", "evidence"]  # of each row, for the eye alone
TODAY = f"{datetime.date.today()}"
LISTED = f"ids of practices, joined with “{JOIN}”, or {NO_CODE}"


def variables_of(ev):
    """The variables that a coder gives to practices: {variable: its codes}, in codes.csv's order.

    They are those of practices.csv and of readings.csv.
    """
    coded = {*CODED["practices"].values(), *ev.readings.variable}
    codes = ev.codes[ev.codes.variable.isin(coded)].groupby("variable", sort=False).code
    return {name: [*of] for name, of in codes}


def relations_of(ev):
    """The codes of relation, in the order of codes.csv."""
    return list(ev.codes.code[ev.codes.variable == "relation"])


def codebook_version(folder=DATA):
    """The first 7 digits of the SHA-256 of codes.csv."""
    return hashlib.sha256((Path(folder) / "codes.csv").read_bytes()).hexdigest()[:7]


def of_relation(path):
    """The file of relations that belongs to the sheet `path`."""
    return path.with_stem(f"{path.stem}-relation")


def assure_new(ev, coder):
    """Raise Problem unless `coder` can be the id of another coder."""
    ids = r"[a-z0-9]+(-[a-z0-9]+)*"
    if not re.fullmatch(ids, coder) or re.fullmatch(OWN, coder) or coder in {*ev.coders.coder}:
        own = "not “book”, nor one of coders.csv"
        raise Problem(f"{coder}: expected a name in small letters, digits and hyphens, {own}")


def write_sheets(path, coder, rules=None, folder=DATA):
    """Write the two empty sheets of a coder: UTF-8 with the mark by which Excel knows it.

    Raises Problem if one of them is there already: it may be filled in.
    """
    ev = Evidence(folder)
    assure_new(ev, coder)
    for there in filter(Path.exists, (path, of_relation(path))):
        raise Problem(f"{there}: is there already; take another name, or take it away")
    mark = MARK.format(coder, rules or codebook_version(folder))
    may = {name: JOIN.join([*codes, NO_CODE]) for name, codes in variables_of(ev).items()}
    relations = dict.fromkeys(relations_of(ev), LISTED)
    for file, key, rows, hints in (
        (path, "practice", ev.register(), may | {"comment": ""}),
        (of_relation(path), "measure", ev.measures, relations),
    ):
        shown = rows[[key, "section", f"name_{ev.language}", "evidence"]].to_numpy().tolist()
        text = io.StringIO()
        csv.writer(text).writerows(
            [
                [key, *SHOWN, *hints],
                [mark, *[""] * len(SHOWN), *hints.values()],
                *(row + [""] * len(hints) for row in shown),
            ]
        )
        put(file, text.getvalue().encode("utf-8-sig"))


def lines_of(path):
    """A CSV as lists of cells without blanks around them, whichever mark parts them.

    Raises Problem if it is not in UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(f"{path}: not in UTF-8 – save it as “CSV UTF-8”") from None
    parting = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=parting)
    return [[cell.strip() for cell in line] for line in lines]


class Sheet:
    """A filled sheet: `rows` {id: (line, {column: cell})}, `rules`, and the `findings` on it."""

    def __init__(self, path, coder, ids, columns):
        """`columns` are to be filled in; the first column has one of `ids`, each once."""
        self.name, self.rows, self.findings = path.name, {}, []
        header, (mark, *_), *records = [line or [""] for line in [*lines_of(path), [], []]]
        for column in {*columns, *header} - {header[0], *SHOWN, ""}:
            if column not in header or column not in columns:
                self.wrong(1, column, ",".join(header), "a first line as the sheet had it")
        said = re.fullmatch(MARK.format("(.+)", "(.+)"), mark)
        self.rules = said[2] if said else ""
        if not said or said[1] != coder:
            self.wrong(2, header[0], mark, MARK.format(coder, "…"))
        for line, record in enumerate(records, start=3):
            if any(record) and (record[0] not in ids or record[0] in self.rows):
                self.wrong(line, header[0], record[0], f"the id of a {header[0]}, on one row alone")
            elif any(record):
                cells = dict(zip(header, record))
                self.rows[record[0]] = line, {name: cells.get(name, "") for name in columns}

    def wrong(self, line, column, value, expected):
        """Note what is wrong with a cell."""
        self.findings.append(Finding(self.name, line, column, value, expected))

    def filled(self, columns):
        """Those of the columns that have a cell filled in."""
        return [name for name in columns if any(cells[name] for _, cells in self.rows.values())]

    def listed(self, line, column, cell, known, expected, several=True):
        """What a cell lists: of the `known`, each once, or `none` alone.

        If it does not, that is noted and nothing given.
        """
        parts = [part.strip() for part in cell.split(JOIN.strip())]
        once = len({*parts}) == len(parts) and (
            len(parts) == 1 or (several and NO_CODE not in parts)
        )
        if once and {*parts} <= {*known, NO_CODE}:
            return parts
        self.wrong(line, column, cell, expected)
        return []


def codes_of(sheet, variables):
    """The codings of practices in a sheet: (unit, variable, code, comment).

    A column is filled in on every row or on none. A row's comment goes with its first code.
    """
    filled = sheet.filled(variables)
    for unit, (line, cells) in sheet.rows.items():
        comment = cells["comment"] or NOT_APPLICABLE
        if expected := unclean("comment", comment):
            sheet.wrong(line, "comment", comment, expected)
        for name in filled:
            expected, several = f"one of {', '.join([*variables[name], NO_CODE])}", name in SEVERAL
            if several:
                expected += f", or several joined with “{JOIN}”"
            codes = variables[name]
            for code in sheet.listed(line, name, cells[name], codes, expected, several):
                yield unit, name, code, comment
                comment = NOT_APPLICABLE


def links_of(sheet, relations, practices, measures):
    """The codings of relation in a sheet: (unit, variable, code, comment).

    Each step has its row, and one without a precedent the word `none`.
    """
    filled = sheet.filled(relations)
    for measure in measures if filled else ():
        line, cells = sheet.rows.get(measure, (0, {}))
        lists = [
            (code, practice)
            for code, cell in cells.items()
            for practice in (sheet.listed(line, code, cell, practices, LISTED) if cell else ())
        ]
        if not any(cells.values()):
            sheet.wrong(line, filled[0], "", f"for {measure}: {LISTED}")
        others = [practice for _, practice in lists]
        for at, (code, practice) in enumerate(lists):
            if practice in others[:at] or (practice == NO_CODE and len(others) > 1):
                sheet.wrong(line, code, practice, "a practice in one column alone, or none alone")
            elif practice != NO_CODE:
                yield f"{measure} {practice}", "relation", code, NOT_APPLICABLE


def read_sheets(path, coder, folder=DATA):
    """Read a coder's sheets into coders.csv and codings.csv. Gives the number of codes.

    Raises Problem with everything that is wrong; then nothing is written.
    """
    ev = Evidence(folder)
    assure_new(ev, coder)
    variables, relations = variables_of(ev), relations_of(ev)
    practices, measures = [*ev.practices.practice], [*ev.measures.measure]
    sheets = [Sheet(path, coder, practices, [*variables, "comment"])]
    rows = [*codes_of(sheets[0], variables)]
    if of_relation(path).exists():
        sheets.append(Sheet(of_relation(path), coder, measures, relations))
        rows += links_of(sheets[1], relations, practices, measures)
    if len({sheet.rules for sheet in sheets}) > 1:
        sheets[1].wrong(2, "", sheets[1].rules, f"rules {sheets[0].rules}, as in {path.name}")
    if not rows:
        sheets[0].wrong(0, "", "no code", "at least one column that is filled in")
    refuse([finding for sheet in sheets for finding in sheet.findings])
    keep(ev, {"coder": coder, "kind": "person", "rules": sheets[0].rules}, rows)
    return len(rows)


def keep_own(coder, rules=None, folder=DATA):
    """Keep the codes that data/ has today as a coding of the book's own. Gives their number.

    The other cells of its row are those of the last one. Raises Problem if the tables would not be
    valid.
    """
    ev = Evidence(folder)
    last = ev.coders[ev.coders.coder.str.fullmatch(OWN)].tail(1).to_dict("records")
    about = {"kind": "person", **dict(*last), "date": TODAY, "retired": NOT_APPLICABLE}
    rows = coding_of(ev).to_numpy().tolist()
    keep(ev, {**about, "coder": coder, "rules": rules or codebook_version(folder)}, rows)
    return len(rows)


def keep(ev, about, rows):
    """Put the cells `about` a coder, and what was coded, at the end of their tables.

    Raises Problem with all findings if the tables would not be valid; then nothing is written.
    """
    row = {"date": TODAY, "retired": NOT_APPLICABLE}
    for language in languages(ev.package):
        known = language if language in editions() else SOURCE
        row[f"name_{language}"] = say("Coder {coder}", known, coder=about["coder"])
        row[f"saw_{language}"] = say("The article, the list of units and the codebook", known)
    coded = [dict(zip(ev.codings, (about["coder"], *cells))) for cells in rows]
    new = {"coders.csv": (ev.coders, [row | about]), "codings.csv": (ev.codings, coded)}
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(ev.folder, copy, dirs_exist_ok=True)
        for name, (table, lines) in new.items():
            with (Path(copy) / name).open("a", encoding="utf-8", newline="") as file:
                csv.DictWriter(file, list(table), lineterminator="\n").writerows(lines)
        try:
            assure(copy)
        except EvidenceError as error:
            refuse(error.findings)
        for name in new:
            put(ev.folder / name, (Path(copy) / name).read_bytes())


def refuse(findings):
    """Raise Problem with all findings, if there are any."""
    if findings:
        lines = [
            f"{len(findings)} finding(s), and nothing is written:",
            *map(str, sorted(findings)),
        ]
        raise Problem("\n  ".join(lines))


def main(arguments):
    """Write sheets, read them, or keep the book's own codes. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="casebook coding", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sheet = commands.add_parser("sheet", help="write empty sheets for a coder")
    sheet.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    read = commands.add_parser("read", help="read filled sheets into coders.csv and codings.csv")
    read.add_argument("file", type=Path, metavar="FILE.csv")
    own = commands.add_parser("own", help="keep the codes of data/ as they are, as a coding")
    for command in (sheet, read, own):
        command.add_argument("--coder", required=True, help="a short name: ann")
    for command in (sheet, own):
        text = "a name for the codebook (default: the first digits of its SHA-256)"
        command.add_argument("--rules", help=text)
    options = parser.parse_args(arguments)
    if options.command == "sheet":
        write_sheets(options.out, options.coder, options.rules)
        print(f"{options.out} and {of_relation(options.out)}")
        return 0
    if options.command == "read":
        n = read_sheets(options.file, options.coder)
    else:
        n = keep_own(options.coder, options.rules)
    print(f"{n} codes by {options.coder}. The row in data/coders.csv can be worded otherwise.")
    return 0
