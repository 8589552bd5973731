"""What the chapter on participation says, counted again from the tables; made-up rows too."""

import datetime

import pandas as pd
import pytest
from raw import records

from casebook import evidence
from casebook.facts import participation


@pytest.fixture(scope="module")
def f(ev):
    return participation.facts(ev)


@pytest.fixture(scope="module")
def theme():
    return [row for row in records("practices") if row["section"].startswith("2.")]


@pytest.fixture(scope="module")
def names():
    """The name of each pioneer, in the order of provinces.csv: {code: name}."""
    return {row["province"]: row["name_en"] for row in records("provinces", role="pioneer")}


def test_the_practices_of_the_theme_are_counted_by_actor(f, theme, names):
    counts = {}
    for row in theme:
        for actor in row["actors"].split(" | "):
            counts[actor] = counts.get(actor, 0) + 1
    assert f.n == sum(row["province"] in names for row in theme) == 26
    assert f.n_enterprise == counts["enterprise"] == 13
    assert (f.n_resident, f.n_social) == (counts["resident"], counts["social_organisation"])
    assert list(f.theme.practice) == [row["practice"] for row in theme]
    assert len(f.by_actor) == sum(counts.values())


def test_what_beijing_announces_is_planned(f, theme):
    planned = [row for row in theme if row["status"] == "planned" and row["province"] == "CN-BJ"]
    assert list(f.planned.practice) == [row["practice"] for row in planned]
    assert f.n_planned == len(planned) == 3


def test_the_documents_are_counted_and_the_older_ones_named(f, theme):
    orgs = [row for row in theme if row["section"] == "2.1"]
    checks = [row for row in records("checked_rows") if row["year"].isdigit()]
    years = {row["practice"]: row["year"] for row in checks}
    national = years["cn-social-org-opinions"]
    provincial = [row for row in orgs if row["province"] != "CN" and row["practice"] in years]
    older = [row["name_en"] for row in provincial if years[row["practice"]] < national]
    assert (f.n_orgs, f.n_orgs_dated) == (len(orgs), sum(row["year"].isdigit() for row in orgs))
    assert (f.national_year, f.n_older) == (national, len(older)) == ("2016", 2)
    assert f.older_names == "; ".join(older)
    assert list(f.orgs.practice) == [row["practice"] for row in orgs]
    undated = [row["practice"] for row in orgs if not row["year"].isdigit()]
    assert list(f.undated.practice) == [row for row in undated if row not in years]
    assert set(f.source_years.practice) == {row["practice"] for row in orgs} & set(years)


def test_older_is_a_pioneers_practice_with_an_earlier_year_counted_once():
    rows = pd.DataFrame(
        {
            "practice": ["national", "early", "late", "same", "unknown"],
            "role": ["national", "pioneer", "pioneer", "pioneer", "pioneer"],
        }
    )
    years = pd.DataFrame(
        {
            "practice": ["national", "early", "early", "late", "same"],
            "checked_year": [2014, 2013, 2015, 2017, 2016],
        }
    )
    assert list(participation.older_than(2016, rows, years).practice) == ["early"]


def test_documents_are_dated_by_their_own_sources_only():
    rows = pd.DataFrame(
        {
            "practice": ["cn-social-org-opinions", "early", "dated", "unknown"],
            "name": ["Opinions", "Early", "Dated", "Unknown"],
            "role": ["national", "pioneer", "pioneer", "pioneer"],
            "dated": ["not mentioned", "not mentioned", "2015", "not mentioned"],
        }
    )
    years = pd.DataFrame(
        {
            "practice": ["cn-social-org-opinions", "early", "elsewhere"],
            "checked_year": [2016, 2015, 2001],
        }
    )
    documents = participation.documents(rows, years)
    assert (documents.n_orgs, documents.n_orgs_dated, documents.n_older) == (4, 1, 1)
    assert (documents.older_names, list(documents.undated.practice)) == ("Early", ["unknown"])
    assert "elsewhere" not in set(documents.source_years.practice)


def test_the_counts_of_organisations_are_those_of_the_article_and_its_checks(f):
    [stated] = records("figures", figure="cn-social-organisations-2019")
    checked = {
        row["check"]: int(row["value"])
        for row in records("checked_rows", figure="cn-social-organisations-2019")
        if row["value"].isdigit()
    }
    count, bulletin = int(stated["value"]), checked["check-organisations-bulletin"]
    assert (f.organisations, f.organisations_year) == (count, stated["year"]) == (863000, "2019")
    assert (str(f.organisations), str(f.bulletin)) == ("863,000", "866,300")
    assert (f.bulletin, f.n_below_bulletin) == (bulletin, bulletin - count)
    assert f.n_lower_counts == sum(value < count for value in checked.values()) == 2
    assert f.n_figures == len(records("figures", section="2.1")) == 1
    assert sorted(f.counts.value) == sorted([count, *checked.values()])
    [article] = f.counts[f.counts.article].itertuples()
    assert (article.value, article.href) == (count, "evidence.html#cell-2.1-CN")
    assert pd.isna(article.name)
    links = {f"method.html#{check}" for check in checked}
    assert set(f.counts.href[~f.counts.article]) == links


