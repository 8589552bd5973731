"""Every practice that is a precedent of some step: its links, what is known of it, its values."""

from functools import lru_cache

import numpy as np
import pandas as pd

from casebook.evidence.agreement import blind_links
from casebook.words import label

UNKNOWN = "unknown"  # the level of a practice that has none on a criterion
BEGUN = ["in_place", "under_way"]  # statuses of what is more than announced


@lru_cache(maxsize=2)  # several ask in turn, of one evidence
def links(ev):
    """Every link from a step to a practice of a pioneer, in the article's order of steps.

    Columns: those of `Evidence.precedents_of`, and codings: the relation that each of the
    blind codings gave the link, None where it has none. Without codings the book's own counts.
    """
    rows = ev.precedents_of()
    rows = rows[rows.role == "pioneer"]
    given = blind_links(ev.codings, ev.coders)
    coders = list(dict.fromkeys(given.coder))
    of_pair = {(row.unit, row.coder): row.code for row in given.itertuples()}
    units = rows.measure + " " + rows.practice
    codings = [[of_pair.get((unit, coder)) for coder in coders] for unit in units]
    if not coders:
        codings = [[relation] for relation in rows.relation]
    place = {measure: at for at, measure in enumerate(ev.measures.measure)}
    register = {practice: at for at, practice in enumerate(ev.register().practice)}
    rows = rows.assign(codings=codings)
    order = sorted(
        range(len(rows)),
        key=lambda at: (place[rows.measure.iloc[at]], register[rows.practice.iloc[at]]),
    )
    return rows.iloc[order].reset_index(drop=True)


def coded_blind(ev):
    """Whether anybody else coded which practice is a precedent of which step."""
    return not blind_links(ev.codings, ev.coders).empty


def addressee(ev):
    """Whom the article advises, as words of labels: {place: its name, type: that of its kind}."""
    return {"place": ev.target()["name"], "type": label(ev.target().type)}


@lru_cache(maxsize=2)  # several ask in turn, of one evidence
def candidates(ev):
    """Every practice of a pioneer that is a precedent of some step, by the first such step.

    Columns: those of the register, source (a code of `state.SEEN`), seen_year, since (the
    article's first year, else a source's, or missing), and for each criterion that depends on
    nothing else its level: known (a list, one a question), legal_footing, time_in_force, alike.
    """
    first = links(ev).drop_duplicates("practice").practice
    rows = ev.register().set_index("practice", drop=False).loc[list(first)]
    rows = rows.reset_index(drop=True)
    seen, looked_up, seen_year = ev.seen(rows), ev.looked_up(rows), ev.seen_year(rows)
    begun = rows.status.isin(BEGUN)
    since = rows.period_start.fillna(rows.year).fillna(seen_year)
    years = ["announced" if not on else since_level(y) for on, y in zip(begun, since)]
    footing = rows.status.map({"draft": "draft", "planned": "announced"})
    return rows.assign(
        source=np.where(seen, "seen", np.where(looked_up, "not_found", "not_looked_up")),
        seen_year=seen_year,
        since=since,
        known=[[most for _, most in marks_of(ev, practice)] for practice in rows.practice],
        legal_footing=rows.kind.where(begun, footing),
        time_in_force=years,
        alike=np.where(rows.type == ev.target().type, "same", "other"),
    )


def since_level(year):
    """The level of time in force of a year, or unknown."""
    return UNKNOWN if pd.isna(year) else str(int(year))


def marks_of(ev, practice):
    """What is known of a practice under each question of the codebook: [(question, level)].

    The level is the most that is known, a code of *known*, or silent.
    """
    ways = list(ev.codes.code[ev.codes.variable == "known"])
    rows = ev.known()
    rows = rows[rows.practice == practice]
    marks = []
    for question in ev.codes.code[ev.codes.variable == "question"]:
        given = rows.known[rows.question == question]
        marks.append((question, max(given, key=ways.index) if len(given) else "silent"))
    return marks


def scales(ev):
    """The fixed scales of scales.csv: {criterion: {level: value from 0 to 1}}."""
    return {
        criterion: dict(zip(rows.level, map(float, rows.value)))
        for criterion, rows in ev.scales.groupby("criterion", sort=False)
    }


@lru_cache(maxsize=2)  # several ask in turn, of one evidence
def fixed_values(ev):
    """The values of the `candidates` on the criteria that no state changes.

    A DataFrame: index practice, columns known, source, legal_footing, time_in_force, alike; NaN is
    unknown. A year lies evenly between the two ages of scales.csv.
    """
    rows, scale = candidates(ev), scales(ev)
    ages = {level: value for level, value in scale["time_in_force"].items() if level.isdigit()}
    ladder = sorted((float(age), value) for age, value in ages.items())

    def of_year(level):
        if not level.isdigit():
            return scale["time_in_force"].get(level, np.nan)
        return float(np.interp(ev.published.year - int(level), *zip(*ladder)))

    values = {
        "known": [sum(scale["known"][mark] for mark in marks) / len(marks) for marks in rows.known],
        "source": [scale["source"].get(level, np.nan) for level in rows.source],
        "legal_footing": [scale["legal_footing"][level] for level in rows.legal_footing],
        "time_in_force": [of_year(level) for level in rows.time_in_force],
        "alike": [scale["alike"][level] for level in rows.alike],
    }
    return pd.DataFrame(values, index=rows.practice, dtype=float)
