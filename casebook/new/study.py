"""Make an empty case study of another article: `casebook new FOLDER --title … --sections …`.

The folder holds what a study consists of and nothing of the package: the data contract with the
jurisdictions and sections of its own article, generic chapters (template/), and a Makefile. It
builds as it is, and says what is not coded yet.
"""

import argparse
import csv
import datetime
import io
import json
import os
import re
from pathlib import Path
from string import Template

import yaml
from babel import Locale, UnknownLocaleError

from casebook.command import Problem
from casebook.evidence import MISSING, NOT_APPLICABLE
from casebook.evidence.clean import HAN_LETTER
from casebook.proof import article, located
from casebook.study import PACKAGE
from casebook.words import SOURCE

TEMPLATE = Path(__file__).parent / "template"
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")  # as ISO 3166-2 has them
SECTION = re.compile(r"\d+(\.\d+)*")
TYPES, ROLES = ("municipality", "province", "national"), ("pioneer", "target", "national")
LEVELS = dict(zip(TYPES, ("city", "province", "national")))  # of a jurisdiction's own name
PLAIN = re.compile(r"([\\`*_{}\[\]<>#$|])")  # what Markdown would read as its own
EXAMPLES = {
    "--jurisdictions": '"XA=Alphatown,XB=Betaville"',
    "--sections": '"1=Moving,1.1=By bus,1.2=By bicycle"',
}
# Files of a study that are the template's, under another name.
RENAMED = {
    ".gitignore": "gitignore",
    "tests/conftest.py": "conftest.py",
    "data/references.bib": "references.bib",
}
PARTS = ("method", "evidence", "checks")  # what comes after the themes
RESERVED = {"index", "theme", *PARTS}  # names of chapters that no theme takes
COMMON_CHAPTERS = [f"chapters/{name}.md" for name in ("index", *PARTS)]


class NewError(Problem):
    """Why no study was made: what is wrong with which argument, and what was expected."""

    def __init__(self, argument, expected):
        super().__init__(f"{argument} – expected {expected}")


def pairs(option, text):
    """The codes and names in `XA=Alphatown,XB=Betaville`: [(code, name)].

    A comma ends a name only before the next code. Raises NewError.
    """
    parts = [part.partition("=") for part in re.split(r",\s*(?=[\w.-]+=)", text.strip())]
    for code, equals, name in parts:
        if not (code.strip() and equals and name.strip()):
            expected = f"a code, = and a name, such as {option} {EXAMPLES[option]}"
            raise NewError(f"{option}: {code + equals + name!r}", expected)
    codes = [code.strip() for code, _, _ in parts]
    for code in codes:
        if codes.count(code) > 1:
            raise NewError(f"{option}: {code!r} stands there twice", "each code once")
    return [(code, name.strip()) for code, (_, _, name) in zip(codes, parts)]


def in_languages(option, code, name, language):
    """A name in each language of the study: {language: name}; the article's stands after `|`.

    Raises NewError.
    """
    argument = f"{option}: {code}"
    english, bar, printed = (part.strip() for part in name.partition("|"))
    if language == SOURCE:
        if bar:
            expected = "one name: the article is in English, as the book is"
            raise NewError(f"{argument}: {name!r}", expected)
        return {SOURCE: english}
    if not (english and printed):
        expected = f"its name in English and as the article prints it ({language})"
        raise NewError(f"{argument}: {name!r}", f"{expected}, with | between them")
    if language == "zh" and not HAN_LETTER.search(printed):
        raise NewError(f"{argument}: {printed!r}", "Chinese after the |")
    return {SOURCE: english, language: printed}


def texts(column, names):
    """A text in each language as cells: {"name_en": …}."""
    return {f"{column}_{language}": name for language, name in names.items()}


