"""What the page *codebook* says: the rules, what is judged by them, and how far coders agree."""

from casebook.evidence.agreement import AT_LEAST, RELIABLE
from casebook.facts import Facts
from casebook.words import joined


def names_by_reason(ev):
    """The names that the article does not print so: reason, and names, all with it in one text."""
    names = ev.names.groupby("reason", sort=False)[f"name_{ev.language}"]
    return names.agg(joined, "semicolon").rename("names").reset_index()


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
        n_uncoded=len(ev.uncoded),
        n_names=len(ev.names),
        n_tables=len(ev.package["resources"]),
        names_by_reason=names_by_reason(ev),
    )
