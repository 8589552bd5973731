"""Tables as they stand on a page: the register, side-by-side matrices, the codebook, the checks, the data dictionary.

Every function returns a `Table`: real HTML with a caption and headers for a screen reader, the same in JupyterLab and in
the book. On a narrow screen each row becomes a card, so that no page scrolls sideways. Text from data/ is escaped here.
"""

import re
from itertools import zip_longest

import pandas as pd
from IPython.display import display
from markupsafe import Markup, escape

from casebook.edition import LABELS, LANGUAGE, joined, label, missing_as, number, placed, say, some, tag, when
from casebook.evidence import JOIN, MISSING, NOT_MENTIONED
from casebook.inert import fragment

# Pixels at a window of 1280: of a table, of the room around a cell's words, and of a letter in DejaVu Sans, which is wider
# than most systems' fonts; and of the small table beside a chart.
PAGE, SMALL = (688, 20, 8.8), (672, 14, 8.1)
# How wide a character is, in tenths of such a letter, where it is not ten.
TENTHS = dict.fromkeys("ijlI.,:;|!'‘’", 5) | dict.fromkeys("frt()[]-", 7) | dict.fromkeys("mwMW", 15)
COLUMNS = 5  # jurisdictions that stand beside each other in a table
# A run of Chinese, with the marks and digits inside it.
HAN = re.compile(r"([\u4e00-\u9fff](?:[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef〔〕0-9]*[\u4e00-\u9fff])?)")
LATIN = re.compile("[A-Za-z]")
# What a line does not break: letters without a blank or hyphen, and a short Chinese word.
UNBROKEN = re.compile(r"[^\s./\u2013\u4e00-\u9fff\u3000-\u303f\uff00-\uffef-]+-?|[\u4e00-\u9fff]{1,4}")
# A verdict stays on one line: a badge, and one of a list in plain words; its symbol, and what follows.
BADGE = re.compile(r'(class="verdict [^>]*><span [^>]*>.</span>)([^<]*)')
LISTED = re.compile(r"((?:^|[,，、] ?)[✓±≠?])( [^,，、]+)")
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
        # What myst_nb.glue does, which loads docutils and nbformat into every kernel.
        display(value, metadata={"scrapbook": {"name": name, "mime_prefix": ""}})


def of_language(text, language):
    """Text in a language (its tag in HTML), marked as such for screen readers and fonts where the edition is in another."""
    return escape(text) if language == tag() else Markup('<span lang="{}">{}</span>').format(language, text)


def zh(text):
    """Chinese text, marked as such in an edition that is not Chinese itself."""
    return of_language(text, "zh-CN")


def printed(ev, text):
    """Text in the language of the article, marked as such in an edition in another."""
    return of_language(text, tag(ev.language))


def also_printed(ev, row, column="name"):
    """On a line of its own, the `column` of a row (a tuple with names) in the language of the article; nothing where the edition
    has the same words already."""
    text, own = (getattr(row, f"{column}_{language}") for language in (ev.language, LANGUAGE))
    return Markup("") if text in (own, *MISSING) else Markup("<br>") + printed(ev, text)


def described(text):
    """Text of data/ without a column for each language, such as a field's description: translated where a catalogue has it."""
    return say(text)


def dressed(key, place, markup, *values):
    """The label `key` with its values, the one at `place` in `markup` together with the marks close to it: brackets, a colon."""
    close = re.compile(rf"[^\s}}]*\{{{place}\}}[^\s{{]*")
    return Markup(close.sub(lambda found: markup.format(found[0]), label(key))).format(*values)


def aside(text, more):
    """A text, and in muted type what is said of it in brackets."""
    return dressed("placed", 1, '<span class="type">{}</span>', text, more)


def missing(text=NOT_MENTIONED):
    """A labelled missing value, in muted type."""
    return Markup('<span class="missing">{}</span>').format(missing_as(text))


def shown(value):
    """A cell's text: missing values in muted type, Chinese marked, a float without its empty decimals."""
    if isinstance(value, Markup):
        return value
    text = number(value) if isinstance(value, float) else str(value)
    if text in MISSING:
        return missing(text)
    if not re.search(r"[a-z]{3}", text):
        return zh(text) if HAN.search(text) else escape(text)
    # Latin text with Chinese in it: the Chinese is marked, run by run.
    pieces = [zh(piece) if HAN.match(piece) else escape(piece) for piece in HAN.split(text)]
    return Markup("").join(pieces)


