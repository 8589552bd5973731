"""Which steps come first, drawn from whose precedents, and how sure that order is.

A step is ranked by a weighted sum over criteria on fixed scales (data/scales.csv, explained in the
codebook). So nothing that is added or left out reorders the rest. Beside the order stands how much
it owes to the weights: rank acceptability, dominance, and the smallest change of one weight that
changes the first place. static/ranking.js computes the same from the same data; a test runs both.

An unknown value (of a step whose precedents are undated, or that the reader has not judged) is
neither 0 nor 1. The sum takes the middle of its scale, acceptability draws it from the whole scale,
and dominance allows for all of it.
"""

import math
import re
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import pandas as pd

from casebook.words import joined, label

EVIDENCE = ("breadth", "legal_footing", "specificity", "measured", "time_in_force", "begun")
OWN = ("priority", "feasibility")  # the reader's own: left out until one step is set
CRITERIA = EVIDENCE + OWN
RELATIONS = ("same", "part", "aim")
BANDS = (5, 10, 20)  # points up and down, around the reader's own weights
LIMIT = 100  # points of a weight
MIDDLE = 0.5  # of a scale: what the sum takes for an unknown value
UNKNOWN = "unknown"  # the level of a step that has none on a criterion
TIE = 1e-9  # scores that differ by less are equal
SHOWN = 10  # ranks drawn and listed before somebody asks for all
DRAWS, SEED, STRIDE = 2000, 2020, 16
EQUAL = (50,) * len(CRITERIA)
PRESETS = {
    "equal": EQUAL,
    "wide": (100, 20, 20, 20, 20, 50, 50, 50),
    "legal": (20, 100, 50, 20, 20, 50, 50, 50),
    "long": (20, 20, 20, 20, 100, 50, 50, 50),
}


# ---- what a reader sets


@dataclass(frozen=True)
class State:
    """What a reader has set: weights, which precedents count, which steps are compared, judgements.

    `str(state)` is the part of an address that the page writes and reads; `State.parse` reads it.

    weights: points, one a criterion.
    jurisdictions: codes of pioneers, or None for all of them.
    relations: those of `RELATIONS` that count.
    recommendation, difficulty: ids, or empty.
    priority, feasibility: pairs of a step and a level from 0 to 4.
    near: the band in points whose acceptability is shown, or 0 for all weightings there are.
    compare: two steps side by side, or none.
    """

    weights: tuple = EQUAL
    jurisdictions: tuple | None = None
    relations: tuple = RELATIONS
    recommendation: str = ""
    difficulty: str = ""
    priority: tuple = ()
    feasibility: tuple = ()
    near: int = BANDS[1]
    compare: tuple = ()

    def __str__(self):
        changed = (f.name for f in fields(self) if getattr(self, f.name) != f.default)
        return ".".join(["1", *(LETTERS[name] + self._text(name) for name in changed)])

    def _text(self, name):
        """One setting as it stands in an address, after its letter."""
        value = getattr(self, name)
        if name in OWN:
            return "*".join(f"{step}_{level}" for step, level in value)
        if name == "jurisdictions":
            return "-".join(map(_short, value))
        if name == "compare":
            return "*".join(value)
        return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)

    @classmethod
    def parse(cls, text, ev):
        """The state that an address carries.

        Each part is taken for what it may mean. It is right if the setting that comes of it is
        written so. Raises ValueError, naming the part, if it is of another version, unknown or set
        twice.
        """
        version, *parts = text.split(".")
        if version != "1":
            raise ValueError(f"version {version!r}: expected 1")
        names, settings = {letter: name for name, letter in LETTERS.items()}, {}
        for part in parts:
            name, value = names.get(part[:1]), part[1:]
            if name in settings:
                raise ValueError(f"{part!r}: set twice")
            if name:
                settings[name] = _meant(name, value, ev)
            if not name or _pieces(cls(**settings)._text(name)) != _pieces(value):
                raise ValueError(f"{part!r}: not a setting of the explorer")
        return cls(**settings)


# The letter before each setting in an address.
LETTERS = dict(zip((field.name for field in fields(State)), "wjlrdpfnc"))


def _pieces(text):
    """What a part of an address lists, in any order."""
    return sorted(re.split(r"[-*]", text))


