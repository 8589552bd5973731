"""How far coders agree: the coefficient by published examples, the tables by counting again."""

import numpy as np
import pandas as pd
import pytest

from casebook import tables
from casebook.evidence import agreement as subject
from casebook.evidence.agreement import agreed, agreement, alpha, counts_of, interval

# K. Krippendorff, Computing Krippendorff's alpha-reliability (2011): the example of section D, four
# observers and twelve units; that of section B, two observers and nominal data.
FOUR = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
TWO = """
a a b b d c c c e d d a
b a b b b c c c e d d d
"""


def units(text):
    """The values of an example, units × coders; a dot is a unit that was not coded."""
    return pd.DataFrame([line.split() for line in text.split("\n") if line]).replace(".", None).T


@pytest.mark.parametrize(("text", "published"), [(FOUR, 0.743), (TWO, 0.692)])
def test_alpha_is_that_of_the_published_examples(text, published):
    assert alpha(counts_of(units(text))) == pytest.approx(published, abs=0.0005)


def test_a_unit_that_one_coder_alone_coded_is_no_pair():
    assert len(counts_of(units(FOUR))) == 11


def test_where_one_code_alone_was_given_there_is_no_alpha():
    assert np.isnan(alpha(counts_of(units("a a a\na a a"))))
    assert np.isnan(interval(counts_of(units("a a a\na a a")))).all()
    assert np.isnan(alpha(counts_of(units("a . a\n. a ."))))


def test_the_interval_is_that_of_units_drawn_one_by_one():
    counts = np.repeat(counts_of(units(FOUR)), 10, axis=0)
    rng = np.random.default_rng(1)
    drawn = [alpha(counts[rng.integers(0, len(counts), len(counts))]) for _ in range(4_000)]
    assert interval(counts) == interval(counts)
    assert interval(counts) == pytest.approx(list(np.percentile(drawn, (2.5, 97.5))), abs=0.01)


CODERS = pd.DataFrame(
    [
        ("book", "its own", "1"),
        ("ann", "all", "1"),
        ("bob", "all", "1"),
        ("cem", "a part", "1"),
        ("book-2", "its own", "2"),
        ("dan", "all", "2"),
        ("eve", "all", "3"),  # codes practices alone
    ],
    columns=["coder", "saw_en", "rules"],
).assign(
    date=[
        "2026-01-01",
        "2026-02-01",
        "2026-02-02",
        "2026-02-03",
        "2026-03-01",
        "2026-03-02",
        "2026-04-01",
    ]
)


