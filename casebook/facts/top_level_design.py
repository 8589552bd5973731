"""What the chapter on top-level design says: who leads and plans, at which level, and when."""

import re

import pandas as pd

from casebook.evidence import JOIN, NOT_MENTIONED
from casebook.facts import Facts, counts_at, members, undated
from casebook.words import month, when

BEIJING_PLAN, SHANGHAI_PLAN = "bj-social-governance-plan", "sh-social-governance-plan"
BELOW_THE_CITY = ["subdistrict", "community"]
DOCUMENTS = ["plan", "policy", "legislation"]  # kinds of practices that are documents
# Figures that the article states of the two plans.
STATED_COUNTS = {
    "bj_indicators": "bj-28-indicators",
    "bj_tasks": "bj-ten-tasks",
    "sh_indicators": "sh-17-indicators",
    "sh_aspects": "sh-five-aspects",
    "sh_tasks": "sh-ten-tasks",
}


def facts(ev):
    """What the chapter says, from the evidence `ev`: Facts.

    Rows for the cells, with the register's columns: `theme` (section 1), `pioneers` (of it),
    `party_building` (1.1), `reforms` (1.3). The others are of `plans` and `dates`.
    """
    register = ev.register()
    theme = register[register.section.str.startswith("1.")]
    pioneers = theme[theme.role == "pioneer"]
    left_out = ev.pioneers()[~ev.pioneers().province.isin(theme.province)]
    return Facts(
        theme=theme,
        pioneers=pioneers,
        party_building=theme[theme.section == "1.1"],
        reforms=theme[theme.section == "1.3"],
        n=len(pioneers),
        **counts_at(pioneers, "beijing", "guangdong", "shanghai"),
        missed=list(left_out.name),
        n_dated=(pioneers.dated != NOT_MENTIONED).sum(),
        n_planners=pioneers[pioneers.section == "1.2"].province.nunique(),
        n_whistle_checks=len(ev.checks_of("bj-whistle")),
        whistle=whistle(ev),
        **vars(levels(pioneers)),
        **vars(plans(ev)),
        **vars(midterm(ev)),
        **vars(dates(theme, ev.checked_years(theme))),
    )


def whistle(ev):
    """When sources see the whistle reform: in a town, in the city, as its project, at the centre.

    town, city, project, centre: a month or a year, as the edition writes it.
    """
    values = ev.source_values.set_index(["check", "quantity"])
    dates = values.date
    town, centre = (
        pd.Timestamp(dates[check])
        for check in (("check-whistle-origin", "began"), ("check-whistle-commission", "met"))
    )
    return Facts(
        town=month(town),
        city=when(dates["check-whistle-start", "began"]),
        project=dates["check-whistle-city", "project"],
        centre=month(centre),
    )


def levels(rows):
    """How many of `rows` (with level and section) work at the provincial level and below the city.

    n_provincial, n_low (below the city), n_low_party (of these in section 1.1, Party building).
    """
    low = rows[rows.level.isin(BELOW_THE_CITY)]
    return Facts(
        n_provincial=(rows.level == "province").sum(),
        n_low=len(low),
        n_low_party=(low.section == "1.1").sum(),
    )


def plans(ev):
    """What the two plans of social governance count, and what the article names of it.

    STATED_COUNTS as the article states them. bj_plan and sh_plan: the month of each plan. bj_named,
    sh_named, bj_aspects: members that the article spells out. bj_matched: Beijing's tasks with a
    counterpart in Shanghai's; bj_alone: those without. Rows for the cells: task_pairs (of
    alignments), bj_task_list and sh_task_list (see `members`).
    """
    stated = ev.figures.set_index("figure").value
    pairs = ev.alignments_of(BEIJING_PLAN, SHANGHAI_PLAN)
    beijing, shanghai = members(ev, BEIJING_PLAN), members(ev, SHANGHAI_PLAN)
    counts = {name: int(stated[figure]) for name, figure in STATED_COUNTS.items()}
    return Facts(
        **counts,
        bj_plan=month(printed_month(ev, BEIJING_PLAN)),
        sh_plan=month(printed_month(ev, SHANGHAI_PLAN)),
        bj_named=len(beijing),
        bj_aspects=len(members(ev, "bj-indicators")),
        bj_matched=pairs.left.nunique(),
        bj_alone=len(beijing) - pairs.left.nunique(),
        sh_named=len(shanghai),
        sh_unnamed=counts["sh_tasks"] - len(shanghai),
        task_pairs=pairs,
        bj_task_list=beijing,
        sh_task_list=shanghai,
    )


def printed_month(ev, practice):
    """The month with which a practice's evidence begins (“2016年11月”), as a pandas Timestamp.

    Raises ValueError if there is none.
    """
    printed = ev.practices.set_index("practice").evidence[practice].split(JOIN)[0]
    match = re.search(r"(\d{4})年(\d{1,2})月", printed)
    if not match:
        raise ValueError(f"the evidence of {practice} begins with no month")
    return pd.Timestamp(int(match[1]), int(match[2]), 1)


def midterm(ev):
    """What a source says of Beijing's indicators half way.

    midterm: the month; n_counted, n_met, n_on_course: how many indicators were so.
    """
    values = ev.source_values.query("check == 'check-indicators-28'").set_index("quantity")
    return Facts(
        midterm=month(pd.Timestamp(values.date["as_of"])),
        n_counted=int(values.number["counted"]),
        n_met=int(values.number["met"]),
        n_on_course=int(values.number["on_course"]),
    )


def dates(rows, source_years):
    """What the article dates of `rows` (of the register), and what `source_years` date.

    `source_years` are `Evidence.checked_years` of the rows. n_theme: all rows; n_theme_dated: those
    that the article dates; n_theme_documents: documents among these; n_source_added: others, that a
    source dates. Rows for the cells: dated (in the article), undated (by neither), source_years.
    """
    dated = rows[rows.dated != NOT_MENTIONED]
    return Facts(
        n_theme=len(rows),
        n_theme_dated=len(dated),
        n_theme_documents=dated.kind.isin(DOCUMENTS).sum(),
        n_source_added=(~source_years.practice.drop_duplicates().isin(dated.practice)).sum(),
        dated=dated,
        undated=undated(rows, source_years),
        source_years=source_years,
    )
