"""A table as HTML: its element, the widths of its columns, and how JupyterLab shows it."""

import re
from itertools import zip_longest

from markupsafe import Markup

from casebook.tables.cells import cell_markup
from casebook.words import joined, label

# Pixels at a window of 1280: of a table, of the room around a cell's words, and of a letter in
# DejaVu Sans, which is wider than most systems' fonts; and of the small table beside a chart.
PAGE, SMALL = (688, 20, 8.8), (672, 14, 8.1)
# How wide a character is, in tenths of such a letter, where it is not ten.
TENTHS = (
    dict.fromkeys("ijlI.,:;|!'‘’", 5) | dict.fromkeys("frt()[]-", 7) | dict.fromkeys("mwMW", 15)
)
COLUMNS = 5  # jurisdictions that stand beside each other in a table
# What a line does not break: letters without a blank or hyphen, and a short Chinese word.
UNBROKEN = re.compile(
    r"[^\s./\u2013\u4e00-\u9fff\u3000-\u303f\uff00-\uffef-]+-?|[\u4e00-\u9fff]{1,4}"
)
# A verdict's badge stays on one line: where it begins, its symbol, and its words.
BADGE = re.compile(r'(class="verdict [^>]*>)<svg .*?</svg>([^<]*)')
# A missing value as `cells.missing` makes it, and what says in which column a cell stands.
DASH = re.compile(r'<span class="missing"><span>([^<]*)</span></span>')
DASH_OR_COLUMN = re.compile(rf'{DASH.pattern}|<th (scope="row")|data-label="([^"]*)"')
# JupyterLab sets every table's text to the right, which is made for numbers. It shows words in the
# place of a dash.
TABLE_IN_LAB = (
    "<style>.jp-RenderedHTMLCommon table.casebook :is(caption, th, td) "
    "{ text-align: left; vertical-align: top; } "
    ".jp-RenderedHTMLCommon .table-key { display: none; }</style>"
)


class Table:
    """HTML of a table, and its words as plain text for a notebook without HTML."""

    def __init__(self, markup):
        self.markup = str(markup)

    def _repr_html_(self):
        return self.markup + TABLE_IN_LAB

    def __repr__(self):
        text = re.sub(r'<span class="table-key".*?</span>', "", self.markup)
        text = re.sub(r"</(td|th)>", " | ", text)
        text = re.sub(r"<[^>]+>", "", re.sub(r"</(tr|caption|p|li)>", "\n", text))
        lines = (line.strip(" |") for line in Markup(text).unescape().splitlines())
        return "\n".join(filter(None, lines))


def columns(shares):
    """The widths of a table's columns, by share.

    Given beforehand, they do not change while a long page still arrives.
    """
    column = Markup('<col style="width: {:.1f}%">')
    columns = (column.format(100 * share / sum(shares)) for share in shares)
    return Markup("<colgroup>{}</colgroup>").format(Markup("").join(columns))


def width_in_letters(text):
    """How wide a text is, in Latin letters; a Han character has the width of 1.6."""
    tenths = (16 if "\u4e00" <= char <= "\u9fff" else TENTHS.get(char, 10) for char in text)
    return sum(tenths) / 10


def measured_words(cell):
    """A cell's words to be measured.

    A verdict's badge is one word of the same width. It is set smaller.
    """

    def as_one_word(match):
        return match[1] + "_" * (1 + round(0.85 * width_in_letters(match[2])))

    text = BADGE.sub(as_one_word, str(cell).replace("<br>", " "))
    return Markup(text).striptags()


def widths(cells, room=PAGE):
    """Pixels for each column of `cells`: one list of texts a column, the heading first.

    A column has room for its longest word. The rest of a page's width is shared by how much each
    has to say.
    """
    page, around, letter = room
    least, more = [], []
    for head, *texts in cells:
        texts = [DASH.sub("–", str(text)) for text in texts]
        plain = [str(Markup(text).striptags()) for text in (head, *texts)]
        # A heading is bold, and a list stands a little to the right.
        longest = [
            width_in_letters(word) + 2.4 * ("<li>" in text)
            for text in texts
            for word in UNBROKEN.findall(measured_words(text))
        ]
        longest += [1.2 * width_in_letters(word) for word in UNBROKEN.findall(measured_words(head))]
        least.append(around + letter * min(max(longest, default=0), 20))
        length = sum(len(text) + len(re.findall(r"[\u4e00-\u9fff]", text)) for text in plain)
        more.append((length / len(plain)) ** 0.8)
    spare = max(0, page - sum(least))
    return [low + spare * share / sum(more) for low, share in zip(least, more)]


