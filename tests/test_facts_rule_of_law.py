"""What the chapter on the rule of law says, counted again from the files; made-up rows too."""

import pandas as pd
import pytest
import raw

from casebook.facts import rule_of_law

THEME = raw.theme(3)


@pytest.fixture(scope="module")
def f(ev):
    return rule_of_law.facts(ev)


def test_the_practices_of_the_theme(f):
    read = set(raw.ids(THEME)) & raw.read_as("assessment").keys()
    assert 0 < len(read) < len(raw.read_as("assessment"))
    assert not raw.disagreeing(
        f,
        **raw.by_place(THEME),
        **raw.dates(THEME),
        n=len(THEME),
        theme=raw.ids(THEME),
        shanghai_status=[row["status"] for row in THEME if row["province"] == "CN-SH"],
        enforcing=sorted({row["province"] for row in THEME if row["section"] == "3.3"}),
        dated=raw.ids(row for row in THEME if raw.is_dated(row)),
        assessed=read,
        n_assess=len(read),
    )
    assert set(raw.ids(THEME)) - set(f.dated.practice) > set(f.undated.practice)


def test_the_years_are_texts(f):
    """As numbers they would show as 2,011 and 2,023."""
    assert not raw.disagreeing(
        f, first="2011", last="2020", platform_year="2023", article_year="2020"
    )
    [check] = raw.records("source_checks", check="check-yue-zhifa")
    assert f.platform_year in check["finding_en"]


def test_the_share_of_checks_without_a_source(f):
    verdicts = {theme: [] for theme in "012345"}
    for row in raw.records("source_checks"):
        verdicts[row["section"][0]].append(row["verdict"])
    missed = {theme: of.count("not found") / len(of) for theme, of in verdicts.items()}
    assert not raw.disagreeing(
        f,
        n_checks=len(verdicts["3"]),
        n_not_found=verdicts["3"].count("not found"),
        largest_share=max(missed.pop(theme) for theme in "01245") < missed["3"],
    )


@pytest.mark.parametrize(
    ("verdicts", "largest"),
    [
        ({"3.1": "not found", "3.2": "refined", "4.1": "refined"}, True),
        ({"3.1": "not found", "3.2": "refined", "4.1": "not found"}, False),
        ({"3.1": "not found", "4.1": "not found"}, False),
    ],
)
def test_an_equal_share_is_not_the_largest(verdicts, largest):
    checks = pd.DataFrame({"section": list(verdicts), "verdict": list(verdicts.values())})
    assert rule_of_law.unseen(checks).largest_share is largest


@pytest.mark.parametrize(("end", "unbroken"), [("2015", True), ("2014", False)])
def test_the_years_of_guangdongs_plans(f, end, unbroken):
    ends = [row["period_end"] for row in THEME if row["province"] == "CN-GD"]
    assert f.n_plans == len(ends) - ends.count("not mentioned")
    years = rule_of_law.plan_years(
        raw.table(f"""
        province period_start period_end
        CN-GD 2011 {end}
        CN-GD 2016 2020
        CN-BJ 2000 2005
        CN-ZJ - -
    """)
    )
    assert (years.n_plans, years.first, years.last) == (2, "2011", "2020")
    assert years.with_period == ["CN-BJ", "CN-GD"] and years.unbroken is unbroken


def test_documents_by_year(f):
    zhejiang = [row for row in THEME if (row["section"], row["province"]) == ("3.1", "CN-ZJ")]
    n_dated = sum(row["year"].isdigit() for row in zhejiang)
    assert not raw.disagreeing(f, yearly=True, n_zhejiang_dated=n_dated)
    rows = "province year \n CN-BJ 2015 \n CN-BJ 2017 \n CN-ZJ 2013 \n CN-ZJ -"
    years = rule_of_law.documents_by_year(raw.table(rows))
    assert not raw.disagreeing(years, yearly=False, n_zhejiang_dated=1)
    assert rule_of_law.no_gap([2018, 2017, 2018]) is True


def test_the_three_lists_and_the_lines_between_them(f):
    lists = {
        "beijing": raw.listed("bj-legislative-plan"),
        "shanghai": raw.listed("sh-legislative-focus"),
        "guangdong": raw.listed("gd-ten-projects"),
    }
    names = {row["item"]: row["name_en"].lower() for row in raw.records("items")}
    pairs = [row for row in raw.records("alignments") if "focus" in row["left"]]
    same = [row for row in pairs if row["relation"] == "same"]
    assert not raw.disagreeing(
        f,
        **lists,
        n_bj_focus=len(lists["beijing"]),
        n_sh_focus=len(lists["shanghai"]),
        n_projects=len(lists["guangdong"]),
        n_disclosed=len(raw.listed("gd-enforcement-platform")),
        n_to_projects=sum("project" in row["right"] for row in pairs),
        shared=[names[row["left"]] for row in same],
    )
    assert [*f.field_pairs.left + f.field_pairs.right] == [r["left"] + r["right"] for r in pairs]
    assert len(same) < len(pairs)
    assert all(names[row["left"]] == names[row["right"]] for row in same)


def test_members_of_a_list_lead_to_its_row(ev):
    members = rule_of_law.members(ev, "gd-ten-projects")
    assert set(members.href) == {"evidence.html#gd-ten-projects"}
    assert set(members.hue) == set(ev.register().query("province == 'CN-GD'").hue)
    assert rule_of_law.members(ev, "gd-12346").empty


def test_output_is_what_has_a_year(f):
    figures = [row for row in raw.records("figures") if row["section"].startswith("3.")]
    of_a_year = [row for row in figures if row["year"].isdigit()]
    assert 0 < len(of_a_year) < len(figures)
    assert not raw.disagreeing(
        f.output,
        provinces=sorted({row["province"] for row in of_a_year}),
        years=sorted({row["year"] for row in of_a_year}),
    )
