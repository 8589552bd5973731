"""The evidence as typed tables, and the joins of them: codes, dates and ids.

`wording` puts words on them.
"""

from collections import defaultdict
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pandas as pd

from casebook.evidence.clean import read_rows
from casebook.evidence.schema import JOIN, MISSING, READ, descriptor, printed_in, published_on
from casebook.evidence.valid import assure
from casebook.study import DATA

ROLES = ("pioneer", "target", "national")
HUES = 8  # colours of jurisdictions in theme.COLOURS, by place; with more pioneers they repeat


def _frame(path, fields):
    """A table as a DataFrame: numbers typed (missing as NA), text as it stands.

    `fields` are those of its schema.
    """
    header, records, _ = read_rows(path)
    frame = pd.DataFrame(records, columns=header, dtype="str")
    for field in fields:
        if dtype := {"integer": "Int64", "number": "Float64"}.get(field["type"]):
            cells = frame[field["name"]]
            frame[field["name"]] = pd.to_numeric(cells.where(~cells.isin(MISSING))).astype(dtype)
    return frame


class Evidence:
    """The tables as attributes, and the joins of them.

    datapackage.json names them: `practices`, `figures` and so on.
    """

    def __init__(self, folder=DATA):
        """The tables of `folder`. Raises EvidenceError with every finding if they are not valid."""
        assure(folder)
        self.folder = Path(folder)
        self.package = descriptor(folder)
        self._resources = {resource["name"]: resource for resource in self.package["resources"]}

    def __getattr__(self, name):
        """A table, read when it is first asked for.

        So `READ` has just the files that a chapter depends on.
        """
        resource = self.__dict__.get("_resources", {}).get(name)
        if resource is None:
            raise AttributeError(f"no table {name!r} is described in datapackage.json")
        path = self.folder / resource["path"]
        READ.add(path)
        table = self.__dict__[name] = _frame(path, resource["schema"]["fields"])
        return table

    @cached_property
    def digest(self):
        """The state of the evidence: a SHA-256 as hexadecimal digits.

        It covers every file of the data package and references.bib, by name.
        """
        tables = (resource["path"] for resource in self.package["resources"])
        whole = sha256()
        for name in sorted(["datapackage.json", "references.bib", *tables]):
            READ.add(self.folder / name)
            content = sha256((self.folder / name).read_bytes())
            whole.update(f"{name}\0{content.hexdigest()}\n".encode())
        return whole.hexdigest()

    @property
    def language(self):
        """The language of the article: the suffix of the columns that have its own words."""
        return printed_in(self.package)

    @property
    def published(self):
        """The day on which the article was published, as a pandas Timestamp."""
        return published_on(self.package)

    def symbol(self, variable, code):
        """The symbol that stands beside a code's name, or an empty string."""
        symbol = self._symbols.get((variable, code), "")
        return "" if symbol in MISSING else symbol

    @cached_property
    def _symbols(self):
        return {(row.variable, row.code): row.symbol for row in self.codes.itertuples()}

    @cached_property
    def jurisdictions(self):
        """The rows of provinces.csv in the order of charts and tables: pioneers, target, national.

        Adds: place (from 1, in that order) and hue (the name of the colour: a pioneer's by its
        place, one grey for the others).
        """
        rows = self.provinces.sort_values(
            "role", key=lambda role: role.map(ROLES.index), kind="stable"
        ).reset_index(drop=True)
        hue = [
            f"place-{at % HUES + 1}" if role == "pioneer" else "national"
            for at, role in enumerate(rows.role)
        ]
        return rows.assign(place=rows.index + 1, hue=hue)

    def pioneers(self):
        """The pioneers in the order of provinces.csv: the columns of `jurisdictions`."""
        return self.jurisdictions[self.jurisdictions.role == "pioneer"].reset_index(drop=True)

    def target(self):
        """Whom the article advises: a row of `jurisdictions`. IndexError if it advises nobody."""
        return self.jurisdictions[self.jurisdictions.role == "target"].iloc[0]

    def subsections(self):
        """The sub-sections of the themes, in the article's order.

        The opening is none of them, nor is a section of recommendations, nor what stands before a
        first sub-section (1.0) unless a practice stands there.
        """
        number = self.sections.section
        theme = number.str.partition(".")[0]
        divided = number.isin(set(number.str.rpartition(".")[0]))
        outside = theme.isin(
            {"0", *(section.partition(".")[0] for section in self.recommendations.section)}
        )
        lead_in = number.str.endswith(".0") & ~number.isin(self.practices.section)
        return self.sections[~divided & ~outside & ~lead_in].reset_index(drop=True)

    def register(self):
        """Every practice, one row each, in the article's order: the columns of practices.csv.

        Adds: type, role, place and hue (of `jurisdictions`) and chapter (of its section). What is
        part of a dated paper has its year.
        """
        rows = self.practices.merge(
            self.jurisdictions[["province", "type", "role", "place", "hue"]], on="province"
        )
        rows = rows.merge(self.sections[["section", "chapter"]], on="section")
        years = self.practices.set_index("practice").year
        rows["year"] = rows.year.fillna(rows.part_of.map(years))
        order = {section: place for place, section in enumerate(self.sections.section)}
        return rows.sort_values("section", key=lambda s: s.map(order), kind="stable").reset_index(
            drop=True
        )

    def evidence_map(self):
        """Practices named, by sub-section and pioneer.

        Columns: section, province, type, place, hue, n. An n of 0 means not mentioned.
        """
        grid = self.subsections()[["section"]].merge(
            self.pioneers()[["province", "type", "place", "hue"]], how="cross"
        )
        counts = self.practices.groupby(["section", "province"]).size().rename("n").reset_index()
        grid = grid.merge(counts, how="left", on=["section", "province"])
        return grid.assign(n=grid.n.fillna(0).astype(int))

    def read_as(self, variable):
        """The practices that this book reads under `variable`.

        Columns: practice, code, its reasons, and those of `register`.
        """
        rows = self.readings[self.readings.variable == variable].drop(columns="variable")
        return rows.merge(self.register(), on="practice")

    def alignments_of(self, *practices):
        """The rows of alignments of which both items stand in the lists of `practices`."""
        listed = self.items.item[self.items.practice.isin(practices)]
        return self.alignments[
            self.alignments.left.isin(listed) & self.alignments.right.isin(listed)
        ]

    def claims(self):
        """The rows of source_checks that check a coded row: claims of the article."""
        return self.source_checks[self.source_checks.check.isin(self.checked_rows.check)]

    def beside_claims(self):
        """The rows of source_checks that check no coded row: what a source says around it."""
        return self.source_checks[~self.source_checks.check.isin(self.checked_rows.check)]

    def checks_of(self, practice=None, figure=None):
        """The rows of source_checks that speak of a practice or of one figure, in their order.

        A practice's checks include those of its figures.
        """
        return self.source_checks.iloc[self._checks.get((practice, figure), [])]

    def verdicts_of(self, practice=None, figure=None):
        """The checks of `checks_of` as a list of (check, verdict).

        It is fast, for what asks about every practice in turn.
        """
        ids, verdicts = self._checked
        return [(ids[place], verdicts[place]) for place in self._checks.get((practice, figure), [])]

    @cached_property
    def _checked(self):
        return self.source_checks.check.tolist(), self.source_checks.verdict.tolist()

    @cached_property
    def _checks(self):
        """Where checks stand in source_checks: {(practice, None) or (None, figure): places}."""
        place = {check: i for i, check in enumerate(self.source_checks.check)}
        owner, checks = dict(zip(self.figures.figure, self.figures.practice)), defaultdict(set)
        for row in self.checked_rows.itertuples():
            for about in ((row.practice, None), (owner.get(row.figure), None), (None, row.figure)):
                checks[about].add(place[row.check])
        return {about: sorted(places) for about, places in checks.items()}

    def looked_up(self, rows):
        """Whether each practice of `rows` was looked for in public sources: a Series of bool."""
        checks = (bool(self.verdicts_of(practice=practice)) for practice in rows.practice)
        return pd.Series(list(checks), index=rows.index, dtype=bool)

    def seen(self, rows):
        """Whether a public source was seen for each practice of `rows`: a Series of bool.

        A check that found nothing is no source.
        """
        checks = (self.verdicts_of(practice=practice) for practice in rows.practice)
        found = [any(verdict != "not found" for _, verdict in pairs) for pairs in checks]
        return pd.Series(found, index=rows.index, dtype=bool)

    def seen_year(self, rows):
        """The first year that a public source gives for each practice of `rows`.

        A Series of Int64, missing where no source gives one.
        """
        years = self.checked_rows.groupby("practice").year.min()
        return rows.practice.map(years).astype("Int64")

    def known(self):
        """What is known of each practice of a pioneer, one row for each way of knowing.

        Columns: practice, question, known. The rows are those of knowledge.csv; besides, a benefit
        that the article asserts is an effect that is asserted. What has no row is silent.
        """
        of_benefits = self.benefits.practices.str.split(JOIN).explode().drop_duplicates()
        told = pd.DataFrame({"practice": of_benefits, "question": "effect", "known": "asserted"})
        pioneers = self.pioneers().province
        practices = self.practices[self.practices.province.isin(pioneers)].practice
        every = pd.concat([told, self.knowledge[list(told)]])
        return every[every.practice.isin(practices)].reset_index(drop=True)

    def precedents_of(self):
        """Every measure with each of its precedents, one row a pair.

        Columns: measure, recommendation, section_of_measure, those of precedents.csv, and those of
        `register`.
        """
        measures = self.measures[["measure", "recommendation", "section"]]
        rows = measures.rename(columns={"section": "section_of_measure"}).merge(
            self.precedents, on="measure"
        )
        return rows.merge(self.register(), on="practice")
