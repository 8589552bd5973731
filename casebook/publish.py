"""How a chart becomes a page: static SVG first, live on demand; and how a row is cited in prose.

Two entry points (pyproject.toml) and a Sphinx extension:

- `renderer`: what a chart is in a notebook. The specification under the mime type that JupyterLab draws by itself, and
  its alt text; nothing random, so that nbval can compare it byte for byte.
- `ChartOnPage`: what that becomes in the book. Two inline SVGs (wide and narrow) in one frame, no script needed; a chart
  with selections also carries its specification, and charts.js brings it alive when asked.
- `setup`: the roles `row`, `check` and `source`, the downloads, the self-hosted Vega runtime, and a page without foreign requests.
"""

import html
import json
import re
from pathlib import Path
from string import Template

import vl_convert
from docutils import nodes
from docutils.parsers.rst import roles
from sphinx.util import logging

from casebook import __version__, downloads, evidence, tables
from casebook.theme import COLOURS

MIME = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab 4 draws without an extension
VL_VERSION = "6.4"
HERE = Path(__file__).parent
FRAME = Template((HERE / "frame.html").read_text(encoding="utf-8"))
LOGGER = logging.getLogger(__name__)


def renderer(spec, **metadata):
    """Altair renderer: a mime bundle of the specification and of its description as plain text."""
    spec = only_what_is_drawn(spec)
    frame = spec.get("usermeta", {}).get("casebook")
    if frame:
        narrow = only_what_is_drawn(frame["narrow"])
        # Data that both forms draw is kept once.
        narrow["datasets"] = {
            name: rows for name, rows in narrow.get("datasets", {}).items() if spec["datasets"].get(name) != rows
        }
        spec["usermeta"] = {"casebook": {**frame, "narrow": narrow}}
    # Keys in one order: a notebook file sorts them, and nbval compares text.
    return {MIME: json.loads(json.dumps(spec, sort_keys=True)), "text/plain": spec.get("description", "")}


def only_what_is_drawn(spec):
    """A copy of a specification whose data has only the columns that some channel, transform or condition names."""
    rest = {key: value for key, value in spec.items() if key not in ("datasets", "usermeta")}
    text = json.dumps(rest)
    named = set(re.findall(r'"(?:field|x|y|x2|y2)": "([^"]+)"', text)) | set(re.findall(r"datum\.(\w+)", text))
    datasets = {
        name: [{k: v for k, v in row.items() if k in named} for row in rows] for name, rows in spec.get("datasets", {}).items()
    }
    return {**spec, "datasets": datasets}


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


def to_svg(spec, prefix, alt_text):
    """A specification as an inline SVG: theme colours as CSS variables, unique ids, mark labels as native tooltips.

    Raises ChartError for a colour that is not in the theme's `COLOURS`.
    """
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION)
    known = {value.lower(): name.lower() for name, value in COLOURS.items()}

    def variable(match):
        found = match[2].lower()
        if found not in known:
            raise ChartError(f"the colour {found}, which is not one of casebook.theme.COLOURS")
        return f'{match[1]}="var(--chart-{known[found]}, {found})"'

    svg = re.sub(r'(fill|stroke)="(#[0-9a-fA-F]{3,8})"', variable, svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    svg = re.sub(r' (aria-roledescription|aria-hidden|role)="[^"]*"', "", svg)
    # A mark's own words become its tooltip, read by pointer and by screen reader, without script.
    svg = re.sub(r'<(path|text|rect|line|circle)( [^>]*?) aria-label="([^"]*)"([^>]*?)(/>|>(.*?)</\1>)', _titled, svg, flags=re.S)
    svg = re.sub(r' aria-label="[^"]*"', "", svg)
    # vl-convert resolves every relative address against its own sample data; ours lead within the book.
    svg = (
        svg.replace("xlink:href", "href")
        .replace(' target="_blank"', "")
        .replace('href="https://vega.github.io/vega-datasets/', 'href="')
    )
    linked = "<a " in svg
    head = re.match(r"<svg[^>]*>", svg)[0]
    box = re.search(r'viewBox="([^"]+)"', head)[1]
    width, height = (float(n) for n in box.split()[2:])
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg" viewBox="{box}" width="{width:g}" height="{height:g}"'
        f' role="{"group" if linked else "img"}" aria-label="{html.escape(alt_text)}">'
    )
    return opening + svg[len(head) :]


