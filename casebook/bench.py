"""What the book costs, beside the stock Jupyter Book and Altair build of the same chapters: `make bench`.

Both are built in one run on one machine; the figures to quote are the ratios. The stock book is the same chapters and
configuration without this package's Sphinx extension, its charts shown by Altair's own HTML renderer.
"""

import gzip
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from casebook.build import OUT, ROOT, tool

CHAPTERS = sorted((ROOT / "chapters").glob("*.md"))


def timed(command, cwd):
    """Run a command; returns (seconds, peak memory in MB of the largest process so far, exit code)."""
    start = time.perf_counter()
    code = subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - start, peak, code


def stock(folder):
    """A copy of the book that this package does not publish: stock extensions, Altair's own renderer, plain citations."""
    shutil.copytree(ROOT / "chapters", folder / "chapters")
    shutil.copy(ROOT / "_toc.yml", folder)
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    config = re.sub(r"  extra_extensions:\n    - casebook.publish\n", "", config)
    config = re.sub(r"    nb_ipywidgets_js:.*\n", "", config)
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    for chapter in (folder / "chapters").glob("*.md"):
        text = re.sub(r"\{(row|check)\}`", "`", chapter.read_text(encoding="utf-8"))
        text = text.replace("ev = evidence.load()", "import altair\naltair.renderers.enable('html')\nev = evidence.load()", 1)
        chapter.write_text(text, encoding="utf-8")


def first_view(html):
    """Compressed bytes of a page and of the local files that it asks for at once."""
    text = html.read_text(encoding="utf-8")
    files = {html}
    for address in re.findall(r'<(?:script|link)[^>]*?(?:src|href)="([^"#?]+)', text):
        path = (html.parent / address).resolve()
        if path.is_file() and path.suffix in (".js", ".css", ".woff2"):
            files.add(path)
    return sum(len(gzip.compress(path.read_bytes(), 6, mtime=0)) for path in files)


def main():
    """Build both, print a table of figures and ratios; exit code 1 if a build fails."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        stock(folder)
        command = [tool("jupyter-book"), "build", str(folder), "--all", "-q"]
        stock_time, stock_peak, failed = timed(command, folder)
        pages = folder / "_build" / "html" / "chapters"
        sizes = {c.stem: first_view(pages / f"{c.stem}.html") for c in CHAPTERS if not failed}
    own_time, own_peak, own_failed = timed([sys.executable, "-m", "casebook.build", "book"], ROOT)
    again, _, _ = timed([sys.executable, "-m", "casebook.build", "book"], ROOT)
    if failed or own_failed:
        print("a build failed: run make book", file=sys.stderr)
        return 1
    check, _, _ = timed([sys.executable, "-c", "from casebook import evidence; evidence.load()"], ROOT)
    print(f"{'figure':44}{'this book':>12}{'stock':>12}{'ratio':>8}")

    def line(name, own, other, unit):
        print(f"{name:44}{own:>9.1f} {unit:<2}{other:>9.1f} {unit:<2}{own / other:>8.2f}")

    line("cold build, every chapter executed", own_time, stock_time, "s")
    line("build again", again, stock_time, "s")
    line("peak memory of one process", own_peak, stock_peak, "MB")
    for chapter in CHAPTERS:
        page = OUT / "html" / "chapters" / f"{chapter.stem}.html"
        line(f"{chapter.stem}: first view, gzip", first_view(page) / 1024, sizes[chapter.stem] / 1024, "kB")
    print("(the stock pages ask other hosts for Vega and more besides, which is not counted here)")
    print(f"{'load and validate the evidence':44}{check:>9.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
