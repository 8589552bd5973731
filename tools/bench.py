"""What the book costs and what a reader gets, beside the stock Jupyter Book and Altair build of the same chapters: `make bench`.

Both are built in one run on one machine and read by one Chromium; the figures to quote are the ratios. This book is a
copy of the project with every edition, the stock book the same chapters in English and the same configuration without this
package's Sphinx extension, its charts shown by Altair's own HTML renderer. Where a figure needs the stock charts to appear at all, its CDN is played by the same server with the same
runtime as this book's, in place of three scripts; everywhere else all other hosts are blocked.
"""

import contextlib
import functools
import gzip
import http.server
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
from playwright.sync_api import sync_playwright

from casebook import chapters, evidence, explorer
from casebook.charts.frame import drawings
from casebook.charts.renderer import MIME
from casebook.explorer import ranking
from casebook.proof import accept
from casebook.site import drawing, figure
from casebook.site.browser import NoBrowser, launch
from casebook.site.build import tool
from casebook.study import ROOT
from casebook.words import editions

CHAPTERS = [path.stem for path in chapters.every()]
# Slow 3G as browsers' own tools have it: 1.6 Mbit/s down, 150 ms.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
DRAWN = """() => [...document.querySelectorAll("figure")].filter((figure) =>
[...figure.querySelectorAll("svg, canvas")].some((e) => e.getBoundingClientRect().height > 50)).length"""
# The page's own explorer: from the first touch until its chart is live, and moves of its sliders until order, bars, shades
# and words of what is in sight are there and laid out.
TOUCHED = """() => new Promise((done) => { const form = document.querySelector(".explorer-form"), start = performance.now();
const look = () => (document.querySelector("#chart-fig-priorities .chart-now svg") ? done(performance.now() - start) : setTimeout(look, 1));
form.dispatchEvent(new PointerEvent("pointerenter")); look(); })"""
MOVED = """async (points) => { const sliders = [...document.querySelectorAll("[data-weight]:not([disabled])")], took = [];
for (const [index, value] of points.entries()) { const slider = sliders[index % sliders.length]; slider.value = value; const start = performance.now();
slider.dispatchEvent(new Event("input", { bubbles: true }));
while (!window.casebook.explorer.answer().near) await new Promise((go) => { const c = new MessageChannel(); c.port1.onmessage = go; c.port2.postMessage(0); });
document.body.offsetHeight; took.push(performance.now() - start); await new Promise((go) => setTimeout(go, 20)); } return took; }"""
# The stock way: the same specification as Altair's HTML shows it, its own signals, a canvas, and no acceptability.
STOCK_MOVED = """async ([spec, points]) => { const place = document.createElement("div"); document.querySelector("main").append(place);
const { view } = await window.casebookEmbed(place, spec, {}); const took = [];
for (const [index, value] of points.entries()) { const start = performance.now(); view.signal("w" + (index % 6 + 1), value); view.run();
document.body.offsetHeight; took.push(performance.now() - start); await new Promise((go) => setTimeout(go, 20)); } return took; }"""
SHIFT = """window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value; })
.observe({ type: "layout-shift", buffered: true })"""


def timed(command, cwd):
    """Run a command on the package in `cwd`; returns (seconds, peak memory in MB of all its processes together, exit code)."""
    start, peak = time.perf_counter(), 0
    # As on a reader's machine, where Python keeps what it has compiled.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(cwd)}
    running = psutil.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        peak = max(peak, memory(running))
        with contextlib.suppress(psutil.TimeoutExpired):  # to look takes time of a processor, too: twice a second
            running.wait(0.5)
            break
    return time.perf_counter() - start, peak, running.returncode


def memory(process):
    """Memory in MB of a process and all that it started, what they share counted once; 0 for those that just ended."""
    total = 0
    for one in [process, *(process.children(recursive=True) if process.is_running() else ())]:
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total / 2**20


def project(folder):
    """Write into `folder` a copy of the project as it is, without what was built from it."""
    for name in ("casebook", "chapters", "data", "locale"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("_config.yml", "_toc.yml", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)


def stock(folder):
    """Write into `folder` the sources of a book that this package does not publish: stock extensions, plain citations."""
    shutil.copytree(ROOT / "chapters", folder / "chapters")
    shutil.copy(ROOT / "_toc.yml", folder)
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    config = re.sub(r"  extra_extensions:\n    - casebook.site.sphinx\n", "", config)
    config = re.sub(r"    +(nb_ipywidgets_js|article_header_end):.*\n", "", config)
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    for chapter in (folder / "chapters").glob("*.md"):
        text = re.sub(r"\{(row|check|source)\}`", "`", chapter.read_text(encoding="utf-8"))
        text = text.replace("ev = evidence.load()", "import altair\naltair.renderers.enable('html')\nev = evidence.load()", 1)
        chapter.write_text(text, encoding="utf-8")


class Zipped(http.server.SimpleHTTPRequestHandler):
    """A static host that compresses text, as hosts do."""

    def do_GET(self):
        path = Path(self.translate_path(urlsplit(self.path).path))
        if path.suffix not in (".html", ".js", ".css", ".svg", ".json") or not path.is_file():
            return super().do_GET()
        raw = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *arguments):
        pass


