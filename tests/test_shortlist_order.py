"""The shortlist's computation by itself: fixed scales, an order that nothing irrelevant changes,
and how sure it is."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from casebook.evidence.wording import EvidenceInWords
from casebook.shortlist import candidates, lines, markdown, memo, page, ranking
from casebook.shortlist.ranking import BAND
from casebook.shortlist.state import CRITERIA, EVIDENCE, LIMIT, QUESTIONS, State, allowed
from casebook.study import PACKAGE
from casebook.words import label

# The same examples on every machine, and no clock in a test.
settings.register_profile("book", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("book")

# Values on the scales that data/scales.csv has, and unknown ones.
LEVELS = st.sampled_from([0.0, 0.25, 0.33, 0.5, 0.67, 0.75, 1.0, np.nan])
POINTS = st.lists(st.integers(0, LIMIT), min_size=len(CRITERIA), max_size=len(CRITERIA))
CLOSE = CRITERIA.index("closeness")


@st.composite
def tables(draw, least=1, most=8):
    """A table of values as `ranking.values` gives it, of made-up practices."""
    count = draw(st.integers(least, most))
    cells = draw(arrays.arrays(float, (count, len(CRITERIA)), elements=LEVELS))
    cells[:, CLOSE] = np.nan_to_num(cells[:, CLOSE])  # every row has a link
    return pd.DataFrame(cells, index=[f"p-{n}" for n in range(count)], columns=CRITERIA)


def score(table, points):
    return ranking.contributions(table, points).sum(axis=1)


def close(table, *codings):
    """A table's closeness as `ranking.closeness` gives it, by the codings given, or its own."""
    columns = dict(enumerate(codings or [table.closeness]))
    return pd.DataFrame({"book": table.closeness, **columns})


def places(table):
    return {practice: at for at, practice in enumerate(table.index)}


def played(table, points):
    return np.where(ranking.counted(table), points, 0)


# ---- the weighted sum


@given(tables(), POINTS)
def test_scores_stay_within_the_scale_and_are_the_sum_of_their_parts(table, points):
    parts = ranking.contributions(table, points)
    assert (parts.to_numpy() >= 0).all() and (score(table, points) <= 1 + 1e-9).all()
    assert parts.loc[:, ~ranking.counted(table)].to_numpy().sum() == 0


@given(tables(least=2), POINTS, st.data())
def test_adding_a_practice_never_reorders_the_others(table, points, data):
    """A criterion that only the added one tells apart adds the same to all others."""
    added = data.draw(st.sampled_from(list(table.index)))
    rest = table.drop(added)
    before = pd.Series(ranking.ranks(score(rest, points)), index=rest.index)
    after = score(table, points).drop(added)
    if not played(rest, points).any():
        return  # nothing that is asked tells the others apart: they stand in the article's order
    for one in rest.index:
        for other in rest.index:
            if before[one] < before[other]:
                assert after[one] > after[other] - 1e-9


@given(tables(least=2), POINTS, st.floats(0.01, 50))
def test_scaling_all_weights_changes_nothing(table, points, factor):
    one, other = score(table, points), score(table, np.array(points) * factor)
    pd.testing.assert_series_equal(one, other)
    np.testing.assert_array_equal(ranking.ranks(one), ranking.ranks(other))


@given(tables(least=2), POINTS)
def test_what_is_dominated_never_stands_above_its_dominator(table, points):
    above = ranking.dominates(table)
    rank = pd.Series(ranking.ranks(score(table, points)), index=table.index)
    for better, worse in np.argwhere(above.to_numpy()):
        assert rank.iloc[better] <= rank.iloc[worse]
    assert not (above & above.T).to_numpy().any()


@given(tables(least=2), POINTS)
def test_dominated_is_not_above_in_any_draw_either(table, points):
    if not ranking.in_play(table).any():
        return
    shares = ranking.acceptability(table, close(table), points, places(table), 200)
    reached = shares.drop(columns="out").cumsum(axis=1)
    for better, worse in np.argwhere(ranking.dominates(table).to_numpy()):
        assert (reached.iloc[better] >= reached.iloc[worse] - 1e-9).all()


@given(tables(), POINTS, st.data())
def test_acceptabilities_of_a_practice_sum_to_one(table, points, data):
    if not ranking.in_play(table).any():
        return
    codings = [
        data.draw(arrays.arrays(float, len(table), elements=st.sampled_from([0.33, 1, np.nan])))
        for _ in range(2)
    ]
    codings = [pd.Series(coding, index=table.index) for coding in codings]
    shares = ranking.acceptability(table, close(table, *codings), points, places(table), 300)
    assert list(shares) == ["out", *range(1, len(table) + 1)]
    np.testing.assert_allclose(shares.sum(axis=1), 1)