def slug(text):
    """A text as a name in addresses: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def jurisdictions(text, language):
    """The rows of provinces.csv, one for each `CODE=Name[:type[:role]]` of `text`.

    The type is municipality and the role pioneer where they are left out. Raises NewError.
    """
    option, rows, prefixes = "--jurisdictions", [], {}
    for code, description in pairs(option, text):
        name, kind, role = (*(part.strip() for part in description.split(":")), "", "")[:3]
        if not CODE.fullmatch(code):
            expected = "a code as ISO 3166-2 has them: XA, or XA-B1, in capitals"
            raise NewError(f"{option}: {code!r}", expected)
        prefix = code.rpartition("-")[2].lower()
        if prefix in prefixes:
            expected = f"another last part than {prefixes[prefix]}: ids of practices begin with it"
            raise NewError(f"{option}: {code!r}", expected)
        prefixes[prefix] = code
        kind = kind or TYPES[0]
        role = role or ("national" if kind == "national" else ROLES[0])
        for value, known, what in ((kind, TYPES, "type"), (role, ROLES, "role")):
            if value not in known:
                expected = f"its {what}: one of {', '.join(known)}"
                raise NewError(f"{option}: {code}: {value!r}", expected)
        names = texts("name", in_languages(option, code, name, language))
        rows.append({"province": code, **names, "type": kind, "role": role})
    if not any(row["role"] == "pioneer" for row in rows):
        expected = "one at least that the article tells of"
        raise NewError(f"{option}: no jurisdiction is a pioneer", expected)
    return rows


def read_sections(text, language):
    """The rows of sections.csv in the order of their numbers; each theme has a chapter.

    The opening, section 0, is added where it is left out. Raises NewError.
    """
    option = "--sections"
    named = {code: in_languages(option, code, name, language) for code, name in pairs(option, text)}
    for code in named:
        if not SECTION.fullmatch(code):
            raise NewError(f"{option}: {code!r}", "a number such as 1 or 1.2")
        parent = code.rpartition(".")[0]
        if parent and parent not in named:
            argument = f"{option}: {code!r} has no section {parent} above it"
            raise NewError(argument, f"{parent}=… there, too")
    if not set(named) - {"0"}:
        expected = f"one at least, such as {EXAMPLES[option]}"
        raise NewError(f"{option}: no section but the opening", expected)
    if "0" not in named:
        named["0"] = {tongue: "Opening" for tongue in (SOURCE, language)}
        if language == "zh":
            named["0"]["zh"] = "开篇段"
    rows, chapters = [], {"0": "method"}
    for code in sorted(named, key=lambda code: [int(part) for part in code.split(".")]):
        top, names = code.partition(".")[0], named[code]
        if top not in chapters:
            chapter = slug(names[SOURCE])[:40].strip("-")
            taken = {*chapters.values(), *RESERVED, ""}
            chapters[top] = chapter if chapter not in taken else f"section-{top}"
        heading = article.normalise(names[language])  # until make locate reads the article
        row = {"section": code, **texts("name", names), **texts("short", names)}
        row |= {"chapter": chapters[top], "characters": str(len(heading))}
        rows.append(row | {"sha256": article.sha256_of(heading), "rows": "0"})
    return rows


def contract(source, title, language):
    """The descriptor of the study's tables: the package's own, with the texts' languages changed.

    `source` is the article as the descriptor has it, see `source_of`.
    """
    package = json.loads((TEMPLATE / "data" / "datapackage.json").read_text(encoding="utf-8"))
    about = "Practices, figures and lists that one article attributes to jurisdictions."
    missing = f"Missing values are labelled: {', '.join(MISSING)}. None of them is 0."
    package |= {
        "name": slug(title) or "study",
        "title": title,
        "version": "0.1.0",
        "description": f"{about} {missing}",
        "created": f"{datetime.date.today()}T00:00:00Z",
        "sources": [source],
    }
    for resource in package["resources"]:
        schema = resource["schema"]
        columns = {field["name"] for field in schema["fields"]}
        # A Chinese column of an English study would say again what the English one says.
        doubled = {
            column
            for column in columns
            if language == SOURCE and re.sub("_zh$", f"_{SOURCE}", column) in columns - {column}
        }
        schema["fields"] = [field for field in schema["fields"] if field["name"] not in doubled]
        for field in schema["fields"]:
            adapt(field, resource["name"], language)
        schema["primaryKey"] = [
            re.sub("_zh$", f"_{language}", column) for column in schema["primaryKey"]
        ]
    return package


def adapt(field, table_name, language):
    """Make a field of the package's own descriptor one of a new study, in place."""
    rules = field.get("constraints", {})
    if field["name"].endswith("_zh"):
        field["name"] = f"{field['name'].removesuffix('_zh')}_{language}"
        language_name = Locale.parse(language).get_language_name(SOURCE)
        field["description"] = field["description"].replace("Chinese", language_name)
        if table_name == "codes":  # until it is translated
            rules.pop("required", None)
            field.pop("missingValues", None)
    if (table_name, field["name"]) == ("places", "locator"):
        rules.pop("required")  # until make locate reads the article
    if field["name"] == "province":
        rules.pop("enum", None)  # a foreign key says the same
    if {"minimum", "maximum"} <= rules.keys() and rules["minimum"] > 1:
        rules |= {"minimum": 1500, "maximum": 2100}


