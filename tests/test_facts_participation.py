"""What the page on participation says, counted again from the files; made-up rows too."""

import pandas as pd
import pytest
import raw

from casebook.facts import participation

THEME = raw.theme(2)
OWN = [row for row in THEME if row["province"] in raw.PIONEERS]
OPINIONS = "cn-social-org-opinions"


@pytest.fixture(scope="module")
def f(ev):
    return participation.facts(ev)


def named_in(rows):
    """The names of the pioneers that have one of the rows, in their order."""
    places = {row["province"] for row in rows}
    return [name for code, name in raw.PIONEERS.items() if code in places]


def test_the_practices_of_the_theme_and_those_that_are_announced(f):
    assert not raw.disagreeing(
        f, theme=raw.ids(THEME), planned={r["practice"] for r in OWN if r["status"] == "planned"}
    )


def test_papers_older_than_the_national_opinions_by_their_sources(f):
    year = raw.SOURCE_YEARS[OPINIONS]
    papers = [row["practice"] for row in OWN if row["section"] == "2.1"]
    assert f.older == {one for one in papers if raw.SOURCE_YEARS.get(one, year) < year} != set()


def test_older_is_a_pioneers_paper_with_an_earlier_year_from_a_source():
    rows = raw.table("""
        practice role
        cn-social-org-opinions national
        act national
        early pioneer
        late pioneer
        same pioneer
        unknown pioneer
    """)
    years = pd.Series([2016, 2014, 2015, 2017, 2016, None], dtype="Int64")
    assert participation.older(rows, years) == {"early"}


def test_who_speaks_to_whom_in_section_2_3(f):
    voices = {row["practice"] for row in THEME if row["section"] == "2.3"}
    codes = [code for practice, code in raw.read_as("voice").items() if practice in voices]
    assert not raw.disagreeing(
        f,
        voices=set(raw.read_as("voice")) & voices,
        n_voices=len(codes),
        n_inward=codes.count("to_government") + codes.count("both"),
        n_answered=codes.count("both"),
        n_among=codes.count("among_residents"),
    )


def test_the_places_at_each_stage_of_a_firms_life(f):
    read = raw.read_as("stage")
    assert not raw.disagreeing(f, stages=set(read))
    assert vars(f.places_at) == {
        stage: {raw.PLACE[practice] for practice, code in read.items() if code == stage}
        for stage in read.values()
    }
    in_business = {raw.PLACE[practice] for practice in read}
    assert f.in_business == [code for code in raw.PIONEERS if code in in_business]


def test_who_consults_in_the_whole_article(f):
    read = raw.records("readings", variable="element", code="democratic_consultation")
    assert f.consulting == {row["practice"] for row in read}


def test_the_benefits_of_the_theme_and_the_checks_that_measure_one(f):
    rows = [row for row in raw.records("benefits") if row["section"].startswith("2.")]
    checks = {row["check"] for row in rows} - {"not applicable"}
    assert not raw.disagreeing(f, n_benefits=len(rows), measured=checks)


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
