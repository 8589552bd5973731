"""What the chapter on top-level design says, counted again from the tables; made-up rows too."""

import pandas as pd
import pytest
from raw import records

from casebook import evidence
from casebook.facts import top_level_design


@pytest.fixture(scope="module")
def f(ev):
    return top_level_design.facts(ev)


@pytest.fixture(scope="module")
def theme():
    return [row for row in records("practices") if row["section"].startswith("1.")]


@pytest.fixture(scope="module")
def pioneers(theme):
    roles = {row["province"]: row["role"] for row in records("provinces")}
    return [row for row in theme if roles[row["province"]] == "pioneer"]


def is_dated(row):
    return row["year"].isdigit() or row["period_start"].isdigit()


def test_the_practices_of_the_theme_are_counted_by_place(f, theme, pioneers):
    places = [row["province"] for row in pioneers]
    named = (f.n_beijing, f.n_guangdong, f.n_shanghai)
    assert (f.n, f.n_theme) == (len(pioneers), len(theme)) == (20, 21)
    assert named == tuple(places.count(code) for code in ("CN-BJ", "CN-GD", "CN-SH"))
    names = {row["province"]: row["name_en"] for row in records("provinces", role="pioneer")}
    assert f.missed == [name for code, name in names.items() if code not in places] == ["Zhejiang"]
    assert list(f.theme.practice) == [row["practice"] for row in theme]
    assert list(f.pioneers.practice) == [row["practice"] for row in pioneers]


def test_the_rows_of_a_subsection_are_those_of_the_table(f, theme):
    for rows, section in ((f.party_building, "1.1"), (f.reforms, "1.3")):
        expected = [row["practice"] for row in theme if row["section"] == section]
        assert list(rows.practice) == expected
    planners = {row["province"] for row in theme if row["section"] == "1.2"}
    assert f.n_planners == len(planners) == 2
    assert f.n_whistle_checks == len(records("checked_rows", practice="bj-whistle")) == 2


def test_the_levels_are_counted(f, pioneers):
    low = [row for row in pioneers if row["level"] in ("subdistrict", "community")]
    assert f.n_low == len(low) == 7
    assert f.n_low_party == sum(row["section"] == "1.1" for row in low)
    assert f.n_provincial == sum(row["level"] == "province" for row in pioneers)


def test_a_level_below_the_city_outside_party_building_is_no_party_building():
    rows = pd.DataFrame(
        {
            "level": ["province", "city", "subdistrict", "community", "community"],
            "section": ["1.1", "1.1", "1.1", "1.1", "1.3"],
        }
    )
    levels = top_level_design.levels(rows)
    assert (levels.n_provincial, levels.n_low, levels.n_low_party) == (1, 3, 2)


def test_the_plans_count_what_the_article_states_and_names(f):
    figures = {row["figure"]: row["value"] for row in records("figures")}
    for name, figure in top_level_design.STATED_COUNTS.items():
        assert str(getattr(f, name)) == figures[figure]
    plans = ("bj-social-governance-plan", "sh-social-governance-plan")
    lists = [records("items", practice=plan) for plan in plans]
    beijing, shanghai = ([row["item"] for row in rows] for rows in lists)
    matched = {row["left"] for row in records("alignments") if row["right"] in shanghai}
    assert (f.bj_named, f.sh_named) == (len(beijing), len(shanghai)) == (10, 6)
    assert f.sh_unnamed == int(figures["sh-ten-tasks"]) - len(shanghai)
    assert (f.bj_matched, f.bj_alone) == (len(matched & {*beijing}), len({*beijing} - matched))
    assert set(f.task_pairs.left) == matched & {*beijing}
    assert (list(f.bj_task_list.id), list(f.sh_task_list.id)) == (beijing, shanghai)
    assert f.bj_aspects == len(records("items", practice="bj-indicators")) == 0


def test_a_member_of_a_list_leads_to_the_row_of_its_practice(ev):
    members = top_level_design.members(ev, "sh-indicators")
    names = [row["name_en"] for row in records("items", practice="sh-indicators")]
    assert list(members["name"]) == names
    assert set(members.href) == {"evidence.html#sh-indicators"}
    assert set(members.hue) == set(ev.register().query("province == 'CN-SH'").hue)


def test_the_month_of_a_plan_is_the_one_that_the_article_prints(ev, f):
    [printed] = records("practices", practice="bj-social-governance-plan")
    assert printed["evidence"].startswith("2016年11月 | ")
    assert (f.bj_plan, f.sh_plan) == ("November 2016", "March 2017")
    month = top_level_design.printed_month(ev, "sh-social-governance-plan")
    assert month == pd.Timestamp(2017, 3, 1)
    with pytest.raises(ValueError, match="bj-whistle begins with no month"):
        top_level_design.printed_month(ev, "bj-whistle")


def test_the_midterm_numbers_are_those_that_the_checks_finding_states(ev, f):
    [check] = records("source_checks", check="check-indicators-28")
    assert f.midterm == "June 2018"
    for words in (
        f"By {f.midterm}",
        f"of the {f.n_counted} counted",
        f"{f.n_met} were met",
        f"{f.n_on_course} met the",
    ):
        assert words in check["finding_en"]
    assert vars(top_level_design.midterm(ev)).items() <= vars(f).items()


def test_what_is_dated_is_counted(f, theme, pioneers):
    dated = [row for row in theme if is_dated(row)]
    checked = {row["practice"] for row in records("checked_rows") if row["year"].isdigit()}
    ids = [row["practice"] for row in theme]
    assert list(f.dated.practice) == [row["practice"] for row in dated]
    assert (f.n_theme_dated, f.n_source_dated) == (len(dated), len(checked & {*ids})) == (5, 4)
    assert f.n_dated == sum(map(is_dated, pioneers))
    documents = ("plan", "policy", "legislation")
    assert f.n_theme_documents == sum(row["kind"] in documents for row in dated)
    known = checked | {row["practice"] for row in dated}
    assert list(f.undated.practice) == [practice for practice in ids if practice not in known]


def test_a_practice_that_a_source_dates_twice_is_one_and_no_longer_undated():
    rows = pd.DataFrame(
        {
            "practice": ["plan", "programme", "body", "policy"],
            "kind": ["plan", "programme", "body", "policy"],
            "dated": ["2016", "2017–2018", "not mentioned", "not mentioned"],
        }
    )
    years = pd.DataFrame({"practice": ["body", "body", "plan"], "checked_year": [2015, 2016, 2016]})
    dates = top_level_design.dates(rows, years)
    assert (dates.n_theme, dates.n_theme_dated, dates.n_theme_documents) == (4, 2, 1)
    assert dates.n_source_dated == 2
    assert (list(dates.dated.practice), list(dates.undated.practice)) == (
        ["plan", "programme"],
        ["policy"],
    )


def test_a_dated_national_reform_is_no_dated_practice_of_a_pioneer(f):
    other = evidence.load()
    other.practices.loc[other.practices.practice == "cn-streamlining", "year"] = 2015
    dated = top_level_design.facts(other)
    assert (dated.n_dated, dated.n_theme_dated) == (f.n_dated, f.n_theme_dated + 1)


def test_who_plans_is_asked_of_the_subsection_on_plans():
    other = evidence.load()
    other.practices.loc[other.practices.section == "1.2", "province"] = "CN-BJ"
    assert top_level_design.facts(other).n_planners == 1
