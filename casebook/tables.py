"""Tables as they stand on a page: the register, side-by-side matrices, the codebook, the checks, the data dictionary.

Every function returns a `Table`: real HTML with a caption and headers for a screen reader, the same in JupyterLab and in
the book. On a narrow screen each row becomes a card, so that no page scrolls sideways. Text from data/ is escaped here.
"""

import re

import myst_nb
import pandas as pd
from markupsafe import Markup, escape

from casebook.edition import label
from casebook.evidence import JOIN, MISSING, NOT_MENTIONED

PAGE = 688  # pixels of a table at a window of 1280
# A run of Chinese, with the marks and digits inside it.
HAN = re.compile(r"([\u4e00-\u9fff](?:[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef〔〕0-9]*[\u4e00-\u9fff])?)")
VERDICTS = ("contradicted", "refined", "confirmed", "not found")


# JupyterLab sets every table's text to the right, which is made for numbers.
IN_LAB = "<style>.jp-RenderedHTMLCommon table.casebook :is(caption, th, td) { text-align: left; vertical-align: top; }</style>"


class Table:
    """HTML of a table, and its words as plain text for a notebook without HTML."""

    def __init__(self, markup):
        self.markup = str(markup)

    def _repr_html_(self):
        return self.markup + IN_LAB

    def __repr__(self):
        text = re.sub(r"</(td|th)>", " | ", self.markup)
        text = re.sub(r"<[^>]+>", "", re.sub(r"</(tr|caption|p|li)>", "\n", text))
        return "\n".join(line.strip(" |") for line in Markup(text).unescape().splitlines() if line.strip(" |"))


def glue(**values):
    """Hand values to the prose: each keyword can be cited as `` {glue:text}`chapter.md::keyword:d` `` (or `:s` for text)."""
    for name, value in values.items():
        myst_nb.glue(name, value)


def zh(text):
    """Chinese text, marked as such for screen readers and fonts."""
    return Markup('<span lang="zh-CN">{}</span>').format(text)


def missing(text=NOT_MENTIONED):
    """A labelled missing value, in muted type."""
    return Markup('<span class="missing">{}</span>').format(text)


def shown(value):
    """A cell's text: missing values in muted type, Chinese marked, a float without its empty decimals."""
    if isinstance(value, Markup):
        return value
    text = f"{value:,g}" if isinstance(value, float) else str(value)
    if text in MISSING:
        return missing(text)
    if not re.search(r"[a-z]{3}", text):
        return zh(text) if HAN.search(text) else escape(text)
    # English with Chinese in it: the Chinese is marked, run by run.
    pieces = [zh(piece) if HAN.match(piece) else escape(piece) for piece in HAN.split(text)]
    return Markup("").join(pieces)


def columns(shares):
    """The widths of a table's columns, by share. Given beforehand, they do not change while a long page still arrives."""
    one = Markup('<col style="width: {:.1f}%">')
    return Markup("<colgroup>{}</colgroup>").format(Markup("").join(one.format(100 * share / sum(shares)) for share in shares))


def widths(cells):
    """Pixels for each column of `cells` (one list of texts a column, the heading first): room for its longest word, and
    the rest of a page's width by how much each has to say."""
    least, more = [], []
    for texts in cells:
        plain = [str(Markup(text).striptags()) for text in texts]
        # A verdict stays on one line.
        whole = [
            re.sub(r"([✓±✗?]) (confirmed|refined|contradicted|not found)( ×\d+)?", lambda m: m[0].replace(" ", "_"), t)
            for t in plain
        ]
        longest = max(len(word) for text in whole for word in [*re.split(r"[\s\u4e00-\u9fff]+", text), ""])
        least.append(24 + 8.4 * min(longest, 20))
        more.append((sum(len(text) + len(re.findall(r"[\u4e00-\u9fff]", text)) for text in plain) / len(plain)) ** 0.8)
    spare = max(0, PAGE - sum(least))
    return [low + spare * share / sum(more) for low, share in zip(least, more)]


