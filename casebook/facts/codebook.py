"""What the page *codebook* says: the rules, what is judged by them, and how far coders agree."""

from casebook.evidence.agreement import AT_LEAST, OWN, RELIABLE, agreement
from casebook.facts import Facts
from casebook.words import joined


def names_by_reason(ev):
    """The names that the article does not print so: reason, and names, all with it in one text."""
    names = ev.names.groupby("reason", sort=False)[f"name_{ev.language}"]
    return names.agg(joined, "semicolon").rename("names").reset_index()


def elements(ev):
    """The elements of the governance formula: a Series of names by code, in the formula's order."""
    codes = ev.codes[ev.codes.variable == "element"]
    return codes.set_index("code").name


def least_served(ev):
    """The elements that the fewest practices of pioneers serve, as this book reads them: names."""
    read = ev.read_as("element")
    counts = read[read.role == "pioneer"].code.value_counts()
    counts = counts.reindex(elements(ev).index, fill_value=0)
    return list(elements(ev)[counts == counts.min()].str.lower())


def agreed(ev):
    """How far the codings by the latest rules agree.

    n_blind: how many there are besides the book's own. n_compared: the variables, or codes of one
    that has several, that were compared; n_reliable: those that agree enough to carry a finding.
    doubtful: the variables of the others.
    """
    latest = ev.coders.rules.max()
    coders = ev.coders.coder[ev.coders.rules == latest]
    rows = agreement(ev.codings, ev.coders, latest)
    return {
        "n_blind": (~coders.str.fullmatch(OWN)).sum(),
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
        n_elements=len(elements(ev)),
        formula=joined(ev.items.name[ev.items.practice == "cn-plenum-system"]).lower(),
        least_served=least_served(ev),
        n_coders=len(ev.coders),
        kinds_of_coders=set(ev.coders.kind),
        reliable=RELIABLE,
        at_least=AT_LEAST,
        **agreed(ev),
        n_uncoded=len(ev.uncoded),
        n_names=len(ev.names),
        n_tables=len(ev.package["resources"]),
        names_by_reason=names_by_reason(ev),
        elements=elements(ev),
    )
