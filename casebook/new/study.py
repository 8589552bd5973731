"""Make an empty case study of another article: `casebook new FOLDER --title … --jurisdictions … --sections …`.

The folder holds what a study consists of and nothing of the package: the same data contract with the jurisdictions and
sections of its own article, generic chapters (template/), and a Makefile. It builds as it is, and says what is not coded yet.
"""

import argparse
import copy
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
from casebook.evidence import MISSING
from casebook.evidence.clean import HAN
from casebook.proof import article, located
from casebook.study import PACKAGE
from casebook.words import SOURCE

TEMPLATE = Path(__file__).parent / "template"
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")  # as ISO 3166-2 has them
SECTION = re.compile(r"\d+(\.\d+)*")
TYPES, ROLES = ("municipality", "province", "national"), ("pioneer", "target", "national")
LEVELS = {
    "municipality": "city",
    "province": "province",
    "national": "national",
}  # of a jurisdiction's own name
NOT_APPLICABLE = MISSING[2]
KEPT = {"method", "evidence", "index", "theme"}  # names of chapters that no theme takes
PLAIN = re.compile(r"([\\`*_{}\[\]<>#$|])")  # what Markdown would read as its own


class NewError(Problem):
    """Why no study was made; the message says what is wrong with which argument, and what was expected."""


def pairs(option, text):
    """What `XA=Alphatown,XB=Betaville` says, as [(code, name)]: a comma ends a name only before the next code. Raises NewError."""
    found = [part.partition("=") for part in re.split(r",\s*(?=[\w.-]+=)", text.strip())]
    for code, equals, name in found:
        if not (code.strip() and equals and name.strip()):
            raise NewError(
                f"{option}: {code + equals + name!r} – expected a code, = and a name, such as {option} {EXAMPLES[option]}"
            )
    codes = [code.strip() for code, _, _ in found]
    for code in codes:
        if codes.count(code) > 1:
            raise NewError(f"{option}: {code!r} stands there twice – expected each code once")
    return [(code.strip(), name.strip()) for code, _, name in found]


EXAMPLES = {
    "--jurisdictions": '"XA=Alphatown,XB=Betaville"',
    "--sections": '"1=Moving,1.1=By bus,1.2=By bicycle"',
}


def in_languages(option, code, name, language):
    """A name in each language of the study: {"en": …} and the article's, which stands after `|`. Raises NewError."""
    english, bar, printed = (part.strip() for part in name.partition("|"))
    if language == SOURCE:
        if bar:
            raise NewError(
                f"{option}: {code}: {name!r} – expected one name: the article is in English, as the book is"
            )
        return {SOURCE: english}
    if not (english and printed):
        told = f"its name in English and as the article prints it ({language}), with | between them"
        raise NewError(f"{option}: {code}: {name!r} – expected {told}")
    if language == "zh" and not HAN.search(printed):
        raise NewError(f"{option}: {code}: {printed!r} – expected Chinese after the |")
    return {SOURCE: english, language: printed}


def jurisdictions(text, language):
    """The rows of provinces.csv: a dict for each of `CODE=Name[:type[:role]]`, without types and roles municipalities that are told as
    experience. Raises NewError."""
    option, rows, prefixes = "--jurisdictions", [], {}
    for code, told in pairs(option, text):
        name, kind, role = (*(part.strip() for part in told.split(":")), "", "")[:3]
        if not CODE.fullmatch(code):
            raise NewError(
                f"{option}: {code!r} – expected a code as ISO 3166-2 has them: XA, or XA-B1, in capitals"
            )
        prefix = code.rpartition("-")[2].lower()
        if prefix in prefixes:
            raise NewError(
                f"{option}: {code!r} – expected another last part than {prefixes[prefix]}: ids of practices begin with it"
            )
        prefixes[prefix] = code
        kind = kind or TYPES[0]
        role = role or ("national" if kind == "national" else ROLES[0])
        for value, known, what in ((kind, TYPES, "type"), (role, ROLES, "role")):
            if value not in known:
                raise NewError(
                    f"{option}: {code}: {value!r} – expected its {what}: one of {', '.join(known)}"
                )
        rows.append(
            {
                "province": code,
                **texts("name", in_languages(option, code, name, language)),
                "type": kind,
                "role": role,
            }
        )
    if not any(row["role"] == "pioneer" for row in rows):
        raise NewError(
            f"{option}: no jurisdiction is a pioneer – expected one at least that the article tells of"
        )
    return rows