@given(tables(least=2), POINTS)
def test_coders_who_agree_give_the_answer_of_the_weights_alone(table, points):
    if not ranking.in_play(table).any():
        return
    alone = ranking.acceptability(table, close(table), points, places(table), 240)
    agreeing = close(table, *[table.closeness] * 4)
    together = ranking.acceptability(table, agreeing, points, places(table), 240)
    pd.testing.assert_frame_equal(alone, together)
    assert (alone.out == 0).all()


def test_a_link_that_one_of_four_coders_sees_counts_in_a_quarter_of_the_draws():
    cells = np.full((2, len(CRITERIA)), 0.5)
    cells[0] = 1
    table = pd.DataFrame(cells, index=["p-0", "p-1"], columns=CRITERIA)
    seen, unseen = pd.Series([1.0, 0.5], index=table.index), pd.Series([np.nan, 0.5], table.index)
    shares = ranking.acceptability(
        table, close(table, unseen, seen, unseen, unseen), QUESTIONS["law"], places(table)
    )
    assert list(shares.loc["p-0"]) == pytest.approx([0.75, 0.25, 0])
    assert list(shares.loc["p-1"]) == pytest.approx([0, 0.75, 0.25])


def test_an_unknown_date_is_drawn_from_the_whole_scale():
    """Of two that differ by their dates alone, one unknown, each leads in its share of draws."""
    table = pd.DataFrame(0.5, index=["p-0", "p-1"], columns=CRITERIA)
    table.time_in_force = [np.nan, 0.25]
    shares = ranking.acceptability(table, close(table), QUESTIONS["longest"], places(table))
    assert shares.loc["p-0", 1] == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf])
def test_a_weight_that_is_none_is_refused(ev, bad):
    with pytest.raises(ValueError, match="numbers of 0 or more"):
        ranking.contributions(ranking.values(ev), [bad, *[50] * 7])


def test_equal_scores_share_a_rank_and_leave_the_next_free():
    assert list(ranking.ranks([0.5, 0.7, 0.7 + 1e-12, 0.1])) == [3, 1, 1, 4]


# ---- fragility


@given(tables(least=2), POINTS)
def test_the_smallest_change_changes_the_first_place_and_no_smaller_one_does(table, points):
    points = played(table, points)
    before = set(table.index[ranking.ranks(score(table, points)) == 1])
    found = ranking.fragility(table, points)

    filled = table.fillna(ranking.FILL).to_numpy()

    def first(column, change):
        changed = points.copy()
        changed[column] += change
        if not 0 <= changed[column] <= LIMIT or not changed.any():
            return before
        return set(table.index[ranking.ranks(filled @ changed / changed.sum()) == 1])

    if found:
        criterion, change, practices = found
        assert first(CRITERIA.index(criterion), change) == set(practices) != before
    leader = min(before, key=list(table.index).index)
    for size in range(
        1, abs(found[1]) if found else LIMIT + 1, 3
    ):  # every third is enough to catch a miss
        for column in np.flatnonzero(ranking.in_play(table)):
            assert leader in first(column, size) and leader in first(column, -size)


# ---- draws


def test_weightings_around_the_readers_own_stay_in_the_band_and_off_what_is_out_of_play():
    drawn = ranking.around([50, 0, 97, 3], np.array([True, True, True, False]))
    assert (drawn[:, 3] == 0).all()
    for column, low, high in ((0, 50 - BAND, 50 + BAND), (1, 0, BAND), (2, 97 - BAND, LIMIT)):
        assert low <= drawn[:, column].min() < low + 0.3
        assert high - 0.3 < drawn[:, column].max() <= high


def test_draws_do_not_repeat_each_other(ev):
    """Weights and unknown values are drawn at different places."""
    every, count = np.arange(ranking.DRAWS), len(candidates.candidates(ev))
    places = [every, *(ranking.DRAWS + every * count + at for at in (0, count - 1))]
    columns = [ranking.uniform(place * ranking.STRIDE + c) for place in places for c in (0, 5)]
    three_errors = 3 / np.sqrt(ranking.DRAWS)
    assert np.abs(np.corrcoef(columns) - np.eye(6)).max() < three_errors
    assert len(CRITERIA) <= ranking.STRIDE


# ---- from the evidence


def test_each_value_is_what_the_rows_say(ev):
    """Two practices counted by hand from practices.csv, knowledge.csv, checks and precedents."""
    table = ranking.values(ev)
    known = (1 + 0 + 0 + 1 + 1) / 5
    assert list(table.loc["bj-three-zeros", list(EVIDENCE)]) == pytest.approx(
        [known, 1, 0, 0.2, 0, 0.67]
    )
    assert list(table.loc["gd-data-rules", ["legal_footing", "alike"]]) == [1, 1]


