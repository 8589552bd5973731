"""What the chapter on the rule of law says: plans and their years, who is assessed, lists of
fields, what is published."""

from casebook.evidence import NOT_MENTIONED
from casebook.facts import Facts, counts_at, members, undated

BEIJING_FOCUS, SHANGHAI_FOCUS = "bj-legislative-plan", "sh-legislative-focus"
GUANGDONG_PROJECTS, GUANGDONG_PLATFORM = "gd-ten-projects", "gd-enforcement-platform"
LATER_PLATFORM = "check-yue-zhifa"  # the check that knows such a platform from a later year


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Rows for the cells, with the register's columns: `theme` (section 3), `dated` (those that the
    article dates), `undated` (neither the article nor a source dates them), `assessed` (those by
    which somebody is assessed, as this book reads them). `source_years` is `checked_years`.
    """
    register, assessed = ev.register(), ev.read_as("assessment")
    theme = register[register.section.str.startswith("3.")]
    assessed = assessed[assessed.section.str.startswith("3.")]
    source_years = ev.checked_years(theme)
    later = ev.source_values.query("check == @LATER_PLATFORM").set_index("quantity")
    return Facts(
        theme=theme,
        dated=theme[theme.dated != NOT_MENTIONED],
        undated=undated(theme, source_years),
        source_years=source_years,
        assessed=assessed,
        n=len(theme),
        **counts_at(theme, "guangdong", "beijing", "zhejiang", "shanghai"),
        shanghai_status=list(theme.status[theme.province == "CN-SH"].unique()),
        n_assess=len(assessed),
        **vars(unseen(ev.source_checks)),
        **vars(plan_years(theme)),
        **vars(documents_by_year(theme[theme.section == "3.1"])),
        **vars(fields(ev)),
        output=counted_output(ev.figures[ev.figures.section.str.startswith("3.")]),
        enforcing=sorted(theme.province[theme.section == "3.3"].unique()),
        n_disclosed=len(members(ev, GUANGDONG_PLATFORM)),
        platform_year=later.date["published"][:4],
        article_year=str(ev.published.year),
    )


def unseen(source_checks):
    """How many checks the theme has (n_checks), how many found no source (n_not_found), and whether
    this share is larger than in any other theme (largest_share). `source_checks`: section,
    verdict."""
    missed = source_checks.verdict == "not found"
    by_theme = missed.groupby(source_checks.section.str[0])
    shares = by_theme.mean()
    return Facts(
        n_checks=by_theme.size()["3"],
        n_not_found=by_theme.sum()["3"],
        largest_share=bool((shares["3"] > shares.drop("3")).all()),
    )


def plan_years(rows):
    """What has a period among `rows` of the register.

    with_period: the jurisdictions. n_plans: how many are Guangdong's; first and last: the years
    from which and to which they go. unbroken: whether they leave out no year between these.
    """
    rows = rows[rows.period_start.notna()]
    plans = rows[rows.province == "CN-GD"]
    spans = zip(plans.period_start, plans.period_end)
    years = {year for start, end in spans for year in range(start, end + 1)}
    return Facts(
        with_period=sorted(rows.province.unique()),
        n_plans=len(plans),
        first=str(plans.period_start.min()),
        last=str(plans.period_end.max()),
        unbroken=no_gap(years),
    )


def no_gap(years):
    """Whether years follow each other: true of 2017, 2018 and 2018, not of 2017 and 2019."""
    return bool(len(set(years)) == max(years) - min(years) + 1)


def documents_by_year(rows):
    """What is dated of section 3.1 (`rows` of the register).

    yearly: whether the years of Beijing's documents follow each other. n_zhejiang_dated: how many
    of Zhejiang have a year.
    """
    years = rows.year[rows.year.notna()].groupby(rows.province)
    return Facts(
        yearly=no_gap(years.get_group("CN-BJ")),
        n_zhejiang_dated=len(years.get_group("CN-ZJ")),
    )


def fields(ev):
    """The lists of section 3.2: Beijing's and Shanghai's fields of lawmaking, Guangdong's projects.

    n_bj_focus, n_sh_focus and n_projects: how many the article spells out. shared: fields that
    Beijing and Shanghai both have, by Beijing's name. n_to_projects: lines to Guangdong. Rows for
    the cells: field_pairs (of alignments), and the lists beijing, shanghai, guangdong (`members`).
    """
    pairs = ev.alignments_of(BEIJING_FOCUS, SHANGHAI_FOCUS, GUANGDONG_PROJECTS)
    beijing, shanghai = members(ev, BEIJING_FOCUS), members(ev, SHANGHAI_FOCUS)
    guangdong = members(ev, GUANGDONG_PROJECTS)
    same = pairs[(pairs.relation == "same") & pairs.right.isin(shanghai.id)]
    return Facts(
        n_bj_focus=len(beijing),
        n_sh_focus=len(shanghai),
        n_projects=len(guangdong),
        shared=list(beijing.name[beijing.id.isin(same.left)].str.lower()),
        n_to_projects=pairs.right.isin(guangdong.id).sum(),
        field_pairs=pairs,
        beijing=beijing,
        shanghai=shanghai,
        guangdong=guangdong,
    )


def counted_output(figures):
    """Whose output is counted in `figures` (province, year), and of which years.

    What has no year is no output.
    """
    of_a_year = figures[figures.year.notna()]
    return Facts(
        provinces=sorted(of_a_year.province.unique()),
        years=sorted(of_a_year.year.astype(str).unique()),
    )
