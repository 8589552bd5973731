"""Which practices to look at first, by a reader's weights, and how sure that order is.

A practice is ranked by a weighted sum over criteria on fixed scales (data/scales.csv, explained in
the codebook). So nothing that is added or left out reorders the rest. Beside the order stands how
much it owes to the weights and to the coding: rank acceptability, dominance, and the smallest
change of one weight that changes the first place. static/ranking.js computes the same from the same
data; a test runs both.

An unknown value (a practice without a date, or one that nobody looked up) is neither 0 nor 1. It
adds nothing to the sum, so that nothing leads by what is not known; acceptability draws it from the
whole scale, and dominance allows for all of it. What the reader has not rated stands in the middle.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook.shortlist.candidates import UNKNOWN, candidates, fixed_values, links, scales
from casebook.shortlist.lines import plain, texts
from casebook.shortlist.state import CRITERIA, LIMIT, OWN, State

# What the sum takes for an unknown value: nothing, or the middle of the scale if it is a rating.
FILL = {criterion: 0.5 if criterion in OWN else 0.0 for criterion in CRITERIA}
TIE = 1e-9  # scores that differ by less are equal
BAND = 20  # points up and down, around the reader's own weights
DRAWS, SEED, STRIDE = 400, 2020, 16


# ---- what a state lists


def chosen_links(ev, state=State()):
    """The rows of `links` that count in a state: of its steps, coding and kinds of practices."""
    rows = links(ev)
    agreed = pd.Series([None not in codings for codings in rows.codings], index=rows.index)
    source = candidates(ev).set_index("practice").source
    given = {
        "recommendation": rows.recommendation,
        "step": rows.measure,
        "place": rows.province,
        "type": rows.type,
        "status": rows.status,
        "kind": rows.kind,
        "source": rows.practice.map(source),
        "coding": agreed.map({True: "agreed", False: "contested"}),
    }
    for name, codes in given.items():
        if wanted := getattr(state, name):
            rows = rows[codes.loc[rows.index] == wanted]
    if sought := plain(state.find):
        found = texts(ev)
        # What stands somewhere as it is typed is meant so; else its words count, each by itself.
        whole = any(sought in text for text in found.values())
        words = [sought] if whole else sought.split()
        rows = rows[[all(word in found[one] for word in words) for one in rows.practice]]
    return rows


def closeness(ev, state=State()):
    """How close each listed practice is to the steps of a state: the best of its links.

    A DataFrame: index practice in the article's order, columns book and 0, 1, … for each coding;
    NaN where a coding has no link of it.
    """
    scale = scales(ev).get("closeness", {})
    rows = chosen_links(ev, state)
    columns = {"book": rows.relation}
    columns |= {
        n: rows.codings.str[n] for n in range(len(rows.codings.iloc[0]) if len(rows) else 0)
    }
    values = {name: relations.map(scale).astype(float) for name, relations in columns.items()}
    best = pd.DataFrame(values).groupby(rows.practice, sort=False).max()
    return best.reindex(list(dict.fromkeys(rows.practice)))


def values(ev, state=State()):
    """The values of the practices that a state lists, from 0 to 1; NaN is unknown.

    A DataFrame: index practice in the article's order, columns `CRITERIA`.
    """
    close = closeness(ev, state)
    table = fixed_values(ev).reindex(close.index)
    table["closeness"] = close["book"]
    scale = scales(ev)
    for criterion in OWN:
        levels = dict(getattr(state, criterion))
        rated = [scale[criterion].get(str(levels.get(one)), np.nan) for one in table.index]
        table[criterion] = np.array(rated, dtype=float)
    return table[list(CRITERIA)]


def in_play(table):
    """Which columns of `values` tell some row apart, a boolean array."""
    return np.array([table[name].nunique(dropna=False) > 1 for name in table], dtype=bool)


def counted(table):
    """Which columns of `values` count, a boolean array: the reader's own if some row is rated."""
    return np.array([name not in OWN or table[name].notna().any() for name in table], dtype=bool)