def test_unknown_is_never_zero(ev):
    rows, table = candidates.candidates(ev).set_index("practice"), ranking.values(ev)
    undated = rows.index[rows.since.isna() & rows.status.isin(candidates.BEGUN)]
    unseen = rows.index[rows.source == "not_looked_up"]
    assert len(undated) and len(unseen)
    assert list(table.index[table.time_in_force.isna()]) == list(undated)
    assert list(table.index[table.source.isna()]) == list(unseen)
    shares = ranking.ranked(ev, State(ask="longest")).shares
    reached = shares.loc[undated, [1, 2, 3, 4, 5]].sum(axis=1)
    assert (reached > 0).any(), "what has no date may have run longest"
    order = ranking.ranked(ev, State(ask="longest")).order
    assert order["rank"][undated].min() > order["rank"][rows.index[rows.since < 2018]].max()


def test_a_draft_or_an_announcement_is_not_in_force(ev):
    rows, table = candidates.candidates(ev).set_index("practice"), ranking.values(ev)
    assert rows.legal_footing["bj-regulations-2018"] == "draft"
    assert rows.legal_footing["bj-csr-alliance"] == "announced"
    assert table.time_in_force["bj-regulations-2018"] == table.time_in_force["bj-csr-alliance"] == 0


def test_every_practice_of_a_pioneer_that_is_a_precedent_is_listed_once_and_no_national_act(ev):
    pairs = ev.precedents_of()
    assert set(pairs.role) == {"pioneer", "national"} or set(pairs.role) == {"pioneer"}
    listed = list(candidates.candidates(ev).practice)
    assert sorted(listed) == sorted(set(pairs.practice[pairs.role == "pioneer"]))
    assert list(ranking.values(ev).index) == listed


def test_the_readers_own_criteria_count_from_the_first_practice_that_is_rated(ev):
    assert list(ranking.in_play(ranking.values(ev))) == [True] * 6 + [False] * 2
    table = ranking.values(ev, State(priority=(("zj-one-visit", 4),)))
    assert list(ranking.in_play(table)) == [True] * 7 + [False]
    assert table.priority["zj-one-visit"] == 1 and table.priority.drop("zj-one-visit").isna().all()


def test_a_criterion_that_tells_none_apart_is_out_of_play(ev):
    table = ranking.values(ev, State(place="CN-GD"))
    assert not ranking.in_play(table)[CRITERIA.index("alike")]
    assert not ranking.ranked(ev, State(place="CN-GD", weights=(0, 0, 0, 0, 50, 0, 0, 0))).asked


def test_a_filter_leaves_the_values_of_the_rest(ev):
    whole, part = ranking.values(ev), ranking.values(ev, State(recommendation="rec-technology"))
    fixed = [name for name in CRITERIA if name != "closeness"]
    pd.testing.assert_frame_equal(
        part[fixed].sort_index(), whole.loc[part.index, fixed].sort_index()
    )
    assert set(part.index) < set(whole.index)


def test_links_are_agreed_or_contested_as_the_codings_say(ev):
    whole, agreed, contested = (
        ranking.chosen_links(ev, State(coding=coding)) for coding in ("", "agreed", "contested")
    )
    assert len(agreed) + len(contested) == len(whole) and len(contested) > 0
    assert {len(codings) for codings in whole.codings} == {4}
    shares = ranking.ranked(ev, State(ask="documented", coding="contested")).shares
    assert set(shares.out) == {0, 0.25, 0.5}


STATES = [
    State(),
    State(weights=(0,) * 8),
    State(weights=(1, 2, 3, 4, 5, 6, 7, 100), place="CN-SH", type="municipality"),
    State(
        recommendation="rec-technology",
        step="m-silos",
        status="in_place",
        kind="legislation",
        source="seen",
        coding="contested",
        ask="alike",
        priority=(("zj-one-visit", 0), ("gd-digital-plan", 4)),
        feasibility=(("zj-one-visit", 3),),
        pick=("zj-one-visit", "gd-digital-plan"),
        show="compare",
    ),
]


@pytest.mark.parametrize("state", STATES)
def test_a_state_survives_its_address(ev, state):
    assert State.parse(str(state), ev) == state
    assert set(str(state)) <= set("abcdefghijklmnopqrstuvwxyzBCDGHJNSZ0123456789-_.*=&")


BROKEN = [
    *("shortlist=2", "shortlist=1&ask=why", "step=__proto__", "place=constructor"),
    *("weights=1-2", "weights=101-0-0-0-0-0-0-0", "weights=-1-0-0-0-0-0-0-0", "weights=a"),
    *("place=XX", "type=city", "recommendation=none", "step=m-none", "source=some", "coding=half"),
    *("priority=zj-one-visit", "priority=zj-one-visit_9", "feasibility=none_1"),
    *("pick=none", "pick=zj-one-visit*none", "pick=cn-streamlining", "show=chart"),
]


