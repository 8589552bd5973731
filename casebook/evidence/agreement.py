"""How far coders agree: Krippendorff's alpha of every coded variable, with an interval.

The coefficient is the nominal one of K. Krippendorff, Computing Krippendorff's alpha-reliability
(2011). It takes any number of coders, and units that some of them did not code. That it comes with
an interval is asked by A. F. Hayes and K. Krippendorff, Answering the call for a standard
reliability measure for coding data (2007). Theirs draws pairs of values anew; this one draws units,
since it is the article's units that could have been others. The licence of the package
`krippendorff` keeps it out of this book: its version 0.9.0 gave the same on 200 random tables.
"""

from itertools import product

import numpy as np
import pandas as pd

from casebook.evidence.rules import CODED, NO_CODE, SEVERAL
from casebook.evidence.schema import JOIN, MISSING, NOT_APPLICABLE

OWN = r"book(-.+)?"  # the ids of those codings that are the book's own
EXAMPLE = "example"  # the comment on a code of the book's that its codebook gives as its example
LINK = "link"  # of relation: whichever of its codes, or none
DRAWS, SEED, PERCENTILES = 2_000, 20200820, (2.5, 97.5)
RELIABLE, AT_LEAST = 0.8, 0.67  # what alpha, and the lower end of its interval, must reach


def counts_of(values):
    """How often each value was given to each unit: an array, units × values.

    `values` is a DataFrame, units × coders. What is missing there was not coded. Units that fewer
    than two coders coded are left out: they have no pair to compare.
    """
    codes, known = pd.factorize(values.to_numpy().ravel())
    codes = codes.reshape(values.shape)
    counts = (codes[:, :, None] == np.arange(len(known))).sum(axis=1)
    return counts[counts.sum(axis=1) > 1]


def alpha(counts, weights=None):
    """Krippendorff's alpha, nominal, of `counts` (units × values).

    With `weights` (draws × units), how often each unit counts in a draw, an array: one alpha a
    draw. It is NaN where all values are one: nothing could have differed.
    """
    times = np.ones((1, len(counts))) if weights is None else weights
    coders = counts.sum(axis=1)
    observed = times @ ((coders**2 - (counts**2).sum(axis=1)) / (coders - 1))
    n = times @ coders
    expected = n**2 - ((times @ counts) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas = np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)
    return alphas[0] if weights is None else alphas


def interval(counts, draws=DRAWS, seed=SEED):
    """The percentiles 2.5 and 97.5 of alpha over `draws` bootstrap samples of the units.

    Units with the same counts are of one kind: a sample is a multinomial draw of how many units of
    each kind it has. A draw without an alpha is left out. Both ends are NaN where alpha is.
    """
    if np.isnan(alpha(counts)):
        return np.nan, np.nan
    kinds, size = np.unique(counts, axis=0, return_counts=True)
    shares = size / size.sum()
    weights = np.random.default_rng(seed).multinomial(size.sum(), shares, size=draws)
    return tuple(np.nanpercentile(alpha(kinds, weights), PERCENTILES))


def coding_of(ev):
    """The codes that data/ has today, as a coding.

    Columns: unit, variable, code, comment. A practice without a code of a variable is coded `none`.
    A code whose example the practice is has the comment EXAMPLE.
    """
    rows = [(row.practice, row.variable, row.code) for row in ev.readings.itertuples()]
    for variable, column in CODED["practices"].items():
        for practice, cell in zip(ev.practices.practice, ev.practices[column]):
            rows += [(practice, variable, code) for code in cell.split(JOIN) if code not in MISSING]
    told = ev.known()
    told = told[told.known != "figure"].drop_duplicates(["practice", "question"])
    rows += [(row.practice, "question", row.question) for row in told.itertuples()]
    coded = {row[:2] for row in rows}
    every = product(ev.practices.practice, {*CODED["practices"], *ev.readings.variable, "question"})
    rows += [(*pair, NO_CODE) for pair in every if pair not in coded]
    links = ev.precedents.itertuples()
    rows += [(f"{row.measure} {row.practice}", "relation", row.relation) for row in links]
    examples = set(zip(ev.codes.example, ev.codes.variable, ev.codes.code))
    place = {variable: at for at, variable in enumerate(ev.codes.variable.unique())}
    place |= {practice: at for at, practice in enumerate(ev.practices.practice)}
    rows.sort(key=lambda row: (place[row[1]], place[row[0].split(" ")[-1]]))
    comments = [EXAMPLE if row in examples else NOT_APPLICABLE for row in rows]
    columns = ["unit", "variable", "code"]
    return pd.DataFrame(rows, columns=columns).assign(comment=comments)


