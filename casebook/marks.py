"""The symbols of codes, drawn: a shape for each character that codes.csv has as a symbol.

A font may lack a character, or draw a hollow disc as a full one; a shape is the same everywhere.
Charts draw it as the shape of a mark, tables and prose as a small picture beside the word.
"""

from markupsafe import Markup

# SVG paths within a square from -1 to 1, as Vega takes shapes, too. All are areas to be filled: a
# hole runs the other way round than what it is in.
DISC = "M0,-1A1,1,0,0,1,0,1A1,1,0,0,1,0,-1Z"
MARKS = {
    "●": DISC,
    "◐": f"{DISC}M0,-0.62L0,0.62A0.62,0.62,0,0,0,0,-0.62Z",
    "○": f"{DISC}M0,-0.62A0.62,0.62,0,0,0,0,0.62A0.62,0.62,0,0,0,0,-0.62Z",
    "◇": "M0,-1.1L1.1,0L0,1.1L-1.1,0ZM0,-0.64L-0.64,0L0,0.64L0.64,0Z",
    "✓": "M-0.71,-0.02L-0.31,0.39L0.7,-0.78L1,-0.52L-0.29,0.97L-0.99,0.26Z",
    "±": "M-0.16,-0.95L0.16,-0.95L0.16,0.4L-0.16,0.4Z"
    "M-0.7,-0.44L0.7,-0.44L0.7,-0.12L-0.7,-0.12ZM-0.7,0.65L0.7,0.65L0.7,0.97L-0.7,0.97Z",
    "≠": "M-0.8,-0.5L0.8,-0.5L0.8,-0.18L-0.8,-0.18ZM-0.8,0.18L0.8,0.18L0.8,0.5L-0.8,0.5Z"
    "M0.27,-1.01L0.57,-0.89L-0.27,1.01L-0.57,0.89Z",
    "?": "M-0.62,-0.4A0.62,0.62,0,1,1,0.31,0.14L0.18,0.24L0.18,0.44L-0.18,0.44L-0.18,0.05"
    "L0.13,-0.17A0.26,0.26,0,1,0,-0.26,-0.4ZM0,0.58A0.21,0.21,0,0,1,0,1A0.21,0.21,0,0,1,0,0.58Z",
}
# All that it needs stands in its attributes: JupyterLab has no style sheet of ours. Its colour is
# that of the words beside it, also in the dark, in print and in forced colours. The gap before
# them is its own, so that a link's line begins with the word.
PICTURE = Markup(
    '<svg class="symbol" aria-hidden="true" focusable="false" width="1em" height="0.75em"'
    ' viewBox="-1.1 -1.1 2.93 2.2"><path fill="currentColor" d="{}"></path></svg>'
)


def drawn(symbol):
    """A symbol as an inline picture in HTML, which screen readers pass over; none for no symbol.

    KeyError for a symbol that has no shape.
    """
    return PICTURE.format(MARKS[symbol]) if symbol else Markup("")


BARS = Markup(
    '<svg class="level" aria-hidden="true" width="1em" height="1em"><symbol id="{name}" '
    'viewBox="0 0 {width} 12"><path fill="currentColor" d="{path}"></path></symbol>{use}</svg>'
)
USE = Markup('<use href="#{}"></use>')
AGAIN = Markup('<svg class="level" aria-hidden="true" width="1em" height="1em">{}</svg>')


def bars(level, of, name):
    """How much of something there is, as `of` bars of which the first `level` are full: a picture.

    Like a symbol it takes the colour of the words beside it, and says nothing to screen readers.
    Its `name` is an id, by which the page can show it `again`.
    """
    path = ""
    for at in range(of):
        high = 12 * (at + 1) // of
        path += f"M{5 * at},12v{-high}h4v{high}z"
        if at >= level:  # a hole runs the other way round
            path += f"m1,-1h2v{2 - high}h-2z"
    return BARS.format(name=name, width=5 * of - 1, path=path, use=USE.format(name))


def again(name):
    """A picture that stands on the same page already, in few bytes: a page may have hundreds."""
    return AGAIN.format(USE.format(name))
