"""What the book costs and what a reader gets, beside a stock Jupyter Book: `make bench`.

Both books are built in one run on one machine and read by one Chromium; the figures to quote are
the ratios. The stock book has the same chapters in English and the same configuration, without our
Sphinx extension; Altair's own HTML renderer shows its charts. All other hosts are blocked. Where a
figure needs the stock charts to appear at all, `play_cdn` gives them this book's runtime.
"""

import contextlib
import functools
import gzip
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import sync_playwright

from casebook import chapters
from casebook.command import Problem
from casebook.site import drawing
from casebook.site.browser import launch
from casebook.study import ROOT
from casebook.words import editions

CHAPTER_NAMES = [path.stem for path in chapters.every()]
# Slow 3G as browsers' own tools have it: 1.6 Mbit/s down, 150 ms.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
DRAWN = """() => [...document.querySelectorAll("figure")].filter((figure) =>
[...figure.querySelectorAll("svg, canvas")].some((e) => e.getBoundingClientRect().height > 50)
).length"""
SHIFT = """window.shift = 0; new PerformanceObserver((list) => {
for (const e of list.getEntries()) window.shift += e.value;
}).observe({ type: "layout-shift", buffered: true })"""
# From the first sign of a reader, a question, until the scripts have come, and order, pictures and
# words of what is in sight are there and laid out; and so from each move of a slider.
ASKED = """() => new Promise((done) => { const start = performance.now();
dispatchEvent(new Event("pointermove"));
document.querySelector("[data-ask=documented]").click();
const look = () => { document.body.offsetHeight;
  if (window.casebook.shortlist?.answer().shares) done(performance.now() - start);
  else setTimeout(look, 1); };
look(); })"""
MOVED = """async (values) => { const took = [];
const sliders = [...document.querySelectorAll("[data-weight]:not([hidden])")];
const turn = () => new Promise((go) => { const channel = new MessageChannel();
  channel.port1.onmessage = go; channel.port2.postMessage(0); });
for (const [index, value] of values.entries()) {
  const slider = sliders[index % sliders.length], start = performance.now();
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  while (!window.casebook.shortlist.answer().shares) await turn();
  document.body.offsetHeight;
  took.push(performance.now() - start);
  await new Promise((go) => setTimeout(go, 20));
}
return took; }"""
# The computation alone, of so many made-up practices by all criteria: [whole, its longest piece].
LARGE = """(count) => { const core = window.casebookShortlist;
const published = JSON.parse(document.querySelector(".shortlist-data").textContent);
const own = published.practices, number = (at) => core.uniform(published, at);
const practices = Array.from({ length: count }, (_, at) => ({ ...own[at % own.length],
  practice: `p-${at}`, values: own[0].values.map((_, column) => number(8 * at + column)) }));
const linkOf = (at) => published.links[at % published.links.length];
const links = practices.map((_, at) => [at, ...linkOf(at).slice(1)]);
const data = { ...published, practices, links, texts: practices.map(() => "") };
const judged = Object.fromEntries(practices.map(({ practice }, at) => [practice, at % 5]));
const settings = { ...core.start(), weights: [50, 50, 50, 50, 50, 50, 50, 50],
  priority: judged, feasibility: judged };
const start = performance.now(), table = core.tableOf(data, settings);
const ranked = core.rank(data, table, settings.weights);
let longest = 0, before = performance.now();
for (const _ of core.acceptability(data, table, ranked.used)) {
  const now = performance.now(); longest = Math.max(longest, now - before); before = now; }
return [performance.now() - start, longest]; }"""


def timed(command, cwd):
    """Run a command in `cwd`: (seconds, peak memory in MB of all its processes, exit code)."""
    start, peak = time.perf_counter(), 0
    # As on a reader's machine, where Python keeps what it has compiled (an empty text is no).
    variables = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(cwd)}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = psutil.Popen(command, cwd=cwd, env=variables, **silent)
    while True:
        peak = max(peak, memory(running))
        # To look takes time of a processor, too: twice a second.
        with contextlib.suppress(psutil.TimeoutExpired):
            running.wait(0.5)
            break
    return time.perf_counter() - start, peak, running.returncode