def groups(coders, rules=None):
    """Coders who saw the same of the same rules, each group with the book's own coding of them.

    Gives (rules, saw, ids) for each; `saw` is the text in English. `rules` chooses one version.
    """
    own = coders.coder.str.fullmatch(OWN)
    for (version, saw), rows in coders[~own].groupby(["rules", "saw_en"], sort=False):
        if rules in (None, version):
            with_book = coders[own & (coders.rules == version)].coder
            yield version, saw, [*with_book, *rows.coder]


def values_of(rows, variable):
    """What the rows of one variable say: {code or text: DataFrame of units × coders}.

    A variable of one code a unit has one DataFrame, under an empty text. One of several has one for
    each code, of whether it was given. For relation there are both the codes and LINK.
    """
    if variable in SEVERAL:
        coded = rows.drop_duplicates(["unit", "coder"]).assign(was=1)
        coded = coded.pivot(index="unit", columns="coder", values="was")
        given = pd.crosstab([rows.unit, rows.code], rows.coder)
        return {
            code: given.xs(code, level="code").reindex(coded.index, fill_value=0).where(coded == 1)
            for code in dict.fromkeys(rows.code)
            if code != NO_CODE
        }
    values = rows.pivot(index="unit", columns="coder", values="code")
    if variable != "relation":
        return {"": values}
    return {LINK: values.where(values == NO_CODE, LINK), "": values}


def with_pairs(rows, codings):
    """The rows of relation, with `none` for each pair of a coder that has no row.

    The pairs are all of the steps and the practices that `codings` speak of: those of the rules
    that the coders saw, whatever the tables have today.
    """
    pairs = codings.unit[codings.variable == "relation"].str.partition(" ")
    practices = {*codings.unit[codings.variable != "relation"], *pairs[2]}
    units = [f"{measure} {practice}" for measure in set(pairs[0]) for practice in practices]
    index = pd.MultiIndex.from_product([sorted(units), rows.coder.unique()])
    index = index.set_names(["unit", "coder"])
    whole = rows.set_index(["unit", "coder"]).reindex(index)
    return whole.assign(variable="relation", code=whole.code.fillna(NO_CODE)).reset_index()


def agreement(codings, coders, rules=None, examples=False):
    """How far the coders of each group agree, by variable.

    `codings` and `coders` are the tables of that name. Columns: rules and saw (of the group),
    variable, code (of a variable of several codes; LINK of relation; else empty), coders and units
    (how many; a unit counts where two coded it), alpha, low and high (its interval), and reliable
    (whether it reaches RELIABLE and AT_LEAST). Alpha is NaN where only one code was given.
    A unit that the codebook gave away as an example of the code is left out, unless `examples`. A
    variable that one coder alone coded is not there.
    """
    lines = []
    given = codings[codings.comment == EXAMPLE]
    for version, saw, ids in groups(coders, rules):
        ours = codings[codings.coder.isin(ids)]
        same_rules = codings[codings.coder.isin(coders.coder[coders.rules == version])]
        for variable, rows in ours.groupby("variable", sort=False):
            if rows.coder.nunique() < 2:
                continue
            if variable == "relation":
                rows = with_pairs(rows, same_rules)
            away = given[given.coder.isin(ids) & (given.variable == variable)]
            for code, values in values_of(rows, variable).items():
                of_code = away[(away.code == code) | (variable not in SEVERAL)]
                left = values if examples else values.drop(of_code.unit, errors="ignore")
                counts = counts_of(left)
                size = values.shape[1], len(counts)
                lines.append(
                    (version, saw, variable, code, *size, alpha(counts), *interval(counts))
                )
    columns = ["rules", "saw", "variable", "code", "coders", "units", "alpha", "low", "high"]
    table = pd.DataFrame(lines, columns=columns)
    return table.assign(reliable=(table.alpha >= RELIABLE) & (table.low >= AT_LEAST))


def blind_links(codings, coders):
    """The rows of relation of every blind coding, by whichever rules: all but the book's own."""
    blind = coders.coder[~coders.coder.str.fullmatch(OWN)]
    return codings[(codings.variable == "relation") & codings.coder.isin(blind)]


def agreed(precedents, codings, coders):
    """In how many of the blind codings each link stands, whatever its code there.

    Columns: measure, practice, agreed, and of (how many blind codings of relation there are).
    """
    links = blind_links(codings, coders)
    rows = precedents[["measure", "practice"]].reset_index(drop=True)
    counts = links.groupby("unit").coder.nunique()
    units = rows.measure + " " + rows.practice
    return rows.assign(agreed=units.map(counts).fillna(0).astype(int), of=links.coder.nunique())
