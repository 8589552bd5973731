"""How a chart becomes a figure of a page: static SVG first, live on demand.

`ChartOnPage` (an entry point, pyproject.toml) makes what a chart of a notebook (casebook.charts.renderer) is in the book: two inline
SVGs (wide and narrow) in one frame (frame.html) with the same rows as a table, downloads, link and citation; no script needed.
A chart with selections also carries its specification, and charts.js brings it alive when asked.
"""

import csv
import html
import io
import json
import re
from functools import cache
from pathlib import Path
from string import Template
from unicodedata import east_asian_width

from docutils import nodes
from markupsafe import Markup
from sphinx.util import logging

from casebook import escape, evidence, tables
from casebook.charts.renderer import MIME
from casebook.charts.theme import COLOURS, FONT, ON_PAGE
from casebook.site import drawing
from casebook.words import label, missing_as, the_article, the_book

FRAME = Template(Path(__file__).with_name("frame.html").read_text(encoding="utf-8"))
LOGGER = logging.getLogger(__name__)
DOWNLOADS = ("csv", "svg", "png", "json")


@cache
def the_evidence():
    """The evidence, loaded once a build."""
    return evidence.load()


class ChartError(ValueError):
    """A chart that must not be published; the message says why."""


def check_spec(spec):
    """Raise ChartError for a specification that a reader could not use: no frame, no description, remote data."""
    frame = spec.get("usermeta", {}).get("casebook", {})
    missing = [part for part in ("finding", "counted", "caveat", "narrow") if not frame.get(part)]
    if not spec.get("description"):
        missing.append("description")
    if missing:
        raise ChartError(f"a chart without {', '.join(missing)}: make it with a function of casebook.charts")
    text = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    if remote := re.search(r'"url":\s*"([^"]+)"', text):
        raise ChartError(f"a chart with remote data ({remote[1]}): put its rows into the specification")


def picture(spec):
    """The whole picture as SVG text, to take along: the wide drawing on white, with finding, what is counted, caveat and
    source in it."""
    svg = re.sub(r"</?a\b[^>]*>", "", drawing.svg(bare(spec)))  # its links lead within the book
    own = re.compile(r' (aria-roledescription|aria-hidden|aria-label|role)="[^"]*"')  # Vega's, in English
    svg = escape.in_tags(lambda tag: own.sub("", tag), svg)
    width, height = (float(re.search(rf'<svg[^>]* {side}="([\d.]+)"', svg)[1]) for side in ("width", "height"))
    sizes = [(line, 15, "bold", COLOURS["ink"]) for line in spec["title"]["text"]]
    sizes += [(line, 13, "normal", COLOURS["muted"]) for line in spec["title"]["subtitle"]]
    words, top, font = [], 10, html.escape(FONT)
    width = max(width, *(10 + size * letters_of(line, weight) for line, size, weight, _ in sizes))
    for line, size, weight, colour in sizes:
        top += size + 5
        words.append(
            f'<text x="10" y="{top}" font-family="{font}" font-size="{size}px" font-weight="{weight}"'
            f' fill="{colour}">{html.escape(line)}</text>'
        )
    top += 10
    inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 10:g}" height="{height + top + 10:g}"'
        f' viewBox="0 0 {width + 10:g} {height + top + 10:g}" role="img" aria-label="{html.escape(spec["description"])}">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(words)}<g transform="translate(0,{top})">{inner}</g></svg>'
    )


def letters_of(line, weight):
    """How wide a line is at most, as a multiple of its letters' height: a Chinese character is as wide as it is high, and of
    Liberation Sans a letter is on the average of a line narrower than taken here."""
    return sum(1 if east_asian_width(one) in "AFW" else 0.58 if weight == "bold" else 0.53 for one in line)


def bare(spec):
    """A specification without what stands outside the drawing on a page."""
    return {key: value for key, value in spec.items() if key not in ("title", "usermeta")}


