"""What the last chapter says: the steps recommended to Jiangsu, their precedents, and what has no
counterpart."""

from casebook.evidence import MISSING
from casebook.evidence.agreement import agreed, agreement
from casebook.facts import Facts, single_values
from casebook.facts.index import of_pioneers

ANNOUNCED = ["planned", "draft"]  # statuses of what is only announced


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Each recommendation has facts of its own (see `steps_and_precedents`): functions, participation,
    rule_of_law, technology. Rows for the cells: `pairs` (`precedents_of`, with sure: whether every
    blind coding has the link), `recommendations` (with `label`, the number and short name of its
    section), `baseline` (with step, its name), `ground`, `best_known`.
    """
    pairs = ev.precedents_of()
    pioneers = pairs[pairs.role == "pioneer"]
    same, known = pioneers[pioneers.relation == "same"], ev.known()
    seen = agreed(pioneers, ev.codings, ev.coders)
    by_recommendation = {
        attribute_of(rec): steps_and_precedents(steps, pioneers[pioneers.recommendation == rec])
        for rec, steps in ev.measures.groupby("recommendation")
    }
    return Facts(
        **single_values(ev),
        pairs=with_sure(pioneers, seen),
        ground=ground(ev),
        recommendations=ev.recommendations.assign(label=list(ev.recommendation_labels)),
        baseline=baseline(ev),
        best_known=best_known(ev),
        n_pioneers=len(ev.pioneers()),
        n_recommendations=len(ev.recommendations),
        n_measures=len(ev.measures),
        n_with=pioneers.measure.nunique(),
        n_same=same.measure.nunique(),
        n_based=ev.baseline.measure.nunique(),
        n_continuing=(~ev.measures.continues.isin(MISSING)).sum(),
        n_benefits=len(ev.benefits),
        n_practices=len(of_pioneers(ev)),
        n_effects=known.practice[
            (known.question == "effect") & (known.known == "figure")
        ].nunique(),
        same_effects=same_effects(ev),
        told_agrees=told_agrees(ev),
        n_pairs=len(pioneers),
        n_agreed=(seen.agreed == seen.of).sum(),
        n_blind=seen.of.max(),
        n_municipal=(pioneers.type == "municipality").sum(),
        **vars(answered(ev.assessments)),
        **vars(premises_and_advice(ev)),
        **vars(gaps(ev, pairs)),
        **by_recommendation,
    )


def with_sure(pairs, seen):
    """Rows of `precedents_of` with sure: whether every blind coding has the link.

    `seen` is what `agreed` says of them.
    """
    sure = seen.assign(sure=seen.agreed == seen.of)[["measure", "practice", "sure"]]
    return pairs.merge(sure, on=["measure", "practice"])


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
    thing. n_links and n_part: pairs, and those of a part with its whole. without: the steps that
    have no precedent. planned: the precedents that are only announced.
    """
    return Facts(
        n_steps=len(steps),
        n_with=pairs.measure.nunique(),
        n_same=pairs.measure[pairs.relation == "same"].nunique(),
        n_links=len(pairs),
        n_part=(pairs.relation == "part").sum(),
        without=list(steps.measure[~steps.measure.isin(pairs.measure)]),
        planned=set(pairs.practice[pairs.status.isin(ANNOUNCED)]),
    )


def answered(assessments):
    """What the article answers of evidence-to-decision frameworks (`assessments`: variable, code,
    answer): n_decision questions, n_questions answers, n_stated that the article states. silent_in:
    frameworks with an empty answer."""
    silent = assessments[assessments.answer == "silent"]
    decision = assessments[assessments.variable == "decision"]
    return Facts(
        n_decision=decision.code.nunique(),
        n_questions=len(decision),
        n_stated=(decision.answer == "stated").sum(),
        silent_in=sorted(silent.variable.unique()),
    )


def premises_and_advice(ev):
    """Difficulties and goals that the article names, and the recommendations that take them up.

    open_difficulties, open_qualities: names of those that none takes up. Rows for a cell:
    `taken_up`, the table answers with premise_name and recommendation_name.
    """
    kinds = {kind: rows for kind, rows in ev.premises.groupby("kind")}
    left = {kind: rows[~rows.premise.isin(ev.answers.premise)] for kind, rows in kinds.items()}
    names = ev.premises.set_index("premise").name
    advice = ev.recommendations.set_index("recommendation").name
    return Facts(
        open_difficulties=list(left["difficulty"].name.str.lower()),
        open_qualities=list(left["quality"].name.str.lower()),
        taken_up=ev.answers.assign(
            premise_name=ev.answers.premise.map(names),
            recommendation_name=ev.answers.recommendation.map(advice),
        ),
    )


def gaps(ev, pairs):
    """What has no counterpart: n_without steps have no precedent among the pioneers.

    unused: the practices that are a precedent of no step, and n_unused of them. unnamed: rows of
    silences, the lessons whose words no recommendation prints. `pairs` is `precedents_of`.
    """
    pioneers = pairs[pairs.role == "pioneer"]
    rows = of_pioneers(ev)
    unused = rows[~rows.practice.isin(pairs.practice)]
    return Facts(
        n_without=len(ev.measures) - pioneers.measure.nunique(),
        unused=set(unused.practice),
        n_unused=len(unused),
        unnamed=ev.silences[ev.silences.theme == "5"],
    )


def ground(ev):
    """How many facts sources show that the addressee had, by step: a row a step.

    Columns: measure, n, and province, province_name, type and hue of the addressee.
    """
    counts = ev.baseline.measure.value_counts()
    target = ev.target()
    n = ev.measures.measure.map(counts).fillna(0).astype(int)
    about = {"province": target.province, "province_name": target["name"]}
    about |= {"type": target.type, "hue": target.hue}
    return ev.measures[["measure"]].assign(n=n, **about)


def best_known(ev):
    """What is known of the pioneers' practices, each once a question: the most that is.

    Columns: practice, question, known, of `Evidence.known`. The order is that of the codebook from
    its end: a figure, then a description, then an assertion.
    """
    ways = list(ev.codes.code[ev.codes.variable == "known"])
    rows = ev.known()
    best = rows.sort_values("known", key=lambda known: -known.map(ways.index), kind="stable")
    return best.drop_duplicates(["practice", "question"])


def baseline(ev):
    """What sources show Jiangsu had: the rows of baseline.csv, each with step (its name)."""
    steps = ev.measures[["measure", "name"]].rename(columns={"name": "step"})
    return ev.baseline.merge(steps, on="measure")
