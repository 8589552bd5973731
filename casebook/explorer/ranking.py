"""Which steps first, drawn from whom, and how sure is that order: the whole computation of the explorer.

A step is ranked by a weighted sum over criteria on fixed scales (`data/scales.csv`, in words in the codebook), so that
nothing that is added or left out reorders the rest. Beside the order stands how much it owes to the weights: rank
acceptability, dominance, and the smallest change of one weight that changes the first place. `static/explorer.js`
computes the same from the same data; a test compares the two.

An unknown value (a step whose precedents are undated, or that the reader has not judged) is neither 0 nor 1: the sum
takes the middle of its scale, acceptability draws it from the whole scale, and dominance allows for all of it.
"""

import math
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casebook.words import label

EVIDENCE = ("breadth", "legal_footing", "specificity", "measured", "time_in_force", "begun")
OWN = ("priority", "feasibility")  # the reader's own: left out until one step is set
CRITERIA = EVIDENCE + OWN
RELATIONS = ("same", "part", "aim")
HOME = ("all", "without", "only")
BANDS = (5, 10, 20)  # points up and down, around the reader's own weights
LIMIT = 100  # points of a weight
MIDDLE = 0.5  # of a scale: what the sum takes for an unknown value
TIE = 1e-9
DRAWS, SEED, STRIDE = 2000, 2020, 16
EQUAL = (50,) * len(CRITERIA)
PRESETS = {
    "equal": EQUAL,
    "wide": (100, 20, 20, 20, 20, 50, 50, 50),
    "legal": (20, 100, 50, 20, 20, 50, 50, 50),
    "long": (20, 20, 20, 20, 100, 50, 50, 50),
}


@dataclass(frozen=True)
class State:
    """What a reader has set: weights in points, which precedents count, which steps are compared, own judgements.

    `str(state)` is the part of an address that the page writes and reads; `State.parse` reads it back.
    `recommendation` and `difficulty` are ids or empty; `priority` and `feasibility` map a step to a level (0 to 4).
    `jurisdictions` are codes of pioneers, or None for all of them.
    `near` is the band in points whose acceptability is shown, or 0 for all weightings there are; `compare` has two steps or none.
    """

    weights: tuple = EQUAL
    jurisdictions: tuple | None = None
    relations: tuple = RELATIONS
    recommendation: str = ""
    difficulty: str = ""
    home: str = "all"
    priority: tuple = ()
    feasibility: tuple = ()
    near: int = BANDS[1]
    compare: tuple = ()

    def __str__(self):
        start = State()
        parts = ["1"]
        if self.weights != start.weights:
            parts.append("w" + "-".join(map(str, self.weights)))
        if self.jurisdictions is not None:
            parts.append("j" + "-".join(map(_short, self.jurisdictions)))
        if self.relations != start.relations:
            parts.append("l" + "-".join(self.relations))
        for letter, name in (("r", "recommendation"), ("d", "difficulty")):
            if getattr(self, name):
                parts.append(letter + getattr(self, name))
        if self.home != start.home:
            parts.append("h" + self.home)
        for letter, own in (("p", self.priority), ("f", self.feasibility)):
            if own:
                parts.append(letter + "*".join(f"{step}_{level}" for step, level in own))
        if self.near != start.near:
            parts.append(f"n{self.near}")
        if self.compare:
            parts.append("c" + "*".join(self.compare))
        return ".".join(parts)

    @classmethod
    def parse(cls, text, ev):
        """The state that an address carries. Raises ValueError, naming the part, if it is of another version or unknown."""
        version, *parts = text.split(".")
        if version != "1":
            raise ValueError(f"version {version!r}: expected 1")
        found = {}
        for part in parts:
            letter, rest = part[:1], part[1:]
            try:
                name, value = _READ[letter](rest, ev)
            except (KeyError, ValueError):
                raise ValueError(f"{part!r}: not a setting of the explorer") from None
            if name in found:
                raise ValueError(f"{part!r}: set twice")
            found[name] = value
        return replace(cls(), **found)


def _one_of(values, text):
    if text not in values:
        raise ValueError(text)
    return text


def _some_of(values, text):
    chosen = text.split("-") if text else []
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(values):
        raise ValueError(text)
    return tuple(value for value in values if value in chosen)


def _weights(text):
    found = text.split("-")
    if len(found) != len(CRITERIA) or not all(re.fullmatch(r"[0-9]{1,3}", one) and int(one) <= LIMIT for one in found):
        raise ValueError(text)
    return tuple(map(int, found))