def memory(process):
    """Memory in MB of a process and all that it started, what they share counted once."""
    total = 0
    children = process.children(recursive=True) if process.is_running() else []
    for each in [process, *children]:
        with contextlib.suppress(psutil.Error):  # it has just ended
            total += each.memory_full_info().pss
    return total / 2**20


def write_stock(folder):
    """Make `folder` with the sources of the stock book: stock extensions, plain citations."""
    shutil.copytree(ROOT / "chapters", folder / "chapters")
    shutil.copy(ROOT / "_toc.yml", folder)
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    config = config.replace("  extra_extensions:\n    - casebook.site.sphinx\n", "")
    config = re.sub(r"    +(nb_ipywidgets_js|article_header_end):.*\n", "", config)
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    load, renderer = "ev = evidence.load()", "import altair\naltair.renderers.enable('html')\n"
    for chapter in (folder / "chapters").glob("*.md"):
        text = re.sub(r"\{(row|check|source)\}`", "`", chapter.read_text(encoding="utf-8"))
        chapter.write_text(text.replace(load, renderer + load, 1), encoding="utf-8")


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
    """One built book on the loopback, read by a browser that every other host is blocked for."""

    def __init__(self, browser, folder):
        handler = functools.partial(Zipped, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host, self.browser = f"http://127.0.0.1:{self.server.server_port}", browser

    @contextlib.contextmanager
    def open(self, chapter, slow=False, wait="networkidle", **options):
        """Open a chapter: (page, sizes in bytes of own files on the wire, foreign addresses)."""
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        page = self.browser.new_context(**options).new_page()
        wire, foreign = [], []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        if slow:
            session.send("Network.emulateNetworkConditions", SLOW)
        session.on("Network.loadingFinished", lambda event: wire.append(event["encodedDataLength"]))

        def route(asked):
            if asked.request.url.startswith((self.host, "data:", "blob:")):
                return asked.continue_()
            foreign.append(asked.request.url)
            return asked.abort()

        page.route("**/*", route)
        page.add_init_script(SHIFT)
        page.goto(f"{self.host}/chapters/{chapter}.html", wait_until=wait)
        yield page, wire, foreign
        page.context.close()

    def drawn(self, **options):
        """All chapters together: (charts that a reader sees, requests to other hosts)."""
        charts = requests = 0
        for chapter in CHAPTER_NAMES:
            with self.open(chapter, **options) as (page, _, foreign):
                charts += page.evaluate(DRAWN)
                requests += len(foreign)
        return charts, requests

    def size(self, chapter):
        """The compressed size in kB of what a first view of a chapter asks for."""
        with self.open(chapter) as (_, wire, _):
            return sum(wire) / 1024

    def until_drawn(self, chapter, charts):
        """Milliseconds until `charts` charts are visible on a slow line, or infinity; the shift."""
        with self.open(chapter, slow=True, wait="commit") as (page, _, _):
            late = time.monotonic() + 60
            # wait_for_function evaluates text in the page, which the book's policy refuses.
            while page.evaluate(DRAWN) < charts:
                if time.monotonic() > late:
                    return float("inf"), float("nan")
                page.wait_for_timeout(20)
            took = page.evaluate("performance.now()")
            page.wait_for_load_state("networkidle")
            return took, page.evaluate("shift")


def play_cdn(pages):
    """Let a stock book's pages have one bundle of this book for the three scripts of the CDN."""
    bundle = drawing.runtime() + b"window.vegaEmbed = window.casebookEmbed;"
    (pages.parent / "vega-embed.js").write_bytes(bundle)
    for name in ("vega", "vega-lite"):
        (pages.parent / f"{name}.js").write_text("", encoding="utf-8")
    for page in pages.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        cdn = r"https://cdn\.jsdelivr\.net/npm/(vega[a-z-]*)@[^\"]*"
        page.write_text(re.sub(cdn, r"../\1.js", text), encoding="utf-8")


def line(name, own, stock=None, unit="", digits=0):
    """Print one row of the report: this book, the stock one and their ratio, as far as known."""
    text = f"{name:58}" + f"{own:>10.{digits}f} {unit:<3}"
    if stock is not None:
        ratio = f"{own / stock:.2f}" if stock else "–"
        text += f"{stock:>10.{digits}f} {unit:<3}{ratio:>8}"
    print(text, flush=True)


def build_both(folder, plain):
    """Build this book in `folder` and the stock one in `plain`, and print what that costs.

    Raises Problem if a build fails.
    """
    apart = shutil.ignore_patterns(".*", "_build", "tests", "docs", "__pycache__", "*.mo")
    shutil.copytree(ROOT, folder, ignore=apart)
    write_stock(plain)
    build = [sys.executable, "-m", "casebook", "book"]
    jupyter_book = str(Path(sys.executable).with_name("jupyter-book"))
    stock = timed([jupyter_book, "build", str(plain), "--all", "-q"], plain)
    cold = timed(build, folder)
    chapter = folder / "chapters" / "method.md"
    text = chapter.read_text(encoding="utf-8").replace("## How to cite", "## How to cite this")
    chapter.write_text(text, encoding="utf-8")
    edited, unchanged = timed(build, folder), timed(build, folder)
    load = [sys.executable, "-c", "from casebook import evidence; evidence.load()"]
    if any(code for *_, code in (stock, cold, edited, unchanged)):
        raise Problem("a build failed: run make book")
    print(f"{'':58}{'this book':>14}{'stock':>14}{'ratio':>8}")
    line(f"cold build, {len(editions())} editions, all executed", cold[0], stock[0], "s", 1)
    line("build after an edit in one chapter's prose", edited[0], stock[0], "s", 1)
    line("    as a share of the cold build", 100 * edited[0] / cold[0], unit="%")
    line("    with nothing changed, as a share", 100 * unchanged[0] / cold[0], unit="%", digits=1)
    line("peak memory of all processes together", cold[1], stock[1], "MB")
    line("load and validate the evidence", timed(load, folder)[0], unit="s", digits=1)


def read_both(browser, pages, stock_pages):
    """Print the figures that a reader meets, of this book in `pages` and of the stock one."""
    own, stock = Reader(browser, pages), Reader(browser, stock_pages)
    charts = {
        name: (pages / "chapters" / f"{name}.html").read_text(encoding="utf-8").count("<figure ")
        for name in CHAPTER_NAMES
    }
    (drawn, foreign), (stock_drawn, stock_foreign) = own.drawn(), stock.drawn()
    share = 100 / sum(charts.values())
    line("charts visible, all other hosts blocked", share * drawn, share * stock_drawn, "%")
    silent = [reader.drawn(java_script_enabled=False)[0] for reader in (own, stock)]
    line("charts visible, scripts off", share * silent[0], share * silent[1], "%")
    line("requests to other hosts, all chapters", foreign, stock_foreign)
    play_cdn(stock_pages / "chapters")
    sizes = {name: own.size(name) for name in CHAPTER_NAMES}
    heavy = max(sizes, key=sizes.get)
    line(f"first view, compressed, of {heavy}", sizes[heavy], stock.size(heavy), "kB")
    times = {name: own.until_drawn(name, charts[name]) for name in CHAPTER_NAMES}
    took, shift = stock.until_drawn(heavy, charts[heavy])
    line("    until every chart is visible, 1.6 Mbit/s", times[heavy][0], took, "ms")
    line("    layout shift", times[heavy][1], shift, digits=3)
    line("layout shift, the worst chapter", max(shift for _, shift in times.values()), digits=3)
    with own.open("jiangsu") as (page, _, _):
        line("shortlist: ordered after the first question", page.evaluate(ASKED), unit="ms")
        page.wait_for_timeout(500)
        moves = sorted(page.evaluate(MOVED, [37 * move % 101 for move in range(200)]))
        whole, piece = page.evaluate(LARGE, 500)
    line("    a slider moves: all is updated (median)", moves[100], unit="ms", digits=1)
    line("    the slowest of 200", moves[-1], unit="ms", digits=1)
    line("    of 500 practices, computed", whole, unit="ms", digits=1)
    line("    its longest piece, between which a hand is heard", piece, unit="ms", digits=1)


def main():
    """Build both, read both, print figures and ratios. Returns the exit code.

    Raises Problem if a build fails or there is no browser.
    """
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = launch(playwright)
        folder, plain = Path(temporary) / "own", Path(temporary) / "stock"
        build_both(folder, plain)
        read_both(browser, folder / "_build" / "html", plain / "_build" / "html")
    return 0