def to_svg(spec, prefix, alt_text):
    """A specification as an inline SVG: theme colours as CSS variables, unique ids, mark labels as native tooltips.

    Raises ChartError for a colour that is not in the theme's `COLOURS`.
    """
    svg = drawing.svg(spec)
    known = {value.lower(): name.lower() for name, value in COLOURS.items()}

    def variable(match):
        found = match[2].lower()
        if found not in known:
            raise ChartError(f"the colour {found}, which is not one of casebook.charts.theme.COLOURS")
        return f'{match[1]}="var(--chart-{known[found]}, {found})"'

    def own(tag):
        tag = re.sub(r'(fill|stroke)="(#[0-9a-fA-F]{3,8})"', variable, tag)
        tag = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', tag)
        tag = re.sub(r'="url\(#([^)]+)\)"', rf'="url(#{prefix}-\1)"', tag)
        tag = re.sub(r' (aria-roledescription|aria-hidden|role|font-family)="[^"]*"', "", tag)  # the font is the page's
        # vl-convert resolves every relative address against its own sample data; ours lead within the book.
        tag = tag.replace(' xlink:href="https://vega.github.io/vega-datasets/', ' href="').replace(' xlink:href="', ' href="')
        return tag.replace(' target="_blank"', "")

    svg = escape.in_tags(own, svg)
    # A mark's own words become its tooltip, read by pointer and by screen reader, without script; Vega's made-up ones do not.
    words = {row["tip"] for rows in spec.get("datasets", {}).values() for row in rows if "tip" in row}

    def titled(match):
        tag, before, text, after, _, inner = match.groups()
        title = f"<title>{text}</title>" if html.unescape(text) in words else ""
        return f"<{tag}{before}{after}>{title}{inner or ''}</{tag}>"

    svg = re.sub(
        r'<(path|text|rect|line|circle)((?: [^>]*?)?) aria-label="([^"]*)"([^>]*?)(/>|>(.*?)</\1>)', titled, svg, flags=re.S
    )
    svg = escape.in_tags(lambda tag: re.sub(r' aria-label="[^"]*"', "", tag), svg)
    linked = "<a " in svg
    head = re.match(r"<svg[^>]*>", svg)[0]
    box = re.search(r'viewBox="([^"]+)"', head)[1]
    width, height = (float(n) for n in box.split()[2:])
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg" viewBox="{box}" width="{width:g}" height="{height:g}"'
        f' role="{"group" if linked else "img"}" aria-label="{html.escape(alt_text)}">'
    )
    return opening + svg[len(head) :]


def twin(table, caption, filters):
    """A chart's rows as an HTML table: each row's first cell leads where its mark leads, and `filters` are the row's own
    `data-` attributes, by which charts.js selects it ({parameter: a code for each row})."""
    rows = [
        [Markup('<a href="{}">{}</a>').format(href, first) if href else first, *rest]
        for (first, *rest), href in zip(table["rows"], table["href"])
    ]
    data = [dict(zip(filters, codes)) for codes in zip(*filters.values())]
    return tables.table(table["columns"], rows, caption, "cards small", data).markup