def columns(shares):
    """The widths of a table's columns, by share. Given beforehand, they do not change while a long page still arrives."""
    one = Markup('<col style="width: {:.1f}%">')
    return Markup("<colgroup>{}</colgroup>").format(Markup("").join(one.format(100 * share / sum(shares)) for share in shares))


def letters(text):
    """How wide a text is, in Latin letters; a Han character has the width of 1.6."""
    return sum(16 if "\u4e00" <= character <= "\u9fff" else TENTHS.get(character, 10) for character in text) / 10


def solid(cell):
    """A cell's words to be measured: what follows a verdict's symbol is one word of the same width, which is set smaller."""

    def one(found):
        return found[1] + "_" * round(0.85 * letters(found[2]))

    return LISTED.sub(one, Markup(BADGE.sub(one, str(cell).replace("<br>", " "))).striptags())


def widths(cells, room=PAGE):
    """Pixels for each column of `cells` (one list of texts a column, the heading first): room for its longest word, and
    the rest of a page's width by how much each has to say."""
    page, around, letter = room
    least, more = [], []
    for head, *texts in cells:
        plain = [str(Markup(text).striptags()) for text in (head, *texts)]
        # A heading is bold, and a list stands a little to the right.
        longest = [letters(word) + 2.4 * ("<li>" in text) for text in texts for word in UNBROKEN.findall(solid(text))]
        longest += [1.2 * letters(word) for word in UNBROKEN.findall(solid(head))]
        least.append(around + letter * min(max(longest, default=0), 20))
        more.append((sum(len(text) + len(re.findall(r"[\u4e00-\u9fff]", text)) for text in plain) / len(plain)) ** 0.8)
    spare = max(0, page - sum(least))
    return [low + spare * share / sum(more) for low, share in zip(least, more)]


def table(headers, rows, caption, kind="cards", data=()):
    """A table from `headers` (a list of texts) and `rows` (lists of cells; the first heads its row).

    Cells are Markup, text or numbers. Roles are spelt out because a table shown as cards loses its own. `data` has, if
    scripts need any, the `data-` attributes of each row: {name: value}.
    """
    if not rows:
        return nothing(caption)
    head = Markup("").join(Markup('<th scope="col" role="columnheader">{}</th>').format(h) for h in headers)
    rows = [[shown(cell) for cell in row] for row in rows]
    body = []
    for (first, *rest), own in zip_longest(rows, data, fillvalue={}):
        cells = Markup('<th scope="row" role="rowheader">{}</th>').format(first)
        for header, cell in zip(headers[1:], rest):
            cells += Markup('<td role="cell" data-label="{}">{}</td>').format(header, cell)
        attributes = Markup("").join(Markup(' data-{}="{}"').format(*pair) for pair in own.items())
        body.append(Markup('<tr role="row"{}>{}</tr>').format(attributes, cells))
    shares = widths(zip(headers, *rows))
    if "small" in kind or sum(shares) > PAGE[0] + 1:
        kind, shares = f"{kind.removesuffix(' small')} small", widths(zip(headers, *rows), SMALL)
    return Table(
        Markup(
            '<table class="casebook {}" role="table"><caption>{}</caption>{}<thead role="rowgroup"><tr role="row">{}</tr></thead>'
        ).format(kind, caption, columns(shares), head)
        + Markup('<tbody role="rowgroup">{}</tbody></table>').format(Markup("\n").join(body))
    )


def nothing(caption):
    """What stands in the place of a table that has no row yet."""
    return Table(Markup('<p class="nothing">{}</p>').format(label("valued").format(caption, label("nothing_coded"))))