def table(headers, rows, caption, kind="cards"):
    """A table from `headers` (a list of texts) and `rows` (lists of cells; the first heads its row).

    Cells are Markup, text or numbers. Roles are spelt out because a table shown as cards loses its own.
    """
    head = Markup("").join(Markup('<th scope="col" role="columnheader">{}</th>').format(h) for h in headers)
    rows = [[shown(cell) for cell in row] for row in rows]
    body = []
    for first, *rest in rows:
        cells = Markup('<th scope="row" role="rowheader">{}</th>').format(first)
        for header, cell in zip(headers[1:], rest):
            cells += Markup('<td role="cell" data-label="{}">{}</td>').format(header, cell)
        body.append(Markup('<tr role="row">{}</tr>').format(cells))
    return Table(
        Markup(
            '<table class="casebook {}" role="table"><caption>{}</caption>{}<thead role="rowgroup"><tr role="row">{}</tr></thead>'
        ).format(kind, caption, columns(widths(zip(headers, *rows))), head)
        + Markup('<tbody role="rowgroup">{}</tbody></table>').format(Markup("\n").join(body))
    )


def _check(ev, check):
    rows = ev.source_checks[ev.source_checks.check == check]
    if rows.empty:
        raise KeyError(check)
    return rows.iloc[0]


def _badge(ev, verdict, check, count=1):
    symbol, name = ev.symbol("verdict", verdict), ev.code_name("verdict", verdict)
    times = Markup(" ×{}").format(count) if count > 1 else ""
    return Markup(' <a class="verdict v-{}" href="method.html#{}"><span aria-hidden="true">{}</span> {}{}</a>').format(
        verdict.replace(" ", "-"), check, symbol, name, times
    )


def check_badge(ev, check):
    """The verdict of one check, as symbol and word, linked to it. KeyError if there is no such check."""
    return _badge(ev, _check(ev, check).verdict, check)


def verdict_badges(ev, practice=None, figure=None):
    """The verdicts of all checks of a practice or a figure, each once, linked to its first check; empty where none was made."""
    checks = ev.checks_of(practice=practice, figure=figure)
    groups = [(v, checks[checks.verdict == v].check) for v in VERDICTS]
    return Markup("").join(_badge(ev, v, found.iloc[0], len(found)) for v, found in groups if len(found))


def practice_link(ev, practice):
    """A practice's name, linked to its row in the register. KeyError if there is no such practice."""
    names = ev.practices.loc[ev.practices.practice == practice, "name"]
    if names.empty:
        raise KeyError(practice)
    return Markup('<a class="row-link" href="evidence.html#{}">{}</a>').format(practice, names.iloc[0])


def place(row):
    """A jurisdiction's name with its type."""
    return Markup('{} <span class="type">({})</span>').format(row.province_name, label(row.type))


def dated(row):
    """A practice's year or period, or in words that the article gives none."""
    return missing(f"date {NOT_MENTIONED}") if row.dated == NOT_MENTIONED else escape(row.dated)


def status(ev, code):
    """A status as its symbol and word."""
    return Markup('<span aria-hidden="true">{}</span> {}').format(ev.symbol("status", code), ev.code_name("status", code))


def _entry(ev, row, mark_status=True):
    mark = (
        Markup('<span class="status">{}</span>').format(status(ev, row.status))
        if mark_status and row.status != "in_place"
        else ""
    )
    return practice_link(ev, row.practice) + Markup(" ").join([verdict_badges(ev, practice=row.practice), mark])


