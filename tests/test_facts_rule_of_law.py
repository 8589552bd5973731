"""What the chapter on the rule of law says, counted again from the files; made-up rows too."""

import pytest
import raw

from casebook.facts import rule_of_law

THEME = raw.theme(3)
IDS = set(raw.ids(THEME))
VERDICTS = {row["check"]: row["verdict"] for row in raw.records("source_checks")}


@pytest.fixture(scope="module")
def f(ev):
    return rule_of_law.facts(ev)


def test_who_marks_and_who_is_named(f):
    assessed = IDS & raw.read_as("assessment").keys()
    assert 0 < len(assessed) < len(raw.read_as("assessment"))
    assert not raw.disagreeing(
        f,
        assessed=assessed,
        shanghai_status=[row["status"] for row in THEME if row["province"] == "CN-SH"],
        enforcing=sorted({row["province"] for row in THEME if row["section"] == "3.3"}),
        courts={row["practice"] for row in THEME if "judiciary" in row["actors"]},
        residents={row["practice"] for row in THEME if "resident" in row["actors"]},
    )


def test_an_actor_is_a_whole_code_of_a_practice():
    rows = raw.table("practice actors \n one government|resident \n two residents")
    rows["actors"] = rows.actors.str.replace("|", " | ")
    assert rule_of_law.actors(rows) == {"courts": set(), "residents": {"one"}}


def test_what_was_looked_up_seen_and_not_found(f):
    verdicts = {}
    for row in raw.records("checked_rows"):
        verdicts.setdefault(row["practice"], set()).add(VERDICTS[row["check"]])
    looked_up = IDS & verdicts.keys()
    missed = {practice for practice in looked_up if verdicts[practice] == {"not found"}}
    assert 0 < len(missed) < len(looked_up) < len(IDS)
    assert not raw.disagreeing(
        f,
        n=len(THEME),
        n_looked_up=len(looked_up),
        n_seen=len(looked_up - missed),
        n_not_found=len(missed),
        not_looked_up=IDS - looked_up,
    )


def test_the_last_years_of_plans_are_texts(f):
    """As numbers they would show as 2,015."""
    ends = {row["practice"]: row["period_end"] for row in THEME if row["period_end"].isdigit()}
    assert vars(f.until) == {practice.replace("-", "_"): year for practice, year in ends.items()}
    assert f.until.gd_law_plan_1 == "2015"
    rows = raw.table("practice period_end \n a-plan 2020 \n a-law -")
    assert rule_of_law.last_years(rows) == {"a_plan": "2020"}


def test_the_lists_and_what_is_read_together(f):
    pairs = [row for row in raw.records("alignments") if "focus" in row["left"]]
    assert not raw.disagreeing(
        f,
        n_bj_focus=len(raw.listed("bj-legislative-plan")),
        n_sh_focus=len(raw.listed("sh-legislative-focus")),
        n_projects=len(raw.listed("gd-ten-projects")),
        n_disclosed=len(raw.listed("gd-enforcement-platform")),
        shared={(row["left"], row["right"]) for row in pairs if row["relation"] == "same"},
        overlapping={(row["left"], row["right"]) for row in pairs if row["relation"] == "part"},
    )
    assert f.shared and f.overlapping and len(f.shared | f.overlapping) == len(pairs)