@pytest.mark.parametrize("query", BROKEN)
def test_an_address_that_cannot_be_read_says_which_part(ev, query):
    part = query.rpartition("&")[2]
    with pytest.raises(ValueError, match=re.escape(part)):
        State.parse(query, ev)


def test_the_parameters_of_others_are_passed_over(ev):
    assert State.parse("?fig-precedents.who=CN-SH&ask=law", ev) == State(ask="law")


# ---- the memo


def test_a_memo_has_every_practice_picked_with_all_that_the_page_says_of_it(ev):
    state = State(ask="documented", pick=("zj-one-visit", "bj-three-zeros"))
    text = memo(ev, state)
    assert text.index("“Zero visits") < text.index("At Most One Visit"), "in the list's order"
    for part in ("Seen in:", "What is told of it:", "What the checks found:", "What became of it:"):
        assert text.count(f"**{part}**") == 2
    for part in ("What Jiangsu had by August 2020:", "Ask:"):
        assert text.count(f"**{part}**") == 3, "once of each, once of both"
    assert text.count("The provincial government demanded approval without meeting") == 1
    for caveat in markdown.caveats(ev):
        assert text.count(caveat) == 1
    assert "Ordered by the question: What is best documented?" in text


def test_a_memo_of_few_tells_more_and_what_it_leaves_out_is_counted(ev):
    few = ("zj-one-visit", "sh-one-network-service", "bj-one-window")
    more = (*few, "gd-data-rules")
    state = State(step="m-services")
    texts = [memo(ev, replace(state, pick=pick)) for pick in (few, more)]
    assert "What the checks found" in texts[0] and "What the checks found" not in texts[1]
    assert "Jiangsu 91.90" in texts[0] and "Jiangsu 91.90" not in texts[1]
    left = [text.count("more in the book") for text in texts]
    assert 0 < left[0] < left[1]


def test_a_memo_of_nothing_is_refused(ev):
    with pytest.raises(ValueError, match="at least one practice"):
        memo(ev, State())


def test_what_is_asked_is_what_is_not_known(ev):
    rows = candidates.candidates(ev).set_index("practice", drop=False)
    every = candidates.links(ev)

    def asked(practice):
        row = next(rows.loc[[practice]].itertuples())
        return [
            item.pieces[0] for item in lines.questions(ev, row, every[every.practice == practice])
        ]

    three_zeros, alliance = asked("bj-three-zeros"), asked("bj-csr-alliance")
    assert label("need_effect") not in three_zeros and label("need_economics") in three_zeros
    tier = "It is a municipality’s: which tier would do it in Jiangsu?"
    assert tier in three_zeros and label("need_planned") in alliance
    assert tier not in asked("zj-one-visit")
    for practice in rows.index:
        assert asked(practice) and set(asked(practice)) <= set(lines.every_question(ev))


def test_recommendations_of_one_section_have_their_own_names(ev):
    of_one = ev.recommendations.assign(section="5.1")
    labels = EvidenceInWords.recommendation_labels.func
    names = labels(SimpleNamespace(recommendations=of_one, sections=ev.sections))
    assert list(names) == [f"5.1 {name}" for name in ev.recommendations.name]
    assert next(iter(ev.recommendation_labels)) == "5.1 Government functions"


# ---- what stands on the page before any script


def test_the_rows_are_complete_without_script(ev):
    markup = page.tool(ev).markup
    rows = re.findall(r'data-practice="([^"]+)"', markup)
    assert rows == list(candidates.candidates(ev).practice)
    assert markup.count('class="knows"') == 5 * len(rows)
    for anchor in set(re.findall(r'class="knows" href="#([^"]+)"', markup)):
        assert f'id="{anchor}"' in markup, "every mark leads to its reason"


def test_the_scripts_are_given_every_label_that_they_write(ev):
    scripts = (PACKAGE / "shortlist" / "static").glob("*.js")
    text = "".join(script.read_text(encoding="utf-8") for script in scripts)
    asked = set(re.findall(r"\bwords\.(\w+)", text))
    assert len(asked) > 30 and asked <= set(page.data(ev)["words"])


def test_the_criteria_are_those_of_the_codebook_and_their_scales(ev):
    assert tuple(ev.codes.code[ev.codes.variable == "criterion"]) == CRITERIA
    assert list(dict.fromkeys(ev.scales.criterion)) == list(CRITERIA)
    assert set(allowed(ev)["step"]) == set(ev.measures.measure)
