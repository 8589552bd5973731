"""What the chapter on Jiangsu says, counted again from the files; made-up rows too."""

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
    for coder in ("full-codebook", "definitions-only", "blind-one", "blind-two")
]
LINKED_BY_ALL = set.intersection(*BLIND)


@pytest.fixture(scope="module")
def f(ev):
    return jiangsu.facts(ev)


def test_steps_and_their_precedents(f):
    municipal = raw.records("provinces", role="pioneer", type="municipality")
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
        n_based=len(MEASURES),
        n_continuing=sum(row["continues"] != "not applicable" for row in MEASURES.values()),
        n_benefits=len(raw.records("benefits")),
        n_agreed=len(LINKED_BY_ALL & {f"{measure} {row['practice']}" for measure, row, _ in LINKS}),
        n_blind=len(BLIND),
        n_practices=sum(row["province"] in raw.PIONEERS for row in raw.PRACTICES),
        unused={row["practice"] for row in raw.PRACTICES if row["province"] in raw.PIONEERS}
        - {row["practice"] for _, row, _ in LINKS},
    )
    sure = {f"{row.measure} {row.practice}" for row in f.pairs.itertuples() if row.sure}
    assert sure == LINKED_BY_ALL & {f"{measure} {row['practice']}" for measure, row, _ in LINKS}
    had = [row["measure"] for row in raw.records("baseline")]
    assert list(f.ground.n) == [had.count(measure) for measure in MEASURES]
    assert set(f.ground.province) == {"CN-JS"}
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


def test_each_practice_has_the_best_that_is_known_of_it_once_a_question(f):
    told = {(row["practice"], row["question"], row["known"]) for row in raw.records("knowledge")}
    of = {one for row in raw.records("benefits") for one in row["practices"].split(" | ")}
    told |= {(practice, "effect", "asserted") for practice in of}
    best = {}
    for practice, question, known in told:
        if raw.PLACE[practice] in raw.PIONEERS:
            ways = ("asserted", "described", "figure")
            best[practice, question] = max(
                known, best.get((practice, question), known), key=ways.index
            )
    rows = f.best_known[["practice", "question", "known"]].values.tolist()
    assert sorted(rows) == sorted([*key, known] for key, known in best.items())


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
    announced = {row["practice"] for _, row, _ in links if row["status"] in ("planned", "draft")}
    assert not raw.disagreeing(
        getattr(f, name),
        n_steps=len(steps),
        n_with=len(steps & WITH),
        n_same=len(steps & SAME),
        n_links=len(links),
        n_part=sum(relation == "part" for *_, relation in links),
        without=[measure for measure in MEASURES if measure in steps - WITH],
        planned=announced,
    )


def test_steps_without_a_precedent_and_precedents_that_are_only_announced():
    pairs = raw.table("""
        measure practice relation status
        m1 p same in_place
        m2 p part in_place
        m2 q aim planned
    """)
    assert not raw.disagreeing(
        jiangsu.steps_and_precedents(pd.DataFrame({"measure": ["m1", "m2", "m3"]}), pairs),
        **{"n_steps": 3, "n_with": 2, "n_same": 1, "n_links": 3, "n_part": 1},
        without=["m3"],
        planned={"q"},
    )


def test_answers_that_the_article_leaves_empty(f):
    decision = raw.records("assessments", variable="decision")
    questions = {row["code"] for row in decision}
    assert not raw.disagreeing(
        f,
        n_decision=len(questions),
        n_questions=len(questions) * len(RECOMMENDATIONS),
        n_stated=sum(row["answer"] == "stated" for row in decision),
    )
    made_up = raw.table("""
        variable code answer
        decision a silent
        decision a stated
        decision b silent
        lesson c silent
    """)
    expected = {"n_decision": 2, "n_questions": 3, "n_stated": 1}
    answered = jiangsu.answered(made_up)
    assert not raw.disagreeing(answered, **expected, silent_in=["decision", "lesson"])


@pytest.mark.parametrize(
    ("kind", "open_ones"), [("difficulty", "open_difficulties"), ("quality", "open_qualities")]
)
def test_difficulties_and_goals_that_nothing_takes_up(f, kind, open_ones):
    taken_up = {row["premise"] for row in ANSWERS}
    unanswered = [
        row for row in raw.records("premises", kind=kind) if row["premise"] not in taken_up
    ]
    assert getattr(f, open_ones) == [row["name_en"].lower() for row in unanswered]


def test_what_takes_up_a_difficulty_or_goal_by_name(f):
    premises = {row["premise"]: row["name_en"] for row in raw.records("premises")}
    advice = {row["recommendation"]: row["name_en"] for row in RECOMMENDATIONS}
    columns = ["premise", "recommendation", "premise_name", "recommendation_name"]
    assert f.taken_up[columns].values.tolist() == [
        [premise, rec, premises[premise], advice[rec]]
        for premise, rec in ((row["premise"], row["recommendation"]) for row in ANSWERS)
    ]
