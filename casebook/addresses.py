"""Where rows, checks and figures stand on the site, as a link from one chapter to another."""

from casebook.escape import fragment


def of_chapter(chapter):
    """A chapter's page: `rule-of-law.html`."""
    return f"{fragment(chapter)}.html"


def of_row(practice):
    """A practice's row of the register, its permanent address: `evidence.html#zj-one-visit`."""
    return f"evidence.html#{fragment(practice)}"


def of_cell(section, province):
    """The register's rows of a sub-section and a jurisdiction: `evidence.html#cell-1.1-CN-BJ`."""
    return f"evidence.html#cell-{fragment(section)}-{fragment(province)}"


def of_check(check):
    """A check of a claim against public sources: `checks.html#check-plenum`."""
    return f"checks.html#{fragment(check)}"


def of_step(measure):
    """A step's practices in the shortlist of its page: `?shortlist=1&step=m-silos#shortlist`."""
    return f"?shortlist=1&step={fragment(measure)}#shortlist"