def first_rows(provinces, section_rows, language):
    """The rows that a study begins with: {table: rows}.

    They are the jurisdictions and sections, the jurisdictions' names as places, and the codebook.
    """
    places = [
        {
            "place": row[f"name_{language}"],
            "name_en": row["name_en"],
            "province": row["province"],
            "level": LEVELS[row["type"]],
        }
        for row in provinces
    ]
    codes = csv_rows((TEMPLATE / "data" / "codes.csv").read_text(encoding="utf-8"))
    for code in codes:
        carrying = (
            row["province"]
            for row in provinces
            if code["variable"] == "missing" or row.get(code["variable"]) == code["code"]
        )
        code["example"] = next(carrying, NOT_APPLICABLE)
    return {"provinces": provinces, "sections": section_rows, "places": places, "codes": codes}


def csv_rows(text):
    """The rows of a CSV, as dicts."""
    return list(csv.DictReader(io.StringIO(text)))


def as_text(resource, rows):
    """A table as text: its header, and `rows` with what they do not say as not applicable."""
    columns = [field["name"] for field in resource["schema"]["fields"]]
    out = io.StringIO()
    form = {"restval": NOT_APPLICABLE, "extrasaction": "ignore", "lineterminator": "\n"}
    writer = csv.DictWriter(out, columns, **form)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def source_of(options):
    """The article as the study's descriptor has it: a dict. Raises NewError."""
    language = options.language
    try:
        if not re.fullmatch("[a-z]{2,3}", language):
            raise ValueError
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        expected = "the code of a language, such as en, fr or zh"
        raise NewError(f"--language: {language!r}", expected) from None
    try:
        datetime.date.fromisoformat(options.date)
    except ValueError:
        expected = "the day of publication as YYYY-MM-DD"
        raise NewError(f"--date: {options.date!r}", expected) from None
    return {
        "title": options.article_title or options.title,
        "author": options.author,
        "journal": options.journal,
        "date": options.date,
        "language": language,
    }