def _own(text, ev):
    found = dict(one.split("_") for one in text.split("*"))
    steps = list(ev.measures.measure)
    if not set(found) <= set(steps) or not set(found.values()) <= set("01234"):
        raise ValueError(text)
    return tuple((step, int(found[step])) for step in steps if step in found)


def _pair(text, ev):
    pair = tuple(text.split("*"))
    if len(pair) != 2 or not set(pair) <= set(ev.measures.measure):
        raise ValueError(text)
    return pair


def _short(code):
    return code.rpartition("-")[2]


def _jurisdictions(text, ev):
    codes = {_short(code): code for code in ev.pioneers().province}
    found = _some_of(codes, text)
    return None if len(found) == len(codes) else tuple(codes[short] for short in found)


_READ = {
    "w": lambda text, ev: ("weights", _weights(text)),
    "j": lambda text, ev: ("jurisdictions", _jurisdictions(text, ev)),
    "l": lambda text, ev: ("relations", _some_of(RELATIONS, text)),
    "r": lambda text, ev: ("recommendation", _one_of(set(ev.recommendations.recommendation), text)),
    "d": lambda text, ev: ("difficulty", _one_of(set(ev.premises[ev.premises.kind == "difficulty"].premise), text)),
    "h": lambda text, ev: ("home", _one_of(HOME, text)),
    "p": lambda text, ev: ("priority", _own(text, ev)),
    "f": lambda text, ev: ("feasibility", _own(text, ev)),
    "n": lambda text, ev: ("near", int(_one_of({"0", *map(str, BANDS)}, text))),
    "c": lambda text, ev: ("compare", _pair(text, ev)),
}


# ---- from evidence to values on fixed scales


def links(ev):
    """Every precedent among the pioneers, one row a pair of step and practice, coded for the criteria.

    Columns: measure, practice, province, relation, level (of legal footing: a level of scales.csv), named (a title or a
    quoted name in the article), figure (the article gives a number), year (in force since, NA if undated or not in
    force), begun (in place or under way).
    """
    rows = ev.measures[["measure"]].merge(ev.precedents, on="measure").merge(ev.practices, on="practice")
    rows = rows[rows.province.isin(ev.pioneers().province)].reset_index(drop=True)
    begun = rows.status.isin(["in_place", "under_way"])
    level = rows.kind.where(begun, rows.status.map({"draft": "draft", "planned": "announced"}))
    return pd.DataFrame({
        "measure": rows.measure, "practice": rows.practice, "province": rows.province, "relation": rows.relation,
        "level": level, "named": rows.evidence.str.contains("[《“]"), "figure": rows.practice.isin(ev.figures.practice),
        "year": rows.year.fillna(rows.period_start).where(begun), "begun": begun,
    })  # fmt: skip


def scale(ev, criterion):
    """The fixed scale of a criterion: {level: value from 0 to 1}."""
    return {row.level: float(row.value) for row in ev.scales[ev.scales.criterion == criterion].itertuples()}


def counted(ev, state=State()):
    """The `links` that a state counts: of the jurisdictions and relations it chooses."""
    pairs = links(ev)
    chosen_places = state.jurisdictions is None or pairs.province.isin(state.jurisdictions)
    return pairs[chosen_places & pairs.relation.isin(state.relations)]


def values(ev, state=State()):
    """What is compared: a row a step (index measure, the article's order), a column a criterion of `CRITERIA`, from 0 to 1.

    NaN is unknown: undated, or not judged by the reader. Steps without a precedent among those chosen have no row, nor
    have steps that the state leaves out; a criterion of the reader's own that no step has set is NaN throughout.
    """
    pairs = counted(ev, state)
    steps = chosen(ev, state)
    steps = steps[steps.isin(pairs.measure)]
    by_step = pairs.groupby("measure")
    ladder = {level: value for level, value in sorted((float(k), v) for k, v in scale(ev, "time_in_force").items())}
    years = ev.published.year - by_step.year.min().astype("Float64")
    of = {name: scale(ev, name) for name in ("breadth", "legal_footing", "specificity", "measured", "begun")}
    none, every = of["breadth"]["none"], of["breadth"]["all"]
    found = pd.DataFrame({
        "breadth": none + (every - none) * (by_step.province.nunique() / len(ev.pioneers())),
        "legal_footing": pairs.level.map(of["legal_footing"]).groupby(pairs.measure).max(),
        "specificity": by_step.named.any().map({True: of["specificity"]["named"], False: of["specificity"]["general"]}),
        "measured": by_step.figure.any().map({True: of["measured"]["figure"], False: of["measured"]["no_figure"]}),
        "time_in_force": [np.nan if pd.isna(y) else np.interp(y, list(ladder), list(ladder.values())) for y in years],
        "begun": by_step.begun.any().map({True: of["begun"]["begun"], False: of["begun"]["announced"]}),
    })  # fmt: skip
    for name in OWN:
        found[name] = pd.Series({step: scale(ev, name)[str(level)] for step, level in getattr(state, name)}, dtype=float)
    return found.reindex(steps).astype(float).rename_axis("measure")[list(CRITERIA)]


