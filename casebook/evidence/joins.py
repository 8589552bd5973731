"""The evidence as chapters use it: typed tables, and the joins of them."""

import hashlib
import re
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path

import pandas as pd

from casebook.escape import fragment, link
from casebook.evidence.clean import read_rows
from casebook.evidence.schema import JOIN, MISSING, NOT_MENTIONED, READ, bibliography, descriptor, printed_in, published_on
from casebook.evidence.valid import assure
from casebook.study import DATA
from casebook.words import LANGUAGE, joined, label, missing_as, say

ROLES = ("pioneer", "target", "national")
HUES = 8  # colours of jurisdictions in theme.COLOURS, by place; with more pioneers they repeat


def _frame(folder, resource):
    """One table as a DataFrame: numbers typed (missing as NA), text as it stands, plus a column in the edition's
    language (`name`, `note`, …) for each that has one a language (`name_en`)."""
    header, records, _ = read_rows(folder / resource["path"])
    frame = pd.DataFrame(records, columns=header, dtype="str")
    for field in resource["schema"]["fields"]:
        if field["type"] in ("integer", "number"):
            numbers = pd.to_numeric(frame[field["name"]].where(~frame[field["name"]].isin(MISSING)))
            frame[field["name"]] = numbers.astype("Int64" if field["type"] == "integer" else "Float64")
    for column in [c for c in frame if c.endswith(f"_{LANGUAGE}")]:
        frame[column.rpartition("_")[0]] = frame[column]
    return frame


def dated(row, period, year):
    """When a practice is dated, by the patterns of a period and of a year; the missing label where the article does not say."""
    if pd.notna(row.period_start):
        return period.format(row.period_start, row.period_end)
    return year.format(row.year) if pd.notna(row.year) else NOT_MENTIONED


