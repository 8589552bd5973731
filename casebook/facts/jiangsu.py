"""What the last chapter says: the steps recommended to Jiangsu, their precedents, and what has no
counterpart."""

import pandas as pd

from casebook.evidence import MISSING
from casebook.evidence.agreement import agreed, agreement
from casebook.facts import Facts, counts_at

ANNOUNCED = ["planned", "draft"]  # statuses of what is only announced
ANCHOR = "#measures"  # of the page's section on the steps, to which premises and advice lead


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Each recommendation has facts of its own (see `steps_and_precedents`): functions, participation,
    rule_of_law, technology. Rows for the cells: `pairs` (`precedents_of`), `recommendations` (with
    `label`, the number and short name of its section), `baseline` (with step, its name),
    `known`, `later` (with the columns of the register).
    """
    pairs = ev.precedents_of()
    pioneers = pairs[pairs.role == "pioneer"]
    same, known = pioneers[pioneers.relation == "same"], ev.known()
    seen = agreed(pioneers, ev.codings, ev.coders)
    short = ev.sections.set_index("section").short
    sections = ev.recommendations.section
    by_recommendation = {
        attribute_of(rec): steps_and_precedents(steps, pioneers[pioneers.recommendation == rec])
        for rec, steps in ev.measures.groupby("recommendation")
    }
    return Facts(
        pairs=pairs,
        recommendations=ev.recommendations.assign(label=sections + " " + sections.map(short)),
        baseline=baseline(ev),
        known=known,
        later=ev.later.merge(ev.register(), on="practice"),
        n_recommendations=len(sections),
        n_measures=len(ev.measures),
        n_with=pioneers.measure.nunique(),
        n_same=same.measure.nunique(),
        n_based=ev.baseline.measure.nunique(),
        n_continuing=(~ev.measures.continues.isin(MISSING)).sum(),
        n_benefits=len(ev.benefits),
        n_later=ev.later.practice.nunique(),
        n_effects=known.practice[
            (known.question == "effect") & (known.known == "figure")
        ].nunique(),
        same_effects=same_effects(ev),
        told_agrees=told_agrees(ev),
        n_pairs=len(pioneers),
        n_agreed=(seen.agreed == seen.of).sum(),
        n_blind=seen.of.max(),
        n_municipal=(pioneers.type == "municipality").sum(),
        n_planned=pioneers.practice[pioneers.status.isin(ANNOUNCED)].nunique(),
        **vars(answered(ev.assessments)),
        **vars(premises_and_advice(ev)),
        **vars(gaps(ev, pairs)),
        **by_recommendation,
    )


def same_effects(ev):
    """Places of pioneers' practices whose figures on an effect are those of another."""
    rows = ev.knowledge[(ev.knowledge.question == "effect") & (ev.knowledge.known == "figure")]
    alike = rows[rows.duplicated(["check", "reason"], keep=False)]
    practices = ev.practices[ev.practices.practice.isin(alike.practice)]
    return list(practices.province[practices.province.isin(ev.pioneers().province)])


def told_agrees(ev):
    """Whether the last codings of what the text tells carry a finding on each of its questions.

    The last are those by the rules that stand last in coders.csv. A question under which one code
    alone was given says nothing: nothing could have differed.
    """
    rows = agreement(ev.codings[ev.codings.variable == "question"], ev.coders)
    last = rows[rows.rules.isin(rows.rules.iloc[-1:]) & rows.alpha.notna()]
    return len(last) > 0 and bool(last.reliable.all())


def attribute_of(rec):
    """A recommendation's id as the name of its facts: “rec-rule-of-law” is rule_of_law."""
    return rec.removeprefix("rec-").replace("-", "_")


def steps_and_precedents(steps, pairs):
    """One recommendation's `steps` (of measures) and its precedents among the pioneers (`pairs`).

    n_steps: its steps; n_with and n_same: those with a precedent, and with one that is the same
    thing. n_practices: the practices drawn on, and n_beijing, n_shanghai, n_guangdong, n_zhejiang:
    those of each place; n_titles: those of which the article prints a document's title. n_links and
    n_part: pairs, and those of a part with its whole.
    """
    practices = pairs.drop_duplicates("practice")
    return Facts(
        n_steps=len(steps),
        n_with=pairs.measure.nunique(),
        n_same=pairs.measure[pairs.relation == "same"].nunique(),
        n_practices=len(practices),
        **counts_at(practices, "beijing", "shanghai", "guangdong", "zhejiang"),
        n_titles=practices.evidence.str.contains("《").sum(),
        n_links=len(pairs),
        n_part=(pairs.relation == "part").sum(),
    )


