"""What the chapter on top-level design says, counted again from the files; made-up rows too."""

import pytest
import raw

from casebook import evidence, tables
from casebook.facts import top_level_design

THEME = raw.theme(1)
PLANS = ["bj-social-governance-plan", "sh-social-governance-plan"]


@pytest.fixture(scope="module")
def f(ev):
    return top_level_design.facts(ev)


def test_whom_the_article_tells_of_and_what_it_asserts(f):
    benefits = [row for row in raw.records("benefits") if row["section"].startswith("1.")]
    assert not raw.disagreeing(
        f,
        reforms=raw.ids(row for row in THEME if row["section"] == "1.3"),
        n_benefits=len(benefits),
        n_measured=sum(row["check"] != "not applicable" for row in benefits),
        silences={row["silence"] for row in raw.records("silences")},
    )
    sections = {row["section"] for row in THEME}
    assert dict(f.places) == {
        section: {row["province"] for row in THEME if row["section"] == section}
        for section in sections
    }


def test_a_benefit_with_a_check_is_measured_and_one_of_another_theme_is_not_counted():
    other = evidence.load()
    other.benefits.loc[other.benefits.section == "1.1", "check"] = "check-whistle-works"
    other.benefits.loc[other.benefits.section == "1.3", "section"] = "2.3"
    n = len(raw.records("benefits", section="1.1"))
    facts = top_level_design.facts(other)
    assert (facts.n_benefits, facts.n_measured) == (n, n)


def test_the_tasks_are_those_that_the_article_names_and_counts(f):
    [stated] = raw.records("figures", figure="sh-ten-tasks")
    beijing, shanghai = map(raw.listed, PLANS)
    pairs = {(row["left"], row["right"]) for row in raw.records("alignments")}
    assert not raw.disagreeing(
        f,
        bj_named=len(beijing),
        sh_named=len(shanghai),
        sh_unnamed=int(stated["value"]) - len(shanghai),
        pairs={(left, right) for left, right in pairs if left in beijing and right in shanghai},
    )


def test_every_task_stands_once_in_the_table_and_a_pair_in_one_row(ev):
    lists = dict(zip(PLANS, ("One", "Other")))
    *pairs, others = tables.matched(ev, lists, "A caption").markup.split("<tr>")[2:]
    names = {row["item"]: row["name_en"] for row in raw.records("items")}
    matched = [row for row in raw.records("alignments") if row["left"] in raw.listed(PLANS[0])]
    assert len(pairs) == len(matched)
    for row, alignment in zip(pairs, matched):
        assert names[alignment["left"]] in row and names[alignment["right"]] in row
        assert alignment["reason_en"] in row
    paired = {item for row in matched for item in (row["left"], row["right"])}
    for item in raw.listed(PLANS[0]) + raw.listed(PLANS[1]):
        assert (f"<li>{names[item]}<br>" in others) == (item not in paired), item
