"""The explorer's computation by itself: fixed scales, an order that nothing irrelevant changes, and
how sure it is."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from casebook import explorer
from casebook.explorer import ranking
from casebook.explorer.ranking import CRITERIA, EVIDENCE, State
from casebook.study import PACKAGE

# The same examples on every machine, and no clock in a test.
settings.register_profile("book", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("book")

# Values on the scales that data/scales.csv has, and unknown ones.
LEVELS = st.sampled_from([0.0, 0.25, 0.33, 0.5, 0.67, 0.75, 1.0, np.nan])
POINTS = st.lists(
    st.integers(0, ranking.LIMIT), min_size=len(CRITERIA), max_size=len(CRITERIA)
).filter(lambda points: any(points[: len(EVIDENCE)]))


@st.composite
def tables(draw, least=1, most=8):
    """A table of values as `ranking.values` gives it, of made-up steps."""
    count = draw(st.integers(least, most))
    cells = draw(arrays.arrays(float, (count, len(CRITERIA)), elements=LEVELS))
    return pd.DataFrame(cells, index=[f"m-{n}" for n in range(count)], columns=CRITERIA)


def score(table, points):
    return ranking.contributions(table, points).sum(axis=1)


# ---- the weighted sum


@given(tables(), POINTS)
def test_scores_stay_within_the_scale_and_are_the_sum_of_their_parts(table, points):
    parts = ranking.contributions(table, points)
    assert (parts.to_numpy() >= 0).all() and (score(table, points) <= 1 + 1e-9).all()
    assert parts.loc[:, ~ranking.in_play(table)].to_numpy().sum() == 0


@given(tables(least=2), POINTS, st.data())
def test_dropping_a_step_never_reorders_the_others(table, points, data):
    gone = data.draw(st.sampled_from(list(table.index)))
    rest = table.drop(gone)
    if list(ranking.in_play(rest)) != list(ranking.in_play(table)):
        return  # the last step that the reader had judged: a criterion leaves with it
    pd.testing.assert_series_equal(score(rest, points), score(table, points).drop(gone))


@given(tables(least=2), POINTS, st.floats(0.01, 50))
def test_scaling_all_weights_changes_nothing(table, points, factor):
    one, other = score(table, points), score(table, np.array(points) * factor)
    pd.testing.assert_series_equal(one, other)
    np.testing.assert_array_equal(ranking.ranks(one), ranking.ranks(other))


@given(tables(least=2), POINTS)
def test_what_is_dominated_never_stands_above_its_dominator(table, points):
    above, rank = (
        ranking.dominates(table),
        pd.Series(ranking.ranks(score(table, points)), index=table.index),
    )
    for better, worse in np.argwhere(above.to_numpy()):
        assert rank.iloc[better] <= rank.iloc[worse]
    assert not (above & above.T).to_numpy().any()


@given(tables(least=2), st.integers(5, 20))
def test_dominated_is_not_above_in_any_weighting_either(table, band):
    play = ranking.in_play(table)
    for drawn in (ranking.weightings(play, 200), ranking.around(np.where(play, 50, 0), band, 200)):
        shares = ranking.acceptability(table, drawn, list(table.index))
        mean = (shares * shares.columns).sum(axis=1)
        for better, worse in np.argwhere(ranking.dominates(table).to_numpy()):
            assert mean.iloc[better] <= mean.iloc[worse] + 1e-9


@given(tables(), POINTS)
def test_acceptabilities_of_a_step_sum_to_one(table, points):
    play = ranking.in_play(table)
    for drawn in (
        ranking.weightings(play, 300),
        ranking.around(np.where(play, points, 0), 10, 300),
    ):
        shares = ranking.acceptability(table, drawn, list(table.index))
        assert shares.shape == (len(table), len(table))
        np.testing.assert_allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf])
def test_a_weight_that_is_none_is_refused(ev, bad):
    with pytest.raises(ValueError, match="numbers of 0 or more"):
        ranking.contributions(ranking.values(ev), [bad, *[50] * 7])


def test_equal_scores_share_a_rank_and_leave_the_next_free():
    assert list(ranking.ranks([0.5, 0.7, 0.7 + 1e-12, 0.1])) == [3, 1, 1, 4]


# ---- fragility


@given(tables(least=2), POINTS)
def test_the_smallest_change_changes_the_first_place_and_no_smaller_one_does(table, points):
    points = np.where(ranking.in_play(table), points, 0)
    before = set(table.index[ranking.ranks(score(table, points)) == 1])
    found = ranking.fragility(table, points)

    filled = table.fillna(ranking.MIDDLE).to_numpy()

    def first(column, change):
        changed = points.copy()
        changed[column] += change
        if not 0 <= changed[column] <= ranking.LIMIT or not changed.any():
            return before
        return set(table.index[ranking.ranks(filled @ changed / changed.sum()) == 1])

    if found:
        criterion, change, steps = found
        assert first(CRITERIA.index(criterion), change) == set(steps) != before
    leader = min(before, key=list(table.index).index)
    for size in range(
        1, abs(found[1]) if found else ranking.LIMIT + 1, 3
    ):  # every third is enough to catch a miss
        for column in np.flatnonzero(ranking.in_play(table)):
            assert leader in first(column, size) and leader in first(column, -size)


# ---- draws


def test_weightings_are_spread_evenly_over_the_simplex():
    play = np.array([True, True, False, True])
    drawn = ranking.weightings(play)
    assert drawn.shape == (ranking.DRAWS, 4) and (drawn[:, 2] == 0).all() and (drawn >= 0).all()
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    # Uniform over the simplex of three: each weight has mean 1/3 and variance 1/18 (Dirichlet),
    # with standard errors below 0.006.
    np.testing.assert_allclose(drawn[:, play].mean(axis=0), 1 / 3, atol=0.02)
    np.testing.assert_allclose(drawn[:, play].var(axis=0), 1 / 18, atol=0.006)
    assert (drawn == ranking.weightings(play)).all()


def test_weightings_around_the_readers_own_stay_in_the_band_and_off_what_is_off():
    drawn = ranking.around([50, 0, 97, 3], 5)
    assert (drawn[:, 1] == 0).all()
    for column, low, high in ((0, 45, 55), (2, 92, 100), (3, 0, 8)):
        assert low <= drawn[:, column].min() < low + 0.1
        assert high - 0.1 < drawn[:, column].max() <= high


def test_draws_do_not_repeat_each_other():
    """Weights, weights in a band and unknown values are drawn at different places."""
    ends = [ranking.DRAWS * ranking.STRIDE * n for n in (0, 1, 2)]
    columns = [
        ranking.uniform(np.arange(ranking.DRAWS) * ranking.STRIDE + end + c)
        for end in ends
        for c in (0, 5)
    ]
    assert np.abs(np.corrcoef(columns) - np.eye(6)).max() < 0.08
    assert len(CRITERIA) <= ranking.STRIDE


# ---- from the evidence


def test_each_value_is_what_its_precedents_say(ev):
    """Two steps counted by hand from precedents.csv, practices.csv and figures.csv."""
    table, words = ranking.values(ev), ranking.words(ev)
    assert list(table.loc["m-services", list(EVIDENCE)]) == [1, 1, 1, 0, 0.4, 1]
    assert list(table.loc["m-enforcement", list(EVIDENCE)]) == pytest.approx([0.5, 1, 1, 0, 0.3, 1])
    assert words.loc["m-services", "time_in_force"] == "dated 2016"
    assert words.loc["m-services", "legal_footing"] == "legislation"


def test_undated_is_unknown_and_never_zero(ev):
    table, pairs = ranking.values(ev), ranking.counted_precedents(ev)
    undated = [
        step
        for step in table.index
        if pairs[pairs.measure == step].time_in_force.eq(ranking.UNKNOWN).all()
    ]
    assert undated
    assert table.time_in_force[undated].isna().all()
    assert table.time_in_force.drop(undated).notna().all()
    assert (ranking.contributions(table, ranking.EQUAL).time_in_force[undated] > 0).all()
    assert (ranking.words(ev).time_in_force[undated] == "undated").all()


def test_a_draft_or_an_announcement_is_not_in_force(ev):
    pairs = ranking.counted_precedents(ev).set_index("practice")
    assert pairs.loc["bj-regulations-2018"].time_in_force == ranking.UNKNOWN
    assert pairs.loc["bj-regulations-2018"].legal_footing == "draft"
    only = ranking.values(ev, State(jurisdictions=("CN-SH",)))
    assert (
        only.begun["m-lawmaking"] == only.begun["m-key-areas"] == 0 and only.begun["m-silos"] == 1
    )


def test_national_acts_are_never_counted(ev):
    assert set(ranking.counted_precedents(ev).province) == set(ev.pioneers().province)
    assert "CN" in set(ev.practices.province), "so that some could be"


def test_a_step_without_a_chosen_precedent_stands_apart(ev):
    answer = ranking.ranked(ev)
    assert answer.apart == ["m-duties", "m-devolve", "m-responsibility", "m-innovation"]
    assert len(answer.order) == len(ev.measures) - 4
    none = ranking.ranked(ev, State(jurisdictions=()))
    assert none.order.empty and len(none.apart) == len(ev.measures)


def test_a_choice_of_jurisdictions_or_steps_leaves_the_values_of_the_rest(ev):
    whole = ranking.values(ev)
    part = ranking.values(ev, State(recommendation="rec-technology"))
    pd.testing.assert_frame_equal(part, whole.loc[part.index])
    assert set(part.index) < set(whole.index)
    answered = ranking.chosen(ev, State(difficulty="information-silos"))
    assert set(answered) == set(ev.measures.measure[ev.measures.recommendation == "rec-technology"])


def test_the_readers_own_criteria_count_from_the_first_step_that_is_set(ev):
    assert list(ranking.in_play(ranking.values(ev))) == [True] * 6 + [False] * 2
    table = ranking.values(ev, State(priority=(("m-silos", 4),)))
    assert list(ranking.in_play(table)) == [True] * 7 + [False] and table.priority["m-silos"] == 1
    assert table.priority.drop("m-silos").isna().all()


STATES = [
    State(),
    State(weights=(0,) * 8),
    State(weights=(1, 2, 3, 4, 5, 6, 7, 100), jurisdictions=(), relations=("same",)),
    State(
        recommendation="rec-technology",
        difficulty="information-silos",
        priority=(("m-silos", 0), ("m-smart-city", 4)),
        feasibility=(("m-silos", 3),),
        near=20,
        compare=("m-silos", "m-services"),
    ),
]


@pytest.mark.parametrize("state", STATES)
def test_a_state_survives_its_address(ev, state):
    assert State.parse(str(state), ev) == state
    assert set(str(state)) <= set("abcdefghijklmnopqrstuvwxyzBJGDSHZ0123456789-_.*")


BROKEN = [
    *("", "2", "1.x", "1..", "1.__proto__", "1.constructor"),
    *("1.w1-2", "1.w101-0-0-0-0-0-0-0", "1.w-1-0-0-0-0-0-0-0", "1.wa"),
    *("1.jBJ-BJ", "1.jXX", "1.lsome", "1.rnone", "1.dno", "1.hno"),
    *("1.pm-silos", "1.pm-silos_9", "1.pm-none_1"),
    *("1.n7", "1.n5.n5", "1.cm-silos", "1.cm-silos*m-none"),
]


@pytest.mark.parametrize("text", BROKEN)
def test_an_address_that_cannot_be_read_says_which_part(ev, text):
    with pytest.raises(ValueError, match=r"version|not a setting|set twice"):
        State.parse(text, ev)


# ---- what stands on the page before any script


def test_the_ranking_in_words_is_complete_without_script(ev):
    page, answer = explorer.ranked_list(ev).markup, ranking.ranked(ev)
    order = [f"step-{step}" for step in answer.order.index]
    assert [part.split('"')[0] for part in page.split('<li id="')[1:]] == order
    assert page.count('class="late"') == (answer.order["rank"] > explorer.SHOWN).sum()
    assert (
        "Fulfil primary responsibility" in page.split('class="explorer-apart"')[1].split("</p>")[0]
    )


def test_the_scripts_are_given_every_label_that_they_write(ev):
    scripts = (PACKAGE / "explorer" / "static").glob("*.js")
    text = "".join(script.read_text(encoding="utf-8") for script in scripts)
    asked = set(re.findall(r"\bwords\.(\w+)", text))
    assert len(asked) > 30 and asked <= set(explorer.data(ev)["words"])
