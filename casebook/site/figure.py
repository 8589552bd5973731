"""How a chart becomes a figure of a page: static SVG first, live on demand.

`ChartOnPage` (an entry point, pyproject.toml) makes what a chart of a notebook is in the book: two
inline SVGs (wide and narrow) in one frame (frame.html), with the same rows as a table, downloads,
link and citation. It needs no script. A chart with selections has its specification beside its
downloads; charts.js draws it when a reader asks.
"""

import ast
import csv
import html
import io
import json
import re
from functools import cache
from pathlib import Path
from string import Template
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, ParseError, SubElement

from docutils import nodes
from markupsafe import Markup
from sphinx.util import logging

from casebook import escape, evidence, study, tables
from casebook.addresses import of_chapter
from casebook.charts.frame import drawings, frame_of
from casebook.charts.own import EXAMPLE
from casebook.charts.renderer import MIME
from casebook.charts.theme import COLOURS, FONT, ON_PAGE
from casebook.site import citing, drawing, policy
from casebook.words import elsewhere, label, missing_as, site_of, tag, the_article, the_book

# In the frame drawings stand in spans, the narrow one marked `supplemental`: a reader view would
# drop a div full of links, and would show both.
FRAME, EMBED = (
    Template(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    for name in ("frame.html", "embed.html")
)
LOGGER = logging.getLogger(__name__)
DOWNLOADS = ("csv", "svg", "png", "json")
VARIABLES = {value: f"var(--chart-{name.lower()})" for name, value in COLOURS.items()}
WIDER = 14  # pixels that the longest label takes more in DejaVu Sans, the widest of the usual fonts
# What Vega writes for screen readers in English, and what the page sets itself.
LEFT_OUT_ATTRIBUTES = ("aria-label", "aria-roledescription", "aria-hidden", "role")
OF_THE_PAGE = (*LEFT_OUT_ATTRIBUTES, "font-family", "target")
LONG = re.compile(r"\d+\.\d{3,}")  # a number with more digits than a screen can show
# vl-convert resolves a relative address against its own sample data; ours lead within the book.
HREF, SAMPLES = "{http://www.w3.org/1999/xlink}href", "https://vega.github.io/vega-datasets/"


@cache
def the_evidence():
    """The evidence, loaded once a build."""
    return evidence.load()


class ChartError(ValueError):
    """A chart that must not be published; the message says why."""


def check_spec(spec, code=""):
    """Raise ChartError for a specification that a reader could not use.

    That is one without a frame, for which the message holds the `code` of its cell with a frame
    around the chart, and one with data from another host.
    """
    if frame_of(spec) is None:
        raise ChartError(
            "a chart needs a finding, what is counted, a caveat and an alt text:"
            f" write them instead of the last expression of the cell\n\n{with_frame(code)}"
        )
    if remote := next(addresses(bare(spec)), None):
        raise ChartError(
            f"a chart with remote data ({remote}): put its rows into the specification"
        )


def with_frame(code):
    """The last expression of a cell's code, its chart, in a call of `charts.finish` to paste."""
    statements = ast.parse(code).body
    last = statements[-1] if statements else None
    chart = ast.get_source_segment(code, last.value) if isinstance(last, ast.Expr) else "chart"
    lines = [chart, *(f'{name}="{text}"' for name, text in EXAMPLE.items())]
    arguments = "".join(f"    {line},\n" for line in lines)
    return f"from casebook import charts\n\ncharts.finish(\n{arguments})"


def addresses(part):
    """Every address from which a part of a specification (dicts and lists) takes data."""
    if isinstance(part, dict):
        if isinstance(part.get("url"), str):
            yield part["url"]
        part = [value for key, value in part.items() if key != "datasets"]
    if isinstance(part, list):
        for value in part:
            yield from addresses(value)


def bare(spec):
    """The wide drawing of a specification, without what stands outside the drawing on a page."""
    return drawings(spec)[0]


def whole_picture(spec):
    """The whole picture as SVG text, to take along.

    The wide drawing on white, with finding, what is counted, caveat and source above it.
    """
    drawn = drawing.tree(bare(spec))
    unlink(drawn)
    for element in drawn.iter():
        for name in LEFT_OUT_ATTRIBUTES:
            element.attrib.pop(name, None)
    lines = [(line, 15, "bold", COLOURS["ink"]) for line in spec["title"]["text"]]
    lines += [(line, 13, "normal", COLOURS["muted"]) for line in spec["title"]["subtitle"]]
    widths = [10 + size * letters_of(line, weight) for line, size, weight, _ in lines]
    # Where a program has none of the fonts, labels are wider, and their lines end at the right.
    width = f"{max(float(drawn.get('width')) + 2 * WIDER, *widths) + 10:g}"
    top = 20 + sum(size + 5 for _, size, _, _ in lines)
    height = f"{float(drawn.get('height')) + top + 10:g}"
    whole = Element("svg", {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"})
    whole.attrib |= {"role": "img", "aria-label": spec["description"]}
    SubElement(whole, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    down = 10
    for line, size, weight, colour in lines:
        down += size + 5
        font = {"font-family": FONT, "font-size": f"{size}px", "font-weight": weight}
        SubElement(whole, "text", {"x": "10", "y": f"{down}", **font, "fill": colour}).text = line
    SubElement(whole, "g", {"transform": f"translate({WIDER},{top})"}).extend(drawn)
    return drawing.svg_text(whole)


def unlink(element):
    """Take the links out of a drawing, which lead within the book; what they hold stays."""
    for child in element:
        unlink(child)
    element[:] = [one for child in element for one in (child if child.tag == "a" else [child])]


def letters_of(line, weight):
    """How wide a line is at most, as a multiple of the height of its letters.

    A Chinese character is as wide as it is high. A letter of Liberation Sans is, on the average of
    a line, narrower than taken here.
    """
    letter = 0.58 if weight == "bold" else 0.53
    return sum(1 if east_asian_width(character) in "AFW" else letter for character in line)


def to_svg(spec, prefix, alt_text, links=True):
    """A drawing (`drawings`) as an inline SVG, with or without the `links` of its marks.

    Colours of the theme are CSS variables, ids begin with `prefix`, the words of a mark are its
    native tooltip. Raises ChartError for a colour that is not in the theme's `COLOURS`.
    """
    root = drawing.tree(spec)
    tips = {
        row["tip"] for rows in spec.get("datasets", {}).values() for row in rows if "tip" in row
    }
    for element in list(root.iter()):
        element[:] = [child for child in element if not unseen(child)]
        mend_element(element, prefix, tips)
    if not links:
        unlink(root)
    width, height = map(float, root.get("viewBox").split()[2:])
    root.attrib = {
        "class": "chart-svg",
        "viewBox": root.get("viewBox"),
        "width": f"{width:g}",
        "height": f"{height:g}",
        "role": "img" if root.find(".//a") is None else "group",
        "aria-label": " ".join(alt_text.splitlines()),
    }
    return drawing.svg_text(root)


def unseen(element):
    """Whether an element is a path of Vega's around a group or before it that paints nothing."""
    around = element.get("class") in ("background", "foreground")
    return around and not {"fill", "stroke"}.intersection(element.keys())


def mend_element(element, prefix, tips):
    """Change one element of Vega's drawing for the page (see `to_svg`)."""
    attributes = element.attrib
    # A mark's own words are read by pointer and screen reader without script; Vega's are not kept.
    if (words := attributes.get("aria-label")) in tips:
        title = Element("title")
        title.text, title.tail, element.text = words, element.text, None
        element.insert(0, title)
    for name in OF_THE_PAGE:
        attributes.pop(name, None)
    if attributes.get("opacity") == "1":
        del attributes["opacity"]
    if address := attributes.pop(HREF, None):
        attributes["href"] = address.removeprefix(SAMPLES)
    for name, value in attributes.items():
        if name in ("fill", "stroke") and value.startswith("#"):
            attributes[name] = variable(value)
        elif name == "id":
            attributes[name] = f"{prefix}-{value}"
        elif value.startswith("url(#"):
            attributes[name] = value.replace("url(#", f"url(#{prefix}-")
        elif name in ("d", "transform"):
            attributes[name] = LONG.sub(lambda number: f"{float(number[0]):.2f}", value)


def variable(colour):
    """A colour of the theme as the page's CSS variable, with the colour for what knows none."""
    if colour.lower() not in VARIABLES:
        raise ChartError(
            f"the colour {colour.lower()}, which is not one of casebook.charts.theme.COLOURS"
        )
    return VARIABLES[colour.lower()].replace(")", f", {colour.lower()})")


def twin(table, caption, filters):
    """A chart's `ChartTable` as HTML: the first cell of a row leads where its mark leads.

    `filters` are those of the `Frame`. They become `data-` attributes of the rows, by which
    charts.js selects them.
    """
    rows = [
        [Markup('<a href="{}">{}</a>').format(href, first) if href else first, *rest]
        for (first, *rest), href in zip(table["rows"], table["href"])
    ]
    data = [dict(zip(filters, codes)) for codes in zip(*filters.values())]
    return tables.table(table["columns"], rows, caption, "cards small", data).markup


def as_csv(table):
    """The rows of a chart's `ChartTable` as a CSV for spreadsheets: bytes.

    It begins with the mark by which Excel knows UTF-8, and no cell of it is run as a formula.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(escape.cell, [*table["columns"], address_heading()]))
    for row, href in zip(table["rows"], table["href"]):
        writer.writerow(escape.cell(missing_as(cell)) for cell in (*row, elsewhere(href)))
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8")


def address_heading():
    """The heading of a column of addresses, which says relative to what they are, if they are."""
    return label("address") if site_of() else label("address_within")


def selects(spec):
    """The selections of a chart as HTML selects, which are there before any script."""
    field = Markup('<label>{}<select name="{}">{}</select></label>')
    option = Markup('<option value="{}">{}</option>')
    fields = []
    for param in spec.get("params", ()):
        if (bind := param.get("bind", {})).get("input") == "select":
            options = Markup("").join(map(option.format, bind["options"], bind["labels"]))
            fields.append(field.format(bind["name"].strip(), param["name"], options))
    form = Markup(
        '<form class="chart-filters" data-comma="{}">{}'
        '<p class="chart-said" role="status" data-said="{}"></p></form>'
    )
    texts = label("comma"), Markup("").join(fields), label("rows_shown")
    return form.format(*texts) if fields else ""


def for_live(spec, name):
    """What charts.js loads when it brings the chart `name` alive, as text: a script.

    As a script it loads from a disk, too. It has both drawings.
    """
    shapes = dict(zip(("wide", "narrow"), map(on_page, drawings(spec))))
    return f"window.casebook.specs[{json.dumps(name)}] = {escape.in_script(shapes)};\n"


def on_page(spec):
    """A drawing in the page's colours and font, with the page's selects."""
    params = [{k: v for k, v in param.items() if k != "bind"} for param in spec["params"]]
    text = json.dumps({**spec, "params": params})
    light = {colour: variable(colour) for colour in VARIABLES}
    for name, there in {**light, FONT: ON_PAGE}.items():
        text = text.replace(json.dumps(name), json.dumps(there))
    return json.loads(text)


def cited(spec, name, chapter):
    """A chart of a chapter as what is cited: its finding, a part of the book."""
    link = f"{of_chapter(chapter)}#{name}"
    return citing.part(the_evidence().package, name, frame_of(spec)["finding"], link)


def to_html(spec, name, chapter="index", code=""):
    """A chart's frame as HTML: finding, filters, the two drawings, caveat, table, downloads.

    `name` is the figure's and makes ids and addresses. The downloads lead to `files`. `code` is
    that of the cell. Raises ChartError for a chart that must not be published.
    """
    check_spec(spec, code)
    frame = frame_of(spec)
    wide, narrow = drawings(spec)
    ident = f"chart-{name}"
    item = Markup('<li><a href="../downloads/charts/{0}.{1}" download data-kind="{1}">{2}</a></li>')
    reference = Markup('<a href="../downloads/charts/{0}.{1}" download>{2}</a>')
    forms = (reference.format(name, *form) for form in (("bib", "BibTeX"), ("ris", "RIS")))
    return FRAME.substitute(
        id=ident,
        name=name,
        kind="chart" + " live" * bool(spec.get("params")),
        finding=html.escape(frame["finding"]),
        counted=html.escape(frame["counted"]),
        caveat=html.escape(frame["caveat"]),
        filters=selects(spec),
        wide=to_svg(wide, f"{ident}-w", spec["description"]),
        narrow=to_svg(narrow, f"{ident}-n", spec["description"]),
        table=twin(frame["table"], frame["finding"], frame["filters"]),
        downloads=Markup("").join(item.format(name, kind, label(kind)) for kind in DOWNLOADS),
        citation=html.escape(citation(the_evidence(), name, frame["finding"])),
        gbt=html.escape(citing.gbt_7714(cited(spec, name, chapter))),
        references=Markup(" · ").join(forms),
        snippet=html.escape(str(snippet(spec, name))),
        said=html.escape(label("link_said")),
        go=html.escape(label("go")),
        **{
            f"{part}_label": html.escape(label(part))
            for part in ("table", "download", "link", "embed", "cite")
        },
    )


def snippet(spec, name):
    """HTML by which somebody else's page shows the chart: a frame with `embedded`.

    It is as high as the wide drawing needs. In a narrow column one scrolls within it.
    """
    height = float(drawing.tree(bare(spec)).get("height")) + 220
    frame = Markup(
        '<iframe src="{}downloads/charts/{}.html" title="{}" width="100%" height="{:.0f}"'
        ' style="border: 0" loading="lazy"></iframe>'
    )
    finding = frame_of(spec)["finding"]
    return frame.format(site_of() or "../", name, finding, height)


def embedded(spec, name, chapter):
    """A page with the chart alone, for a frame of somebody else's page: HTML.

    It has finding, caveat and source, leads to the chart in the book and needs no script.
    """
    frame = frame_of(spec)
    shapes = {
        shape: to_svg(one, f"{name}-{shape}", spec["description"], links=False)
        for shape, one in zip(("wide", "narrow"), drawings(spec))
    }
    page = EMBED.substitute(
        language=tag(),
        font=ON_PAGE,
        **{part: html.escape(frame[part]) for part in ("finding", "counted", "caveat")},
        address=f"../../chapters/{of_chapter(chapter)}#{name}",
        book=html.escape(the_book("title")),
        **shapes,
    )
    return policy.guarded(page)


def citation(ev, name, finding):
    """How the chart `name` is cited: its finding, the book and its version, the coded article."""
    inside = finding.replace("“", "‘").replace("”", "’")  # quotes within quotes
    book = {"book": the_book("title"), "version": ev.package["version"]}
    return label(
        "cite_text", **book, licence=study.licence(), name=name, finding=inside, **the_article()
    )


def files(spec):
    """What a reader can take along of a chart, as {ending: bytes}.

    Its rows, the whole picture with title, caveat and source in it, and the specification.
    """
    whole = {key: value for key, value in {**spec, **bare(spec)}.items() if key != "usermeta"}
    whole["datasets"] = {
        name: [row | {"href": elsewhere(row["href"])} if "href" in row else row for row in rows]
        for name, rows in whole.get("datasets", {}).items()
    }
    whole["usermeta"] = {"href": address_heading()}
    svg = whole_picture(spec)
    return {
        "csv": as_csv(frame_of(spec)["table"]),
        "svg": svg.encode("utf-8"),
        "png": drawing.png(svg),
        "json": json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8"),
    }


class ChartOnPage:
    """MyST-NB mime renderer: a chart becomes its frame, or stops the build if it must not."""

    mime_priority_overrides = [("*", MIME, 1)]  # noqa: RUF012 (as MyST-NB reads it)

    @staticmethod
    def handle_mime(element_renderer, data, inline):
        """Docutils nodes for one output, or None if it is not a chart on a line of its own."""
        if inline or data.mime_type != MIME:
            return None
        spec = data.content if isinstance(data.content, dict) else json.loads(data.content)
        chapter = Path(element_renderer.renderer.document["source"]).stem
        figure = data.cell_metadata.get("mystnb", {}).get("figure", {})
        name = figure.get("name") or f"{chapter}-{data.cell_index}"
        env = element_renderer.renderer.sphinx_env
        client = element_renderer.renderer.nb_client
        try:
            page = to_html(spec, name, chapter, client.notebook.cells[data.cell_index]["source"])
            folder = charts_of(env, env.docname)
            references = citing.files([cited(spec, name, chapter)])
            for ending, raw in (files(spec) | references).items():
                folder.joinpath(f"{name}.{ending}").write_bytes(raw)
            page_alone = embedded(spec, name, chapter)
            folder.joinpath(f"{name}.html").write_text(page_alone, encoding="utf-8")
            if spec.get("params"):
                folder.joinpath(f"{name}.js").write_text(for_live(spec, name), encoding="utf-8")
        except (ValueError, ParseError) as error:
            # Builds run with warnings as errors: file, line and reason, and all in one run.
            place = (env.docname, client.cell_line(data.cell_index))
            LOGGER.warning("%s", error, location=place, type="casebook", subtype="chart")
            return [nodes.paragraph(text=f"chart not published: {error}")]
        return [nodes.raw("", page, format="html")]


def charts_of(env, docname):
    """The folder with the files of a document's charts, beside what Sphinx has read of it."""
    folder = Path(env.doctreedir) / "charts" / docname
    folder.mkdir(parents=True, exist_ok=True)
    return folder