def _meant(name, text, ev):
    """What the setting `name` may mean by a text, which may hold more or less than that."""
    steps = list(ev.measures.measure)
    parts = text.split("*" if name in (*OWN, "compare") else "-")
    if name == "weights":
        points = [min(int(part), LIMIT) if part.isdecimal() else 0 for part in parts]
        return (*points, *EQUAL)[: len(CRITERIA)]
    if name == "jurisdictions":
        return tuple(code for code in ev.pioneers().province if _short(code) in parts)
    if name == "relations":
        return tuple(relation for relation in RELATIONS if relation in parts)
    if name in OWN:
        levels = dict(part.partition("_")[::2] for part in parts)
        judged = [step for step in steps if levels.get(step) in list("01234")]
        return tuple((step, int(levels[step])) for step in judged)
    if name == "compare":
        pair = tuple(step for step in parts if step in steps)
        return pair if len(pair) == 2 else ()
    values = {
        "recommendation": ev.recommendations.recommendation,
        "difficulty": ev.premises.premise[ev.premises.kind == "difficulty"],
        "near": (0, *BANDS),
    }
    return {str(value): value for value in values[name]}.get(text, getattr(State, name))


def _short(code):
    return code.rpartition("-")[2]


# ---- from evidence to values on fixed scales


class Level(NamedTuple):
    """A level of a criterion: its value from 0 to 1 or NaN, its name in the edition's words."""

    value: float
    name: str


def counted_precedents(ev):
    """Every precedent that can count, one of a pioneer: one row a pair of step and practice.

    Columns: measure, practice, province, relation, and for each criterion of the evidence but
    breadth the level that the practice has (see `scale_levels`). A practice that is neither in
    place nor under way is not in force: no time in force, no better footing than a draft.
    """
    rows = ev.measures[["measure"]].merge(ev.precedents, on="measure")
    rows = rows.merge(ev.practices, on="practice")
    rows = rows[rows.province.isin(ev.pioneers().province)].reset_index(drop=True)
    begun = rows.status.isin(["in_place", "under_way"])
    footing = rows.status.map({"draft": "draft", "planned": "announced"})
    years = rows.year.fillna(rows.period_start).where(begun)
    named = rows.evidence.str.contains("[《“]")
    figure = rows.practice.isin(ev.figures.practice)
    return rows[["measure", "practice", "province", "relation"]].assign(
        legal_footing=rows.kind.where(begun, footing),
        specificity=named.map({True: "named", False: "general"}),
        measured=figure.map({True: "figure", False: "no_figure"}),
        time_in_force=[UNKNOWN if pd.isna(year) else str(year) for year in years],
        begun=begun.map({True: "begun", False: "announced"}),
    )


def scale_levels(ev):
    """The fixed scales of all criteria: {criterion: {level: Level}}.

    As in scales.csv, but that a level of breadth is a number of pioneers and one of time in force a
    year: both are computed, linearly between the levels of the file.
    """
    table = {criterion: {} for criterion in CRITERIA}
    for row in ev.scales.itertuples():
        table[row.criterion][row.level] = Level(float(row.value), row.name)
    none, every = (table["breadth"][level] for level in ("none", "all"))
    count = len(ev.pioneers())
    table["breadth"] = {
        str(n): Level(
            none.value + (every.value - none.value) * (n / count),
            label("of_pioneers", n=n, all=count),
        )
        for n in range(1, count)
    } | {str(count): every}
    ladder = sorted((float(level), at.value) for level, at in table["time_in_force"].items())
    years = sorted(set(counted_precedents(ev).time_in_force) - {UNKNOWN})
    ages = [ev.published.year - int(year) for year in years]
    table["time_in_force"] = {
        year: Level(float(value), label("since", year=year))
        for year, value in zip(years, np.interp(ages, *zip(*ladder)))
    } | {UNKNOWN: Level(np.nan, label("undated"))}
    for criterion in OWN:
        table[criterion][UNKNOWN] = Level(np.nan, label("not_set"))
    return table


def step_levels(ev, state=State()):
    """The `Level` of every step that is compared on each criterion.

    A DataFrame: index measure in the article's order, columns `CRITERIA`. The best level counts
    that a precedent of the state's jurisdictions and relations has. Steps without such a precedent
    have no row, nor have steps that the state leaves out.
    """
    pairs, table = counted_precedents(ev), scale_levels(ev)
    places = list(ev.pioneers().province) if state.jurisdictions is None else state.jurisdictions
    pairs = pairs[pairs.province.isin(places) & pairs.relation.isin(state.relations)]
    rows = {}
    for step, precedents in pairs[pairs.measure.isin(chosen(ev, state))].groupby("measure"):
        best = {
            criterion: max((table[criterion][level] for level in precedents[criterion]), key=_value)
            for criterion in ("legal_footing", "specificity", "measured", "begun")
        }
        best["breadth"] = table["breadth"][str(precedents.province.nunique())]
        best["time_in_force"] = table["time_in_force"][
            min(precedents.time_in_force)
        ]  # years come first
        for criterion in OWN:
            level = dict(getattr(state, criterion)).get(step, UNKNOWN)
            best[criterion] = table[criterion][str(level)]
        rows[step] = [best[criterion] for criterion in CRITERIA]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(CRITERIA))
    return frame.reindex([step for step in chosen(ev, state) if step in rows])


