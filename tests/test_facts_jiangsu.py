"""Facts of the chapter on Jiangsu: by another way of counting, and on made-up rows."""

from types import SimpleNamespace

import pandas as pd
import pytest

from casebook.facts import jiangsu


@pytest.fixture(scope="module")
def f(ev):
    return jiangsu.facts(ev)


@pytest.fixture(scope="module")
def links(ev):
    """Each precedent among the pioneers, from the tables: (measure, practice's row, relation)."""
    pioneers = set(ev.provinces.province[ev.provinces.role == "pioneer"])
    practices = {row.practice: row for row in ev.practices.itertuples()}
    rows = ((r.measure, practices[r.practice], r.relation) for r in ev.precedents.itertuples())
    return [row for row in rows if row[1].province in pioneers]


def test_steps_and_their_precedents(f, ev, links):
    assert f.n_measures == ev.measures.measure.nunique()
    assert f.n_recommendations == len(ev.recommendations)
    assert f.n_with == len({measure for measure, *_ in links})
    assert f.n_same == len({measure for measure, _, relation in links if relation == "same"})
    assert f.n_without == len(f.steps_without) == f.n_measures - f.n_with
    assert f.n_pairs == len(links)
    municipalities = set(ev.provinces.province[ev.provinces.type == "municipality"])
    assert f.n_municipal == sum(practice.province in municipalities for _, practice, _ in links)
    announced = {row.practice for _, row, _ in links if row.status in ("planned", "draft")}
    assert f.n_planned == len(announced)
    assert len(f.pairs) == len(ev.precedents) > len(links), "national acts stand in the table too"


@pytest.mark.parametrize(
    ("name", "rec"),
    [
        ("functions", "rec-functions"),
        ("participation", "rec-participation"),
        ("rule_of_law", "rec-rule-of-law"),
        ("technology", "rec-technology"),
    ],
)
def test_each_recommendation_has_facts_of_its_own(f, ev, links, name, rec):
    facts, steps = getattr(f, name), set(ev.measures.measure[ev.measures.recommendation == rec])
    own = [link for link in links if link[0] in steps]
    practices = {practice.practice: practice for _, practice, _ in own}
    assert facts.n_steps == len(steps) and facts.n_with == len({measure for measure, *_ in own})
    assert facts.n_same == len({measure for measure, _, relation in own if relation == "same"})
    assert facts.n_links == len(own)
    assert facts.n_part == sum(relation == "part" for *_, relation in own)
    assert facts.n_practices == len(practices)
    assert facts.n_titles == sum("《" in practice.evidence for practice in practices.values())
    places = [practice.province for practice in practices.values()]
    for place in ("beijing", "shanghai", "guangdong", "zhejiang"):
        [code] = ev.provinces.province[ev.provinces.name_en.str.lower() == place]
        assert getattr(facts, f"n_{place}") == places.count(code), place


def test_the_recommendations_facts_are_named_after_them(ev, f):
    names = [jiangsu.attribute_of(rec) for rec in ev.recommendations.recommendation]
    assert names == ["functions", "participation", "rule_of_law", "technology"]
    assert sum(getattr(f, name).n_steps for name in names) == f.n_measures


def test_a_practice_that_serves_two_steps_is_drawn_on_once():
    steps = pd.DataFrame({"measure": ["m1", "m2", "m3"]})
    pairs = pd.DataFrame(
        [
            ("m1", "p", "CN-BJ", "same", "《甲》"),
            ("m2", "p", "CN-BJ", "part", "《甲》"),
            ("m2", "q", "CN-ZJ", "aim", "乙"),
        ],
        columns=["measure", "practice", "province", "relation", "evidence"],
    )
    facts = jiangsu.steps_and_precedents(steps, pairs)
    assert (facts.n_steps, facts.n_with, facts.n_same, facts.n_links, facts.n_part) == (
        3,
        2,
        1,
        3,
        1,
    )
    assert (
        facts.n_practices,
        facts.n_titles,
        facts.n_beijing,
        facts.n_zhejiang,
        facts.n_shanghai,
    ) == (2, 1, 1, 1, 0)