def across(heads, rows, caption, kind):
    """A `table` with a column a jurisdiction after the first; more than `COLUMNS` go on in further tables, with their own heads."""
    places = len(heads) - 1
    count = max(1, -(-places // COLUMNS))
    each = -(-places // count)
    parts = [slice(at, at + each) for at in range(1, len(heads), each)]
    captions = [say("{caption} ({n} of {all})", caption=caption, n=n, all=count) for n in range(1, count + 1)]
    tables_ = [
        table([heads[0], *heads[part]], [[row[0], *row[part]] for row in rows], title, kind).markup
        for part, title in zip(parts, captions if count > 1 else [caption])
    ]
    return Table("\n".join(tables_))


def _check(ev, check):
    rows = ev.source_checks[ev.source_checks.check == check]
    if rows.empty:
        raise KeyError(check)
    return rows.iloc[0]


def _badge(ev, verdict, check, count=1):
    symbol, name = ev.symbol("verdict", verdict), ev.code_name("verdict", verdict)
    times = Markup(" ×{}").format(count) if count > 1 else ""
    return Markup(' <a class="verdict v-{}" href="method.html#{}"><span aria-hidden="true">{}</span> {}{}</a>').format(
        verdict.replace(" ", "-"), fragment(check), symbol, name, times
    )


def check_badge(ev, check):
    """The verdict of one check, as symbol and word, linked to it. KeyError if there is no such check."""
    return _badge(ev, _check(ev, check).verdict, check)


def verdict_badges(ev, practice=None, figure=None):
    """The verdicts of all checks of a practice or a figure, each once, linked to its first check; empty where none was made."""
    checks = ev.verdicts_of(practice=practice, figure=figure)
    groups = [(v, [check for check, verdict in checks if verdict == v]) for v in VERDICTS]
    return Markup("").join(_badge(ev, v, found[0], len(found)) for v, found in groups if found)


def practice_link(ev, practice):
    """A practice's name, linked to its row in the register. KeyError if there is no such practice."""
    return Markup('<a class="row-link" href="evidence.html#{}">{}</a>').format(fragment(practice), ev.practice_names[practice])


def place(row):
    """A jurisdiction's name with its type."""
    return aside(row.province_name, label(row.type))


def by_place(rows):
    """How many of `rows` (of the register) each jurisdiction has, in words and the most first: “36 of Guangdong (province), …”."""
    counts = rows.groupby(["place", "province_name", "type"]).size().sort_values(ascending=False, kind="stable")
    return joined((say("{n} of {place}", n=n, place=placed(name, kind)) for (_, name, kind), n in counts.items()), "both")


def dated(row):
    """A practice's year or period, or in words that the article gives none."""
    return missing(say("date not mentioned")) if row.dated == NOT_MENTIONED else escape(row.dated)


def status(ev, code):
    """A status as its symbol and word."""
    return Markup('<span aria-hidden="true">{}</span> {}').format(ev.symbol("status", code), ev.code_name("status", code))


def _entry(ev, row, mark_status=True):
    mark = (
        Markup('<span class="status">{}</span>').format(status(ev, row.status))
        if mark_status and row.status != "in_place"
        else ""
    )
    badges = verdict_badges(ev, practice=row.practice)
    return practice_link(ev, row.practice) + (Markup(" ").join([badges, mark]) if mark else badges)


def side_by_side(ev, rows, by, order, caption, provinces=None, corner=""):
    """Framework matrix: rows of `by` (values and labels in `order`), a column a jurisdiction, the practices in the cells.

    A practice that is not reported in place says so; an empty cell reads “not mentioned”. `provinces` fixes the columns
    (default: the pioneers).
    """
    columns = ev.pioneers() if provinces is None else ev.jurisdictions.set_index("province").loc[list(provinces)].reset_index()
    heads = [corner, *(placed(r.name, r.type) for r in columns.itertuples())]
    body = []
    for value, text in order.items():
        cells = []
        for province in columns.province:
            found = rows[(rows[by] == value) & (rows.province == province)]
            entries = Markup("").join(Markup("<li>{}</li>").format(_entry(ev, row)) for row in found.itertuples())
            cells.append(Markup("<ul>{}</ul>").format(entries) if entries else missing())
        body.append([text.replace("\n", " "), *cells])
    return across(heads, body, caption, kind="cards matrix")


def practices(ev, rows, caption, extra=None):
    """A list of practices: name in both languages, jurisdiction, status and date, and kind or the columns of `extra`.

    `extra` maps a header to a function of a row that gives the cell; it takes the place of the kind, for lack of room.
    """
    extra = extra or {say("Kind"): lambda row: row.kind_name}
    body = [
        [
            _entry(ev, row, mark_status=False) + also_printed(ev, row),
            place(row),
            status(ev, row.status) + Markup("<br>") + dated(row),
            *(make(row) for make in extra.values()),
        ]
        for row in rows.itertuples()
    ]
    return table([label("practice"), label("jurisdiction"), say("Status and date"), *extra], body, caption)


def undated(ev, rows, caption):
    """The practices of `rows` that the article does not date: what stands beside a time line."""
    left = rows[rows.dated == NOT_MENTIONED]
    return table(
        [say("Practice, not dated in the article"), label("jurisdiction"), label("subsection")],
        [[_entry(ev, row), place(row), f"{row.section} {row.short}"] for row in left.itertuples()],
        caption,
    )


def figures(ev, ids, caption):
    """Figures that the article states: what is counted, value and unit, year, as printed, and the checks of each."""
    places = ev.provinces[["province", "name", "type"]].rename(columns={"name": "province_name"})
    rows = ev.figures.set_index("figure").loc[list(ids)].reset_index().merge(places, on="province")
    body = []
    for row in rows.itertuples():
        year = NOT_MENTIONED if pd.isna(row.year) else label("year").format(row.year)
        value = dressed("measured", 0, "<strong>{}</strong>", number(row.value), row.unit)
        badges = verdict_badges(ev, figure=row.figure) or missing(label("not_checked"))
        body.append([row.metric, place(row), value, year, printed(ev, row.evidence.split(JOIN)[-1]), badges])
    heads = [say("What is counted"), label("jurisdiction"), label("value"), say("Year"), say("As printed"), label("checked")]
    return table(heads, body, caption)


def items(ev, practice, caption):
    """The members of a list that the article spells out, in its order, and as printed where the edition has other words."""
    rows = ev.items[ev.items.practice == practice]
    heads, body = [say("No."), say("Member")], [[r.position, r.name] for r in rows.itertuples()]
    if (rows.name != rows.evidence).any():
        heads, body = [*heads, say("As printed")], [[*cells, printed(ev, text)] for cells, text in zip(body, rows.evidence)]
    return table(heads, body, caption)


def aligned(ev, pairs, caption):
    """Pairs of listed items that this book reads together (`Evidence.alignments_of`): left, right, relation, reason."""
    names = ev.items.set_index("item").name
    body = [[names[r.left], names[r.right], ev.code_name("relation", r.relation), r.reason] for r in pairs.itertuples()]
    return table([say("First list"), say("Second list"), label("relation"), label("reason")], body, caption)


def checks(ev, caption, rows=None):
    """Checks of claims in public sources: claim in both languages, verdict, finding, source; each row has its id as anchor."""
    rows = ev.source_checks if rows is None else rows
    sources = references(ev)
    body = []
    for row in rows.itertuples():
        claim = Markup('<span id="{}" class="anchor">{}</span>').format(row.check, row.claim) + also_printed(ev, row, "claim")
        verdict = Markup('<span class="verdict v-{}"><span aria-hidden="true">{}</span> {}</span>').format(
            row.verdict.replace(" ", "-"), ev.symbol("verdict", row.verdict), ev.code_name("verdict", row.verdict)
        )
        body.append([claim, row.section, verdict, row.finding, sources.get(row.source, missing(say("no source")))])
    heads = [label("claim"), say("Section"), label("verdict"), say("What the source says"), say("Source")]
    return table(heads, body, caption)


def foreign(fields, name):
    """Whether what a reference says under `name` is English in an edition that is not: it has no variant of its own there."""
    own = f"{'howpublished' if name == 'who' else name}_{LANGUAGE}" in fields
    return tag() != "en" and not own and bool(LATIN.search(fields[name])) and not HAN.search(fields[name])


def cited(fields, name):
    """What a reference says under `name`, marked where it is English in an edition that is not."""
    return of_language(fields[name], "en" if foreign(fields, name) else tag())


def source_short(ev, key):
    """A reference as it stands in a sentence: last names and year, linked where it has an address, its title as a hint.
    KeyError if references.bib has no such key."""
    fields = ev.sources[key]
    text = Markup(say("{who} {year}")).format(who=fields["short"] or cited(fields, "who"), year=cited(fields, "date"))
    hint = Markup('title="{}"').format(fields["title"])
    if foreign(fields, "title"):  # the hint is in English, the words are not
        hint, text = hint + Markup(' lang="en"'), Markup('<span lang="{}">{}</span>').format(tag(), text)
    link = Markup('<a href="{}" {}>{}</a>').format(fields.get("url"), hint, text)
    return link if "url" in fields else Markup("<span {}>{}</span>").format(hint, text)


def references(ev):
    """references.bib as {key: Markup of one line}; a link only where the entry has an address of its publisher."""
    lines = {}
    for key, fields in ev.sources.items():
        title = zh(fields["title"]) if HAN.search(fields["title"]) else cited(fields, "title")
        if "url" in fields:
            title = Markup('<a href="{}">{}</a>').format(fields["url"], title)
        lines[key] = title
        for name in ("who", "date"):
            if fields[name]:
                more = Markup(re.sub(r"(?<=[a-z])\.(?=[a-z])", ".<wbr>", str(cited(fields, name))))  # the name of a host
                lines[key] = Markup(say("{reference}, {more}")).format(reference=lines[key], more=more)
    return lines


def as_code(text):
    """An id, a code or a file's name, as such."""
    return Markup("<code>{}</code>").format(text)


def variable_name(variable):
    """A variable of the codebook: its code, after its name where the edition has one."""
    name, own = label(f"variable_{variable}") if f"variable_{variable}" in LABELS else variable, as_code(variable)
    return own if name == variable else Markup(label("placed")).format(name, own)


def as_codes(texts):
    """Codes as a list."""
    return Markup(label("comma")).join(as_code(text) for text in texts)


def codebook(ev, variable):
    """The codes of one variable: name in both languages, question, definition, include and exclude, example, near miss."""
    rows = ev.codes[ev.codes.variable == variable]
    body = []
    for r in rows.itertuples():
        symbol = "" if r.symbol in MISSING else Markup('<span aria-hidden="true">{}</span> ').format(r.symbol)
        name = Markup("{}<strong>{}</strong><br>{}").format(symbol, r.name, as_code(r.code)) + also_printed(ev, r)
        example = practice_link(ev, r.example) if r.example in set(ev.practices.practice) else as_code(r.example)
        parts = {
            "": r.question,
            say("Means"): r.definition,
            say("Include"): r.include,
            say("Exclude"): r.exclude,
            say("Example"): example,
            say("Near miss"): r.near_miss,
        }
        lines = [
            Markup("<p>{}</p>").format(dressed("valued", 0, "<strong>{}</strong>", part, text) if part else text)
            for part, text in parts.items()
            if text not in MISSING
        ]
        body.append([name, Markup("").join(lines)])
    return table(
        [say("Code"), say("Question and rules")],
        body,
        Markup(say("Codes of {variable}")).format(variable=variable_name(variable)),
    )


def folded(parts):
    """Several tables, each behind a line that opens it: `parts` is a list of (summary, Table)."""
    one = Markup("<details><summary>{}</summary>{}</details>")
    return Table(Markup("\n").join(one.format(summary, Markup(part.markup)) for summary, part in parts))


def codebooks(ev):
    """The whole codebook, one folded table a variable."""
    counts = ev.codes.groupby("variable", sort=False).size()
    summaries = [some("{variable}, {n} code", "{variable}, {n} codes", n, variable=variable_name(v)) for v, n in counts.items()]
    return folded([(Markup(summary), codebook(ev, variable)) for summary, variable in zip(summaries, counts.index)])


def context(ev):
    """Figures from public sources that place the jurisdictions: a row a figure, a column a jurisdiction, sources below."""
    places = ev.jurisdictions[ev.jurisdictions.role != "national"]
    sources, body = references(ev), []
    for (metric, unit), rows in ev.context.groupby(["metric", "unit"], sort=False):
        cells = []
        for province in places.province:
            found = rows[rows.province == province]
            if found.empty:
                cells.append(missing(say("not seen")))
                continue
            row = found.iloc[0]
            decimals = len(f"{row.value:.2f}".rstrip("0").partition(".")[2])  # fixed: no figure of a row counts in myriads
            cells.append(aside(number(row.value, decimals), when(described(row.date))))
        body.append([say("{metric}, {unit}", metric=metric, unit=unit), *cells])
    heads = [say("Figure"), *(placed(r.name, r.type) for r in places.itertuples())]
    grid = across(heads, body, say("The jurisdictions in a few figures, with the date of each"), kind="cards")
    keys = dict.fromkeys(ev.context.source)
    notes = dict.fromkeys(note for note in ev.context.note if note not in MISSING)
    lines = Markup("").join(Markup("<li>{}</li>").format(text) for text in [*(sources[key] for key in keys), *notes])
    return Table(
        Markup("{}<details><summary>{}</summary><ul>{}</ul></details>").format(
            Markup(grid.markup), say("Sources and caveats of these figures"), lines
        )
    )


def dictionary(ev):
    """The data dictionary, generated from datapackage.json: one folded table of fields for each table of the package."""
    parts = []
    for resource in ev.package["resources"]:
        body = []
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            values = as_codes(rules["enum"]) if "enum" in rules else label(field["type"])
            required = say("yes") if rules.get("required") else say("may be missing")
            body.append([as_code(field["name"]), described(field["description"]), values, required])
        file = as_code(resource["path"])
        summary = Markup(say("{file} – {description}")).format(file=file, description=described(resource["description"]))
        caption = Markup(say("Fields of {file}; key: {key}")).format(file=file, key=as_codes(resource["schema"]["primaryKey"]))
        parts.append((summary, table([say("Field"), say("Meaning"), say("Values"), say("Required")], body, caption)))
    return folded(parts)


def register(ev):
    """The whole register: one row a practice, with its permanent address, place in the article, codes, checks and chapter.

    Readable as it is; register.js adds search, filters and sorting. Rows of one sub-section and jurisdiction share a
    group with the id `cell-<section>-<province>`, to which the evidence map leads.
    """
    rows = ev.register()
    if rows.empty:
        return nothing(say("The register"))
    filters = {
        "province": label("jurisdiction"),
        "section": say("Section"),
        "kind": say("Kind"),
        "instrument": say("Instrument"),
        "level": label("level"),
        "status": label("status"),
    }
    shares = [27, 18, 21, 17, 17]
    head = [say("Practice and evidence"), label("jurisdiction"), say("Coded as"), say("Status and date"), label("checked")]
    groups = []
    for (section, province), found in rows.groupby(["section", "province"], sort=False):
        lines = []
        for r in found.itertuples():
            pieces = Markup(" · ").join(
                Markup("{} <code>{}</code>").format(printed(ev, e), p)
                for e, p in zip(r.evidence.split(JOIN), r.locator.split(JOIN))
            )
            note = Markup('<p class="note">{}</p>').format(r.note) if r.note not in MISSING else Markup("")
            main = Markup(
                '<a class="row-link" href="#{address}">{name}</a>{printed}<p class="evidence">{pieces}</p>{note}'
            ).format(address=fragment(r.practice), name=r.name, printed=also_printed(ev, r), pieces=pieces, note=note)
            where = place(r) + Markup('<br><a href="{}.html">{} {}</a>').format(fragment(r.chapter), r.section, r.short)
            codes = {
                say("kind"): r.kind_name,
                say("instrument"): r.instrument_name,
                say("level"): r.level_name,
                say("actors"): r.actors_name,
            }
            coded = Markup("<br>").join(dressed("valued", 0, '<span class="type">{}</span>', *pair) for pair in codes.items())
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
        if f == "province":
            values = [
                (r.province, placed(r.province_name, r.type))
                for r in rows.drop_duplicates("province").sort_values("place").itertuples()
            ]
        elif f == "section":
            values = [(r.section, f"{r.section} {r.short}") for r in rows.drop_duplicates("section").itertuples()]
        else:
            values = [(c, ev.code_name(f, c)) for c in ev.codes.code[ev.codes.variable == f] if c in set(rows[f])]
        options.append((f, values))
    controls = Markup("").join(
        Markup('<label>{}<select name="{}"><option value="">{}</option>{}</select></label>').format(
            filters[f],
            f,
            label("filter_all"),
            Markup("").join(Markup('<option value="{}">{}</option>').format(c, n) for c, n in values),
        )
        for f, values in options
    )
    return Table(
        Markup('<form class="register-controls"><label>{}<input type="search" name="find"></label>{}</form>').format(
            label("search"), controls
        )
        + Markup('<p class="register-count" role="status" data-said="{}" data-none="{}">{}</p>').format(
            label("practices_shown"), label("none_shown"), label("practices_shown").format(len(rows), len(rows))
        )
        + Markup('<table class="casebook cards register" role="table" style="--columns: {}"><caption>{}</caption>').format(
            " ".join(f"minmax(0, {share}fr)" for share in shares),
            say("The register: {n} practices, in the article’s order", n=len(rows)),
        )
        + columns(shares)
        + Markup('<thead role="rowgroup"><tr role="row">{}</tr></thead>{}</table>').format(heads, Markup("\n").join(groups))
    )


def take_along():
    """Links to the register's files, beside it."""
    files = {
        "register.csv": "CSV",
        "register-excel.csv": say("CSV for Excel"),
        "register.xlsx": "XLSX",
        "datapackage.json": say("data package"),
    }
    link = Markup('<a href="../downloads/{}" download>{}</a>')
    links = Markup(" · ").join(link.format(*file) for file in files.items())
    return Table(Markup("<p>{}</p>").format(Markup(say("Take it along: {files}")).format(files=links)))


def scales(ev):
    """The criteria by which steps are compared, each with its question and the levels of its fixed scale in words."""
    questions = ev.codes[ev.codes.variable == "criterion"]
    body = []
    for code in questions.itertuples():
        rows = ev.scales[ev.scales.criterion == code.code].sort_values("value", ascending=False, kind="stable")
        levels = [label("valued").format(joined(found.name), number(value)) for value, found in rows.groupby("value", sort=False)]
        body.append([code.name, code.question, joined(levels, "semicolon")])
    heads = [say("Criterion"), say("Question"), say("Fixed scale, from 0 to 1")]
    return table(heads, body, say("What the steps are compared by"))


def measures(ev, recommendation):
    """The steps of one recommendation: as printed, precedents with relation and reason, and what Jiangsu had at home."""
    name = ev.recommendations.set_index("recommendation").loc[recommendation, "name"]
    pairs, body = ev.precedents_of(), []
    entry = Markup("<li>{}</li>").format(Markup(say("{practice} – {jurisdiction}; {relation}: {reason}")))
    for step in ev.measures[ev.measures.recommendation == recommendation].itertuples():
        found = pairs[pairs.measure == step.measure]
        entries = Markup("").join(
            entry.format(
                practice=_entry(ev, row),
                jurisdiction=place(row),
                relation=Markup("<strong>{}</strong>").format(row.relation_name),
                reason=row.reason,
            )
            for row in found.itertuples()
        )
        home = ev.home[ev.home.measure == step.measure]
        at_home = Markup("").join(
            Markup("<p>{}{}</p>").format(row.reason, check_badge(ev, row.check)) for row in home.itertuples()
        )
        body.append([
            escape(step.name) + also_printed(ev, step),
            Markup("<ul>{}</ul>").format(entries) if entries else missing(say("none in this book’s reading")),
            at_home or missing(label("not_looked_up")),
        ])  # fmt: skip
    return table([label("measure"), say("Precedents (this book’s reading)"), say("Already at home")], body, name)


def assessment(ev, variable, caption):
    """Answers to the questions of one framework: a row a question, a column a recommendation; each says who answers."""
    codes = ev.codes[ev.codes.variable == variable]
    recs = ev.recommendations
    answers = ev.assessments.set_index(["recommendation", "variable", "code"])
    body = []
    for code in codes.itertuples():
        head = Markup('{}<br><span class="type">{}</span>').format(code.name, code.question)
        cells = []
        for rec in recs.recommendation:
            row = answers.loc[(rec, variable, code.code)]
            if row.answer == "silent":
                cells.append(missing(row.text))
            else:
                cells.append(aside(row.text, ev.code_name("answer", row.answer)))
        body.append([head, *cells])
    return table([say("Question"), *(f"{r.section} {r.name}" for r in recs.itertuples())], body, caption)