def study(options):
    """The files of a new study: {path: text}. Raises NewError for an unusable argument."""
    language, source = options.language, source_of(options)
    provinces = jurisdictions(options.jurisdictions, language)
    section_rows = read_sections(options.sections, language)
    package = contract(source, options.title, language)
    rows = first_rows(provinces, section_rows, language)
    files = {f"data/{r['path']}": as_text(r, rows.get(r["name"], ())) for r in package["resources"]}
    files["data/datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    themes = {}  # the first section of a chapter gives its heading
    for row in section_rows:
        if row["section"] != "0":
            themes.setdefault(row["chapter"], row["name_en"])
    files |= template_files(options, source, provinces, themes)
    return files | site_settings(options, themes)


def template_files(options, source, provinces, themes):
    """The files of a new study that are filled in with words: {path: text}.

    `themes` has the heading of each theme's chapter: {chapter: heading}.
    """
    checkout = (PACKAGE.parent / "pyproject.toml").exists()
    beside = os.path.relpath(PACKAGE.parent, Path(options.folder).resolve())
    words = {
        "title": options.title,
        "article": source["title"],
        "author": options.author,
        "journal": options.journal,
        "date": options.date,
        "prefix": provinces[0]["province"].rpartition("-")[2].lower(),
        "package": beside if checkout else "casebook",
    }
    quoted = {
        f"{key}_quoted": json.dumps(text, ensure_ascii=False)
        for key, text in {**words, "book_author": options.book_author}.items()
    }
    as_prose = {key: PLAIN.sub(r"\\\1", text) for key, text in words.items()}
    literal = ("Makefile", "CITATION.cff", "requirements.txt")
    files = {name: filled(name, words | quoted) for name in literal}
    files |= {name: filled(template, {}) for name, template in RENAMED.items()}
    files |= {name: filled(name, as_prose) for name in ("README.md", *COMMON_CHAPTERS)}
    for chapter, heading in themes.items():
        theme = {"chapter": chapter, "theme": PLAIN.sub(r"\\\1", heading)}
        files[f"chapters/{chapter}.md"] = filled("chapters/theme.md", theme)
    return files


def site_settings(options, themes):
    """A new study's _config.yml and _toc.yml: {path: text}."""
    config = filled("_config.yml", {})
    lines = {
        "title": options.title,
        "author": options.book_author,
        "copyright": str(datetime.date.today().year),
    }
    for key, text in lines.items():
        line = f"{key}: {json.dumps(text, ensure_ascii=False)}"
        config = re.sub(rf"(?m)^{key}: .*", lambda _, line=line: line, config)
    toc = {
        "format": "jb-book",
        "root": "chapters/index",
        "options": {"numbered": False},
        "chapters": [{"file": f"chapters/{name}"} for name in (*themes, *PARTS)],
    }
    return {"_config.yml": config, "_toc.yml": yaml.safe_dump(toc, sort_keys=False)}


def filled(name, words):
    """A file of the template with `${word}` for each of `words` filled in."""
    return Template((TEMPLATE / name).read_text(encoding="utf-8")).safe_substitute(words)


def make(options):
    """Write a new study into the folder of `options`.

    Raises NewError where the folder is not empty, and for an unusable argument.
    """
    folder = Path(options.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        expected = "a folder that is empty or not there: nothing was written"
        raise NewError(f"{folder} is not empty", expected)
    files = study(options)
    if options.article:
        try:
            text = Path(options.article).read_text(encoding="utf-8")
            headings = {
                row["section"]: article.heading(row["section"], row[f"name_{options.language}"])
                for row in csv_rows(files["data/sections.csv"])
            }
            parts = article.split(text, headings)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            expected = "the article's text, with its headings: nothing was written"
            raise NewError(f"--article: {options.article}: {error}", expected) from None
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if options.article:
        located.locate(parts, folder / "data")


def main(arguments=None):
    """Command line: the exit code, 0 when a study was made. Raises NewError."""
    example = " ".join(f"{option} {example}" for option, example in EXAMPLES.items())
    parser = argparse.ArgumentParser(
        prog="casebook new",
        description="Make an empty case study of an article.",
        epilog=f"for example: casebook new ../moving --title 'Moving in three cities' {example}",
    )
    parser.add_argument("folder", help="an empty or new folder")
    for option, text in (
        ("--title", "the book's title"),
        (
            "--jurisdictions",
            "CODE=Name[:type[:role]], …; in another language CODE=Name|as printed",
        ),
        ("--sections", "1=Heading,1.1=Heading,…; in another language 1=English|as printed"),
    ):
        parser.add_argument(option, required=True, help=text)
    for option, default, text in (
        ("--article", None, "the article's text, to find its headings in; it is not copied"),
        ("--language", SOURCE, "its language: en, zh, … (the book is in English first)"),
        ("--author", "The article’s author", "who wrote the article"),
        ("--article-title", None, "its title (default: the book's)"),
        ("--journal", "unpublished", "where it was published"),
        ("--date", str(datetime.date.today()), "when: YYYY-MM-DD"),
        ("--book-author", "The casebook authors", "who codes it"),
    ):
        parser.add_argument(option, default=default, help=text)
    options = parser.parse_args(arguments)
    make(options)
    after = f"it builds as it is: make -C {options.folder} book"
    print(f"made: {options.folder}. Its README.md has the next steps; {after}")
    return 0