# ---- the order


def contributions(table, weights):
    """Weighted contributions to each score: a value of `table` times its weight over their sum.

    `weights` has a number (0 or more) for each column; the reader's own counts nothing where no row
    is rated. Unknown values are those of `FILL`. A row adds up to the score, from 0 to 1; all are 0
    if every weight is. Raises ValueError for a weight that is negative or no number.
    """
    weights = np.asarray(weights, dtype=float)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"weights {list(weights)}: expected numbers of 0 or more")
    weights = weights * counted(table)
    total = weights.sum()
    return table.fillna(FILL) * (weights / total if total else weights)


def ranks(scores):
    """Ranks of scores along the last axis: 1 and how many are better. Equal scores share a rank."""
    scores = np.asarray(scores, dtype=float)
    return 1 + (scores[..., None, :] > scores[..., :, None] + TIE).sum(axis=-1)


def dominates(table):
    """Which row is at least as good as which on every criterion in play, and better on one.

    A boolean DataFrame, rows by rows: no weights can put the column's practice above the row's,
    whatever the unknown values are.
    """
    known = table.loc[:, in_play(table)]
    low, high = known.fillna(0).to_numpy(), known.fillna(1).to_numpy()
    never_worse = (low[:, None, :] >= high[None, :, :]).all(axis=-1)
    better = (low[:, None, :] > high[None, :, :]).any(axis=-1)
    return pd.DataFrame(never_worse & better, index=table.index, columns=table.index)


def fragility(table, weights):
    """The smallest change of one weight that changes the first place, in whole points.

    Returns (criterion, points, practices): the criterion whose weight changes, by how much
    (negative: fewer), and who then stands first; None if no such change exists. Of equal changes
    the first in the order of criteria and rows.
    """
    if len(table) < 2:
        return None
    play = in_play(table)
    weights = np.where(play, np.asarray(weights, dtype=float), 0)
    filled = table.fillna(FILL).to_numpy()
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


def around(weights, play, draws=DRAWS):
    """Weightings drawn uniformly within `BAND` points of `weights` and within 0 to 100.

    An array, (draws, len(weights)), in points. A criterion in play moves even if it has no weight;
    one out of play stays at 0.
    """
    weights = np.asarray(weights, dtype=float)
    low = np.maximum(0, weights - BAND)
    high = np.minimum(LIMIT, weights + BAND)
    drawn = uniform(np.arange(draws)[:, None] * STRIDE + np.arange(len(weights)))
    return np.where(play, low + drawn * (high - low), 0)


def acceptability(table, close, weights, places, draws=DRAWS):
    """Rank acceptability over weights and codings: the share of draws in which a row has a rank.

    Stochastic multicriteria acceptability analysis: SMAA (Lahdelma, Hokkanen and Salminen 1998),
    with the ranks of SMAA-2 (Lahdelma and Salminen 2001).

    table: `values`. close: `closeness` of the same rows. weights: points, one a column.
    places: {practice: its place among all candidates}, by which an unknown value is drawn anew
    for each weighting, from the whole scale.

    The codings take turns from draw to draw: a link that one of four has counts in a quarter of
    the draws. In a draw whose coding has no link of a practice it is out. Returns a DataFrame,
    practices by out, 1, 2, … n; each row adds up to 1. A shared rank counts as the best of its
    places.
    """
    play, columns = in_play(table), list(table)
    drawn = around(np.where(play, weights, 0), play, draws)
    known = table.to_numpy()
    scores = drawn @ np.nan_to_num(known).T
    at = columns.index("closeness")
    scores -= drawn[:, [at]] * np.nan_to_num(known[:, at])
    codings = close.drop(columns="book").to_numpy()
    turns = codings[:, np.arange(draws) % codings.shape[1]].T
    scores += drawn[:, [at]] * np.nan_to_num(turns)
    for row, column in np.argwhere(np.isnan(known) & play):
        positions = draws + np.arange(draws) * len(places) + places[table.index[row]]
        scores[:, row] += drawn[:, column] * uniform(positions * STRIDE + column)
    scores /= drawn.sum(axis=1, keepdims=True)
    out = np.isnan(turns)
    taken = np.where(out, 0, ranks(np.where(out, -1, scores)))
    shares = (taken[:, :, None] == np.arange(len(table) + 1)).mean(axis=0)
    return pd.DataFrame(shares, index=table.index, columns=["out", *range(1, len(table) + 1)])