def side_by_side(ev, rows, by, order, caption, provinces=None, corner=""):
    """Framework matrix: rows of `by` (values and labels in `order`), a column a jurisdiction, the practices in the cells.

    A practice that is not reported in place says so; an empty cell reads “not mentioned”. `provinces` fixes the columns
    (default: the four pioneers).
    """
    columns = ev.pioneers() if provinces is None else ev.provinces.set_index("province").loc[list(provinces)].reset_index()
    heads = [corner, *(f"{r.name_} ({label(r.type)})" for r in columns.rename(columns={"name": "name_"}).itertuples())]
    body = []
    for value, text in order.items():
        cells = []
        for province in columns.province:
            found = rows[(rows[by] == value) & (rows.province == province)]
            entries = Markup("").join(Markup("<li>{}</li>").format(_entry(ev, row)) for row in found.itertuples())
            cells.append(Markup("<ul>{}</ul>").format(entries) if entries else missing())
        body.append([text.replace("\n", " "), *cells])
    return table(heads, body, caption, kind="cards matrix")


def practices(ev, rows, caption, extra=None):
    """A list of practices: name in both languages, jurisdiction, status and date, and kind or the columns of `extra`.

    `extra` maps a header to a function of a row that gives the cell; it takes the place of the kind, for lack of room.
    """
    extra = extra or {"Kind": lambda row: row.kind_name}
    body = [
        [
            _entry(ev, row, mark_status=False) + Markup("<br>") + zh(row.name_zh),
            place(row),
            status(ev, row.status) + Markup("<br>") + dated(row),
            *(make(row) for make in extra.values()),
        ]
        for row in rows.itertuples()
    ]
    return table(["Practice", "Jurisdiction", "Status and date", *extra], body, caption)


def undated(ev, rows, caption):
    """The practices of `rows` that the article does not date: what stands beside a time line."""
    left = rows[rows.dated == NOT_MENTIONED]
    return table(
        ["Practice, not dated in the article", "Jurisdiction", "Sub-section"],
        [[_entry(ev, row), place(row), f"{row.section} {row.short}"] for row in left.itertuples()],
        caption,
    )


def figures(ev, ids, caption):
    """Figures that the article states: what is counted, value and unit, year, as printed, and the checks of each."""
    places = ev.provinces[["province", "name", "type"]].rename(columns={"name": "province_name"})
    rows = ev.figures.set_index("figure").loc[list(ids)].reset_index().merge(places, on="province")
    body = []
    for row in rows.itertuples():
        year = NOT_MENTIONED if pd.isna(row.year) else str(row.year)
        value = Markup("<strong>{:,.0f}</strong> {}").format(row.value, row.unit_en)
        badges = verdict_badges(ev, figure=row.figure) or missing(label("not_checked"))
        body.append([row.metric, place(row), value, year, zh(row.evidence.split(JOIN)[-1]), badges])
    return table(["What is counted", "Jurisdiction", "Value", "Year", "As printed", "Checked"], body, caption)


def items(ev, practice, caption):
    """The members of a list that the article spells out, in its order and in both languages."""
    rows = ev.items[ev.items.practice == practice]
    return table(
        ["No.", "Member", "As printed"],
        [[r.position, r.name_, zh(r.evidence)] for r in rows.rename(columns={"name": "name_"}).itertuples()],
        caption,
    )


def aligned(ev, left, right, caption):
    """Pairs of listed items that this book reads together: left, right, relation, reason."""
    names, owner = ev.items.set_index("item").name, ev.items.set_index("item").practice
    rows = ev.alignments[(ev.alignments.left.map(owner) == left) & (ev.alignments.right.map(owner) == right)]
    body = [[names[r.left], names[r.right], ev.code_name("relation", r.relation), r.reason] for r in rows.itertuples()]
    return table(["First list", "Second list", "Relation", "Reason"], body, caption)


def checks(ev, caption, rows=None):
    """Checks of claims in public sources: claim in both languages, verdict, finding, source; each row has its id as anchor."""
    rows = ev.source_checks if rows is None else rows
    sources = references(ev)
    body = []
    for row in rows.itertuples():
        claim = Markup('<span id="{}" class="anchor">{}</span><br>{}').format(row.check, row.claim_en, zh(row.claim_zh))
        verdict = Markup('<span class="verdict v-{}"><span aria-hidden="true">{}</span> {}</span>').format(
            row.verdict.replace(" ", "-"), ev.symbol("verdict", row.verdict), ev.code_name("verdict", row.verdict)
        )
        body.append([claim, row.section, verdict, row.finding, sources.get(row.source, missing("no source"))])
    return table(["Claim of the article", "Section", "Verdict", "What the source says", "Source"], body, caption)