def texts(column, names):
    """A text in each language as cells: {"name_en": …}."""
    return {f"{column}_{language}": name for language, name in names.items()}


def sections(text, language):
    """The rows of sections.csv, in the order of their numbers, the opening first; each theme has a chapter. Raises NewError."""
    option = "--sections"
    named = {code: in_languages(option, code, name, language) for code, name in pairs(option, text)}
    for code in named:
        if not SECTION.fullmatch(code):
            raise NewError(f"{option}: {code!r} – expected a number such as 1 or 1.2")
        parent = code.rpartition(".")[0]
        if parent and parent not in named:
            raise NewError(
                f"{option}: {code!r} has no section {parent} above it – expected {parent}=… there, too"
            )
    if not set(named) - {"0"}:
        raise NewError(
            f"{option}: no section but the opening – expected one at least, such as {EXAMPLES[option]}"
        )
    if "0" not in named:
        named["0"] = {one: "Opening" if one != "zh" else "开篇段" for one in (SOURCE, language)}
    rows, chapters = [], {"0": "method"}
    for code in sorted(named, key=lambda code: [int(part) for part in code.split(".")]):
        top, names = code.partition(".")[0], named[code]
        if top not in chapters:
            slug = re.sub(r"[^a-z0-9]+", "-", names[SOURCE].lower()).strip("-")[:40].strip("-")
            taken = {*chapters.values(), *KEPT, ""}
            chapters[top] = slug if slug not in taken else f"section-{top}"
        text = article.normalise(names[language])  # until make locate reads the article
        rows.append({
            "section": code, **texts("name", names), **texts("short", names), "chapter": chapters[top],
            "characters": str(len(text)), "sha256": article.sha256_of(text), "rows": "0",
        })  # fmt: skip
    return rows


def contract(article, title, language):
    """The descriptor of the study's tables: the package's own, with texts in English and in the language of the article."""
    package = json.loads((TEMPLATE / "data" / "datapackage.json").read_text(encoding="utf-8"))
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "study"
    about = "Practices, figures and lists that one article attributes to jurisdictions. Missing values are labelled: "
    package |= {
        "name": name,
        "title": title,
        "version": "0.1.0",
        "description": f"{about}{', '.join(MISSING)}. None of them is 0.",
    }
    package |= {"created": f"{datetime.date.today()}T00:00:00Z", "sources": [article]}
    called = Locale.parse(language).get_language_name(SOURCE)
    for resource in package["resources"]:
        fields, schema = [], resource["schema"]
        have = {field["name"] for field in schema["fields"]}
        for field in copy.deepcopy(schema["fields"]):
            rules = field.get("constraints", {})
            if field["name"].endswith("_zh"):
                stem = field["name"].removesuffix("_zh")
                if language == SOURCE and f"{stem}_{SOURCE}" in have:
                    continue
                field["name"] = f"{stem}_{language}"
                field["description"] = field["description"].replace("Chinese", called)
                if resource["name"] == "codes":  # until it is translated
                    rules.pop("required", None)
                    field.pop("missingValues", None)
            if (resource["name"], field["name"]) == ("places", "locator"):
                rules.pop("required")  # until make locate reads the article
            if field["name"] == "province":
                rules.pop("enum", None)  # a foreign key says the same
            if {"minimum", "maximum"} <= rules.keys() and rules["minimum"] > 1:
                rules |= {"minimum": 1500, "maximum": 2100}
            fields.append(field)
        names = {field["name"] for field in fields}
        key = schema["primaryKey"]
        schema["primaryKey"] = [
            column
            if column in names
            else re.sub("_zh$", f"_{SOURCE if language == SOURCE else language}", column)
            for column in key
        ]
        schema["fields"] = fields
    return package


