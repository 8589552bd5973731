"""The evidence in the words of the edition: a text beside each code, date and id.

Charts, tables and chapters show these texts. Nothing else puts words on rows.
"""

import re
from collections import Counter
from functools import cached_property

import pandas as pd

from casebook import addresses
from casebook.escape import link
from casebook.evidence.joins import Evidence
from casebook.evidence.schema import JOIN, NOT_MENTIONED, READ, bibliography
from casebook.study import DATA
from casebook.words import LANGUAGE, joined, label, missing_as, say

OF_EDITION = f"_{LANGUAGE}"  # ends the columns and the fields that are in the edition's language


def date_text(row, period, year):
    """When a practice is dated, by the patterns `period` and `year`.

    It is NOT_MENTIONED where the article does not say.
    """
    if pd.notna(row.period_start):
        return period.format(start=row.period_start, end=row.period_end)
    return year.format(year=row.year) if pd.notna(row.year) else NOT_MENTIONED


class EvidenceInWords(Evidence):
    """The evidence with the edition's texts.

    A table's columns in the edition's language stand under their bare names, too: `name` is
    `name_en` or `name_zh`.
    """

    def __getattr__(self, name):
        table = super().__getattr__(name)
        for column in [column for column in table if column.endswith(OF_EDITION)]:
            table[column.removesuffix(OF_EDITION)] = table[column]
        return table

    def code_name(self, variable, code):
        """A code's name; for a missing value its label."""
        return self._code_names.get((variable, code), missing_as(code))

    @cached_property
    def _code_names(self):
        return {(row.variable, row.code): row.name for row in self.codes.itertuples()}

    @cached_property
    def practice_names(self):
        """The name of each practice: {practice: name}."""
        return dict(zip(self.practices.practice, self.practices.name))

    @cached_property
    def recommendation_labels(self):
        """Number and short name of each recommendation's section, a Series by recommendation.

        Where a section has several, they have their own names.
        """
        rows = self.recommendations.set_index("recommendation")
        short = rows.section.map(self.sections.set_index("section").short)
        return rows.section + " " + (short if rows.section.is_unique else rows["name"])

    @cached_property
    def sources(self):
        """references.bib in plain text: {key: fields}.

        Adds to the fields of an entry: who (authors or publisher), short (last names), date, and
        url where there is one (a doi's, too). A field with a variant in the edition's language
        (`title_zh`) has that one's text.
        """
        READ.add(self.folder / "references.bib")
        return {key: _source(entry) for key, entry in bibliography(self.folder).items()}

    def register(self):
        """Every practice, one row each, in the article's order, with names for its codes.

        Adds to `Evidence.register`: province_name, section_name, short (of the section), kind_name,
        instrument_name, level_name, status_name, actors_name, dated (year or period as text, or
        NOT_MENTIONED), href (its permanent address) and verdicts (of its checks, in words).
        """
        return self._register_in_words.copy()

    @cached_property
    def _register_in_words(self):
        rows = super().register()
        places, sections = self.provinces.set_index("province"), self.sections.set_index("section")
        rows.insert(rows.columns.get_loc("type"), "province_name", rows.province.map(places.name))
        for column, texts in {"section_name": sections.name, "short": sections.short}.items():
            rows.insert(rows.columns.get_loc("chapter"), column, rows.section.map(texts))
        for variable in ("kind", "instrument", "level", "status"):
            rows[f"{variable}_name"] = [self.code_name(variable, code) for code in rows[variable]]
        rows["actors_name"] = [
            joined(self.code_name("actors", code) for code in codes.split(JOIN))
            for codes in rows.actors
        ]
        rows["dated"] = [
            date_text(row, label("period"), label("year")) for row in rows.itertuples()
        ]
        rows["href"] = rows.practice.map(addresses.of_row)
        rows["verdicts"] = [self._verdicts_in_words(practice) for practice in rows.practice]
        return rows

    def _verdicts_in_words(self, practice):
        counts = Counter(verdict for _, verdict in self.verdicts_of(practice=practice))
        words = [
            self.code_name("verdict", verdict) + (f" ×{n}" if n > 1 else "")
            for verdict, n in counts.items()
        ]
        return joined(words) or label("not_checked")

    def evidence_map(self):
        """`Evidence.evidence_map` with short (of the sub-section) and province_name."""
        grid = super().evidence_map()
        places, sections = self.provinces.set_index("province"), self.sections.set_index("section")
        grid.insert(1, "short", grid.section.map(sections.short))
        grid.insert(3, "province_name", grid.province.map(places.name))
        return grid

    def read_as(self, variable):
        """`Evidence.read_as` with code_name, reason and the columns of `register`."""
        rows = super().read_as(variable)
        names = [self.code_name(variable, code) for code in rows.code]
        rows.insert(rows.columns.get_loc("reason") + 1, "code_name", names)
        return rows

    def precedents_of(self):
        """`Evidence.precedents_of` with measure_name, relation_name and reason."""
        rows = super().precedents_of()
        rows.insert(1, "measure_name", rows.measure.map(self.measures.set_index("measure").name))
        names = [self.code_name("relation", code) for code in rows.relation]
        rows.insert(rows.columns.get_loc("reason") + 1, "relation_name", names)
        return rows


def _source(entry):
    """An entry of references.bib as its fields in plain text (`EvidenceInWords.sources`)."""
    fields = {name: re.sub(r"[{}]|\\(?=[&%_#])", "", value) for name, value in entry.fields.items()}
    fields |= {
        name.removesuffix(OF_EDITION): text
        for name, text in fields.items()
        if name.endswith(OF_EDITION)
    }
    authors = entry.persons.get("author", [])
    last_names = [" ".join(author.last_names) for author in authors]
    several = "others" in last_names or len(last_names) > 2
    doi = f"https://doi.org/{fields['doi']}" if "doi" in fields else ""
    url = link(fields.pop("url", doi))
    return {
        **({"url": url} if url else {}),
        **fields,
        "who": re.sub(r"[{}]", "", joined(authors, "semicolon") or fields.get("howpublished", "")),
        "short": say("{author} et al.", author=last_names[0])
        if several
        else joined(last_names, "both"),
        "date": fields.get("date") or fields.get("year", ""),
    }


def load(folder=DATA):
    """The evidence of `folder`, validated, typed and in words.

    Raises EvidenceError with every finding if it is not valid.
    """
    return EvidenceInWords(folder)
