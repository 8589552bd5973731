"""The explorer's computation in the page (ranking.js) is that of Python (ranking.py): the script runs in V8, without a page."""

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
const answer = (text) => {
  const core = window.casebookPriorities, state = core.read(data, text), table = core.values(data, state);
  const ranked = core.rank(data, table, state.weights), empty = !table.steps.length || !ranked.total;
  const apart = core.chosen(data, state).filter((step) => !table.steps.includes(step));
  const all = (work) => { let step = work.next(); while (!step.done) step = work.next(); return [...step.value]; };
  const sure = empty ? {} : {
    shares: all(core.acceptability(data, table, core.weightings(data, table.play))),
    near: all(core.acceptability(data, table, core.around(data, core.played(table, state.weights), state.near || data.bands[1]))),
    change: core.fragility(data, table, state.weights),
  };
  return JSON.stringify({ steps: table.steps, values: [...table.values].map((v) => (Number.isNaN(v) ? null : v)), words: table.words,
    parts: [...ranked.parts], scores: [...ranked.scores], ranks: ranked.ranks, order: ranked.order, empty, apart, ...sure });
};
const refused = (texts) => texts.filter((text) => { try { window.casebookPriorities.read(data, text); return false; } catch { return true; } });
"""


@pytest.fixture(scope="module")
def page(ev):
    """A V8 engine with the script and the data that stand on the page."""
    engine = MiniRacer()
    script = PACKAGE / "explorer" / "static" / "ranking.js"
    engine.eval(f"const window = {{}}, data = {json.dumps(explorer.data(ev))};\n{script.read_text(encoding='utf-8')}\n{ANSWER}")
    return engine


def states(ev, count, seed):
    """Seeded settings of every kind: weights with zeros, every filter, own judgements."""
    rng = random.Random(seed)
    steps = list(ev.measures.measure)

    def own():
        return tuple((step, rng.randrange(5)) for step in steps if rng.random() < 0.3) if rng.random() < 0.5 else ()

    def some(values):
        return tuple(value for value in values if rng.random() < 0.75)

    for _ in range(count):
        yield State(
            weights=tuple(rng.choice([0, 0, 5, 20, 50, 80, 100, rng.randrange(101)]) for _ in CRITERIA),
            jurisdictions=None if len(places := some(ev.pioneers().province)) == len(ev.pioneers()) else places,
            relations=some(ranking.RELATIONS),
            recommendation=rng.choice(["", "", *ev.recommendations.recommendation]),
            difficulty=rng.choice(["", "", *ev.premises[ev.premises.kind == "difficulty"].premise]),
            home=rng.choice(ranking.HOME),
            priority=own(),
            feasibility=own(),
            near=rng.choice([0, *ranking.BANDS]),
        )


@pytest.mark.parametrize(
    ("count", "seed"), [(20, 4), pytest.param(60, 5, marks=pytest.mark.machinery), pytest.param(200, 6, marks=pytest.mark.long)]
)
def test_the_page_computes_what_python_computes(ev, page, count, seed):
    place, compared = list(ev.measures.measure), 0
    for state in states(ev, count, seed):
        theirs, ours = json.loads(page.call("answer", str(state))), ranking.ranked(ev, state)
        steps = [place[number] for number in theirs["steps"]]
        assert steps == list(ours.values.index) and [place[n] for n in theirs["apart"]] == ours.apart, state
        assert theirs["empty"] == ours.order.empty, state

        def same(name, frame, theirs=theirs, state=state):
            values = np.array([np.nan if value is None else value for value in theirs[name]]).reshape(frame.shape)
            np.testing.assert_allclose(values, frame, rtol=0, atol=1e-9, err_msg=f"{name} of {state}")

        same("values", ours.values)
        assert theirs["words"] == ranking.words(ev, state).to_numpy().tolist(), state
        if ours.order.empty:
            continue
        compared += 1
        assert [steps[row] for row in theirs["order"]] == list(ours.order.index), state
        assert [theirs["ranks"][row] for row in theirs["order"]] == list(ours.order["rank"]), state
        scores = [theirs["scores"][row] for row in theirs["order"]]
        np.testing.assert_allclose(scores, ours.order.score, rtol=0, atol=1e-9, err_msg=str(state))
        for name in ("parts", "shares", "near"):
            same(name, getattr(ours, name))
        change = theirs["change"]
        told = change and (CRITERIA[change["column"]], change["points"], [steps[row] for row in change["rows"]])
        assert told == ours.change, state
    assert compared > count / 2


def test_the_draws_are_the_same_bit_for_bit(page):
    numbers = [0, 1, 2, 31999, 64000, 863999, 2**31]
    theirs = page.eval(f"JSON.stringify({numbers}.map((n) => window.casebookPriorities.uniform({{ seed: {ranking.SEED} }}, n)))")
    assert json.loads(theirs) == list(ranking.uniform(numbers))


def test_every_broken_address_is_broken_on_the_page_too(page):
    assert list(json.loads(page.eval(f"JSON.stringify(refused({json.dumps(BROKEN)}))"))) == BROKEN