@dataclass(frozen=True)
class Ranking:
    """The answer to a state: the order of its practices and how sure it is.

    values: practices by criteria, in the article's order.
    parts: their contributions to the score.
    order: index practice in the order of the list; columns rank, shared (by several), score. In
        the article's order, and where every weight is 0, rank is 0.
    shares: `acceptability`; empty without ranks.
    change: the `fragility`.
    """

    values: pd.DataFrame
    parts: pd.DataFrame
    order: pd.DataFrame
    shares: pd.DataFrame
    change: tuple | None

    @property
    def asked(self):
        """Whether there is an order other than the article's."""
        return not self.shares.empty


def ranked(ev, state=State()):
    """The whole answer to a state, as the page shows it: a `Ranking`."""
    table = values(ev, state)
    points = state.points or (0,) * len(CRITERIA)
    weights = np.where(counted(table), points, 0)
    parts = contributions(table, weights)
    score = parts.sum(axis=1)
    if table.empty or not weights[in_play(table)].any():
        order = pd.DataFrame({"rank": 0, "shared": False, "score": 0.0}, index=table.index)
        return Ranking(table, 0 * parts, order, pd.DataFrame(), None)
    order = pd.DataFrame({"rank": ranks(score), "score": score}, index=table.index)
    order = order.sort_values("rank", kind="stable")
    order.insert(1, "shared", order["rank"].duplicated(keep=False))
    places = {practice: at for at, practice in enumerate(candidates(ev).practice)}
    shares = acceptability(table, closeness(ev, state), weights, places)
    return Ranking(table, parts, order, shares, fragility(table, weights))


def order(ev, state=State()):
    """The practices that a state lists, in its order, as a table.

    Index practice; columns name, place, since, legal_footing and the marks by question, in words;
    rank (0 in the article's order) and score from 0 to 1; parts of it by criterion; first_five, the
    share of draws in which it is among the first five, and out, in which its coding has no link.
    """
    answer = ranked(ev, state)
    rows = candidates(ev).set_index("practice").loc[answer.order.index]
    questions = ev.codes.code[ev.codes.variable == "question"]
    table = rows[["name", "province_name", "since", "legal_footing"]]
    table = table.rename(columns={"province_name": "place"})
    for at, question in enumerate(questions):
        table[question] = [marks[at] for marks in rows.known]
    table = table.join(answer.order[["rank", "score"]]).join(answer.parts.add_prefix("part_"))
    if not answer.asked:
        return table.assign(first_five=np.nan, out=np.nan)
    first = answer.shares.loc[table.index].drop(columns="out").iloc[:, :5].sum(axis=1)
    return table.assign(first_five=first, out=answer.shares.out)


def in_numbers(ev):
    """What pages say of the computation, as {name: value}.

    n_listed practices, n_undated of them that have begun without a date, n_contested links that not
    every coding has, n_codings, n_draws, and the points of a weight (limit) and of what is moved
    (band).
    """
    codings = links(ev).codings
    return {
        "n_listed": len(candidates(ev)),
        "n_contested": sum(None in one for one in codings),
        "n_codings": len(codings.iloc[0]),
        "n_undated": int(candidates(ev).time_in_force.eq(UNKNOWN).sum()),
        "n_draws": DRAWS,
        "limit": LIMIT,
        "band": BAND,
    }