def source_short(ev, key):
    """A reference as it stands in a sentence: last names and year, linked where it has an address, its title as a hint.
    KeyError if references.bib has no such key."""
    fields = ev.sources[key]
    text = Markup("{} {}").format(fields["short"] or fields["who"], fields["date"])
    link = Markup('<a href="{}" title="{}">{}</a>').format(fields.get("url"), fields["title"], text)
    return link if "url" in fields else Markup('<span title="{}">{}</span>').format(fields["title"], text)


def references(ev):
    """references.bib as {key: Markup of one line}; a link only where the entry has an address of its publisher."""
    lines = {}
    for key, fields in ev.sources.items():
        title = zh(fields["title"]) if HAN.search(fields["title"]) else escape(fields["title"])
        if "url" in fields:
            title = Markup('<a href="{}">{}</a>').format(fields["url"], title)
        rest = ", ".join(fields[name] for name in ("who", "date") if fields[name])
        lines[key] = Markup("{}, {}").format(title, rest) if rest else title
    return lines


def codebook(ev, variable):
    """The codes of one variable: name in both languages, question, definition, include and exclude, example, near miss."""
    rows = ev.codes[ev.codes.variable == variable]
    body = []
    for r in rows.rename(columns={"name": "name_"}).itertuples():
        symbol = "" if r.symbol in MISSING else Markup('<span aria-hidden="true">{}</span> ').format(r.symbol)
        name = Markup("{}<strong>{}</strong><br><code>{}</code><br>{}").format(symbol, r.name_, r.code, zh(r.name_zh))
        example = practice_link(ev, r.example) if r.example in set(ev.practices.practice) else r.example
        parts = {
            "": r.question,
            "Means": r.definition,
            "Include": r.include,
            "Exclude": r.exclude,
            "Example": example,
            "Near miss": r.near_miss,
        }
        lines = [
            Markup("<p>{}{}</p>").format(Markup("<strong>{}:</strong> ").format(part) if part else "", text)
            for part, text in parts.items()
            if text not in MISSING
        ]
        body.append([name, Markup("").join(lines)])
    return table(["Code", "Question and rules"], body, f"Codes of {variable}")


def folded(parts):
    """Several tables, each behind a line that opens it: `parts` is a list of (summary, Table)."""
    one = Markup("<details><summary>{}</summary>{}</details>")
    return Table(Markup("\n").join(one.format(summary, Markup(part.markup)) for summary, part in parts))


def codebooks(ev):
    """The whole codebook, one folded table a variable."""
    counts = ev.codes.groupby("variable", sort=False).size()
    return folded(
        [(Markup("<code>{}</code>, {} codes").format(variable, n), codebook(ev, variable)) for variable, n in counts.items()]
    )


def context(ev):
    """Figures from public sources that place the five jurisdictions: a row a figure, a column a jurisdiction, sources below."""
    places = ev.provinces[ev.provinces.province != "CN"].rename(columns={"name": "name_"})
    sources, body = references(ev), []
    for (metric, unit), rows in ev.context.groupby(["metric", "unit"], sort=False):
        cells = []
        for province in places.province:
            found = rows[rows.province == province]
            if found.empty:
                cells.append(missing("not seen"))
                continue
            row = found.iloc[0]
            value = f"{row.value:,.2f}".rstrip("0").rstrip(".")
            cells.append(Markup('{} <span class="type">({})</span>').format(value, row.date))
        body.append([f"{metric}, {unit}", *cells])
    heads = ["Figure", *(f"{r.name_} ({label(r.type)})" for r in places.itertuples())]
    grid = table(heads, body, "The five jurisdictions in a few figures, with the date of each", kind="cards")
    keys = dict.fromkeys(ev.context.source)
    notes = dict.fromkeys(note for note in ev.context.note if note not in MISSING)
    lines = Markup("").join(Markup("<li>{}</li>").format(text) for text in [*(sources[key] for key in keys), *notes])
    return Table(
        Markup("{}<details><summary>Sources and caveats of these figures</summary><ul>{}</ul></details>").format(
            Markup(grid.markup), lines
        )
    )