def test_answers_that_the_article_leaves_empty(f, ev):
    answers = [(row.variable, row.code, row.answer) for row in ev.assessments.itertuples()]
    decision = [answer for answer in answers if answer[0] == "decision"]
    assert f.n_decision == len({code for _, code, _ in decision}) and f.n_questions == len(decision)
    assert f.n_silent == sum(answer == "silent" for *_, answer in decision)
    assert f.n_questions == f.n_decision * f.n_recommendations
    rows = pd.DataFrame(
        [
            ("decision", "a", "silent"),
            ("decision", "a", "stated"),
            ("decision", "b", "silent"),
            ("lesson", "c", "silent"),
        ],
        columns=["variable", "code", "answer"],
    )
    made_up = jiangsu.answered(rows)
    assert (made_up.n_decision, made_up.n_questions, made_up.n_silent) == (2, 3, 2)
    assert made_up.silent_in == ["decision", "lesson"]


def test_difficulties_and_qualities_and_what_takes_them_up(f, ev):
    answered = set(ev.answers.premise)
    kinds = {"difficulty": [], "quality": []}
    for row in ev.premises.itertuples():
        kinds[row.kind].append(row)
    assert f.n_difficulties == len(kinds["difficulty"]) and f.n_qualities == len(kinds["quality"])
    for names, kind in ((f.open_difficulties, "difficulty"), (f.open_qualities, "quality")):
        assert names == [row.name_en.lower() for row in kinds[kind] if row.premise not in answered]
    assert [row.premise for row in f.qualities_without.itertuples()] == [
        row.premise for row in kinds["quality"] if row.premise not in answered
    ]


def test_every_line_goes_from_a_list_to_the_next(f, ev):
    lists = [set(f.difficulties.id), set(f.advice.id), set(f.qualities.id)]
    columns = [
        tuple(next(place for place, ids in enumerate(lists) if end in ids) for end in ends)
        for ends in zip(f.taken_up.left, f.taken_up.right)
    ]
    assert columns == sorted(columns) and set(columns) == {(0, 1), (1, 2)}
    assert sorted(zip(f.taken_up.premise, f.taken_up.recommendation)) == sorted(
        zip(ev.answers.premise, ev.answers.recommendation)
    )
    names = {
        **dict(zip(ev.premises.premise, ev.premises.name_en)),
        **dict(zip(ev.recommendations.recommendation, ev.recommendations.name_en)),
    }
    assert list(f.taken_up.premise_name) == [names[premise] for premise in f.taken_up.premise]
    assert list(f.taken_up.recommendation_name) == [names[rec] for rec in f.taken_up.recommendation]


def test_what_has_no_counterpart(f, ev, links):
    served = {measure for measure, *_ in links}
    steps = [measure for measure in ev.measures.measure if measure not in served]
    assert [*f.steps_without.measure] == steps
    section = dict(zip(ev.practices.practice, ev.practices.section))
    used = {section[practice] for practice in ev.precedents.practice}
    themes = [number for number in ev.sections.section if number[0] in "1234" and "." in number]
    assert [*f.sections_without.section] == [number for number in themes if number not in used]


def test_gaps_on_made_up_rows():
    """A step with only a national precedent is one without; its sub-section is used."""
    ev = SimpleNamespace(
        measures=pd.DataFrame({"measure": ["m1", "m2"], "name": ["One", "Two"]}),
        sections=pd.DataFrame({"section": ["0", "1", "1.1", "1.2", "5.1"], "name": list("abcde")}),
        premises=pd.DataFrame(
            {
                "premise": ["x", "y", "z"],
                "kind": ["quality", "quality", "difficulty"],
                "name": list("XYZ"),
            }
        ),
        answers=pd.DataFrame({"premise": ["x"]}),
    )
    pairs = pd.DataFrame({"measure": ["m1", "m2"], "role": ["pioneer", "national"]})
    pairs = pairs.assign(section="1.1")
    gaps = jiangsu.gaps(ev, pairs)
    assert gaps.n_without == 1 and [*gaps.steps_without.name] == ["Two"]
    assert [*gaps.sections_without.name] == ["1.2 d"] and [*gaps.qualities_without.name] == ["Y"]


def test_what_jiangsu_had_at_home(f, ev):
    finding = dict(zip(ev.source_checks.check, ev.source_checks.finding_en))
    step = dict(zip(ev.measures.measure, ev.measures.name_en))
    rows = [*zip(f.home.measure, f.home.step, f.home.check, f.home.finding)]
    assert rows == [(m, step[m], c, finding[c]) for m, c in zip(ev.home.measure, ev.home.check)]
    assert f.n_home == len(set(ev.home.measure))


def test_recommendations_have_the_number_and_short_name_of_their_section(f, ev):
    short = dict(zip(ev.sections.section, ev.sections.short_en))
    assert [*f.recommendations.label] == [f"{s} {short[s]}" for s in ev.recommendations.section]
