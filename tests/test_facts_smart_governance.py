"""Facts of the chapter on smart governance: by another way of counting, and on made-up rows."""

from collections import Counter

import pandas as pd
import pytest

from casebook.evidence import MISSING
from casebook.facts import smart_governance


@pytest.fixture(scope="module")
def f(ev):
    return smart_governance.facts(ev)


@pytest.fixture(scope="module")
def practices(ev):
    """The rows of practices.csv of section 4, as tuples with names."""
    return [row for row in ev.practices.itertuples() if row.section[:2] == "4."]


def test_practices_are_counted_by_place_and_status(f, practices):
    places = Counter(row.province for row in practices)
    by_fact = {
        "CN-ZJ": f.n_zhejiang,
        "CN-GD": f.n_guangdong,
        "CN-SH": f.n_shanghai,
        "CN-BJ": f.n_beijing,
    }
    assert places == by_fact and f.n == len(practices) == len(f.theme)
    assert f.n_way == [row.status for row in practices].count("under_way")
    status = {row.practice: row.status for row in practices}
    assert f.county_centres == status["zj-county-centres"]


def test_dates_of_the_article_and_of_sources(f, ev, practices):
    dated = {r.practice for r in practices if pd.notna(r.year) or pd.notna(r.period_start)}
    by_source = {row.practice for row in ev.checked_rows.itertuples() if pd.notna(row.year)}
    every = {row.practice for row in practices}
    assert f.n_dated == len(dated) and f.n_source_dated == len(by_source & every)
    assert set(f.source_years.practice) == by_source & every
    assert set(f.undated.practice) == every - dated - by_source


def test_the_joint_statements_are_found_by_their_words(f, practices):
    """Their practices have ids of their own kind, which the code does not look at."""
    named = [row for row in practices if row.practice.endswith(("data-rules", "ai-policies"))]
    assert f.n_joint == len(named) and f.n_statements == len({row.section for row in named})


def test_a_statement_is_joint_if_it_speaks_of_several_jurisdictions():
    rows = pd.DataFrame(
        [
            ("a", "CN-BJ", "4.1@1+2"),
            ("b", "CN-BJ", "4.1@1+2"),
            ("c", "CN-BJ", "4.1@5+2"),
            ("d", "CN-GD", "4.1@5+2"),
        ],
        columns=["practice", "province", "locator"],
    )
    assert list(smart_governance.joint_rows(rows).practice) == ["c", "d"]


def test_promises_are_those_read_as_such(f, ev):
    read = [row.practice for row in ev.readings.itertuples() if row.variable == "promise"]
    place = dict(zip(ev.practices.practice, ev.practices.province))
    assert list(f.promises.practice) == read and f.n_promises == len(read)
    assert f.promising == sorted({place[practice] for practice in read})


def test_layers_and_who_has_practices_in_them(f, ev):
    place = dict(zip(ev.practices.practice, ev.practices.province))
    read = [row for row in ev.readings.itertuples() if row.variable == "layer"]
    places = {code: set() for code in smart_governance.LAYERS}
    for row in read:
        places[row.code].add(place[row.practice])
    pioneers = set(ev.provinces.province[ev.provinces.role == "pioneer"])
    assert f.n_pioneers == len(pioneers) and f.n_safety == len(places["safety"])
    names = dict(
        zip(
            ev.codes.code[ev.codes.variable == "layer"],
            ev.codes.name_en[ev.codes.variable == "layer"],
        )
    )
    assert vars(f.layer) == {code: names[code] for code in smart_governance.LAYERS}
    assert set(names) == set(smart_governance.LAYERS), "a layer that the chart leaves out"
    assert f.everywhere == [names[code] for code in places if places[code] == pioneers]
    assert sorted(f.layers.practice) == sorted(row.practice for row in read)


def test_plans_and_their_periods(f, practices):
    spans = {(row.period_start, row.period_end) for row in practices if pd.notna(row.period_start)}
    assert f.plan_periods == sorted(f"{start}-{end}" for start, end in spans)
    assert f.planning == sorted({row.province for row in practices if pd.notna(row.period_start)})
    rows = pd.DataFrame(
        [
            ("CN-ZJ", 2018, 2020),
            ("CN-GD", 2018, 2020),
            ("CN-GD", 2016, 2020),
            ("CN-BJ", pd.NA, pd.NA),
        ],
        columns=["province", "period_start", "period_end"],
    )
    rows = rows.astype({"period_start": "Int64", "period_end": "Int64"})
    plans = smart_governance.periods_of_plans(rows)
    assert plans.plan_periods == ["2016-2020", "2018-2020"] and plans.planning == ["CN-GD", "CN-ZJ"]


def test_systems_have_their_features_and_notes(f, ev):
    assert sorted(f.systems.practice) == sorted(smart_governance.SYSTEMS)
    for row in f.systems.itertuples():
        names = list(ev.items.name_en[ev.items.practice == row.practice])
        assert row.features == "; ".join(names)
        note = ev.practices.set_index("practice").note_en[row.practice]
        assert row.note == ("" if note in MISSING else note)
    assert set(f.systems.features.eq("")) == {True, False}, "some have a list, some have none"


def test_the_silences_are_this_themes(f, ev):
    own = [row.silence for row in ev.silences.itertuples() if row.theme == "4"]
    assert list(f.silences.silence) == own != []
