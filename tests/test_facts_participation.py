"""What the chapter on participation says, counted again from the files; made-up rows too."""

import datetime

import pandas as pd
import pytest
import raw

from casebook import evidence
from casebook.facts import participation

THEME = raw.theme(2)
OWN = [row for row in THEME if row["province"] in raw.PIONEERS]
COUNT = "cn-social-organisations-2019"


@pytest.fixture(scope="module")
def f(ev):
    return participation.facts(ev)


def named_in(rows):
    """The names of the pioneers that have one of the rows, in their order."""
    places = {row["province"] for row in rows}
    return [name for code, name in raw.PIONEERS.items() if code in places]


def with_actor(actor, rows=THEME):
    return [row for row in rows if actor in row["actors"].split(" | ")]


def test_the_practices_of_the_theme(f):
    planned = [r for r in OWN if (r["status"], r["province"]) == ("planned", "CN-BJ")]
    assert not raw.disagreeing(
        f,
        n=len(OWN),
        n_enterprise=len(with_actor("enterprise")),
        n_resident=len(with_actor("resident")),
        n_social=len(with_actor("social_organisation")),
        theme=raw.ids(THEME),
        planned=raw.ids(planned),
        n_planned=len(planned),
    )
    assert len(f.by_actor) == sum(len(row["actors"].split(" | ")) for row in THEME)


def test_the_documents_are_counted_and_the_older_ones_named(f):
    orgs = [row for row in THEME if row["section"] == "2.1"]
    year = raw.SOURCE_YEARS["cn-social-org-opinions"]
    older = [r for r in orgs if r in OWN and raw.SOURCE_YEARS.get(r["practice"], year) < year]
    assert not raw.disagreeing(
        f,
        **raw.dates(orgs),
        n_orgs=len(orgs),
        n_orgs_dated=sum(map(raw.is_dated, orgs)),
        orgs=raw.ids(orgs),
        national_year="2016",
        n_older=len(older),
        older_names="; ".join(row["name_en"] for row in older),
    )
    assert older and year == f.national_year


def test_documents_are_dated_by_their_own_sources_and_older_ones_counted_once():
    rows = raw.table("""
        practice name role dated
        cn-social-org-opinions Opinions national not_mentioned
        act Act national not_mentioned
        early Early pioneer not_mentioned
        late Late pioneer not_mentioned
        same Same pioneer not_mentioned
        dated Dated pioneer y2015
        unknown Unknown pioneer not_mentioned
    """).replace("not_mentioned", "not mentioned")
    years = raw.table("""
        practice checked_year
        cn-social-org-opinions 2016
        act 2014
        early 2015
        early 2013
        late 2017
        same 2016
        elsewhere 2001
    """)
    documents = participation.documents(rows, years)
    assert not raw.disagreeing(
        documents, n_orgs=7, n_orgs_dated=1, n_older=1, older_names="Early", undated=["unknown"]
    )
    assert "elsewhere" not in set(documents.source_years.practice)


def test_the_counts_of_organisations_are_those_of_the_article_and_its_checks(f):
    [stated] = raw.records("figures", figure=COUNT)
    checked = {
        row["check"]: int(row["value"])
        for row in raw.records("checked_rows", figure=COUNT)
        if row["value"].isdigit()
    }
    count, bulletin = int(stated["value"]), checked["check-organisations-bulletin"]
    assert not raw.disagreeing(
        f,
        organisations=count,
        organisations_year=stated["year"],
        bulletin=bulletin,
        n_below_bulletin=bulletin - count,
        n_lower_counts=sum(value < count for value in checked.values()),
        n_figures=len(raw.records("figures", section="2.1")),
    )
    assert (str(f.organisations), str(f.bulletin)) == ("863,000", "866,300")
    assert sorted(f.counts.value) == sorted([count, *checked.values()])
    links = dict(zip(f.counts.href, f.counts.value))
    assert links.pop("evidence.html#cell-2.1-CN") == count
    assert links == {f"checks.html#{check}": value for check, value in checked.items()}
    assert list(f.counts["name"].isna()) == list(f.counts.article)


def test_the_bulletin_came_after_the_article_by_its_days(f):
    [check] = raw.records("source_checks", check="check-organisations-bulletin-date")
    assert "8 September 2020" in check["finding_en"]
    assert f.bulletin_days == (datetime.date(2020, 9, 8) - datetime.date(2020, 8, 20)).days


def test_the_directions_are_those_of_section_2_3(f):
    voices = {row["practice"] for row in THEME if row["section"] == "2.3"}
    codes = [code for practice, code in raw.read_as("voice").items() if practice in voices]
    assert len(f.voices) == len(codes)
    assert not raw.disagreeing(
        f,
        n_voices=len(codes),
        n_inward=codes.count("to_government") + codes.count("both"),
        n_answered=codes.count("both"),
        n_among=codes.count("among_residents"),
    )


def test_where_an_actor_is_named_most_often(f):
    for actor, names in vars(f.most_often).items():
        counts = {code: 0 for code in raw.PIONEERS}
        for row in with_actor(actor, OWN):
            counts[row["province"]] += 1
        most = [code for code, n in counts.items() if n == max(counts.values())]
        assert names == [raw.PIONEERS[code] for code in most]


def test_equal_places_are_all_named_in_order_and_national_rows_not_counted():
    rows = raw.table("""
        actor role place province_name
        resident national 9 China
        resident national 9 China
        resident pioneer 2 Second
        resident pioneer 1 First
        enterprise pioneer 2 Second
    """)
    assert participation.most_often(rows) == {
        "enterprise": ["Second"],
        "social_organisation": [],
        "resident": ["First", "Second"],
    }


def test_the_places_at_each_stage_are_those_of_the_readings(f):
    read = raw.read_as("stage")
    at = {
        stage: [r for r in raw.PRACTICES if read.get(r["practice"]) == stage]
        for stage in read.values()
    }
    assert vars(f.places_at) == {stage: named_in(rows) for stage, rows in at.items()}
    contributing = [practice for practice, stage in read.items() if stage == "contribute"]
    assert not raw.disagreeing(f, stages=set(read), contributing=contributing)


def test_a_place_is_named_once_a_stage_in_the_order_of_places():
    rows = raw.table("""
        code place province_name
        site 2 Second
        site 1 First
        site 2 Second
        operate 1 First
    """)
    places = {"site": ["First", "Second"], "build": [], "operate": ["First"], "contribute": []}
    assert participation.places_at(rows) == places


def test_silent_are_the_pioneers_without_a_practice_in_a_subsection(f):
    for key, section in participation.SECTIONS.items():
        speaking = named_in(row for row in THEME if row["section"] == section)
        silent = [name for name in raw.PIONEERS.values() if name not in speaking]
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