class Reader:
    """One book on the loopback, read by a browser: `address` of its chapters, `pages` that block every other host."""

    def __init__(self, browser, folder):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Zipped, directory=str(folder)))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host, self.browser = f"http://127.0.0.1:{self.server.server_port}", browser

    def page(self, slow=False, **context):
        """A page with what it asked for: (page, bytes of own files on the wire, addresses of other hosts)."""
        page = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}).new_page()
        wire, foreign = [], []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        if slow:
            session.send("Network.emulateNetworkConditions", SLOW)
        session.on("Network.loadingFinished", lambda event: wire.append(event["encodedDataLength"]))

        def route(request):
            if request.request.url.startswith((self.host, "data:", "blob:")):
                return request.continue_()
            foreign.append(request.request.url)
            return request.abort()

        page.route("**/*", route)
        page.add_init_script(SHIFT)
        return page, wire, foreign

    def open(self, chapter, **options):
        page, wire, foreign = self.page(**options)
        page.goto(f"{self.host}/chapters/{chapter}.html")
        page.wait_for_load_state("networkidle")
        return page, sum(wire), foreign

    def drawn(self, chapter, **options):
        """How many charts of a chapter a reader sees."""
        page, _, foreign = self.open(chapter, **options)
        count = page.evaluate(DRAWN)
        page.context.close()
        return count, len(foreign)

    def until_drawn(self, chapter, charts):
        """Milliseconds until `charts` charts are visible on a slow line, and the layout shift by then; None if never."""
        page, _, _ = self.page(slow=True)
        page.goto(f"{self.host}/chapters/{chapter}.html", wait_until="commit")
        late = time.monotonic() + 60
        while page.evaluate(DRAWN) < charts:  # wait_for_function evaluates text in the page, which the book's policy refuses
            if time.monotonic() > late:
                return float("inf"), float("nan")
            page.wait_for_timeout(20)
        took = page.evaluate("performance.now()")
        page.wait_for_load_state("networkidle")
        shift = page.evaluate("shift")
        page.context.close()
        return took, shift


def own_cdn(pages):
    """Let a stock book's pages take their runtime from their own host: one bundle in place of three scripts."""
    bundle = drawing.runtime() + b"window.vegaEmbed = window.casebookEmbed;"
    (pages.parent / "cdn.js").write_bytes(bundle)
    (pages.parent / "none.js").write_text("", encoding="utf-8")
    for page in pages.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(r"https://cdn\.jsdelivr\.net/npm/vega-embed@[^\"]*", "../cdn.js", text)
        page.write_text(re.sub(r"https://cdn\.jsdelivr\.net/npm/vega[^\"]*", "../none.js", text), encoding="utf-8")


