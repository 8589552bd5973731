"""The shortlist's computation in the page (ranking.js) is that of Python (ranking.py).

The script runs in V8, without a page.
"""

import json
import random
from urllib.parse import parse_qsl

import numpy as np
import pytest
from py_mini_racer import MiniRacer
from test_shortlist_order import BROKEN

from casebook.shortlist import candidates, lines, ranking
from casebook.shortlist import page as shortlist_page
from casebook.shortlist.state import CODINGS, CRITERIA, QUESTIONS, SEEN, State, allowed
from casebook.study import PACKAGE

# V8 alone has no URLSearchParams; what the script asks of it.
PARAMETERS = """
class URLSearchParams {
  constructor(query) {
    const pairs = query.replace(/^[?]/, "").split("&").filter(Boolean);
    const plain = (text = "") => decodeURIComponent(text.replaceAll("+", " "));
    this.values = new Map(pairs.map((pair) => pair.split("=").map(plain)));
  }
  get(name) { return this.values.get(name) ?? null; }
}
"""
FILTERS = ["recommendation", "step", "place", "type", "status", "kind"]
# What shortlist.js makes of the script's functions for one state, to its end, without a page.
ANSWER = """
const core = window.casebookShortlist;
const toItsEnd = (work) => {
  let step = work.next();
  while (!step.done) step = work.next();
  return [...step.value];
};
const answer = (text) => {
  const { settings, refused } = core.read(data, text);
  const table = core.tableOf(data, settings);
  const ranked = core.rank(data, table, core.points(data, settings));
  return JSON.stringify({
    refused,
    address: core.write(data, settings),
    rows: table.rows,
    values: [...table.values].map((value) => (Number.isNaN(value) ? null : value)),
    play: table.play,
    parts: [...ranked.parts],
    scores: [...ranked.scores],
    ranks: [...ranked.ranks],
    order: ranked.order,
    asked: ranked.asked,
    dominated: table.rows.map((_, row) => (
      table.rows.filter((__, other) => core.dominates(table, other, row)).length)),
    shares: ranked.asked ? toItsEnd(core.acceptability(data, table, ranked.used)) : [],
    change: ranked.asked ? core.fragility(data, table, ranked.used) : null,
  });
};
const refused = (texts) => texts.filter((text) => core.read(data, text).refused.length);
"""


@pytest.fixture(scope="module")
def page(ev):
    """A V8 engine with the scripts and the data that stand on the page."""
    engine = MiniRacer()
    scripts = ("site/static/typed.js", "shortlist/static/ranking.js")
    script = "\n".join((PACKAGE / name).read_text(encoding="utf-8") for name in scripts)
    # In a page shortlist.js takes the texts from its rows.
    data = shortlist_page.data(ev) | {"texts": list(lines.texts(ev).values())}
    data = json.dumps(data)
    engine.eval(f"{PARAMETERS}\nconst window = {{}}, data = {data};\n{script}\n{ANSWER}")
    return engine


def states(ev, count, seed):
    """Seeded states of every kind: filters, questions, weights with zeros, own judgements."""
    rng, codes = random.Random(seed), allowed(ev)

    def judgements():
        if rng.random() < 0.6:
            return ()
        return tuple((one, rng.randrange(5)) for one in codes["pick"] if rng.random() < 0.3)

    values = {**{name: codes[name] for name in FILTERS}, "source": SEEN, "coding": CODINGS}
    values["find"] = ["visit", "one network", "政务", "《办法》", "no-such-word"]

    def filters():
        """None, one or two: more of them leave nothing to order."""
        names = rng.sample(list(values), rng.choice([0, 1, 1, 2]))
        return {name: rng.choice(values[name]) for name in names}

    for _ in range(count):
        points = [rng.choice([0, 0, 5, 20, 50, 80, 100, rng.randrange(101)]) for _ in CRITERIA]
        own = rng.random() < 0.6
        yield State(
            **filters(),
            ask="" if own else rng.choice(["", *QUESTIONS]),
            weights=tuple(points) if own else (),
            priority=judgements(),
            feasibility=judgements(),
            pick=tuple(one for one in codes["pick"] if rng.random() < 0.05)[:8],
            show=rng.choice(["", "compare", "memo"]),
        )


def assert_same(numbers, frame, message):
    """Numbers of the page, row by row, are those of a DataFrame; None stands for NaN."""
    table = np.array([np.nan if number is None else number for number in numbers])
    expected = frame.to_numpy()
    np.testing.assert_allclose(
        table.reshape(expected.shape), expected, rtol=0, atol=1e-9, err_msg=message
    )


def assert_same_order(theirs, ours, rows, message):
    """The order, its ranks and scores, how sure it is, and what would change it."""
    assert [rows[row] for row in theirs["order"]] == list(ours.order.index), message
    assert [theirs["ranks"][row] for row in theirs["order"]] == list(ours.order["rank"]), message
    assert_same([theirs["scores"][row] for row in theirs["order"]], ours.order.score, message)
    assert_same(theirs["parts"], ours.parts, f"parts of {message}")
    assert theirs["asked"] == ours.asked, message
    if ours.asked:
        assert_same(theirs["shares"], ours.shares, f"shares of {message}")
    change = theirs["change"] and (
        CRITERIA[theirs["change"]["column"]],
        theirs["change"]["points"],
        [rows[row] for row in theirs["change"]["rows"]],
    )
    assert change == ours.change, message
    assert theirs["dominated"] == list(ranking.dominates(ours.values).sum()), message


@pytest.mark.parametrize(("count", "seed"), [(500, 4)])
def test_the_page_computes_what_python_computes(ev, page, count, seed):
    practices, listed, asked = list(candidates.candidates(ev).practice), 0, 0
    for state in states(ev, count, seed):
        theirs, ours = json.loads(page.call("answer", str(state))), ranking.ranked(ev, state)
        rows = [practices[number] for number in theirs["rows"]]
        assert theirs["refused"] == [], state
        assert dict(theirs["address"]) == dict(parse_qsl(str(state))), state
        assert rows == list(ours.values.index), state
        assert_same(theirs["values"], ours.values, f"values of {state}")
        assert theirs["play"] == list(ranking.in_play(ours.values)), state
        assert_same_order(theirs, ours, rows, str(state))
        listed, asked = listed + (len(rows) > 1), asked + ours.asked
    assert listed > count / 4 and asked > count / 5, (listed, asked)


def test_the_draws_are_the_same_bit_for_bit(page):
    numbers = [0, 1, 2, 31999, 64000, 863999, 2**31]
    draws = f"{numbers}.map((n) => core.uniform({{ seed: {ranking.SEED} }}, n))"
    theirs = page.eval(f"JSON.stringify({draws})")
    assert json.loads(theirs) == list(ranking.uniform(numbers))


def test_every_broken_address_is_broken_on_the_page_too(page):
    theirs = page.eval(f"JSON.stringify(refused({json.dumps(BROKEN)}))")
    assert json.loads(theirs) == BROKEN