def _value(level):
    return level.value


def values(ev, state=State()):
    """The values of `step_levels`, from 0 to 1; NaN is unknown.

    A criterion of the reader's own that no step has set is NaN throughout.
    """
    return step_levels(ev, state).map(_value).astype(float)


def words(ev, state=State()):
    """The names of `step_levels`: those of scales.csv, a year as “since”, the unknown as such."""
    return step_levels(ev, state).map(lambda level: level.name)


def chosen(ev, state=State()):
    """The steps that a state compares, as a Series of ids: by recommendation, by difficulty."""
    rows = ev.measures
    if state.recommendation:
        rows = rows[rows.recommendation == state.recommendation]
    if state.difficulty:
        answers = ev.answers[ev.answers.premise == state.difficulty]
        rows = rows[rows.recommendation.isin(answers.recommendation)]
    return rows.measure.reset_index(drop=True)


def in_play(table):
    """Which columns of `values` count, a boolean array: the reader's own if a step is set."""
    return np.array([name in EVIDENCE or table[name].notna().any() for name in table])


# ---- the order


def contributions(table, weights):
    """Weighted contributions to each step's score: each value of `table`, times its weight over the
    sum of weights.

    `weights` has a number (0 or more) for each column; columns out of play count nothing. Unknown
    values stand in the middle of their scale. A row adds up to the step's score, from 0 to 1; all
    are 0 if every weight is. Raises ValueError for a weight that is negative or no number.
    """
    weights = np.asarray(weights, dtype=float)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"weights {list(weights)}: expected numbers of 0 or more")
    weights = weights * in_play(table)
    total = weights.sum()
    return table.fillna(MIDDLE) * (weights / total if total else weights)


def ranks(scores):
    """Ranks of scores along the last axis: 1 and how many are better. Equal scores share a rank."""
    scores = np.asarray(scores, dtype=float)
    return 1 + (scores[..., None, :] > scores[..., :, None] + TIE).sum(axis=-1)


def dominates(table):
    """Which step is at least as good as which on every criterion in play, and better on one.

    A boolean DataFrame, steps by steps: no weights can put the column's step above the row's,
    whatever the unknown values are.
    """
    known = table.loc[:, in_play(table)]
    low, high = known.fillna(0).to_numpy(), known.fillna(1).to_numpy()
    never_worse = (low[:, None, :] >= high[None, :, :]).all(axis=-1)
    better = (low[:, None, :] > high[None, :, :]).any(axis=-1)
    return pd.DataFrame(never_worse & better, index=table.index, columns=table.index)


def fragility(table, weights):
    """The smallest change of one weight that changes the first place, in whole points.

    Returns (criterion, points, steps): the criterion whose weight changes, by how much (negative:
    fewer), and who then stands first; None if no such change exists. Of equal changes the first in
    the order of criteria and steps.
    """
    if len(table) < 2:
        return None
    play = in_play(table)
    weights = np.where(play, np.asarray(weights, dtype=float), 0)
    filled = table.fillna(MIDDLE).to_numpy()
    sums = filled @ weights
    # The differences are of unnormalised sums: the sum of weights divides both sides.
    first = int(np.argmax(sums >= sums.max() - TIE))
    best = None
    for column in np.flatnonzero(play):
        for other in range(len(table)):
            slope = filled[first, column] - filled[other, column]
            if other == first or abs(slope) < TIE:
                continue
            size = int(np.floor((sums[first] - sums[other]) / abs(slope) + TIE)) + 1
            changed = weights.copy()
            changed[column] += -size if slope > 0 else size
            allowed = 0 <= changed[column] <= LIMIT and changed.sum() > 0
            if allowed and (best is None or size < best[0]):
                best = size, column, changed
    if best is None:
        return None
    _, column, changed = best
    sums = filled @ changed
    leaders = list(table.index[sums >= sums.max() - TIE])
    return table.columns[column], int(changed[column] - weights[column]), leaders


def rounded(number, digits=2):
    """A number from 0 to 1 with so many decimals, halves upwards, as the page has it: “0.13”."""
    return f"{math.floor(number * 10**digits + 0.5) / 10**digits:.{digits}f}"


def percent(share):
    """A share as whole per cent, halves upwards, as the page writes it: “46%”."""
    return f"{math.floor(100 * share + 0.5)}%"


# ---- how sure it is