def per_chart():
    """Seconds that one chart costs in a build, drawn anew and taken from the cache: medians over all charts of the book."""
    specs = []
    for path in sorted(accept.REFERENCES.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            specs += [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
    taken, drawing.CACHE = [], Path(tempfile.mkdtemp())
    for _ in range(2):
        times = []
        for number, spec in enumerate(specs):
            start = time.perf_counter()
            figure.to_html(json.loads(json.dumps(spec)), f"fig-{number}")
            figure.files(spec)
            times.append(time.perf_counter() - start)
        taken.append((sorted(times)[len(times) // 2], max(times)))
    shutil.rmtree(drawing.CACHE)
    return taken, len(specs)


def alive(reader):
    """Milliseconds from the first touch of the live chart until it is drawn (unthrottled), and the runtime's bytes on the wire."""
    page, wire, _ = reader.page()
    page.goto(f"{reader.host}/chapters/jiangsu.html")
    page.wait_for_load_state("networkidle")
    before = len(wire)
    took = page.evaluate(
        """() => new Promise((done) => { const chart = document.querySelector("#chart-fig-precedents .chart-drawing");
        const start = performance.now(); new MutationObserver(() => { if (chart.querySelector(".chart-now svg")) done(performance.now() - start); })
        .observe(chart, { childList: true }); chart.dispatchEvent(new PointerEvent("pointerenter")); })"""
    )
    page.wait_for_load_state("networkidle")
    page.context.close()
    return took, sum(wire[before:])


def explored(reader):
    """The explorer: ready after (ms), and its moves here and the stock way (lists of ms)."""
    ev = evidence.load()
    answer = ranking.ranked(ev)
    frame = {"finding": "The same.", "caveat": "The same.", "names": explorer.names(ev), "criteria": explorer.criteria(ev)}
    chart = explorer.steps_in_order(answer, ranking.EQUAL, ranking.words(ev), **frame)
    spec, _ = drawings(chart.to_dict())
    rng = random.Random(2)
    points = [rng.randrange(101) for _ in range(200)]
    page, _, _ = reader.open("jiangsu", bypass_csp=True)  # the stock way makes functions of text
    ready = page.evaluate(TOUCHED)
    page.wait_for_timeout(500)
    moves = page.evaluate(MOVED, points)
    stock_moves = page.evaluate(STOCK_MOVED, [spec, points])
    page.context.close()
    return ready, moves, stock_moves


def line(name, own, other=None, unit="", digits=0):
    """One row of the report: this book, the stock one and their ratio, as far as there are."""
    text = f"{name:58}" + f"{own:>10.{digits}f} {unit:<3}"
    if other is not None:
        text += f"{other:>10.{digits}f} {unit:<3}" + (f"{own / other:>8.2f}" if other else f"{'–':>8}")
    print(text, flush=True)


def main():
    """Build both, read both, print figures and ratios; exit code 1 if a build fails or there is no browser."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, plain = Path(temporary) / "own", Path(temporary) / "stock"
        for one, write in ((folder, project), (plain, stock)):
            one.mkdir()
            write(one)
        build = [sys.executable, "-m", "casebook", "book"]
        stock_time, stock_peak, failed = timed([tool("jupyter-book"), "build", str(plain), "--all", "-q"], plain)
        own_time, own_peak, own_failed = timed(build, folder)
        chapter = folder / "chapters" / "method.md"
        chapter.write_text(chapter.read_text(encoding="utf-8").replace("## How to cite", "## How to cite this"), encoding="utf-8")
        again, _, again_failed = timed(build, folder)
        nothing, _, nothing_failed = timed(build, folder)
        if failed or own_failed or again_failed or nothing_failed:
            print("a build failed: run make book", file=sys.stderr)
            return 1
        check, _, _ = timed([sys.executable, "-c", "from casebook import evidence; evidence.load()"], folder)
        print(f"{'':58}{'this book':>14}{'stock':>14}{'ratio':>8}")
        line(f"cold build, {len(editions())} editions, every chapter executed and drawn", own_time, stock_time, "s", 1)
        line("build after an edit in one chapter's prose", again, stock_time, "s", 1)
        line("    as a share of the cold build", 100 * again / own_time, unit="%")
        line("build with nothing changed, as a share of the cold build", 100 * nothing / own_time, unit="%", digits=1)
        line("peak memory of all processes together", own_peak, stock_peak, "MB")
        line("load and validate the evidence", check, unit="s", digits=1)
        ((cold, worst), (cached, _)), count = per_chart()
        line(f"one chart in the build, drawn anew (median of {count})", 1000 * cold, unit="ms")
        line("    the slowest of them", 1000 * worst, unit="ms")
        line("    from the cache", 1000 * cached, unit="ms")
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright)
                read(browser, folder / "_build" / "html", plain / "_build" / "html")
        except NoBrowser as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def read(browser, pages, stock_pages):
    """The figures that a reader meets, of this book in `pages` and of the stock one in `stock_pages`."""
    own, other = Reader(browser, pages), Reader(browser, stock_pages)
    charts = {c: (pages / "chapters" / f"{c}.html").read_text(encoding="utf-8").count("<figure ") for c in CHAPTERS}
    total = sum(charts.values())
    quiet = [sum(r.drawn(c, java_script_enabled=True)[0] for c in CHAPTERS) for r in (own, other)]
    line("charts visible, all other hosts blocked", 100 * quiet[0] / total, 100 * quiet[1] / total, "%")
    silent = []
    for reader in (own, other):
        pages = [(reader.open(c, java_script_enabled=False)[0], c) for c in CHAPTERS]
        shown = sum(p.evaluate(DRAWN) for p, _ in pages)
        silent.append(shown)
        for page, _ in pages:
            page.context.close()
    line("charts visible, scripts off", 100 * silent[0] / total, 100 * silent[1] / total, "%")
    line("requests to other hosts, all chapters", *(sum(r.drawn(c)[1] for c in CHAPTERS) for r in (own, other)))
    own_cdn(stock_pages / "chapters")
    first = {}
    for chapter in CHAPTERS:
        sizes = []
        for reader in (own, other):
            page, size, _ = reader.open(chapter)
            page.context.close()
            sizes.append(size / 1024)
        first[chapter] = sizes
    heaviest = max(first, key=lambda c: first[c][0])
    line(f"first view, compressed, of the heaviest chapter ({heaviest})", *first[heaviest], "kB")
    (took, shift), (stock_took, stock_shift) = (r.until_drawn(heaviest, charts[heaviest]) for r in (own, other))
    line("    until every chart is visible, 1.6 Mbit/s, 150 ms", took, stock_took, "ms")
    line("    layout shift", shift, stock_shift, digits=3)
    shifts = [own.until_drawn(chapter, charts[chapter])[1] for chapter in CHAPTERS]
    line("layout shift, the worst chapter", max(shifts), digits=3)
    took, size = alive(own)
    line("first touch until the chart is live", took, unit="ms")
    line("    runtime, compressed, once", size / 1024, unit="kB")
    ready, moves, stock_moves = explored(own)
    line("explorer: ready after the first touch", ready, unit="ms")
    middle, stock_middle = (sorted(took)[len(took) // 2] for took in (moves, stock_moves))
    line("    a slider moves: all updated, acceptability included", middle, stock_middle, "ms", 1)
    line("    the slowest of 200", max(moves), max(stock_moves), "ms", 1)
