"""The explorer's computation in the page (ranking.js) is that of Python (ranking.py).

The script runs in V8, without a page.
"""

import json
import random

import numpy as np
import pytest
from py_mini_racer import MiniRacer
from test_priorities import BROKEN

from casebook import explorer
from casebook.explorer import ranking
from casebook.explorer.ranking import CRITERIA, State
from casebook.study import PACKAGE

# What explorer.js makes of the script's functions for one state, to its end, without a page.
ANSWER = """
const core = window.casebookPriorities;
const toItsEnd = (work) => {
  let step = work.next();
  while (!step.done) step = work.next();
  return [...step.value];
};
const sure = (state, table) => {
  const band = state.near || data.bands[1];
  const near = core.around(data, core.played(table, state.weights), band);
  return {
    shares: toItsEnd(core.acceptability(data, table, core.weightings(data, table.play))),
    near: toItsEnd(core.acceptability(data, table, near)),
    change: core.fragility(data, table, state.weights),
  };
};
const answer = (text) => {
  const state = core.read(data, text), table = core.values(data, state);
  const ranked = core.rank(data, table, state.weights);
  const empty = !table.steps.length || !ranked.total;
  return JSON.stringify({
    address: core.write(data, state),
    steps: table.steps,
    apart: core.chosen(data, state).filter((step) => !table.steps.includes(step)),
    values: [...table.values].map((value) => (Number.isNaN(value) ? null : value)),
    words: table.words,
    parts: [...ranked.parts],
    scores: [...ranked.scores],
    ranks: ranked.ranks,
    order: ranked.order,
    empty,
    ...(empty ? {} : sure(state, table)),
  });
};
const refused = (texts) => texts.filter((text) => {
  try { core.read(data, text); return false; } catch { return true; }
});
"""


@pytest.fixture(scope="module")
def page(ev):
    """A V8 engine with the script and the data that stand on the page."""
    engine = MiniRacer()
    script = (PACKAGE / "explorer" / "static" / "ranking.js").read_text(encoding="utf-8")
    data = json.dumps(explorer.data(ev))
    engine.eval(f"const window = {{}}, data = {data};\n{script}\n{ANSWER}")
    return engine


def states(ev, count, seed):
    """Seeded settings of every kind: weights with zeros, every filter, own judgements."""
    rng = random.Random(seed)
    steps, pioneers = list(ev.measures.measure), list(ev.pioneers().province)
    difficulties = ev.premises[ev.premises.kind == "difficulty"].premise

    def judgements():
        if rng.random() < 0.5:
            return ()
        return tuple((step, rng.randrange(5)) for step in steps if rng.random() < 0.3)

    def some(values):
        return tuple(value for value in values if rng.random() < 0.75)

    for _ in range(count):
        weights = [rng.choice([0, 0, 5, 20, 50, 80, 100, rng.randrange(101)]) for _ in CRITERIA]
        places = some(pioneers)
        yield State(
            weights=tuple(weights),
            jurisdictions=None if len(places) == len(pioneers) else places,
            relations=some(ranking.RELATIONS),
            recommendation=rng.choice(["", "", *ev.recommendations.recommendation]),
            difficulty=rng.choice(["", "", *difficulties]),
            priority=judgements(),
            feasibility=judgements(),
            near=rng.choice([0, *ranking.BANDS]),
        )


def assert_same(numbers, frame, message):
    """Numbers of the page, row by row, are those of a DataFrame; None stands for NaN."""
    table = np.array([np.nan if number is None else number for number in numbers])
    expected = frame.to_numpy()
    np.testing.assert_allclose(
        table.reshape(expected.shape), expected, rtol=0, atol=1e-9, err_msg=message
    )


def assert_same_order(theirs, ours, steps, message):
    """The order, its ranks and scores, how sure it is, and what would change it."""
    assert [steps[row] for row in theirs["order"]] == list(ours.order.index), message
    assert [theirs["ranks"][row] for row in theirs["order"]] == list(ours.order["rank"]), message
    assert_same([theirs["scores"][row] for row in theirs["order"]], ours.order.score, message)
    for name in ("parts", "shares", "near"):
        assert_same(theirs[name], getattr(ours, name), f"{name} of {message}")
    change = theirs["change"] and (
        CRITERIA[theirs["change"]["column"]],
        theirs["change"]["points"],
        [steps[row] for row in theirs["change"]["rows"]],
    )
    assert change == ours.change, message


COUNTS = [
    (20, 4),
    pytest.param(60, 5, marks=pytest.mark.machinery),
    pytest.param(200, 6, marks=pytest.mark.long),
]


@pytest.mark.parametrize(("count", "seed"), COUNTS)
def test_the_page_computes_what_python_computes(ev, page, count, seed):
    place, compared = list(ev.measures.measure), 0
    for state in states(ev, count, seed):
        theirs, ours = json.loads(page.call("answer", str(state))), ranking.ranked(ev, state)
        steps = [place[number] for number in theirs["steps"]]
        assert theirs["address"] == str(state)
        assert steps == list(ours.values.index), state
        assert [place[number] for number in theirs["apart"]] == ours.apart, state
        assert theirs["empty"] == ours.order.empty, state
        assert_same(theirs["values"], ours.values, f"values of {state}")
        assert theirs["words"] == ranking.words(ev, state).to_numpy().tolist(), state
        if not ours.order.empty:
            compared += 1
            assert_same_order(theirs, ours, steps, str(state))
    assert compared > count / 2


def test_the_draws_are_the_same_bit_for_bit(page):
    numbers = [0, 1, 2, 31999, 64000, 863999, 2**31]
    draws = f"{numbers}.map((n) => core.uniform({{ seed: {ranking.SEED} }}, n))"
    theirs = page.eval(f"JSON.stringify({draws})")
    assert json.loads(theirs) == list(ranking.uniform(numbers))


def test_every_broken_address_is_broken_on_the_page_too(page):
    theirs = page.eval(f"JSON.stringify(refused({json.dumps(BROKEN)}))")
    assert json.loads(theirs) == BROKEN
