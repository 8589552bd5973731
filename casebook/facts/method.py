"""What the page *method* says: what was coded, by whom, what is proven of it, how to cite it."""

from casebook.evidence import NOT_APPLICABLE
from casebook.evidence.agreement import OWN, agreement
from casebook.facts import Facts
from casebook.facts.register import by_verdict, look_ups
from casebook.study import RUN
from casebook.words import day


def cited_row(ev, practice):
    """A row as it is cited: jurisdiction | section | status | title as printed.

    KeyError if there is no such practice.
    """
    row = ev.register().set_index("practice").loc[practice]
    return " | ".join([row.province_name, row.section, row.status_name, row[f"name_{ev.language}"]])


def agreed(ev):
    """How far the codings agree, of each variable those by its latest rules.

    n_blind: how many there are besides the book's own, at most. n_compared: the variables, or codes
    of one that has several, in which coders could differ; n_reliable: those that agree enough to
    carry a finding. doubtful: the variables of the others.
    """
    rows = agreement(ev.codings, ev.coders)
    rows = rows[rows.rules == rows.groupby("variable").rules.transform("max")]
    rows = rows[rows.alpha.notna()]
    others = ev.coders[~ev.coders.coder.str.fullmatch(OWN)]
    return {
        "n_blind": others.rules.value_counts().reindex(rows.rules.unique()).max(),
        "n_compared": len(rows),
        "n_reliable": rows.reliable.sum(),
        "doubtful": set(rows.variable[~rows.reliable]),
    }


def facts(ev):
    """What the page *method* says, as Facts."""
    return Facts(
        published=day(ev.published),
        n=len(ev.practices),
        n_items=len(ev.items),
        n_figures=len(ev.figures),
        n_exceptions=int((ev.practices.exception != NOT_APPLICABLE).sum()),
        run=RUN,
        n_measures=len(ev.measures),
        n_technology=(ev.measures.recommendation == "rec-technology").sum(),
        **look_ups(ev),
        n_checks=len(ev.claims()),
        verdicts=by_verdict(ev),
        kinds_of_coders=set(ev.coders.kind),
        **agreed(ev),
        n_readings=len(ev.readings),
        n_precedents=len(ev.precedents),
        citation=cited_row(ev, "zj-digital-standards"),
        version=ev.package["version"],
        digest=ev.digest[:16],  # enough to tell two states of the data apart
    )
