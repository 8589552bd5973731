"""How far coders agree, by variable: one column for all who saw the same."""

import pandas as pd
from markupsafe import Markup

from casebook.evidence import NOT_CODED
from casebook.evidence import agreement as coders_agree
from casebook.tables.cells import missing
from casebook.tables.codebook import variable_name
from casebook.tables.html import table
from casebook.words import number, say


def agreement(ev, caption, rules=None):
    """Alpha and its interval for each variable, or each code of one that has several.

    A column is a group of coders who saw the same, with the book. What is too uncertain is said to
    carry no finding. `rules` chooses one version of the codebook; without it all stand there.
    """
    rows = coders_agree.agreement(ev.codings, ev.coders, rules)
    saw = dict(zip(ev.coders.saw_en, ev.coders.saw))
    groups = [group for _, group in rows.groupby(["rules", "saw"], sort=False)]
    heads = [
        say("{saw} (rules {rules})", saw=saw[group.saw.iloc[0]], rules=group.rules.iloc[0])
        for group in groups
    ]
    groups = [group.set_index(["variable", "code"]) for group in groups]
    body = []
    for key in dict.fromkeys(zip(rows.variable, rows.code)):
        cells = (_cell(of.loc[key]) if key in of.index else missing(NOT_CODED) for of in groups)
        body.append([_name(ev, *key), *cells])
    return table([say("What was coded"), *heads], body, caption)


def _name(ev, variable, code):
    """A variable by its name, or one code of it."""
    of_code = say("linked or not") if code == coders_agree.LINK else ev.code_name(variable, code)
    name = variable_name(variable)
    return Markup(say("{variable}: {code}")).format(variable=name, code=of_code) if code else name


def _cell(row):
    """Alpha with its interval, of how many coders and units, and what it is good for."""
    if pd.isna(row.alpha):
        only = say("one code alone, so that nothing could differ")
        return only if row.units else say("no unit that two coded")
    figures = (number(value, 2) for value in (row.alpha, row.low, row.high))
    size = say("{coders} coders, {units} units", coders=row.coders, units=number(row.units))
    text = Markup('{} [{}, {}]<br><span class="type">{}</span>').format(*figures, size)
    doubt = Markup("<br><strong>{}</strong>").format(say("carries no finding"))
    return text if row.reliable else text + doubt