def words(ev, state=State()):
    """The same table as `values` in words: the name of each level (scales.csv), years as “since”, the unknown as such."""
    pairs = counted(ev, state)
    name = {(row.criterion, row.level): row.name for row in ev.scales.itertuples()}
    footing, table, every = scale(ev, "legal_footing"), values(ev, state), len(ev.pioneers())
    found = pd.DataFrame("", index=table.index, columns=table.columns)
    for step, own in pairs[pairs.measure.isin(table.index)].groupby("measure"):
        best = max(own.level, key=lambda level: footing[level])
        since = own.year.min()
        found.loc[step, list(EVIDENCE)] = [
            name["breadth", "all"] if (n := own.province.nunique()) == every else label("of_pioneers").format(n, every),
            name["legal_footing", best],
            name["specificity", "named" if own.named.any() else "general"],
            name["measured", "figure" if own.figure.any() else "no_figure"],
            label("undated") if pd.isna(since) else label("since").format(since),
            name["begun", "begun" if own.begun.any() else "announced"],
        ]
    for criterion in OWN:
        own = dict(getattr(state, criterion))
        found[criterion] = [name[criterion, str(own[step])] if step in own else label("not_set") for step in found.index]
    return found


def chosen(ev, state=State()):
    """The steps that a state compares, by recommendation, difficulty answered and what Jiangsu has at home: a Series of ids."""
    rows = ev.measures
    if state.recommendation:
        rows = rows[rows.recommendation == state.recommendation]
    if state.difficulty:
        rows = rows[rows.recommendation.isin(ev.answers[ev.answers.premise == state.difficulty].recommendation)]
    if state.home != "all":
        rows = rows[rows.measure.isin(ev.home.measure) == (state.home == "only")]
    return rows.measure.reset_index(drop=True)


def in_play(table):
    """Which columns of `values` count: a boolean array; the reader's own only where some step is set."""
    return np.array([name in EVIDENCE or table[name].notna().any() for name in table])


# ---- the order


def contributions(table, weights):
    """Weighted contributions to each step's score: `table` with each value times its weight over the sum of weights.

    `weights` has a number (0 or more) for each column; columns out of play count nothing. Unknown values stand in the
    middle of their scale. A row sums to the step's score, from 0 to 1; all 0 if every weight is 0. ValueError for a
    weight that is negative or no number.
    """
    weights = np.asarray(weights, dtype=float)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"weights {list(weights)}: expected numbers of 0 or more")
    weights = weights * in_play(table)
    total = weights.sum()
    return table.fillna(MIDDLE) * (weights / total if total else weights)


def ranks(scores):
    """Ranks of scores, the best first: 1 and how many are better; equal scores (to 1e-9) share a rank. Along the last axis."""
    scores = np.asarray(scores, dtype=float)
    return 1 + (scores[..., None, :] > scores[..., :, None] + TIE).sum(axis=-1)


def dominates(table):
    """Which step is at least as good as which on every criterion in play, whatever the unknown values are, and better on one.

    A boolean DataFrame, steps by steps: no weights can put the column's step above the row's.
    """
    known = table.loc[:, in_play(table)]
    low, high = known.fillna(0).to_numpy(), known.fillna(1).to_numpy()
    never_worse = (low[:, None, :] >= high[None, :, :]).all(axis=-1)
    better = (low[:, None, :] > high[None, :, :]).any(axis=-1)
    return pd.DataFrame(never_worse & better, index=table.index, columns=table.index)