def test_the_bulletin_came_after_the_article_by_its_days(ev, f):
    [check] = records("source_checks", check="check-organisations-bulletin-date")
    assert "8 September 2020" in check["finding_en"]
    between = datetime.date(2020, 9, 8) - datetime.date(2020, 8, 20)
    assert f.bulletin_days == between.days == 19
    assert vars(participation.organisations(ev)).keys() <= vars(f).keys()


def test_the_directions_are_those_of_section_2_3(f):
    section = {row["practice"]: row["section"] for row in records("practices")}
    voices = records("readings", variable="voice")
    codes = [row["code"] for row in voices if section[row["practice"]] == "2.3"]
    inward = codes.count("to_government") + codes.count("both")
    assert (f.n_voices, f.n_inward) == (len(codes), inward) == (8, 4)
    assert (f.n_answered, f.n_among) == (codes.count("both"), codes.count("among_residents"))
    assert len(f.voices) == len(codes)


def test_an_answer_counts_as_speaking_to_government_too():
    codes = ["both", "to_government", "to_residents", "among_residents", "among_residents"]
    directions = participation.directions(pd.DataFrame({"code": codes}))
    assert (directions.n_voices, directions.n_inward) == (5, 2)
    assert (directions.n_answered, directions.n_among) == (1, 2)


def test_a_practice_stands_once_for_each_of_its_actors():
    actors = ["party | resident", "social_organisation"]
    rows = pd.DataFrame({"practice": ["a", "b"], "actors": actors})
    pairs = [(row.practice, row.actor) for row in participation.by_actor(rows).itertuples()]
    assert pairs == [("a", "party"), ("a", "resident"), ("b", "social_organisation")]


def test_where_an_actor_is_named_most_often(f, theme, names):
    for actor, places in vars(f.most_often).items():
        named = [row["province"] for row in theme if actor in row["actors"].split(" | ")]
        most = max(named.count(code) for code in names)
        assert places == [name for code, name in names.items() if named.count(code) == most]


def test_equal_places_are_all_named_in_order_and_national_rows_not_counted():
    rows = pd.DataFrame(
        {
            "actor": ["resident", "resident", "resident", "resident", "enterprise"],
            "role": ["national", "national", "pioneer", "pioneer", "pioneer"],
            "place": [9, 9, 2, 1, 2],
            "province_name": ["China", "China", "Second", "First", "Second"],
        }
    )
    assert participation.most_often(rows) == {
        "enterprise": ["Second"],
        "social_organisation": [],
        "resident": ["First", "Second"],
    }


def test_the_places_at_each_stage_are_those_of_the_readings(f, names):
    province = {row["practice"]: row["province"] for row in records("practices")}
    readings = records("readings", variable="stage")
    for stage, places in vars(f.places_at).items():
        named = {province[row["practice"]] for row in readings if row["code"] == stage}
        assert places == [name for code, name in names.items() if code in named]
    assert set(vars(f.places_at)) == {row["code"] for row in readings}
    assert sorted(f.stages.practice) == sorted(row["practice"] for row in readings)
    last = [row["practice"] for row in readings if row["code"] == "contribute"]
    assert list(f.contributing.practice) == last


def test_a_place_is_named_once_a_stage_in_the_order_of_places():
    rows = pd.DataFrame(
        {
            "code": ["site", "site", "site", "operate"],
            "place": [2, 1, 2, 1],
            "province_name": ["Second", "First", "Second", "First"],
        }
    )
    assert participation.places_at(rows) == {
        "site": ["First", "Second"],
        "build": [],
        "operate": ["First"],
        "contribute": [],
    }


def test_silent_are_the_pioneers_without_a_practice_in_a_subsection(f, theme, names):
    for key, section in participation.SECTIONS.items():
        speaking = {row["province"] for row in theme if row["section"] == section}
        silent = [name for code, name in names.items() if code not in speaking]
        assert getattr(f.silent, key) == silent


def test_where_every_pioneer_is_mentioned_none_is_silent():
    grid = pd.DataFrame({"section": ["2.1", "2.2", "2.3"], "n": [1, 0, 2]})
    grid = grid.assign(province_name="Beijing")
    silent = {"organisations": [], "business": ["Beijing"], "public": []}
    assert participation.silent(grid) == silent


def test_what_another_place_plans_is_not_announced_by_beijing(f):
    other = evidence.load()
    other.practices.loc[other.practices.practice == "sh-enterprise-platform", "status"] = "planned"
    assert participation.facts(other).n_planned == f.n_planned
