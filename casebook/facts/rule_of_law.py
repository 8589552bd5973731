"""What the chapter on the rule of law says: who marks whose work, which fields of lawmaking are
named, what was looked up, what became of it."""

from casebook.facts import Facts, n_members, single_values

BEIJING_FOCUS, SHANGHAI_FOCUS = "bj-legislative-plan", "sh-legislative-focus"
GUANGDONG_PROJECTS, GUANGDONG_PLATFORM = "gd-ten-projects", "gd-enforcement-platform"


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    until: the last year of each plan that has a period (`f.until.gd_law_plan_1`). shanghai_status:
    the status of all that is named of Shanghai. enforcing: the jurisdictions of section 3.3.
    n, n_looked_up, n_seen and n_not_found: the practices of the theme, those that were looked up,
    and of these those that a public source shows or not; not_looked_up: the ids of the others.
    assessed: the ids of the practices by which somebody is assessed, as this book reads them.
    n_disclosed: how many matters the article says the platform publishes.
    """
    register, assessed = ev.register(), ev.read_as("assessment")
    theme = register[register.section.str.startswith("3.")]
    looked_up, seen = ev.looked_up(theme), ev.seen(theme)
    return Facts(
        **single_values(ev),
        n=len(theme),
        n_looked_up=int(looked_up.sum()),
        n_seen=int(seen.sum()),
        n_not_found=int((looked_up & ~seen).sum()),
        not_looked_up=set(theme.practice[~looked_up]),
        **actors(theme),
        **fields(ev),
        until=last_years(theme),
        shanghai_status=list(theme.status[theme.province == "CN-SH"].unique()),
        enforcing=sorted(theme.province[theme.section == "3.3"].unique()),
        assessed=set(assessed.practice[assessed.section.str.startswith("3.")]),
        n_disclosed=n_members(ev, GUANGDONG_PLATFORM),
    )


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
    part of the other.
    """
    pairs = ev.alignments_of(BEIJING_FOCUS, SHANGHAI_FOCUS)
    related = {
        name: [(pair.left, pair.right) for pair in pairs[pairs.relation == relation].itertuples()]
        for name, relation in (("shared", "same"), ("overlapping", "part"))
    }
    return {
        "n_bj_focus": n_members(ev, BEIJING_FOCUS),
        "n_sh_focus": n_members(ev, SHANGHAI_FOCUS),
        "n_projects": n_members(ev, GUANGDONG_PROJECTS),
        **{name: set(of) for name, of in related.items()},
    }
