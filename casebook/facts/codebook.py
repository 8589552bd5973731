"""What the page *codebook* says: the rules, what is judged by them, and how far coders agree."""

from casebook.evidence.agreement import AT_LEAST, OWN, RELIABLE, agreement
from casebook.facts import Facts
from casebook.words import joined


def names_by_reason(ev):
    """The names that the article does not print so: reason, and names, all with it in one text."""
    names = ev.names.groupby("reason", sort=False)[f"name_{ev.language}"]
    return names.agg(joined, "semicolon").rename("names").reset_index()


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
    """What the page *codebook* says, as Facts."""
    return Facts(
        n_codes=len(ev.codes),
        n_variables=ev.codes.variable.nunique(),
        n_decisions=len(ev.decisions),
        n_instruments=int((ev.codes.variable == "instrument").sum()),
        n_readings=len(ev.readings),
        n_precedents=len(ev.precedents),
        formula=joined(ev.items.name[ev.items.practice == "cn-plenum-system"]).lower(),
        n_coders=len(ev.coders),
        kinds_of_coders=set(ev.coders.kind),
        reliable=RELIABLE,
        at_least=AT_LEAST,
        **agreed(ev),
        n_uncoded=len(ev.uncoded),
        n_names=len(ev.names),
        n_tables=len(ev.package["resources"]),
        names_by_reason=names_by_reason(ev),
    )