def rows_of(provinces, own_sections, language):
    """The rows that a study begins with, by table: what was asked for, the names of the jurisdictions, and the codebook."""
    places = [
        {"place": row[f"name_{language}"], "name_en": row["name_en"], "province": row["province"], "level": LEVELS[row["type"]],
         "locator": NOT_APPLICABLE}
        for row in provinces
    ]  # fmt: skip
    with (TEMPLATE / "data" / "codes.csv").open(encoding="utf-8", newline="") as file:
        codes = list(csv.DictReader(file))
    for code in codes:
        carried = [
            row["province"] for row in provinces if row.get(code["variable"]) == code["code"]
        ]
        if code["variable"] == "missing":
            carried = [provinces[0]["province"]]
        code["example"] = carried[0] if carried else NOT_APPLICABLE
    return {"provinces": provinces, "sections": own_sections, "places": places, "codes": codes}


def table(resource, rows):
    """A table as text: its header, and `rows` with what they do not say as not applicable."""
    columns = [field["name"] for field in resource["schema"]["fields"]]
    out = io.StringIO()
    writer = csv.DictWriter(
        out, columns, restval=NOT_APPLICABLE, extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def study(options):
    """The files of a new study, as {path: text}. Raises NewError for an argument that cannot be used."""
    language = options.language
    try:
        Locale.parse(language)
        if not re.fullmatch("[a-z]{2,3}", language):
            raise ValueError
    except (UnknownLocaleError, ValueError):
        raise NewError(
            f"--language: {language!r} – expected the code of a language, such as en, fr or zh"
        ) from None
    try:
        datetime.date.fromisoformat(options.date)
    except ValueError:
        raise NewError(
            f"--date: {options.date!r} – expected the day of publication as YYYY-MM-DD"
        ) from None
    article = {
        "title": options.article_title or options.title,
        "author": options.author,
        "journal": options.journal,
        "date": options.date,
        "language": language,
    }
    provinces, own_sections = (
        jurisdictions(options.jurisdictions, language),
        sections(options.sections, language),
    )
    package = contract(article, options.title, language)
    rows = rows_of(provinces, own_sections, language)
    files = {f"data/{r['path']}": table(r, rows.get(r["name"], ())) for r in package["resources"]}
    files["data/datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    checkout = (PACKAGE.parent / "pyproject.toml").exists()
    words = {
        "title": options.title, "article": article["title"], "author": options.author, "journal": options.journal, "date": options.date,
        "prefix": provinces[0]["province"].rpartition("-")[2].lower(),
        "package": os.path.relpath(PACKAGE.parent, Path(options.folder).resolve()) if checkout else "casebook",
    }  # fmt: skip
    quoted = {
        "title": options.title,
        "book_author": options.book_author,
        **{k: article[k] for k in ("author", "journal")},
    }
    quoted = {f"{key}_quoted": json.dumps(text, ensure_ascii=False) for key, text in quoted.items()}
    quoted["article_quoted"] = json.dumps(article["title"], ensure_ascii=False)
    in_prose = {key: PLAIN.sub(r"\\\1", text) for key, text in words.items()}
    for name in ("Makefile", "CITATION.cff", "requirements.txt"):
        files[name] = filled(name, words | quoted)
    files[".gitignore"], files["tests/conftest.py"] = (
        filled("gitignore", {}),
        filled("conftest.py", {}),
    )
    files["data/references.bib"] = filled("references.bib", {})
    files["README.md"] = filled("README.md", in_prose)
    for name in ("index", "method", "evidence"):
        files[f"chapters/{name}.md"] = filled(f"chapters/{name}.md", in_prose)
    themes = {
        row["chapter"]: row["name_en"] for row in reversed(own_sections) if row["section"] != "0"
    }
    for chapter, theme in reversed(themes.items()):
        files[f"chapters/{chapter}.md"] = filled(
            "chapters/theme.md", {"chapter": chapter, "theme": PLAIN.sub(r"\\\1", theme)}
        )
    config = filled("_config.yml", {})
    for key, text in (("title", options.title), ("author", options.book_author)):
        config = re.sub(
            rf"(?m)^{key}: .*",
            lambda _, key=key, text=text: f"{key}: {json.dumps(text, ensure_ascii=False)}",
            config,
        )
    files["_config.yml"] = re.sub(
        r"(?m)^copyright: .*", f'copyright: "{datetime.date.today().year}"', config
    )
    contents = [{"file": f"chapters/{name}"} for name in ("method", "evidence", *reversed(themes))]
    toc = {
        "format": "jb-book",
        "root": "chapters/index",
        "options": {"numbered": False},
        "chapters": contents,
    }
    files["_toc.yml"] = yaml.safe_dump(toc, sort_keys=False)
    return files


def filled(name, words):
    """A file of the template with `${word}` for each of `words` filled in."""
    return Template((TEMPLATE / name).read_text(encoding="utf-8")).safe_substitute(words)


def make(options):
    """Write a new study into the folder of `options`. Raises NewError where that is not empty, or for what cannot be used."""
    folder = Path(options.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NewError(
            f"{folder} is not empty – expected a folder that is empty or not there: nothing was written"
        )
    files = study(options)
    if options.article:
        try:
            text = Path(options.article).read_text(encoding="utf-8")
            language = options.language
            named = {
                r["section"]: r[f"name_{language}"]
                for r in csv.DictReader(io.StringIO(files["data/sections.csv"]))
            }
            parts = article.split(text, {n: article.heading(n, name) for n, name in named.items()})
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise NewError(f"--article: {options.article}: {error}: nothing was written") from None
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if options.article:
        located.locate(parts, folder / "data")


def main(arguments=None):
    """Command line: the exit code, 0 when a study was made. Raises NewError."""
    parser = argparse.ArgumentParser(
        prog="casebook new",
        description="Make an empty case study of an article.",
        epilog=f"for example: casebook new ../moving --title 'Moving in three cities' --jurisdictions {EXAMPLES['--jurisdictions']} "
        f"--sections {EXAMPLES['--sections']}",
    )
    parser.add_argument("folder", help="an empty or new folder")
    parser.add_argument("--title", required=True, help="the book's title")
    parser.add_argument(
        "--jurisdictions",
        required=True,
        help="CODE=Name[:type[:role]], …; in another language CODE=Name|as printed",
    )
    parser.add_argument(
        "--sections",
        required=True,
        help="1=Heading,1.1=Heading,…; in another language 1=English|as printed",
    )
    parser.add_argument(
        "--article", help="the article's text, to find its headings in; it is not copied"
    )
    parser.add_argument(
        "--language",
        default=SOURCE,
        help="the language of the article: en, zh, … (the book is in English first)",
    )
    parser.add_argument("--author", default="The article’s author", help="who wrote the article")
    parser.add_argument("--article-title", help="its title (default: the book's)")
    parser.add_argument("--journal", default="unpublished", help="where it was published")
    parser.add_argument("--date", default=str(datetime.date.today()), help="when: YYYY-MM-DD")
    parser.add_argument("--book-author", default="The casebook authors", help="who codes it")
    options = parser.parse_args(arguments)
    make(options)
    print(
        f"made: {options.folder}. Its README.md has the next steps; it builds as it is: make -C {options.folder} book"
    )
    return 0