def codings(text):
    """A table of codings: each line a coder, a variable, and `unit=code+code` for its units."""
    rows = []
    for coder, variable, *cells in (line.split() for line in text.strip().split("\n")):
        for unit, codes in (cell.split("=") for cell in cells):
            rows += [
                (coder, unit.replace("/", " "), variable, code.rstrip("!"), code)
                for code in codes.split("+")
            ]
    columns = ["coder", "unit", "variable", "code", "comment"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(comment=["example" if "!" in code else "" for code in table.comment])


CODINGS = codings("""
book kind p=x! q=x r=y s=y
ann kind p=y q=x r=y s=y
bob kind q=x r=x s=y
cem kind p=y q=x r=y
book actors p=party q=party+firm r=none s=firm
ann actors p=party q=party r=none s=firm
book relation m/p=same m/q=part n/q=aim
ann relation m/p=same m/q=aim n/r=aim
cem layer p=x q=x
book layer p=x q=x
book-2 kind p=x q=y
dan kind p=x q=y
dan relation m/p=part
eve kind p=x q=y
""")


@pytest.fixture(scope="module")
def table():
    return agreement(CODINGS, CODERS).set_index(["rules", "saw", "variable", "code"])


def test_those_who_saw_the_same_are_compared_with_the_book_of_the_same_rules(table):
    assert {key[:2] for key in table.index} == {("1", "all"), ("1", "a part"), ("2", "all")}
    assert list(table.loc[("1", "all", "kind", ""), ["coders", "units"]]) == [3, 3]
    assert list(table.loc[("2", "all", "kind", ""), ["coders", "units", "alpha"]]) == [2, 2, 1]
    assert {*agreement(CODINGS, CODERS, rules="2").rules} == {"2"}


def test_an_example_of_the_codebook_is_left_out_unless_it_is_asked_for(table):
    key = ("1", "all", "kind", "")
    left_out = codings("a kind q=x r=y s=y\nb kind q=x r=y s=y\nc kind q=x r=x s=y")
    assert table.alpha[key] == alpha(
        counts_of(left_out.pivot(index="unit", columns="coder", values="code"))
    )
    whole = agreement(CODINGS, CODERS, examples=True).set_index(table.index.names)
    assert whole.units[key] == 4 and whole.alpha[key] < table.alpha[key]


def test_each_code_of_several_is_a_variable_of_its_own(table):
    assert table.alpha["1", "all", "actors", "party"] == 1
    assert table.alpha["1", "all", "actors", "firm"] == pytest.approx(
        alpha(np.array([[2, 0], [1, 1], [2, 0], [0, 2]]))
    )
    assert "none" not in table.index.get_level_values("code")


def test_a_pair_without_a_row_is_coded_none(table):
    # m and n by p, q, r and s: eight pairs, of which both link two and one alone links two.
    link = alpha(np.array([[0, 2]] * 2 + [[1, 1]] * 2 + [[2, 0]] * 4))
    assert table.alpha["1", "all", "relation", "link"] == pytest.approx(link)
    assert table.units["1", "all", "relation", "link"] == 8
    assert table.alpha["1", "all", "relation", ""] < link


def test_what_one_code_alone_was_given_to_carries_nothing(table):
    row = table.loc["1", "a part", "layer", ""]
    assert np.isnan(row.alpha) and not row.reliable
    assert ("1", "all", "layer", "") not in table.index


def test_a_link_stands_in_so_many_of_the_blind_codings():
    links = pd.DataFrame({"measure": ["m", "n"], "practice": ["p", "q"]})
    assert agreed(links, CODINGS, CODERS).to_dict("list") == {
        **links.to_dict("list"),
        "agreed": [2, 0],
        "of": [2, 2],
    }
    first = CODERS[CODERS.rules == "1"]
    assert list(agreed(links, CODINGS, first).agreed) == [1, 0]
    assert not agreed(links, CODINGS, first[:1]).of.any()


def test_the_first_codings_agree_as_they_did_when_they_were_made(ev):
    """Whatever data/ has today: these rows are a copy, and what they say was told readers."""
    found = agreement(ev.codings, ev.coders, rules="1").set_index(["saw", "variable", "code"])
    whole, part = (found.loc[saw] for saw in found.index.unique("saw"))
    # full codebook, definitions only
    for key, alphas in {
        ("kind", ""): (0.99, 0.95),
        ("instrument", ""): (0.98, 0.91),
        ("level", ""): (0.96, 0.82),
        ("status", ""): (1.00, 0.91),
        ("relation", "link"): (0.76, 0.68),
        ("relation", ""): (0.74, 0.62),
    }.items():
        assert (round(whole.alpha[key], 2), round(part.alpha[key], 2)) == alphas
    assert not whole.reliable["relation", ""] and whole.reliable["kind", ""]
    assert whole.units["relation", "link"] == 26 * 100


def test_the_codes_of_data_as_a_coding_give_every_practice_every_variable(ev):
    own = subject.coding_of(ev)
    seen = own[own.variable != "relation"].groupby("variable").unit.nunique()
    assert {*seen} == {len(ev.practices)}
    assert (own.variable == "relation").sum() == len(ev.precedents)
    assert not own.duplicated(["unit", "variable", "code"]).any()


def test_a_table_says_in_words_what_carries_no_finding(ev):
    lines = repr(tables.agreement(ev, "Agreement")).split("\n")
    relation = next(line for line in lines if line.startswith("relation: "))
    kind = next(line for line in lines if line.startswith("kind"))
    assert relation.count("carries no finding") == 2 and "carries" not in kind
    assert "0.99 [0.96, 1.00]" in kind and "not coded" in lines[-1]


def test_a_study_without_codings_has_a_table_that_says_so(ev):
    class Empty:
        codings, coders = ev.codings[:0], ev.coders[:0]

    assert "no row" in repr(tables.agreement(Empty, "Agreement"))