def dictionary(ev):
    """The data dictionary, generated from datapackage.json: one folded table of fields for each table of the package."""
    parts = []
    for resource in ev.package["resources"]:
        body = []
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            values = ", ".join(rules["enum"]) if "enum" in rules else field["type"]
            required = "yes" if rules.get("required") else "may be missing"
            body.append([Markup("<code>{}</code>").format(field["name"]), field["description"], values, required])
        summary = Markup("<code>{}</code> – {}").format(resource["path"], resource["description"])
        caption = f"Fields of {resource['path']}; key: {', '.join(resource['schema']['primaryKey'])}"
        parts.append((summary, table(["Field", "Meaning", "Values", "Required"], body, caption)))
    return folded(parts)


def register(ev):
    """The whole register: one row a practice, with its permanent address, place in the article, codes, checks and chapter.

    Readable as it is; register.js adds search, filters and sorting. Rows of one sub-section and jurisdiction share a
    group with the id `cell-<section>-<province>`, to which the evidence map leads.
    """
    rows = ev.register()
    filters = ("province", "section", "kind", "instrument", "level", "status")
    names = {f: f"{f}_name" for f in ("kind", "instrument", "level", "status")}
    head = ["Practice and evidence", "Jurisdiction", "Coded as", "Status and date", "Checked"]
    groups = []
    for (section, province), found in rows.groupby(["section", "province"], sort=False):
        lines = []
        for r in found.itertuples():
            pieces = Markup(" · ").join(
                Markup("{} <code>{}</code>").format(zh(e), p) for e, p in zip(r.evidence.split(JOIN), r.locator.split(JOIN))
            )
            note = Markup('<p class="note">{}</p>').format(r.note) if r.note not in MISSING else Markup("")
            main = Markup('<a class="row-link" href="#{id}">{name}</a><br>{zh}<p class="evidence">{pieces}</p>{note}').format(
                id=r.practice, name=r.name, zh=zh(r.name_zh), pieces=pieces, note=note
            )
            where = place(r) + Markup('<br><a href="{}.html">{} {}</a>').format(r.chapter, r.section, r.short)
            codes = {"kind": r.kind_name, "instrument": r.instrument_name, "level": r.level_name, "actors": r.actors_name}
            coded = Markup("<br>").join(Markup('<span class="type">{}:</span> {}').format(*pair) for pair in codes.items())
            state = status(ev, r.status) + Markup("<br>") + dated(r)
            checked = verdict_badges(ev, practice=r.practice) or missing(label("not_checked"))
            data = Markup(" ").join(Markup('data-{}="{}"').format(f, getattr(r, f)) for f in filters)
            cells = [Markup('<th scope="row" role="rowheader">{}</th>').format(main)]
            cells += [
                Markup('<td role="cell" data-label="{}">{}</td>').format(h, c)
                for h, c in zip(head[1:], (where, coded, state, checked))
            ]
            lines.append(Markup('<tr role="row" id="{}" {}>{}</tr>').format(r.practice, data, Markup("").join(cells)))
        groups.append(
            Markup('<tbody role="rowgroup" id="cell-{}-{}">{}</tbody>').format(section, province, Markup("\n").join(lines))
        )
    heads = Markup("").join(Markup('<th scope="col" role="columnheader">{}</th>').format(h) for h in head)
    options = []
    for f in filters:
        if f in names:
            values = [(c, ev.code_name(f, c)) for c in dict.fromkeys(rows[f])]
        elif f == "province":
            values = [(r.province, f"{r.province_name} ({label(r.type)})") for r in rows.drop_duplicates("province").itertuples()]
        else:
            values = [(r.section, f"{r.section} {r.short}") for r in rows.drop_duplicates("section").itertuples()]
        options.append((f, values))
    controls = Markup("").join(
        Markup('<label>{}<select name="{}"><option value="">all</option>{}</select></label>').format(
            f.capitalize() if f != "province" else "Jurisdiction",
            f,
            Markup("").join(Markup('<option value="{}">{}</option>').format(c, n) for c, n in values),
        )
        for f, values in options
    )
    return Table(
        Markup('<form class="register-controls"><label>Search<input type="search" name="find"></label>{}</form>').format(controls)
        + Markup('<p class="register-count" role="status" data-said="{}" data-none="{}">{}</p>').format(
            label("practices_shown"), label("none_shown"), label("practices_shown").format(len(rows), len(rows))
        )
        + Markup(
            '<table class="casebook cards register" role="table"><caption>The register: {} practices, in the article’s order</caption>'
        ).format(len(rows))
        + columns([28, 16, 23, 16, 17])
        + Markup('<thead role="rowgroup"><tr role="row">{}</tr></thead>{}</table>').format(heads, Markup("\n").join(groups))
    )