def fragility(table, weights):
    """The smallest change of one weight, in whole points within 0 to 100, that changes the first place.

    Returns (criterion, points, steps): the criterion whose weight changes, by how much (negative: fewer), and who then
    stands first; None if no such change exists. Of equal changes the first in the order of criteria and steps.
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
    for c in np.flatnonzero(play):
        for other in range(len(table)):
            slope = filled[first, c] - filled[other, c]
            if other == first or abs(slope) < TIE:
                continue
            points = int(np.floor((sums[first] - sums[other]) / abs(slope) + TIE)) + 1
            change = -points if slope > 0 else points
            changed = weights.copy()
            changed[c] += change
            if 0 <= changed[c] <= LIMIT and changed.sum() > 0 and (best is None or points < abs(best[1])):
                best = (int(c), change, changed)
    if best is None:
        return None
    sums = filled @ best[2]
    return table.columns[best[0]], best[1], list(table.index[sums >= sums.max() - TIE])


def rounded(number, digits=2):
    """A number from 0 to 1 with so many decimals, halves upwards, as the page writes it: “0.13”."""
    return f"{math.floor(number * 10**digits + 0.5) / 10**digits:.{digits}f}"


def percent(share):
    """A share as whole per cent, halves upwards, as the page writes it: “46%”."""
    return f"{math.floor(100 * share + 0.5)}%"


# ---- how sure is it


def uniform(numbers):
    """Reproducible draws from [0, 1): the finaliser of MurmurHash3 (Appleby 2011) over a Weyl sequence, by position.

    `numbers` are the positions (integers of any shape). The same in the page, bit for bit, without a file of draws.
    """
    with np.errstate(over="ignore"):
        h = np.asarray(numbers, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(SEED)
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (h ^ (h >> np.uint32(16))) / 4294967296.0


def weightings(play, draws=DRAWS):
    """`draws` weightings, uniform over the simplex of the criteria in play: (draws, len(play)), each row adding up to 1.

    `play` is a boolean array; the others have no weight. Spacings of sorted uniform draws (Devroye 1986), which need no
    more than comparison and subtraction.
    """
    count = int(np.sum(play))
    cuts = uniform(np.arange(draws)[:, None] * STRIDE + np.arange(count - 1))
    edges = np.sort(np.hstack([np.zeros((draws, 1)), cuts, np.ones((draws, 1))]), axis=1)
    spread = np.zeros((draws, len(play)))
    spread[:, play] = np.diff(edges, axis=1)
    return spread


def around(weights, band, draws=DRAWS):
    """`draws` weightings within `band` points of `weights`, uniform within 0 to 100: (draws, len(weights)), in points.

    A criterion without weight stays without.
    """
    weights = np.asarray(weights, dtype=float)
    low = np.maximum(0, weights - band)
    high = np.minimum(LIMIT, weights + band)
    drawn = uniform(draws * STRIDE + np.arange(draws)[:, None] * STRIDE + np.arange(len(weights)))
    return np.where(weights > 0, low + drawn * (high - low), 0)


def acceptability(table, drawn, steps):
    """Rank acceptability (Lahdelma, Hokkanen and Salminen 1998): the share of weightings in which a step takes each rank.

    `table` is `values`, `drawn` has a weighting a row and a weight a column of it; `steps` has every step in order, by
    whose place an unknown value is drawn anew for each weighting, from the whole scale. Returns a DataFrame, steps by
    ranks 1 to n; each row adds up to 1. A shared rank counts as the best of its places.
    """
    known = table.to_numpy()
    scores = drawn @ np.nan_to_num(known).T
    place = {step: number for number, step in enumerate(steps)}
    offset = 2 * len(drawn) * STRIDE
    for row, column in np.argwhere(np.isnan(known) & in_play(table)):
        at = offset + (np.arange(len(drawn)) * len(place) + place[table.index[row]]) * STRIDE + column
        scores[:, row] += drawn[:, column] * uniform(at)
    scores /= drawn.sum(axis=1, keepdims=True)
    taken = ranks(scores)
    shares = (taken[:, :, None] == np.arange(1, len(table) + 1)).mean(axis=0)
    return pd.DataFrame(shares, index=table.index, columns=range(1, len(table) + 1))


@dataclass(frozen=True)
class Ranking:
    """The answer to a state: the order of the steps and how sure it is.

    `values`, `parts` (contributions), `order` (DataFrame, index measure in ranked order: rank, shared, score), `shares`
    (acceptability over all weightings), `near` (within the state's band, or 10 points), `change` (`fragility`), and
    `apart`, the steps compared that no chosen precedent lets rank. With no weight at all the order is empty.
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
        return Ranking(table, parts, nothing.assign(rank=0, shared=False, score=0.0), nothing, nothing, None, apart)
    score = parts.sum(axis=1)
    order = pd.DataFrame({"rank": ranks(score), "score": score}, index=table.index).sort_values("rank", kind="stable")
    order.insert(1, "shared", order["rank"].duplicated(keep=False))
    return Ranking(
        table,
        parts,
        order,
        acceptability(table, weightings(play), steps),
        acceptability(table, around(weights, state.near or BANDS[1]), steps),
        fragility(table, weights),
        apart,
    )