def uniform(positions):
    """Reproducible draws from [0, 1), one for each of `positions`, integers of any shape.

    The finaliser of MurmurHash3 (Appleby 2011) over a Weyl sequence. The page draws the same, bit
    for bit, without a file of draws.
    """
    with np.errstate(over="ignore"):
        h = np.asarray(positions, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(SEED)
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (h ^ (h >> np.uint32(16))) / 4294967296.0


def weightings(play, draws=DRAWS):
    """Weightings drawn uniformly over the simplex of the criteria in play: (draws, len(play)), each
    row adding up to 1.

    `play` is a boolean array; the others have no weight. The weights are the spacings of sorted
    uniform draws (Devroye 1986), which need only comparison and subtraction.
    """
    count = int(np.sum(play))
    cuts = uniform(np.arange(draws)[:, None] * STRIDE + np.arange(count - 1))
    edges = np.sort(np.hstack([np.zeros((draws, 1)), cuts, np.ones((draws, 1))]), axis=1)
    spread = np.zeros((draws, len(play)))
    spread[:, play] = np.diff(edges, axis=1)
    return spread


def around(weights, band, draws=DRAWS):
    """Weightings drawn uniformly within `band` points of `weights` and within 0 to 100:
    (draws, len(weights)), in points. A criterion without weight stays without.
    """
    weights = np.asarray(weights, dtype=float)
    low = np.maximum(0, weights - band)
    high = np.minimum(LIMIT, weights + band)
    positions = np.arange(draws)[:, None] * STRIDE + np.arange(len(weights))
    drawn = uniform(draws * STRIDE + positions)
    return np.where(weights > 0, low + drawn * (high - low), 0)


def acceptability(table, drawn, steps):
    """Rank acceptability: the share of weightings in which a step takes each rank.

    Stochastic multicriteria acceptability analysis: SMAA (Lahdelma, Hokkanen and Salminen 1998),
    with the ranks of SMAA-2 (Lahdelma and Salminen 2001).

    `table` is `values`; `drawn` has a weighting a row and a weight a column of it. An unknown value
    is drawn anew for each weighting, from the whole scale, by the place of its step in `steps`.
    Returns a DataFrame, steps by ranks 1 to n; each row adds up to 1. A shared rank counts as the
    best of its places.
    """
    known = table.to_numpy()
    scores = drawn @ np.nan_to_num(known).T
    place = {step: number for number, step in enumerate(steps)}
    offset = 2 * len(drawn) * STRIDE
    for row, column in np.argwhere(np.isnan(known) & in_play(table)):
        positions = np.arange(len(drawn)) * len(place) + place[table.index[row]]
        scores[:, row] += drawn[:, column] * uniform(offset + positions * STRIDE + column)
    scores /= drawn.sum(axis=1, keepdims=True)
    shares = (ranks(scores)[:, :, None] == np.arange(1, len(table) + 1)).mean(axis=0)
    return pd.DataFrame(shares, index=table.index, columns=range(1, len(table) + 1))


@dataclass(frozen=True)
class Ranking:
    """The answer to a state: the order of the steps and how sure it is.

    values: steps by criteria.
    parts: their contributions to the score.
    order: index measure in ranked order; columns rank, shared (by several), score.
    shares: acceptability over all weightings.
    near: the same within the state's band, or 10 points.
    change: the `fragility`.
    apart: the steps compared that no chosen precedent lets rank.

    With no weight at all the order is empty.
    """

    values: pd.DataFrame
    parts: pd.DataFrame
    order: pd.DataFrame
    shares: pd.DataFrame
    near: pd.DataFrame
    change: tuple | None
    apart: list


def ranked(ev, state=State()):
    """The whole answer to a state, as the page shows it: a `Ranking`."""
    table, steps = values(ev, state), list(ev.measures.measure)
    apart = [step for step in chosen(ev, state) if step not in table.index]
    play = in_play(table)
    weights = np.where(play, state.weights, 0)
    parts = contributions(table, weights)
    if table.empty or not weights.any():
        nothing = pd.DataFrame(index=table.index[:0])
        order = nothing.assign(rank=0, shared=False, score=0.0)
        return Ranking(table, parts, order, nothing, nothing, None, apart)
    score = parts.sum(axis=1)
    order = pd.DataFrame({"rank": ranks(score), "score": score}, index=table.index)
    order = order.sort_values("rank", kind="stable")
    order.insert(1, "shared", order["rank"].duplicated(keep=False))
    return Ranking(
        values=table,
        parts=parts,
        order=order,
        shares=acceptability(table, weightings(play), steps),
        near=acceptability(table, around(weights, state.near or BANDS[1]), steps),
        change=fragility(table, weights),
        apart=apart,
    )


def in_numbers(ev):
    """What pages say of the computation, as {name: value}: its steps, those of which something is
    unknown, how many weightings are drawn, and the bands of points around the reader's own."""
    steps = values(ev)
    return {
        "n_ranked": len(steps),
        "n_unknown": int(steps.time_in_force.isna().sum()),
        "n_draws": DRAWS,
        "limit": LIMIT,
        "bands": joined(BANDS),
    }