def scales(ev):
    """The criteria by which steps are compared, each with its question and the levels of its fixed scale in words."""
    questions = ev.codes[ev.codes.variable == "criterion"].rename(columns={"name": "name_"})
    body = []
    for code in questions.itertuples():
        rows = ev.scales[ev.scales.criterion == code.code].sort_values("value", ascending=False, kind="stable")
        levels = [f"{', '.join(found.name)}: {value:g}" for value, found in rows.groupby("value", sort=False)]
        body.append([code.name_, code.question, "; ".join(levels)])
    return table(["Criterion", "Question", "Fixed scale, from 0 to 1"], body, "What the steps are compared by")


def measures(ev, recommendation):
    """The steps of one recommendation: as printed, precedents with relation and reason, and what Jiangsu had at home."""
    name = ev.recommendations.set_index("recommendation").loc[recommendation, "name"]
    pairs, body = ev.precedents_of(), []
    for step in ev.measures[ev.measures.recommendation == recommendation].rename(columns={"name": "name_"}).itertuples():
        found = pairs[pairs.measure == step.measure]
        entries = Markup("").join(
            Markup("<li>{} – {}; <strong>{}</strong>: {}</li>").format(_entry(ev, row), place(row), row.relation_name, row.reason)
            for row in found.itertuples()
        )
        home = ev.home[ev.home.measure == step.measure]
        at_home = Markup("").join(
            Markup("<p>{}{}</p>").format(row.reason, check_badge(ev, row.check)) for row in home.itertuples()
        )
        body.append([
            Markup("{}<br>{}").format(step.name_, zh(step.name_zh)),
            Markup("<ul>{}</ul>").format(entries) if entries else missing("none in this book’s reading"),
            at_home or missing(label("not_looked_up")),
        ])  # fmt: skip
    return table(["Step", f"Precedents ({label('reading')})", "Already at home"], body, name)


def assessment(ev, variable, caption):
    """Answers to the questions of one framework: a row a question, a column a recommendation; each says who answers."""
    codes = ev.codes[ev.codes.variable == variable]
    recs = ev.recommendations.rename(columns={"name": "name_"})
    answers = ev.assessments.set_index(["recommendation", "variable", "code"])
    body = []
    for code in codes.rename(columns={"name": "name_"}).itertuples():
        head = Markup('{}<br><span class="type">{}</span>').format(code.name_, code.question)
        cells = []
        for rec in recs.recommendation:
            row = answers.loc[(rec, variable, code.code)]
            if row.answer == "silent":
                cells.append(missing(row.text))
            else:
                cells.append(Markup('{} <span class="type">({})</span>').format(row.text, ev.code_name("answer", row.answer)))
        body.append([head, *cells])
    return table(["Question", *(f"{r.section} {r.name_}" for r in recs.itertuples())], body, caption)
