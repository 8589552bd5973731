"""The coding for other tools of qualitative analysis: `casebook qda`.

`casebook.qdpx` is a REFI-QDA project: the codebook, the coders, a case for each practice and, where
the article is at hand, its text with the practices as selections that carry every coder's codes.
`casebook.qdc` is the codebook alone, `codebook.csv` the codebook as Taguette imports it. The format
is REFI-QDA 1.5 of the Rotterdam Exchange Format Initiative (2019).
"""

import argparse
import csv
import io
import uuid
import zipfile
from collections import defaultdict
from xml.etree import ElementTree

from casebook import evidence
from casebook.evidence.schema import JOIN, MISSING, created_on
from casebook.proof import article, located
from casebook.study import ROOT, put

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold: the same data, the same bytes
SOURCE_NAME = "article"


def guid(*names):
    """The identifier of a thing by its names, the same in every export: a text."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "casebook/" + "/".join(names)))


def add(parent, tag, text=None, **attributes):
    """A new element below `parent`, which it gives back."""
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def rule(row):
    """What a code stands for, of a row of codes.csv: definition, what is in, what is out."""
    return f"{row.name}. {row.definition} + {row.include} – {row.exclude}"


def add_codes(parent, codes):
    """The codebook below `parent`: an element for each variable, its codes in it."""
    every = add(parent, "Codes")
    for variable, rows in codes.groupby("variable", sort=False):
        above = add(every, "Code", guid=guid(variable), name=variable, isCodable="false")
        for row in rows.itertuples():
            name, code = f"{variable}: {row.code}", guid(variable, row.code)
            below = add(above, "Code", guid=code, name=name, isCodable="true")
            add(below, "Description", rule(row))


def codebook(ev):
    """The codebook as the bytes of a `.qdc`."""
    root = ElementTree.Element("CodeBook", xmlns=CODEBOOK, origin="casebook")
    add_codes(root, ev.codes)
    return as_bytes(root)


def codebook_rows(ev):
    """The codebook as Taguette imports it, the bytes of a CSV: name, description."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "description"])
    writer.writerows([f"{row.variable}.{row.code}", rule(row)] for row in ev.codes.itertuples())
    return out.getvalue().encode("utf-8")


def project(ev, text=None):
    """The project as {name in the zip: bytes}; `text` is the article's, or None without it."""
    day = created_on(ev.package).strftime("%Y-%m-%dT%H:%M:%SZ")
    first = guid("coder", ev.coders.coder.iloc[0])
    root = ElementTree.Element(
        "Project",
        xmlns=PROJECT,
        name=ev.package["name"],
        origin="casebook",
        creatingUserGUID=first,
        creationDateTime=day,
    )
    users = add(root, "Users")
    for coder in ev.coders.itertuples():
        add(users, "User", guid=guid("coder", coder.coder), name=coder.coder)
    add_codes(add(root, "CodeBook"), ev.codes)
    parts = article.split(text) if text else {}
    add_cases(root, ev, parts)
    files = {}
    if parts:
        files[f"Sources/{guid(SOURCE_NAME)}.txt"] = add_source(root, ev, parts, day)
    return {"project.qde": as_bytes(root), **files}


def add_cases(root, ev, parts):
    """A case for each practice: its name, its section and jurisdiction, its selections."""
    variables, cases = add(root, "Variables"), add(root, "Cases")
    for name in ("section", "province"):
        variable = guid("variable", name)
        add(variables, "Variable", guid=variable, name=name, typeOfVariable="Text")
    for row in ev.practices.itertuples():
        case = add(cases, "Case", guid=guid("case", row.practice), name=row.practice)
        add(case, "Description", row.name)
        for name in ("section", "province"):
            value = add(case, "VariableValue")
            add(value, "VariableRef", targetGUID=guid("variable", name))
            add(value, "TextValue", getattr(row, name))
        for at in range(len(row.evidence.split(JOIN)) if parts else 0):
            add(case, "SelectionRef", targetGUID=guid("selection", row.practice, str(at)))


def add_source(root, ev, parts, day):
    """The article as a source, its practices as coded selections. Gives the text as bytes.

    A paragraph a line: positions count the characters before, as the source check counts them.
    """
    starts, lines, length = {}, [], 0
    for section, (_, paragraph) in parts.items():
        starts[section] = length
        lines.append(paragraph)
        length += len(paragraph) + 1
    codes = defaultdict(list)
    for row in ev.codings[~ev.codings.variable.eq("relation")].itertuples():
        codes[row.unit].append((row.coder, row.variable, row.code))
    name = guid(SOURCE_NAME)
    source = add(
        add(root, "Sources"),
        "TextSource",
        guid=name,
        name=SOURCE_NAME,
        plainTextPath=f"internal://{name}.txt",
        creatingUser=guid("coder", ev.coders.coder.iloc[0]),
        creationDateTime=day,
    )
    known = set(zip(ev.codes.variable, ev.codes.code))
    for row in located.read_tables(ev.folder)["practices"]:
        practice = row.cells["practice"]
        for at, (section, offset, size) in enumerate(row.places):
            start = starts[section] + offset
            chosen = add(
                source,
                "PlainTextSelection",
                guid=guid("selection", practice, str(at)),
                name=practice,
                startPosition=str(start),
                endPosition=str(start + size),
            )
            for coder, variable, code in codes[practice]:
                if (variable, code) in known and code not in MISSING:
                    coding = guid("coding", practice, str(at), coder, variable, code)
                    by = guid("coder", coder)
                    one = add(chosen, "Coding", guid=coding, creatingUser=by, creationDateTime=day)
                    add(one, "CodeRef", targetGUID=guid(variable, code))
    return "\n".join(lines).encode("utf-8")


def as_bytes(root):
    """An element as an XML document in UTF-8."""
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def zipped(files):
    """Files, {name: bytes}, as the bytes of a zip that depend on them alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main(arguments):
    """Write the three files into a folder, `_build/qda` unless told. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="casebook qda", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", default=ROOT / "_build" / "qda", type=type(ROOT))
    folder, path, ev = parser.parse_args(arguments).folder, article.article_file(), evidence.load()
    text = path.read_text(encoding="utf-8") if path.exists() else None
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / "casebook.qdpx", zipped(project(ev, text)))
    put(folder / "casebook.qdc", codebook(ev))
    put(folder / "codebook.csv", codebook_rows(ev))
    print(f"written: {folder}/casebook.qdpx, casebook.qdc, codebook.csv")
    if text is None:
        print(f"without the article’s text, and so without selections: {article.no_article(path)}")
    return 0
