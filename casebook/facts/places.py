"""What the page *places* says: a profile of each pioneer, when its practices began, and where."""

import pandas as pd

from casebook.evidence import NOT_MENTIONED
from casebook.facts import PLACES, Facts, single_values
from casebook.facts.index import of_pioneers

VARIABLES = ("element", "kind", "level")  # by which a profile is drawn


def profile_rows(ev):
    """The practices of pioneers by the code of each of VARIABLES: a row for each code.

    Columns: variable, code, and those of the register. The opening paragraph is left out.
    """
    rows = of_pioneers(ev)
    elements = ev.read_as("element")
    read = elements[elements.practice.isin(rows.practice)][["practice", "code"]]
    coded = {
        "element": rows.merge(read, on="practice"),
        **{variable: rows.assign(code=rows[variable]) for variable in VARIABLES[1:]},
    }
    return pd.concat(part.assign(variable=variable) for variable, part in coded.items())


def profile(ev, rows, province):
    """What the page says of one pioneer.

    named, looked_up and seen: how many the article names, somebody looked for, and a public source
    shows. planned: their ids. levels: the codes that occur. silent: the sub-sections that name
    nothing of it, by their short names. And how many serve each element of the formula, by its
    code. `rows` is `profile_rows`.
    """
    own = of_pioneers(ev)
    own = own[own.province == province]
    sections = ev.subsections()
    elements = rows[(rows.variable == "element") & (rows.province == province)].code.value_counts()
    codes = ev.codes.code[ev.codes.variable == "element"]
    return {
        "named": len(own),
        "looked_up": int(ev.looked_up(own).sum()),
        "seen": int(ev.seen(own).sum()),
        "planned": list(own.practice[own.status == "planned"]),
        "levels": list(own.level.unique()),
        "silent": list(sections.short[~sections.section.isin(own.section)]),
        **{code: elements.get(code, 0) for code in codes},
    }


def by_place(ev):
    """Every practice of a pioneer with what a reader compares: the register's rows, and seen_year.

    seen_year is the first year that a public source gives, missing where none does.
    """
    rows = of_pioneers(ev)
    return rows.assign(seen_year=ev.seen_year(rows))


def facts(ev):
    """What the page *places* says, as Facts.

    A profile for each of PLACES (`f.zhejiang.named`). Rows for the cells: `mix` (`profile_rows`),
    `rows` (`by_place`), `undated` of them, and `followed` (what became of practices, in the
    order of places).
    """
    mix, rows = profile_rows(ev), by_place(ev)
    dated = rows.dated != NOT_MENTIONED
    datable = dated | rows.seen_year.notna()
    followed = ev.later.merge(rows, on="practice").sort_values("place", kind="stable")
    return Facts(
        **single_values(ev),
        **{name: profile(ev, mix, province) for name, province in PLACES.items()},
        n_pioneers=len(ev.pioneers()),
        n=len(rows),
        n_dated=int(dated.sum()),
        n_datable=int(datable.sum()),
        n_later=followed.practice.nunique(),
        law=set(followed.practice[followed.change == "law"]),
        spread=set(followed.practice[followed.change == "spread"]),
        n_origins=len(ev.origins),
        mix=mix,
        rows=rows,
        undated=rows[~datable],
        followed=followed,
    )
