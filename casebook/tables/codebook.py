"""The codebook and the data dictionary."""

from markupsafe import Markup

from casebook import marks
from casebook.evidence import MISSING
from casebook.tables.cells import also_printed, cell_markup, practice_link, translated, with_markup
from casebook.tables.html import Table, table
from casebook.words import LABELS, label, say, some


def as_code(text):
    """An id, a code or a file's name, as such."""
    return Markup("<code>{}</code>").format(text)


def variable_name(variable):
    """A variable of the codebook: its code, after its name where the edition has one."""
    key, code = f"variable_{variable}", as_code(variable)
    name = label(key) if key in LABELS else variable
    return code if name == variable else Markup(label("placed")).format(name=name, more=code)


def as_codes(texts):
    """Codes as a list."""
    return Markup(label("comma")).join(as_code(text) for text in texts)


def codes_in_use(ev):
    """The codes that have an example, which a code without a row has not.

    Verdicts stand there all, once there is one: that none is `contradicted` is a finding.
    """
    used = ~ev.codes.example.isin(MISSING)
    return ev.codes[used | ((ev.codes.variable == "verdict") & (len(ev.source_checks) > 0))]


def codebook(ev, variable):
    """The codes of one variable in use: names, question, definition, rules, example, near miss."""
    rows = codes_in_use(ev).query("variable == @variable")
    body = []
    for r in rows.itertuples():
        symbol = marks.drawn(ev.symbol(r.variable, r.code))
        name = Markup("{}<strong>{}</strong><br>{}").format(symbol, r.name, as_code(r.code))
        is_practice = r.example in ev.practice_names
        example = practice_link(ev, r.example) if is_practice else as_code(r.example)
        parts = {
            "": r.question,
            say("Means"): r.definition,
            say("Include"): r.include,
            say("Exclude"): r.exclude,
            say("Example"): r.example if r.example in MISSING else example,
            say("Near miss"): r.near_miss,
        }
        parts = {part: cell_markup(text) for part, text in parts.items() if text not in MISSING}
        lines = [
            Markup("<p>{}</p>").format(
                with_markup("valued", "name", "<strong>{}</strong>", name=part, value=text)
                if part
                else text
            )
            for part, text in parts.items()
        ]
        body.append([name + also_printed(ev, r), Markup("").join(lines)])
    caption = Markup(say("Codes of {variable}")).format(variable=variable_name(variable))
    return table([say("Code"), say("Question and rules")], body, caption)


def folded(parts):
    """Several tables, each behind a line that opens it: `parts` is a list of (summary, Table)."""
    fold = Markup("<details><summary>{}</summary>{}</details>")
    folds = (fold.format(summary, Markup(part.markup)) for summary, part in parts)
    return Table(Markup("\n").join(folds))


def codebooks(ev):
    """The whole codebook, one folded table a variable, of the codes in use."""
    parts = []
    for variable, n in codes_in_use(ev).groupby("variable", sort=False).size().items():
        name = variable_name(variable)
        summary = some("{variable}, {n} code", "{variable}, {n} codes", n, variable=name)
        parts.append((Markup(summary), codebook(ev, variable)))
    return folded(parts)


def dictionary(ev):
    """The data dictionary: a folded table of fields for each table of datapackage.json."""
    heads = [say("Field"), say("Meaning"), say("Values"), say("Required")]
    parts = []
    for resource in ev.package["resources"]:
        body = []
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            values = as_codes(rules["enum"]) if "enum" in rules else label(field["type"])
            required = say("yes") if rules.get("required") else say("may be missing")
            meaning = translated(field["description"])
            body.append([as_code(field["name"]), meaning, values, required])
        file = as_code(resource["path"])
        link = Markup('<a href="../downloads/{0}" download>{0}</a>').format(resource["path"])
        download = Markup("<p>{}</p>").format(
            Markup(say("Take it along: {files}")).format(files=link)
        )
        summary = Markup(say("{file} – {description}")).format(
            file=file, description=translated(resource["description"])
        )
        caption = Markup(say("Fields of {file}; key: {key}")).format(
            file=file, key=as_codes(resource["schema"]["primaryKey"])
        )
        parts.append((summary, Table(download + Markup(table(heads, body, caption).markup))))
    return folded(parts)
