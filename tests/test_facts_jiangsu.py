"""What the chapter on Jiangsu says, counted again from the files; made-up rows too."""

from types import SimpleNamespace

import pandas as pd
import pytest
import raw

from casebook.facts import jiangsu

PRACTICES = {row["practice"]: row for row in raw.PRACTICES}
PRECEDENTS = raw.records("precedents")
# Each precedent among the pioneers: (measure, practice's row, relation).
LINKS = [
    (row["measure"], PRACTICES[row["practice"]], row["relation"])
    for row in PRECEDENTS
    if raw.PLACE[row["practice"]] in raw.PIONEERS
]
MEASURES = {row["measure"]: row for row in raw.records("measures")}
WITH = {measure for measure, *_ in LINKS}
SAME = {measure for measure, _, relation in LINKS if relation == "same"}
RECOMMENDATIONS = raw.records("recommendations")
ANSWERS = raw.records("answers")


BLIND = [
    {row["unit"] for row in raw.records("codings", coder=coder, variable="relation")}
    for coder in ("blind-one", "blind-two")
]
LINKED_BY_ALL = set.intersection(*BLIND)


@pytest.fixture(scope="module")
def f(ev):
    return jiangsu.facts(ev)


def test_steps_and_their_precedents(f):
    municipal = raw.records("provinces", role="pioneer", type="municipality")
    announced = {row["practice"] for _, row, _ in LINKS if row["status"] in ("planned", "draft")}
    places = [row["province"] for _, row, _ in LINKS]
    without = [measure for measure in MEASURES if measure not in WITH]
    sections = {row["section"]: row["short_en"] for row in raw.records("sections")}
    assert not raw.disagreeing(
        f,
        n_measures=len(MEASURES),
        n_recommendations=len(RECOMMENDATIONS),
        n_with=len(WITH),
        n_same=len(SAME),
        n_without=len(without),
        n_pairs=len(LINKS),
        n_municipal=sum(places.count(row["province"]) for row in municipal),
        n_planned=len(announced),
        n_based=len(MEASURES),
        n_continuing=sum(row["continues"] != "not applicable" for row in MEASURES.values()),
        n_benefits=len(raw.records("benefits")),
        n_agreed=len(LINKED_BY_ALL & {f"{measure} {row['practice']}" for measure, row, _ in LINKS}),
        n_blind=len(BLIND),
        n_later=len({row["practice"] for row in raw.records("later")}),
    )
    assert list(f.steps_without.measure) == without
    assert len(f.pairs) == len(PRECEDENTS) == len(LINKS), "a national act is no precedent"
    assert f.baseline[["measure", "step", "fact"]].values.tolist() == [
        [row["measure"], MEASURES[row["measure"]]["name_en"], row["fact_en"]]
        for row in raw.records("baseline")
    ]
    labels = [f"{row['section']} {sections[row['section']]}" for row in RECOMMENDATIONS]
    assert list(f.recommendations.label) == labels


def test_an_effect_is_counted_where_a_source_has_a_figure_on_a_pioneer(f):
    known = raw.records("knowledge", question="effect", known="figure")
    assert f.n_effects == len({row["practice"] for row in known if row["practice"][:2] != "cn"})
    texts = [row["reason_en"] for row in known]
    alike = [row["practice"] for row in known if texts.count(row["reason_en"]) > 1]
    assert f.same_effects == [f"CN-{practice[:2].upper()}" for practice in alike] != []
    asserted = f.known[(f.known.question == "effect") & (f.known.known == "asserted")]
    of = {one for row in raw.records("benefits") for one in row["practices"].split(" | ")}
    assert set(asserted.practice) == {one for one in of if one[:2] != "cn"}


@pytest.mark.parametrize(("rules", "agrees"), [("2", False), ("3", True), ("1", False)])
def test_what_the_text_tells_carries_a_finding_where_the_last_codings_agree_on_it(
    ev, rules, agrees
):
    class Until:
        codings, coders = ev.codings, ev.coders[ev.coders.rules <= rules]

    assert jiangsu.told_agrees(Until) == agrees


@pytest.mark.parametrize("name", ["functions", "participation", "rule_of_law", "technology"])
def test_each_recommendation_has_facts_of_its_own(f, name):
    rec = "rec-" + name.replace("_", "-")
    steps = {measure for measure, row in MEASURES.items() if row["recommendation"] == rec}
    links = [link for link in LINKS if link[0] in steps]
    practices = {row["practice"]: row for _, row, _ in links}.values()
    assert not raw.disagreeing(
        getattr(f, name),
        **raw.by_place(practices),
        n_steps=len(steps),
        n_with=len(steps & WITH),
        n_same=len(steps & SAME),
        n_links=len(links),
        n_part=sum(relation == "part" for *_, relation in links),
        n_practices=len(practices),
        n_titles=sum("《" in row["evidence"] for row in practices),
    )


