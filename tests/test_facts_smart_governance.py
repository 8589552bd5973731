"""What the chapter on smart governance says, counted again from the files; made-up rows too."""

import pytest
import raw

from casebook.evidence import MISSING
from casebook.facts import smart_governance

THEME = raw.theme(4)


@pytest.fixture(scope="module")
def f(ev):
    return smart_governance.facts(ev)


def test_the_practices_of_the_theme(f):
    statuses = {row["practice"]: row["status"] for row in THEME}
    # The joint statements have ids of their own kind, which the code does not look at.
    joint = [r for r in THEME if r["practice"].endswith(("data-rules", "ai-policies"))]
    promises, dated = raw.read_as("promise"), {*raw.ids(filter(raw.is_dated, THEME))}
    assert not raw.disagreeing(
        f,
        **raw.by_place(THEME),
        **raw.dates(THEME),
        n=len(THEME),
        theme=raw.ids(THEME),
        n_way=list(statuses.values()).count("under_way"),
        county_centres=statuses["zj-county-centres"],
        n_dated=sum(map(raw.is_dated, THEME)),
        n_source_added=len(raw.SOURCE_YEARS.keys() & statuses.keys() - dated),
        n_joint=len(joint),
        n_statements=len({row["section"] for row in joint}),
        promises=list(promises),
        n_promises=len(promises),
        promising=sorted({raw.PLACE[practice] for practice in promises}),
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
    every = set(raw.PIONEERS)
    assert list(vars(f.layer).items()) == [(code, names[code]) for code in places]
    assert not raw.disagreeing(
        f,
        n_pioneers=len(every),
        n_safety=len(places["safety"]),
        everywhere=[names[code] for code in places if places[code] == every],
        layers=set(read),
    )


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


def test_systems_have_their_features_and_notes(f):
    assert sorted(f.systems.practice) == sorted(smart_governance.SYSTEMS)
    notes = {row["practice"]: row["note_en"] for row in THEME}
    for row in f.systems.itertuples():
        names = [item["name_en"] for item in raw.records("items", practice=row.practice)]
        assert row.features == "; ".join(names)
        assert row.note == ("" if notes[row.practice] in MISSING else notes[row.practice])
    assert set(f.systems.features.eq("")) == {True, False}, "some have a list, some have none"


def test_the_silences_are_this_themes(f):
    of_theme = [row["silence"] for row in raw.records("silences", theme="4")]
    assert list(f.silences.silence) == of_theme != []