class Evidence:
    """The tables as attributes (`practices`, `figures`, …: see datapackage.json), and the joins of them."""

    def __init__(self, folder=DATA):
        """The tables of `folder`. Raises EvidenceError with every finding if they are not valid."""
        assure(folder)
        self.folder = Path(folder)
        self.package = descriptor(folder)
        self._resources = {resource["name"]: resource for resource in self.package["resources"]}

    def __getattr__(self, name):
        """A table, read when it is first asked for, so that `READ` has just the files that a chapter depends on."""
        resource = self.__dict__.get("_resources", {}).get(name)
        if resource is None:
            raise AttributeError(f"no table {name!r} is described in datapackage.json")
        READ.add(self.folder / resource["path"])
        table = self.__dict__[name] = _frame(self.folder, resource)
        return table

    @cached_property
    def digest(self):
        """The state of the evidence: SHA-256 over every file of the data package and references.bib, by name, as hexadecimal digits."""
        files = sorted(["datapackage.json", "references.bib", *(resource["path"] for resource in self.package["resources"])])
        whole = hashlib.sha256()
        for name in files:
            READ.add(self.folder / name)
            whole.update(f"{name}\0{hashlib.sha256((self.folder / name).read_bytes()).hexdigest()}\n".encode())
        return whole.hexdigest()

    @property
    def language(self):
        """The language of the article: the suffix of the columns that have its own words."""
        return printed_in(self.package)

    @property
    def published(self):
        """The day on which the article was published, as a pandas Timestamp."""
        return published_on(self.package)

    def code_name(self, variable, code):
        """A code's name in the edition's language; a missing value's label stands for itself, in that language too."""
        return self._code_names.get((variable, code), missing_as(code))

    @cached_property
    def _code_names(self):
        return {(row.variable, row.code): row.name for row in self.codes.itertuples()}

    @cached_property
    def practice_names(self):
        """The name of each practice in the edition's language: {practice: name}."""
        return dict(zip(self.practices.practice, self.practices.name))

    @cached_property
    def sources(self):
        """references.bib as {key: fields}: title, who (author or publisher), short (last names) and date as plain text, url where
        there is one (a doi's too). A field that has a variant in the edition's language (`title_zh`) has that one's text."""
        READ.add(self.folder / "references.bib")
        found, own = {}, f"_{LANGUAGE}"
        for key, entry in bibliography(self.folder).items():
            fields = {name: re.sub(r"[{}]|\\(?=[&%_#])", "", value) for name, value in entry.fields.items()}
            fields |= {name.removesuffix(own): text for name, text in fields.items() if name.endswith(own)}
            who = joined(entry.persons.get("author", []), "semicolon") or fields.get("howpublished", "")
            last = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
            several = "others" in last or len(last) > 2
            short = say("{author} et al.", author=last[0]) if several else joined(last, "both")
            url = link(f"https://doi.org/{fields['doi']}" if "doi" in fields and "url" not in fields else fields.pop("url", ""))
            date = fields.get("date") or fields.get("year", "")
            found[key] = {
                **({"url": url} if url else {}),
                **fields,
                "who": re.sub(r"[{}]", "", who),
                "short": short,
                "date": date,
            }
        return found

    def symbol(self, variable, code):
        """The symbol that stands beside a code's name, or an empty string."""
        found = self._symbols.get((variable, code), "")
        return "" if found in MISSING else found

    @cached_property
    def _symbols(self):
        return {(row.variable, row.code): row.symbol for row in self.codes.itertuples()}

    @cached_property
    def jurisdictions(self):
        """The rows of provinces.csv in the order in which charts and tables show them: pioneers, target, national body.

        Adds: place (from 1, in that order) and hue (the name of the colour: a pioneer's by its place, one grey for the others).
        """
        rows = self.provinces.sort_values("role", key=lambda role: role.map(ROLES.index), kind="stable").reset_index(drop=True)
        hue = [f"place-{at % HUES + 1}" if role == "pioneer" else "national" for at, role in enumerate(rows.role)]
        return rows.assign(place=rows.index + 1, hue=hue)

    def pioneers(self):
        """The pioneers in the order of provinces.csv: the columns of `jurisdictions`."""
        return self.jurisdictions[self.jurisdictions.role == "pioneer"].reset_index(drop=True)

    def subsections(self):
        """The sub-sections of the themes, in the article's order: not the opening, and nothing beside a recommendation."""
        number = self.sections.section
        theme = number.str.partition(".")[0]
        divided = number.isin(set(number.str.rpartition(".")[0]))
        outside = theme.isin({"0", *(section.partition(".")[0] for section in self.recommendations.section)})
        return self.sections[~divided & ~outside].reset_index(drop=True)

    def register(self):
        """Every practice, one row each, in the article's order, with names for its codes.

        Adds: province_name, type, role, place and hue (of `jurisdictions`), section_name, chapter, kind_name, instrument_name, level_name, status_name,
        actors_name, dated (year or period as text, or the missing label), href (its permanent address) and verdicts
        (of its checks, as symbols and words).
        """
        return self._register.copy()

    @cached_property
    def _register(self):
        of_place = self.jurisdictions[["province", "name", "type", "role", "place", "hue"]].rename(
            columns={"name": "province_name"}
        )
        rows = self.practices.merge(of_place, on="province")
        order = {section: i for i, section in enumerate(self.sections.section)}
        rows = rows.merge(
            self.sections[["section", "name", "short", "chapter"]].rename(columns={"name": "section_name"}), on="section"
        )
        rows = rows.sort_values("section", key=lambda s: s.map(order), kind="stable").reset_index(drop=True)
        for variable in ("kind", "instrument", "level", "status"):
            rows[f"{variable}_name"] = [self.code_name(variable, code) for code in rows[variable]]
        rows["actors_name"] = [joined(self.code_name("actors", a) for a in actors.split(JOIN)) for actors in rows.actors]
        rows["dated"] = [dated(row, label("period"), label("year")) for row in rows.itertuples()]
        rows["href"] = "evidence.html#" + rows.practice.map(fragment)
        rows["verdicts"] = [self._verdicts_in_words(practice) for practice in rows.practice]
        return rows

    def _verdicts_in_words(self, practice):
        found = Counter(verdict for _, verdict in self.verdicts_of(practice=practice))
        words = [
            f"{self.symbol('verdict', v)} {self.code_name('verdict', v)}" + (f" ×{n}" if n > 1 else "") for v, n in found.items()
        ]
        return joined(words) or label("not_checked")

    def evidence_map(self):
        """Practices named, by sub-section and pioneer: section, short, province, province_name, type, place, hue, n
        (0 = not mentioned)."""
        places = self.pioneers()[["province", "name", "type", "place", "hue"]]
        grid = self.subsections()[["section", "short"]].merge(places, how="cross")
        counts = self.practices.groupby(["section", "province"]).size().rename("n").reset_index()
        grid = grid.merge(counts, how="left", on=["section", "province"]).rename(columns={"name": "province_name"})
        return grid.assign(n=grid.n.fillna(0).astype(int))

    def read_as(self, variable):
        """The practices that this book reads under `variable`: the register's columns plus code, code_name, reason."""
        rows = self.readings.query("variable == @variable")[["practice", "code", "reason"]]
        rows = rows.assign(code_name=[self.code_name(variable, code) for code in rows.code])
        return rows.merge(self.register(), on="practice")

    def alignments_of(self, *practices):
        """The pairs of listed items that this book reads together, of which both stand in the lists of `practices`: rows of
        alignments."""
        listed = self.items.item[self.items.practice.isin(practices)]
        return self.alignments[self.alignments.left.isin(listed) & self.alignments.right.isin(listed)]

    def checks_of(self, practice=None, figure=None):
        """The checks that speak of a practice (or of one figure): rows of source_checks, in their order.

        A practice's checks include those of its figures.
        """
        return self.source_checks.iloc[self._checks.get((practice, figure), [])]

    def verdicts_of(self, practice=None, figure=None):
        """The same checks as a list of (check, verdict): for what asks about every practice in turn."""
        ids, verdicts = self._checked
        return [(ids[place], verdicts[place]) for place in self._checks.get((practice, figure), [])]

    @cached_property
    def _checked(self):
        return self.source_checks.check.tolist(), self.source_checks.verdict.tolist()

    @cached_property
    def _checks(self):
        """Where in source_checks the checks stand: {(practice, None) or (None, figure): places in order}, grouped once for all."""
        place = {check: i for i, check in enumerate(self.source_checks.check)}
        owner, found = dict(zip(self.figures.figure, self.figures.practice)), defaultdict(set)
        for row in self.checked_rows.itertuples():
            for about in ((row.practice, None), (owner.get(row.figure), None), (None, row.figure)):
                found[about].add(place[row.check])
        return {about: sorted(places) for about, places in found.items()}

    def checked_years(self, rows):
        """The years that public sources give for the practices of `rows`: practice, checked_year, one row a check that has one."""
        seen = self.checked_rows[self.checked_rows.year.notna() & self.checked_rows.practice.isin(rows.practice)]
        return seen.rename(columns={"year": "checked_year"})[["practice", "checked_year"]]

    def precedents_of(self):
        """Every measure with each of its precedents, one row a pair; measures without one have none.

        Columns: measure, measure_name, recommendation, section_of_measure, relation, relation_name, reason, and the register's.
        """
        measures = self.measures.rename(columns={"name": "measure_name", "section": "section_of_measure"})
        rows = measures[["measure", "measure_name", "recommendation", "section_of_measure"]].merge(
            self.precedents[["measure", "practice", "relation", "reason"]], on="measure"
        )
        rows["relation_name"] = [self.code_name("relation", code) for code in rows.relation]
        return rows.merge(self.register(), on="practice")


def load(folder=DATA):
    """The evidence, typed and validated. Raises EvidenceError, with file, row, column, value and what was expected."""
    return Evidence(folder)
