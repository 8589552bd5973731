"""What the chapter on top-level design says, counted again from the files; made-up rows too."""

import pandas as pd
import pytest
import raw

from casebook import evidence
from casebook.facts import top_level_design

THEME = raw.theme(1)
PIONEERS = [row for row in THEME if row["province"] in raw.PIONEERS]


@pytest.fixture(scope="module")
def f(ev):
    return top_level_design.facts(ev)


def test_the_practices_of_the_theme(f):
    places = {row["province"] for row in PIONEERS}
    low = [row for row in PIONEERS if row["level"] in ("subdistrict", "community")]
    counts = raw.by_place(PIONEERS)
    assert counts.pop("n_zhejiang") == 0
    assert not raw.disagreeing(
        f,
        **counts,
        n=len(PIONEERS),
        theme=raw.ids(THEME),
        pioneers=raw.ids(PIONEERS),
        party_building=raw.ids(row for row in THEME if row["section"] == "1.1"),
        reforms=raw.ids(row for row in THEME if row["section"] == "1.3"),
        missed=[name for code, name in raw.PIONEERS.items() if code not in places],
        n_planners=len({row["province"] for row in THEME if row["section"] == "1.2"}),
        n_whistle_checks=len(raw.records("checked_rows", practice="bj-whistle")),
        n_low=len(low),
        n_low_party=sum(row["section"] == "1.1" for row in low),
        n_provincial=sum(row["level"] == "province" for row in PIONEERS),
    )


def test_what_is_dated(f):
    dated = [row for row in THEME if raw.is_dated(row)]
    assert not raw.disagreeing(
        f,
        **raw.dates(THEME),
        dated=raw.ids(dated),
        n_theme=len(THEME),
        n_theme_dated=len(dated),
        n_theme_documents=sum(row["kind"] in ("plan", "policy", "legislation") for row in dated),
        n_source_added=len(raw.SOURCE_YEARS.keys() & set(raw.ids(THEME)) - set(raw.ids(dated))),
        n_dated=sum(map(raw.is_dated, PIONEERS)),
    )


def test_the_plans_count_what_the_article_states_and_names(f):
    figures = {row["figure"]: int(row["value"]) for row in raw.records("figures", section="1.2")}
    beijing = raw.listed("bj-social-governance-plan")
    shanghai = raw.listed("sh-social-governance-plan")
    pairs = [row["left"] for row in raw.records("alignments") if row["right"] in shanghai]
    matched = set(pairs) & set(beijing)
    stated = {name: figures[figure] for name, figure in top_level_design.STATED_COUNTS.items()}
    assert set(f.task_pairs.left) == matched
    assert not raw.disagreeing(
        f,
        **stated,
        bj_named=len(beijing),
        sh_named=len(shanghai),
        sh_unnamed=figures["sh-ten-tasks"] - len(shanghai),
        bj_matched=len(matched),
        bj_alone=len(beijing) - len(matched),
        bj_aspects=len(raw.listed("bj-indicators")),
        bj_task_list=beijing,
        sh_task_list=shanghai,
        bj_plan="November 2016",
        sh_plan="March 2017",
    )


def test_a_level_below_the_city_outside_party_building_is_no_party_building():
    rows = raw.table("""
        level section
        province 1.1
        city 1.1
        subdistrict 1.1
        community 1.1
        community 1.3
    """)
    levels = top_level_design.levels(rows)
    assert (levels.n_provincial, levels.n_low, levels.n_low_party) == (1, 3, 2)


def test_the_month_of_a_plan_is_the_one_that_the_article_prints(ev):
    [printed] = raw.records("practices", practice="sh-social-governance-plan")
    assert printed["evidence"].startswith("2017年3月 | ")
    month = top_level_design.printed_month(ev, printed["practice"])
    assert month == pd.Timestamp(2017, 3, 1)
    with pytest.raises(ValueError, match="bj-whistle begins with no month"):
        top_level_design.printed_month(ev, "bj-whistle")


def test_the_midterm_numbers_are_those_that_the_checks_finding_states(f):
    [check] = raw.records("source_checks", check="check-indicators-28")
    phrases = f"By {f.midterm}", f"of the {f.n_counted} counted", f"{f.n_met} were met"
    assert all(words in check["finding_en"] for words in (*phrases, f"{f.n_on_course} met the"))
    assert f.midterm == "June 2018"


def test_a_practice_that_a_source_dates_twice_is_one_and_no_longer_undated():
    rows = raw.table("""
        practice kind
        plan plan
        programme programme
        body body
        policy policy
    """).assign(dated=["2016", "2017–2018", "not mentioned", "not mentioned"])
    years = pd.DataFrame({"practice": ["body", "body", "plan"], "checked_year": [2015, 2016, 2016]})
    assert not raw.disagreeing(
        top_level_design.dates(rows, years),
        n_theme=4,
        n_theme_dated=2,
        n_theme_documents=1,
        n_source_added=1,
        dated=["plan", "programme"],
        undated=["policy"],
    )


@pytest.mark.parametrize(
    ("rows", "column", "value", "fact", "expected"),
    [
        ("practice == 'cn-streamlining'", "year", 2015, "n_dated", None),  # no pioneer's
        ("section == '1.2'", "province", "CN-BJ", "n_planners", 1),
    ],
)
def test_a_fact_speaks_of_its_own_rows_alone(f, rows, column, value, fact, expected):
    other = evidence.load()
    other.practices.loc[other.practices.eval(rows), column] = value
    expected = getattr(f, fact) if expected is None else expected
    assert getattr(top_level_design.facts(other), fact) == expected
