"""What the chapter on smart governance says, counted again from the files; made-up rows too."""

import pytest
import raw

from casebook.evidence import MISSING, NOT_MENTIONED
from casebook.facts import smart_governance

THEME = raw.theme(4)


@pytest.fixture(scope="module")
def f(ev):
    return smart_governance.facts(ev)


def test_what_the_article_reports_as_going_on_and_in_figures(f):
    assert not raw.disagreeing(
        f,
        under_way={row["practice"] for row in THEME if row["status"] == "under_way"},
        n_figures=sum(row["section"].startswith("4.") for row in raw.records("figures")),
    )


def test_statements_that_name_several_places_together(f):
    # They have ids of their own kind, which the code does not look at.
    rules, policies = (
        [row for row in THEME if row["practice"].endswith(kind)]
        for kind in ("-data-rules", "-ai-policies")
    )
    checked = {row["practice"] for row in raw.records("checked_rows")}
    assert not raw.disagreeing(
        f,
        sharing={row["province"] for row in rules},
        developing={row["province"] for row in policies},
        joint_looked_up=checked.intersection(raw.ids(rules + policies)),
    )


def test_a_statement_is_joint_if_it_speaks_of_several_jurisdictions():
    rows = raw.table("""
        practice province locator
        a CN-BJ 4.1@1+2
        b CN-BJ 4.1@1+2
        c CN-BJ 4.1@5+2
        d CN-GD 4.1@5+2
    """)
    assert list(smart_governance.joint_rows(rows).practice) == ["c", "d"]


def test_layers_and_who_has_practices_in_them(f):
    read = raw.read_as("layer")
    names = {row["code"]: row["name_en"] for row in raw.records("codes", variable="layer")}
    assert set(names) == set(smart_governance.LAYERS), "a layer that the chart leaves out"
    places = {
        code: {raw.PLACE[practice] for practice, layer in read.items() if layer == code}
        for code in smart_governance.LAYERS
    }
    assert list(vars(f.layer).items()) == [(code, names[code]) for code in places]
    assert not raw.disagreeing(
        f,
        n_pioneers=len(raw.PIONEERS),
        in_every_layer={one for one in raw.PIONEERS if all(one in of for of in places.values())},
        layers=set(read),
    )
    assert vars(f.told) == places


def test_plans_and_their_periods(f):
    plans = [row for row in THEME if row["period_start"].isdigit()]
    assert not raw.disagreeing(
        f,
        plan_periods=sorted({f"{row['period_start']}-{row['period_end']}" for row in plans}),
        planning=sorted({row["province"] for row in plans}),
    )
    plans = smart_governance.periods_of_plans(
        raw.table("""
        province period_start period_end
        CN-ZJ 2018 2020
        CN-GD 2018 2020
        CN-GD 2016 2020
        CN-BJ - -
    """)
    )
    assert plans.plan_periods == ["2016-2020", "2018-2020"] and plans.planning == ["CN-GD", "CN-ZJ"]


def test_the_silences_are_this_themes_with_what_the_article_does_say(f):
    expected = [
        (row["silence"], NOT_MENTIONED if row["note_en"] in MISSING else row["note_en"])
        for row in raw.records("silences", theme="4")
    ]
    assert list(zip(f.silences.silence, f.silences.said)) == expected
    assert len({said == NOT_MENTIONED for _, said in expected}) == 2, "some with, some without"
