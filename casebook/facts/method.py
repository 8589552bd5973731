"""What the page *method* says: what was coded, checked and judged, and how steps are ordered."""

from casebook.evidence import NOT_APPLICABLE
from casebook.evidence.agreement import AT_LEAST, RELIABLE
from casebook.facts import Facts, counts_of
from casebook.facts.register import by_verdict
from casebook.study import RUN
from casebook.words import day, joined


def checks_with_names(ev):
    """Every check of a claim as a chart draws it, with verdict_name and symbol."""
    verdicts = ev.claims().verdict
    return ev.claims().assign(
        verdict_name=[ev.code_name("verdict", code) for code in verdicts],
        symbol=[ev.symbol("verdict", code) for code in verdicts],
    )


def checks_by_section(ev):
    """How many checks of claims each sub-section has, in the article's order; none without any.

    Columns: section (number and short name), one for each verdict (its name), and n, their sum.
    """
    counts = ev.claims().groupby(["section", "verdict"]).size().unstack(fill_value=0)
    names = ev.codes[ev.codes.variable == "verdict"].set_index("code").name
    sections = ev.sections[ev.sections.section.isin(counts.index)]
    rows = counts.reindex(index=sections.section, columns=names.index, fill_value=0)
    rows = rows.rename(columns=names).assign(n=rows.sum(axis=1))
    rows.insert(0, "section", list(sections.section + " " + sections.short))
    return rows.reset_index(drop=True)


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


def cited_row(ev, practice):
    """A row as it is cited: jurisdiction | section | status | title as printed.

    KeyError if there is no such practice.
    """
    row = ev.register().set_index("practice").loc[practice]
    return " | ".join([row.province_name, row.section, row.status_name, row[f"name_{ev.language}"]])


def facts(ev):
    """What the page *method* says, as Facts."""
    return Facts(
        published=day(ev.published),
        **counts_of(ev),
        n_exceptions=int((ev.practices.exception != NOT_APPLICABLE).sum()),
        n_names=len(ev.names),
        run=RUN,
        n_unlinked=len(ev.beside_claims()),
        beside=ev.beside_claims(),
        n_coders=len(ev.coders),
        kinds_of_coders=set(ev.coders.kind),
        reliable=RELIABLE,
        at_least=AT_LEAST,
        n_decisions=len(ev.decisions),
        verdicts=by_verdict(ev),
        n_instruments=int((ev.codes.variable == "instrument").sum()),
        n_readings=len(ev.readings),
        n_precedents=len(ev.precedents),
        n_elements=len(elements(ev)),
        formula=joined(ev.items.name[ev.items.practice == "cn-plenum-system"]).lower(),
        least_served=least_served(ev),
        citation=cited_row(ev, "zj-digital-standards"),
        checks=checks_with_names(ev),
        checks_by_section=checks_by_section(ev),
        names_by_reason=names_by_reason(ev),
        elements=elements(ev),
    )