def test_a_practice_that_serves_two_steps_is_drawn_on_once():
    pairs = raw.table("""
        measure practice province relation evidence
        m1 p CN-BJ same 《甲》
        m2 p CN-BJ part 《甲》
        m2 q CN-ZJ aim 乙
    """)
    assert not raw.disagreeing(
        jiangsu.steps_and_precedents(pd.DataFrame({"measure": ["m1", "m2", "m3"]}), pairs),
        **{"n_steps": 3, "n_with": 2, "n_same": 1, "n_links": 3, "n_part": 1, "n_practices": 2},
        **{"n_titles": 1, "n_beijing": 1, "n_zhejiang": 1, "n_shanghai": 0},
    )


def test_answers_that_the_article_leaves_empty(f):
    decision = raw.records("assessments", variable="decision")
    questions = {row["code"] for row in decision}
    assert not raw.disagreeing(
        f,
        n_decision=len(questions),
        n_questions=len(questions) * len(RECOMMENDATIONS),
        n_silent=sum(row["answer"] == "silent" for row in decision),
    )
    made_up = raw.table("""
        variable code answer
        decision a silent
        decision a stated
        decision b silent
        lesson c silent
    """)
    expected = {"n_decision": 2, "n_questions": 3, "n_silent": 2}
    answered = jiangsu.answered(made_up)
    assert not raw.disagreeing(answered, **expected, silent_in=["decision", "lesson"])


@pytest.mark.parametrize(
    ("kind", "rows", "open_ones"),
    [
        ("difficulty", "difficulties", "open_difficulties"),
        ("quality", "qualities", "open_qualities"),
    ],
)
def test_difficulties_and_qualities_and_what_takes_them_up(f, kind, rows, open_ones):
    premises = raw.records("premises", kind=kind)
    taken_up = {row["premise"] for row in ANSWERS}
    unanswered = [row for row in premises if row["premise"] not in taken_up]
    assert not raw.disagreeing(
        f,
        **{f"n_{rows}": len(premises), rows: [row["premise"] for row in premises]},
        **{open_ones: [row["name_en"].lower() for row in unanswered]},
    )
    if kind == "quality":
        assert list(f.qualities_without.premise) == [row["premise"] for row in unanswered]


def test_every_line_goes_from_a_list_to_the_next(f):
    lists = [set(f.difficulties.id), set(f.advice.id), set(f.qualities.id)]
    columns = [
        tuple(next(place for place, ids in enumerate(lists) if end in ids) for end in ends)
        for ends in zip(f.taken_up.left, f.taken_up.right)
    ]
    assert columns == sorted(columns) and set(columns) == {(0, 1), (1, 2)}
    premises = {row["premise"]: row["name_en"] for row in raw.records("premises")}
    advice = {row["recommendation"]: row["name_en"] for row in RECOMMENDATIONS}
    pairs = [(row["premise"], row["recommendation"]) for row in ANSWERS]
    columns = ["premise", "recommendation", "premise_name", "recommendation_name"]
    assert sorted(f.taken_up[columns].values.tolist()) == sorted(
        [premise, rec, premises[premise], advice[rec]] for premise, rec in pairs
    )


def test_subsections_that_no_step_draws_on(f):
    used = {PRACTICES[row["practice"]]["section"] for row in PRECEDENTS}
    themes = [
        r["section"]
        for r in raw.records("sections")
        if r["section"][:2] in ("1.", "2.", "3.", "4.")
    ]
    assert list(f.sections_without.section) == [number for number in themes if number not in used]


def test_gaps_on_made_up_rows():
    """A step with only a national precedent is one without; its sub-section is used."""
    ev = SimpleNamespace(
        measures=raw.table("measure name \n m1 One \n m2 Two"),
        sections=pd.DataFrame({"section": ["0", "1", "1.1", "1.2", "5.1"], "name": list("abcde")}),
        premises=raw.table("premise kind name \n x quality X \n y quality Y \n z difficulty Z"),
        answers=raw.table("premise \n x"),
        silences=pd.DataFrame({"theme": ["4", "5"], "name": ["Privacy", "Plans"]}),
    )
    pairs = raw.table("measure role section \n m1 pioneer 1.1 \n m2 national 1.1")
    gaps = jiangsu.gaps(ev, pairs)
    assert gaps.n_without == 1 and [*gaps.steps_without.name] == ["Two"]
    assert [*gaps.unnamed.name] == ["Plans"]
    assert [*gaps.sections_without.name] == ["1.2 d"] and [*gaps.qualities_without.name] == ["Y"]
