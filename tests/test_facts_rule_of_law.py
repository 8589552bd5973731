"""Facts of the chapter on the rule of law: by another way of counting, and on made-up rows."""

from collections import Counter

import pandas as pd
import pytest

from casebook.evidence import JOIN
from casebook.facts import rule_of_law


@pytest.fixture(scope="module")
def f(ev):
    return rule_of_law.facts(ev)


@pytest.fixture(scope="module")
def practices(ev):
    """The rows of practices.csv of section 3, as tuples with names."""
    return [row for row in ev.practices.itertuples() if row.section[:2] == "3."]


def ids(rows):
    return sorted(row.practice for row in rows)


def test_practices_are_counted_by_place(f, practices):
    places = Counter(row.province for row in practices)
    by_fact = {
        "CN-GD": f.n_guangdong,
        "CN-BJ": f.n_beijing,
        "CN-ZJ": f.n_zhejiang,
        "CN-SH": f.n_shanghai,
    }
    assert places == by_fact and f.n == len(practices) == len(f.theme)
    assert f.shanghai_status == [row.status for row in practices if row.province == "CN-SH"]
    assert f.enforcing == sorted({row.province for row in practices if row.section == "3.3"})


def test_dated_and_undated_leave_out_only_what_a_source_dates(f, ev, practices):
    dated = [row for row in practices if pd.notna(row.year) or pd.notna(row.period_start)]
    by_source = {row.practice for row in ev.checked_rows.itertuples() if pd.notna(row.year)}
    rest = set(ids(practices)) - set(ids(dated))
    assert ids(f.dated.itertuples()) == ids(dated)
    assert set(f.undated.practice) == rest - by_source
    assert rest & by_source, "a source dates nothing that the article leaves undated"
    assert set(f.source_years.practice) == by_source & set(ids(practices))


def test_what_assesses_somebody_is_of_this_section(f, ev, practices):
    read = {row.practice for row in ev.readings.itertuples() if row.variable == "assessment"}
    assert sorted(f.assessed.practice) == sorted(read & set(ids(practices)))
    assert f.n_assess == len(f.assessed) < len(read)


def test_the_years_are_texts(f, ev):
    """As numbers they would show as 2,011 and 2,023."""
    years = [f.first, f.last, f.platform_year, f.article_year]
    assert years == ["2011", "2020", "2023", "2020"] and all(type(year) is str for year in years)
    finding = ev.source_checks.set_index("check").finding_en["check-yue-zhifa"]
    assert f.platform_year in finding and f.first in ev.practice_names["gd-law-plan-1"]


def test_the_share_of_checks_without_a_source(f, ev):
    verdicts = [(row.section[0], row.verdict) for row in ev.source_checks.itertuples()]
    own = [verdict for theme, verdict in verdicts if theme == "3"]
    assert (f.n_checks, f.n_not_found) == (len(own), own.count("not found"))

    def share(theme):
        of_theme = [verdict for other, verdict in verdicts if other == theme]
        return of_theme.count("not found") / len(of_theme)

    assert f.largest_share == all(share("3") > share(theme) for theme in "01245")


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


def plans(*rows):
    """Made-up rows of the register with a period each."""
    frame = pd.DataFrame(rows, columns=["province", "period_start", "period_end"])
    return frame.astype({"period_start": "Int64", "period_end": "Int64"})


def test_the_years_of_guangdongs_plans(f, practices):
    own = [row for row in practices if row.province == "CN-GD" and pd.notna(row.period_start)]
    assert f.n_plans == len(own)
    assert (int(f.first), int(f.last)) == (
        min(r.period_start for r in own),
        max(r.period_end for r in own),
    )
    guangdong = (("CN-GD", 2011, 2015), ("CN-GD", 2016, 2020))
    rows = plans(*guangdong, ("CN-BJ", 2000, 2005), ("CN-ZJ", pd.NA, pd.NA))
    years = rule_of_law.plan_years(rows)
    assert years.unbroken is True
    assert (years.n_plans, years.first, years.last) == (2, "2011", "2020")
    assert years.with_period == ["CN-BJ", "CN-GD"]
    with_gap = plans(("CN-GD", 2011, 2014), ("CN-GD", 2016, 2020))
    assert rule_of_law.plan_years(with_gap).unbroken is False


def test_years_without_a_gap():
    assert rule_of_law.no_gap([2018, 2017, 2018]) is True
    assert rule_of_law.no_gap([2017, 2019]) is False


def test_documents_by_year(f, practices):
    zhejiang = [row for row in practices if row.section == "3.1" and row.province == "CN-ZJ"]
    assert f.yearly is True and f.n_zhejiang_dated == sum(pd.notna(row.year) for row in zhejiang)
    places, years = ["CN-BJ", "CN-BJ", "CN-ZJ", "CN-ZJ"], [2015, 2017, 2013, pd.NA]
    rows = pd.DataFrame({"province": places, "year": years})
    made_up = rule_of_law.documents_by_year(rows)
    assert made_up.yearly is False and made_up.n_zhejiang_dated == 1


def test_the_three_lists_and_the_lines_between_them(f, ev):
    listed = Counter(ev.items.practice)
    assert f.n_bj_focus == listed["bj-legislative-plan"] == len(f.beijing)
    assert f.n_sh_focus == listed["sh-legislative-focus"] == len(f.shanghai)
    assert f.n_projects == listed["gd-ten-projects"] == len(f.guangdong)
    assert f.n_disclosed == listed["gd-enforcement-platform"]
    names = dict(zip(ev.items.item, ev.items.name_en))
    pairs = [row for row in ev.alignments.itertuples() if "focus" in row.left]
    assert [*f.field_pairs.left + f.field_pairs.right] == [row.left + row.right for row in pairs]
    assert f.n_to_projects == sum("project" in row.right for row in pairs)
    same = [row for row in pairs if row.relation == "same"]
    assert f.shared == [names[row.left].lower() for row in same] and len(same) < len(pairs)
    assert all(names[row.left] == names[row.right] for row in same), "a field of the same name"


def test_members_of_a_list_stand_in_its_order_and_lead_to_its_row(ev):
    members = rule_of_law.members(ev, "gd-ten-projects")
    items = ev.items[ev.items.practice == "gd-ten-projects"].sort_values("position")
    assert list(members.id) == list(items.item)
    assert set(members.href) == {"evidence.html#gd-ten-projects"}
    assert rule_of_law.members(ev, "gd-12346").empty


def test_output_is_what_has_a_year(f, ev):
    own = [row for row in ev.figures.itertuples() if row.section[:2] == "3."]
    of_a_year = [row for row in own if pd.notna(row.year)]
    assert f.output.provinces == sorted({row.province for row in of_a_year})
    assert f.output.years == sorted({str(row.year) for row in of_a_year})
    printed = {row.figure: row.evidence.split(JOIN)[0] for row in of_a_year}
    assert all(text.startswith(tuple(f.output.years)) for text in printed.values())
    assert len(of_a_year) < len(own), "a count without a year is left out"