def as_csv(table):
    """The rows of a chart's table as CSV for a spreadsheet: with the mark by which Excel knows UTF-8, and no formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(escape.cell, [*table["columns"], label("address")]))
    for row, href in zip(table["rows"], table["href"]):
        writer.writerow(escape.cell(missing_as(cell)) for cell in (*row, href))
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8")


def selects(spec):
    """The selections of a chart as labelled HTML selects: what a Vega binding offers, but there before any script."""
    one = Markup('<label>{}<select name="{}">{}</select></label>')
    option = Markup('<option value="{}">{}</option>')
    found = [param for param in spec.get("params", ()) if param.get("bind", {}).get("input") == "select"]
    fields = [
        one.format(
            param["bind"]["name"].strip(),
            param["name"],
            Markup("").join(option.format(*pair) for pair in zip(param["bind"]["options"], param["bind"]["labels"])),
        )
        for param in found
    ]
    said = Markup('<p class="chart-said" role="status" data-said="{}"></p>').format(label("rows_shown"))
    form = Markup('<form class="chart-filters" data-comma="{}">{}{}</form>')
    return form.format(label("comma"), Markup("").join(fields), said) if fields else ""


def for_live(spec):
    """A specification as charts.js draws it: colours as the page's CSS variables, font and selects of the page's own."""
    text = json.dumps(
        {**spec, "params": [{k: v for k, v in p.items() if k != "bind"} for p in spec["params"]]}, ensure_ascii=False
    )
    for name, value in COLOURS.items():
        text = text.replace(f'"{value}"', f'"var(--chart-{name.lower()})"')
    return json.loads(text.replace(json.dumps(FONT), json.dumps(ON_PAGE)))


def to_html(spec, name):
    """A chart's frame as HTML: finding, what is counted, filters, the two drawings, caveat and source, table, downloads,
    link and citation. `name` is the figure's and makes ids and addresses; the files that the downloads lead to are
    `files(spec)`."""
    check_spec(spec)
    frame = spec["usermeta"]["casebook"]
    wide = bare(spec)
    narrow = {**frame["narrow"], "config": spec["config"], "$schema": spec["$schema"]}
    text = json.dumps({key: value for key, value in narrow.items() if key != "datasets"})
    every = {**spec.get("datasets", {}), **frame["narrow"].get("datasets", {})}
    narrow["datasets"] = {data: rows for data, rows in every.items() if f'"{data}"' in text}
    form, live, ident = selects(spec), "", f"chart-{name}"
    if spec.get("params"):
        both = escape.in_script({"wide": for_live(wide), "narrow": for_live(narrow)})
        live = Markup('<script type="application/json" class="chart-spec">{}</script>').format(both)
    inside = frame["finding"].replace("“", "‘").replace("”", "’")  # quotes within quotes
    item = Markup('<li><a href="../downloads/charts/{0}.{1}" download data-kind="{1}">{2}</a></li>')
    return FRAME.substitute(
        id=ident,
        name=name,
        kind="chart" + " live" * bool(live),
        finding=html.escape(frame["finding"]),
        counted=html.escape(frame["counted"]),
        caveat=html.escape(frame["caveat"]),
        filters=form,
        wide=to_svg(wide, f"{ident}-w", spec["description"]),
        narrow=to_svg(narrow, f"{ident}-n", spec["description"]),
        live=live,
        table=twin(frame["table"], frame["finding"], frame["filters"]),
        downloads=Markup("").join(item.format(name, kind, label(kind)) for kind in DOWNLOADS),
        citation=html.escape(citation(the_evidence(), name, inside)),
        said=html.escape(label("link_said")),
        **{f"{part}_label": html.escape(label(part)) for part in ("table", "download", "link", "cite")},
    )


def citation(ev, name, finding):
    """How the chart `name` with its `finding` is cited: the book and its version, and the article that it codes."""
    made = {"book": the_book("title"), "version": ev.package["version"], "name": name, "finding": finding}
    return label("cite_text").format(**made, **the_article())


def files(spec):
    """What a reader can take along of a chart, as {ending: bytes}: its rows, the whole picture with title, caveat and
    source in it, and the specification."""
    whole = {key: value for key, value in spec.items() if key != "usermeta"}
    svg = picture(spec)
    return {
        "csv": as_csv(spec["usermeta"]["casebook"]["table"]),
        "svg": svg.encode("utf-8"),
        "png": drawing.png(svg),
        "json": json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8"),
    }


class ChartOnPage:
    """MyST-NB mime renderer: a chart becomes its frame. A chart that must not be published stops the build."""

    mime_priority_overrides = [("*", MIME, 1)]  # noqa: RUF012 (the name and shape that MyST-NB reads)

    @staticmethod
    def handle_mime(element_renderer, data, inline):
        """Docutils nodes for one output, or None if it is not a chart on a line of its own."""
        if inline or data.mime_type != MIME:
            return None
        spec = data.content if isinstance(data.content, dict) else json.loads(data.content)
        chapter = Path(element_renderer.renderer.document["source"]).stem
        name = data.cell_metadata.get("mystnb", {}).get("figure", {}).get("name") or f"{chapter}-{data.cell_index}"
        try:
            page = to_html(spec, name)
            env = element_renderer.renderer.sphinx_env
            for ending, raw in files(spec).items():
                charts_of(env, env.docname).joinpath(f"{name}.{ending}").write_bytes(raw)
        except (ChartError, ValueError) as error:
            # Code cells are counted from 0, as nbval and `make accept` count them.
            before = element_renderer.renderer.nb_client.notebook.cells[: data.cell_index]
            number = sum(cell["cell_type"] == "code" for cell in before)
            # A warning, because builds run with warnings as errors: chapter, cell and reason, and all of them in one run.
            LOGGER.warning("%s, cell %s: %s", chapter, number, error, type="casebook", subtype="chart")
            return [nodes.paragraph(text=f"chart not published: {error}")]
        return [nodes.raw("", page, format="html")]


def charts_of(env, docname):
    """The folder with the files of a document's charts, beside what Sphinx has read of it."""
    folder = Path(env.doctreedir) / "charts" / docname
    folder.mkdir(parents=True, exist_ok=True)
    return folder