def table(headers, rows, caption, kind="cards", data=()):
    """A table from `headers`, a list of texts, and `rows`, lists of cells.

    The first cell heads its row. Cells are Markup, text or numbers. `data` has, if scripts need
    any, the `data-` attributes of each row: {name: value}.
    """
    if not rows:
        return nothing(caption)
    rows = [[cell_markup(cell) for cell in row] for row in rows]
    attributes = [{f"data-{name}": value for name, value in row.items()} for row in data]
    lines = [
        table_row(headers, row, more) for row, more in zip_longest(rows, attributes, fillvalue={})
    ]
    shares = widths(zip(headers, *rows))
    if "small" in kind or sum(shares) > PAGE[0] + 1:
        kind, shares = f"{kind.removesuffix(' small')} small", widths(zip(headers, *rows), SMALL)
    body = Markup("<tbody>{}</tbody>").format(Markup("\n").join(lines))
    return Table(table_element(kind, caption, headers, shares, [body]))


def _class(kind):
    """A class as an attribute; nothing for none."""
    return Markup(' class="{}"').format(kind) if kind else ""


def table_row(headers, cells, attributes, kinds=()):
    """A row of a table: its first cell heads it, the others say under which header they stand.

    `kinds` has a class for each cell after the first, or is empty.
    """
    first, *rest = cells
    line = Markup('<th scope="row">{}</th>').format(first)
    for header, cell, kind in zip_longest(headers[1:], rest, kinds):
        mark = _class(kind)
        line += Markup('<td{} data-label="{}">{}</td>').format(mark, header, cell)
    pairs = Markup("").join(Markup(' {}="{}"').format(*pair) for pair in attributes.items())
    return Markup("<tr{}>{}</tr>").format(pairs, line)


def table_element(kind, caption, headers, shares, bodies, style="", kinds=()):
    """A table around its `bodies`, with columns whose widths are in proportion to `shares`.

    `kind` are its classes, `kinds` has one for each head after the first, or is empty. Its
    caption goes on with what a dash in it means, if it has any.
    """
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_class(kind_of_head), header)
        for header, kind_of_head in zip_longest(headers, ("", *kinds))
    )
    style = Markup(' style="{}"').format(style) if style else ""
    start = Markup('<table class="casebook {}"{}><caption>{}</caption>{}')
    head = Markup("<thead><tr>{}</tr></thead>").format(heads)
    body = Markup("\n").join(bodies)
    caption = Markup.escape(caption) + dashes(headers, body)
    start = start.format(kind, style, caption, columns(shares))
    return start + head + body + Markup("</table>")


def dashes(headers, body):
    """The line below a table's caption that says what a dash in it means; none without a dash.

    Where it means several things, each has the columns in which it does. Screen readers pass over
    the line: they read the words in the place of a dash.
    """
    columns, column = {}, ""
    for words, is_first, label_of_cell in DASH_OR_COLUMN.findall(str(body)):
        if words:
            columns.setdefault(Markup(words), {})[column] = None
        else:
            column = Markup.escape(headers[0]) if is_first else Markup(label_of_cell)
    if not columns:
        return Markup("")
    meanings = list(columns)
    if len(columns) > 1:
        placed = Markup(label("placed"))
        meanings = [
            placed.format(name=words, more=Markup(joined(heads)))
            for words, heads in columns.items()
        ]
    line = Markup(label("dash")).format(meanings=Markup(joined(meanings)))
    return Markup(' <span class="table-key" aria-hidden="true">{}</span>').format(line)


def nothing(caption):
    """What stands in the place of a table that has no row yet."""
    text = label("valued", name=caption, value=label("nothing_coded"))
    return Table(Markup('<p class="nothing">{}</p>').format(text))
