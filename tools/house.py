"""A drawing of the house: the wings of the package from the top to the ground, and their imports.

`python -m casebook house` writes docs/house.svg. The order is that of the contract in
pyproject.toml, which `lint-imports` holds; the arrows are the imports that grimp finds.
"""

import tomllib

import grimp

from casebook.study import ROOT

DRAWING = ROOT / "docs" / "house.svg"
EDGE, RIGHT, STEP = 20, 420, 48  # the sides of a box, and from one box to the next
STYLE = """text { font: 14px system-ui, sans-serif; fill: #1f2328 }
rect { fill: #f6f8fa; stroke: #57606a }
path { fill: none; stroke: #0969da; stroke-width: 1.5; marker-end: url(#tip) }
.also { opacity: .25 }"""
TIP = '<marker id="tip" orient="auto" refX="6" refY="3" markerWidth="7" markerHeight="6">'
TIP += '<path d="M0 0L6 3L0 6z" style="fill: #0969da; stroke: none; marker-end: none"/></marker>'


def wings_and_imports():
    """Each layer's wings as a list of names, and the pairs of numbers (upper, lower) of layers."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    graph = grimp.build_graph("casebook", cache_dir=None)
    wings = graph.find_children("casebook")
    layers = []
    for text in settings["tool"]["importlinter"]["contracts"][0]["layers"]:
        layers.append([name for name in text.split(" : ") if f"casebook.{name}" in wings])
    layer_of = {name: number for number, names in enumerate(layers) for name in names}
    pairs = {
        (layer_of[importer.split(".")[1]], layer_of[imported.split(".")[1]])
        for importer in graph.modules - {"casebook"}
        for imported in graph.find_modules_directly_imported_by(importer) - {"casebook"}
    }
    return layers, {(upper, lower) for upper, lower in pairs if upper != lower}


def drawing():
    """The SVG text: a box for a layer, an arrow for an import, pale where a longer way says it."""
    layers, pairs = wings_and_imports()
    parts = [f"<style>{STYLE}</style><defs>{TIP}</defs>"]
    for number, names in enumerate(layers):
        y = STEP * number
        parts.append(f'<rect x="{EDGE}" y="{y + 10}" width="{RIGHT - EDGE}" height="30" rx="5"/>')
        parts.append(f'<text x="{EDGE + 12}" y="{y + 30}">{" · ".join(names)}</text>')
    for upper, lower in sorted(pairs):
        also = any((upper, mid) in pairs and (mid, lower) in pairs for mid in range(len(layers)))
        start, end, bend = STEP * upper + 30, STEP * lower + 20, RIGHT + 40 * (lower - upper)
        path = f"M{RIGHT} {start}C{bend} {start} {bend} {end} {RIGHT} {end}"
        parts.append(f'<path class="{"also" if also else "needs"}" d="{path}"/>')
    # A curve reaches three quarters of the way to its bend.
    width = RIGHT + 30 * max(lower - upper for upper, lower in pairs) + EDGE
    size = f'width="{width}" height="{STEP * len(layers)}" style="background: #fff"'
    label = 'role="img" aria-label="Which wing of the package imports which"'
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}>', *parts, "</svg>\n"]
    )


def main():
    """Write docs/house.svg. Returns the exit code."""
    DRAWING.write_text(drawing(), encoding="utf-8")
    return 0
