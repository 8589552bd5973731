"""What the chapter on the rule of law says: who marks whose work, which fields of lawmaking are
named, what was looked up, what became of it."""

from casebook.facts import Facts, members, single_values
from casebook.facts.index import seen

BEIJING_FOCUS, SHANGHAI_FOCUS = "bj-legislative-plan", "sh-legislative-focus"
GUANGDONG_PROJECTS, GUANGDONG_PLATFORM = "gd-ten-projects", "gd-enforcement-platform"


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    until: the last year of each plan that has a period (`f.until.gd_law_plan_1`). shanghai_status:
    the status of all that is named of Shanghai. enforcing: the jurisdictions of section 3.3.
    assessed: the ids of the practices by which somebody is assessed, as this book reads them.
    n_disclosed: how many matters the article says the platform publishes.
    """
    register, assessed = ev.register(), ev.read_as("assessment")
    theme = register[register.section.str.startswith("3.")]
    return Facts(
        **single_values(ev),
        **look_ups(ev, theme),
        **actors(theme),
        **fields(ev),
        until=last_years(theme),
        shanghai_status=list(theme.status[theme.province == "CN-SH"].unique()),
        enforcing=sorted(theme.province[theme.section == "3.3"].unique()),
        assessed=set(assessed.practice[assessed.section.str.startswith("3.")]),
        n_disclosed=len(members(ev, GUANGDONG_PLATFORM)),
    )


def look_ups(ev, rows):
    """How many practices `rows` has, how many of them were looked up, seen and not found.

    {n, n_looked_up, n_seen, n_not_found}, and not_looked_up: the ids of the others. Seen is what a
    public source shows; what was looked up and not seen was not found.
    """
    looked_up = {p for p in rows.practice if len(ev.verdicts_of(practice=p))}
    in_source = int(seen(ev, rows).sum())
    return {
        "n": len(rows),
        "n_looked_up": len(looked_up),
        "n_seen": in_source,
        "n_not_found": len(looked_up) - in_source,
        "not_looked_up": set(rows.practice) - looked_up,
    }


def actors(rows):
    """The ids of those of `rows` that courts take part in, and residents: {courts, residents}."""
    taking_part = rows.set_index("practice").actors.str.split(" | ", regex=False).explode()
    return {
        name: set(taking_part.index[taking_part == code])
        for name, code in (("courts", "judiciary"), ("residents", "resident"))
    }


def last_years(rows):
    """The last year of each practice of `rows` that has a period, as text.

    By its id with “_” for “-”: {gd_law_plan_1: "2015"}.
    """
    ends = rows.set_index("practice").period_end.dropna()
    return {practice.replace("-", "_"): f"{year:.0f}" for practice, year in ends.items()}


def fields(ev):
    """The lists of section 3.2: Beijing's and Shanghai's fields of lawmaking, Guangdong's projects.

    n_bj_focus, n_sh_focus and n_projects: how many the article spells out. shared and overlapping:
    pairs of ids, Beijing's field and Shanghai's, that this book reads as the same, and as one a
    part of the other. `field_pairs` are rows for a cell, of `alignments_of`.
    """
    pairs = ev.alignments_of(BEIJING_FOCUS, SHANGHAI_FOCUS)
    related = {
        name: [(pair.left, pair.right) for pair in pairs[pairs.relation == relation].itertuples()]
        for name, relation in (("shared", "same"), ("overlapping", "part"))
    }
    return {
        "n_bj_focus": len(members(ev, BEIJING_FOCUS)),
        "n_sh_focus": len(members(ev, SHANGHAI_FOCUS)),
        "n_projects": len(members(ev, GUANGDONG_PROJECTS)),
        **{name: set(of) for name, of in related.items()},
        "field_pairs": pairs,
    }