def _titled(match):
    tag, before, text, after, _, inner = match.groups()
    return f"<{tag}{before}{after}><title>{text}</title>{inner or ''}</{tag}>"


def to_html(spec, name):
    """A chart's frame as HTML: finding, what is counted, the two drawings, caveat and source. `name` makes its ids unique."""
    check_spec(spec)
    frame = spec["usermeta"]["casebook"]
    bare = {key: value for key, value in spec.items() if key not in ("title", "usermeta")}
    narrow = {**frame["narrow"], "config": spec["config"], "$schema": spec["$schema"]}
    narrow["datasets"] = {**spec.get("datasets", {}), **frame["narrow"].get("datasets", {})}
    live = ""
    if spec.get("params"):
        both = json.dumps({"wide": bare, "narrow": narrow}, ensure_ascii=False).replace("<", "\\u003c")
        live = f'<script type="application/json" class="chart-spec">{both}</script>'
    return FRAME.substitute(
        name=name,
        finding=html.escape(frame["finding"]),
        counted=html.escape(frame["counted"]),
        caveat=html.escape(frame["caveat"]),
        wide=to_svg(bare, f"{name}-w", spec["description"]),
        narrow=to_svg(narrow, f"{name}-n", spec["description"]),
        live=live,
        kind="chart live" if live else "chart",
    )


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
        try:
            page = to_html(spec, f"c-{chapter}-{data.cell_index}")
        except (ChartError, ValueError) as error:
            # Code cells are counted from 0, as nbval and `make accept` count them.
            before = element_renderer.renderer.nb_client.notebook.cells[: data.cell_index]
            number = sum(cell["cell_type"] == "code" for cell in before)
            # A warning, because builds run with warnings as errors: chapter, cell and reason, and all of them in one run.
            LOGGER.warning("%s, cell %s: %s", chapter, number, error, type="casebook", subtype="chart")
            return [nodes.paragraph(text=f"chart not published: {error}")]
        return [nodes.raw("", page, format="html")]


def row_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`{row}`zj-one-visit``: a practice's name, linked to its row, with the verdict of each check of it."""
    return _cite(
        inliner, rawtext, lineno, text, lambda ev: tables.practice_link(ev, text) + tables.verdict_badges(ev, practice=text)
    )


def check_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`{check}`check-id``: a check's verdict as symbol and word, linked to the check."""
    return _cite(inliner, rawtext, lineno, text, lambda ev: tables.check_badge(ev, text))


def source_role(name, rawtext, text, lineno, inliner, options=None, content=None):
    """`{source}`key``: a reference of references.bib, as names and year."""
    return _cite(inliner, rawtext, lineno, text, lambda ev: tables.source_short(ev, text))


def _cite(inliner, rawtext, lineno, text, make):
    try:
        return [nodes.raw(rawtext, make(_evidence()), format="html")], []
    except KeyError:
        message = inliner.reporter.error(f"no row of the evidence or of references.bib has the id {text!r}", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]


def _evidence(_loaded=[]):  # noqa: B006 (one load a build)
    if not _loaded:
        _loaded.append(evidence.load())
    return _loaded[0]


def _lighter_page(app, pagename, templatename, context, doctree):
    """Drop what the book does not use, and what throws: Thebe, which the theme sets up twice on every page."""

    def is_thebe(file):
        return "thebe" in f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}".lower()

    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not is_thebe(file)]


def _files(app, error):
    """Beside the pages: the downloads, and the Vega runtime that live charts load from the book itself."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    downloads.write(_evidence(), out / "downloads")
    snippet = "window.casebookEmbed = vegaEmbed;"
    bundle = vl_convert.javascript_bundle(snippet, vl_version=VL_VERSION)
    # In a function of its own: a classic script, which also runs from file://, and leaves no names behind.
    (out / "_static" / "vega.js").write_text(f"(function(){{{bundle}\n}})();\n", encoding="utf-8")


def setup(app):
    """Sphinx extension."""
    roles.register_local_role("row", row_role)
    roles.register_local_role("check", check_role)
    roles.register_local_role("source", source_role)
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(HERE / "static")))
    app.connect("html-page-context", _lighter_page, priority=900)
    app.connect("build-finished", _files)
    app.add_css_file("book.css")
    app.add_js_file("charts.js", loading_method="defer")
    app.add_js_file("register.js", loading_method="defer")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
