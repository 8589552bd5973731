"""What the chapters say, computed: a module a chapter, with a function that gives its `Facts`."""

from types import SimpleNamespace

import pandas as pd

from casebook.words import joined, number, when

PLACES = {"beijing": "CN-BJ", "shanghai": "CN-SH", "guangdong": "CN-GD", "zhejiang": "CN-ZJ"}


class Number(int):
    """A count that shows as the edition writes it: 863000 as “863,000”, in Chinese as “86.3万”."""

    def __repr__(self):
        return number(int(self))

    def __format__(self, how):
        return format(int(self), how) if how else repr(self)

    __str__ = __repr__


class Facts(SimpleNamespace):
    """What a chapter says, by name. Prose cites a fact of `f` as `` {eval}`f.name` ``.

    A whole number shows as the edition writes it. A list of names shows as a list of its language,
    “Beijing, Shanghai and Guangdong”. Everything else shows as it is.
    """

    def __init__(self, **facts):
        super().__init__()
        self.add(**facts)

    def add(self, **facts):
        """Add facts, or facts about a part: a dict becomes Facts of its own."""
        for name, value in facts.items():
            if isinstance(value, dict):
                value = Facts(**value)
            elif isinstance(value, list):
                value = Names(value)
            elif hasattr(value, "__index__") and not isinstance(value, bool):
                value = Number(value)
            setattr(self, name, value)

    def __getattr__(self, name):
        raise AttributeError(
            f"there is no fact {name!r}; there are {', '.join(sorted(vars(self)))}"
        )

    def __repr__(self):
        citable = (
            (name, value) for name, value in vars(self).items() if isinstance(value, CITABLE)
        )
        return "\n".join(line for name, value in citable for line in _lines(name, value))


class ByRow(Facts):
    """Facts by the ids of rows, which are too many to show one by one."""

    def __repr__(self):
        return "by the id of a row"


def counts_of(ev):
    """What the method page of any study counts, as {name: value}."""
    checked = sum(bool(len(ev.checks_of(practice=practice))) for practice in ev.practices.practice)
    return {
        "n": len(ev.practices),
        "n_figures": len(ev.figures),
        "n_items": len(ev.items),
        "n_checks": len(ev.claims()),
        "n_checked": checked,
        "n_codes": len(ev.codes),
        "n_variables": ev.codes.variable.nunique(),
        "n_tables": len(ev.package["resources"]),
        "version": ev.package["version"],
        "digest": ev.digest[:16],  # enough to tell two states of the data apart
    }


def single_values(ev):
    """What prose of any page cites of single rows, by their ids with “_” for “-”.

    figure: what the article states ({bj_28_indicators: 28}). year: of each practice, as text, the
    article's (a period's first), else the first that a source gives. said: what the finding of a
    check states, by quantity ({one_stop_results: {settled: 99.2}}); a date is in words. had and
    later: the dates of baseline.csv and later.csv, in words ({power_list: “11 November 2014”}).
    """
    register = ev.register()
    own = register.period_start.fillna(register.year).fillna(ev.seen_year(register))
    own = own.set_axis(register.practice).dropna()
    said = {}
    for row in ev.source_values.itertuples():
        value = when(row.date) if pd.isna(row.number) else _number(row.number)
        said.setdefault(_identifier(row.check, "check"), {})[row.quantity] = value
    had, later = ev.baseline.itertuples(), ev.later.itertuples()
    values = {
        "figure": {_identifier(row.figure): _number(row.value) for row in ev.figures.itertuples()},
        "year": {_identifier(practice): f"{year:.0f}" for practice, year in own.items()},
        "said": said,
        "had": {_identifier(row.baseline, "base"): when(row.date) for row in had},
        "later": {_identifier(row.later, "later"): when(row.date) for row in later},
    }
    return {name: ByRow(**of_rows) for name, of_rows in values.items()}


def _identifier(text, kind=""):
    """An id, without its `kind` in front, as a name of Python, which an expression needs."""
    return text.removeprefix(f"{kind}-").replace("-", "_")


def _number(value):
    """A number of a table as a fact: a count, or with its decimals as the edition writes them."""
    return Number(value) if value % 1 == 0 else number(value)


def n_members(ev, practice):
    """How many members the article spells out of a practice's list."""
    return int((ev.items.practice == practice).sum())


def _lines(name, value):
    """A fact as lines `name = value`; the facts of a part under its name."""
    if isinstance(value, Facts) and not isinstance(value, ByRow):
        return [f"{name}.{line}" for line in repr(value).splitlines()]
    return [f"{name} = {value}"]


class Names(list):
    """Names that show as a list of the edition's language."""

    def __repr__(self):
        return joined(self, "both")

    def __format__(self, how):
        return repr(self)

    __str__ = __repr__


# What prose can cite. Anything else among the facts, such as rows of a table, is for the cells.
CITABLE = (bool, str, int, float, Names, Facts)