def answered(assessments):
    """What the article answers of evidence-to-decision frameworks (`assessments`: variable, code,
    answer): n_decision questions, n_questions answers; n_stated that the article states, n_read
    that this book infers, n_silent that stay empty. silent_in: frameworks with an empty answer."""
    silent = assessments[assessments.answer == "silent"]
    decision = assessments[assessments.variable == "decision"]
    return Facts(
        n_decision=decision.code.nunique(),
        n_questions=len(decision),
        n_stated=(decision.answer == "stated").sum(),
        n_read=(decision.answer == "reading").sum(),
        n_silent=(decision.answer == "silent").sum(),
        silent_in=sorted(silent.variable.unique()),
    )


def premises_and_advice(ev):
    """Difficulties and promised qualities, and the recommendations that take them up.

    n_difficulties, n_qualities: how many. open_difficulties, open_qualities: names of those that
    none takes up. Rows for the cells: difficulties, advice and qualities with id, name, href and
    hue; `taken_up`, a line each with left, right, relation and reason, and the names premise_name
    and recommendation_name.
    """
    nodes = {"href": ANCHOR, "hue": "national"}
    rows = ev.premises.assign(id=ev.premises.premise, **nodes)
    advice = ev.recommendations.assign(id=ev.recommendations.recommendation, **nodes)
    kinds = {kind: rows[rows.kind == kind] for kind in ("difficulty", "quality")}
    open_rows = {kind: of[~of.id.isin(ev.answers.premise)] for kind, of in kinds.items()}
    return Facts(
        n_difficulties=len(kinds["difficulty"]),
        n_qualities=len(kinds["quality"]),
        open_difficulties=list(open_rows["difficulty"].name.str.lower()),
        open_qualities=list(open_rows["quality"].name.str.lower()),
        difficulties=kinds["difficulty"],
        advice=advice,
        qualities=kinds["quality"],
        taken_up=taken_up(ev, kinds["quality"]),
    )


def taken_up(ev, qualities):
    """The table `answers` as lines of a chart.

    They go from a difficulty to the advice that takes it up, then from the advice to a quality.
    Adds left, right, relation, premise_name and recommendation_name. `qualities` are rows of
    premises.
    """
    names = ev.premises.set_index("premise").name
    advice = ev.recommendations.set_index("recommendation").name
    rows = ev.answers.assign(
        left=ev.answers.premise,
        right=ev.answers.recommendation,
        relation="same",
        premise_name=ev.answers.premise.map(names),
        recommendation_name=ev.answers.recommendation.map(advice),
    )
    to_quality = rows.premise.isin(qualities.premise)
    flipped = rows[to_quality].rename(columns={"left": "right", "right": "left"})
    return pd.concat([rows[~to_quality], flipped])


def gaps(ev, pairs):
    """What has no counterpart: n_without steps have no precedent among the pioneers.

    Rows for the cells, each with a name: steps_without; sections_without, sub-sections that no
    step draws on, with their number; unnamed, lessons whose words no recommendation prints (of
    silences); qualities_without, those that no recommendation takes up.
    `pairs` is `precedents_of`.
    """
    pioneers = pairs[pairs.role == "pioneer"]
    steps = ev.measures[~ev.measures.measure.isin(pioneers.measure)]
    themes = ev.sections[ev.sections.section.str.match(r"[1-4]\.")]
    unused = themes[~themes.section.isin(pairs.section)]
    qualities = ev.premises[ev.premises.kind == "quality"]
    return Facts(
        n_without=len(steps),
        steps_without=steps,
        sections_without=unused.assign(name=unused.section + " " + unused.name),
        unnamed=ev.silences[ev.silences.theme == "5"],
        qualities_without=qualities[~qualities.premise.isin(ev.answers.premise)],
    )


def baseline(ev):
    """What sources show Jiangsu had: the rows of baseline.csv, each with step (its name)."""
    steps = ev.measures[["measure", "name"]].rename(columns={"name": "step"})
    return ev.baseline.merge(steps, on="measure")
