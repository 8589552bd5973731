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
from importlib import metadata
from pathlib import Path
from string import Template

import yaml
from babel import Locale, UnknownLocaleError

from casebook.command import Problem
from casebook.evidence import NOT_APPLICABLE
from casebook.evidence.clean import HAN_LETTER
from casebook.evidence.rules import id_prefix
from casebook.new import edition
from casebook.proof import article, located
from casebook.study import PACKAGE
from casebook.words import SOURCE, say

DISTRIBUTION = "executable-case-study"  # as pyproject.toml names this package
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
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    "tests/conftest.py": "conftest.py",
    "data/references.bib": "references.bib",
}
LESSONS = "lessons"  # the chapter of the section with the article's advice
PARTS = ("method", "evidence", "checks")  # what comes after the themes
RESERVED = {"index", "theme", LESSONS, *PARTS}  # names of chapters that no theme takes
COMMON = ("index", *PARTS)  # what every study has
# What is named on the command line, in each language of the book, and what stands there unnamed.
NAMES = {
    "title": None,
    "author": None,
    "article_author": say("The article’s author", SOURCE),
    "journal": say("unpublished", SOURCE),
}


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


def in_languages(argument, name, language):
    """A name in each language of the study: {language: name}; after `|` it stands in `language`.

    Raises NewError.
    """
    english, bar, other = (part.strip() for part in name.partition("|"))
    if language == SOURCE:
        if bar:
            expected = "one name: article and book are in English; --edition makes a second"
            raise NewError(f"{argument}: {name!r}", expected)
        return {SOURCE: english}
    if not (english and other):
        expected = f"it in English and in {edition.name_of(language)}, with | between them"
        raise NewError(f"{argument}: {name!r}", expected)
    if language == "zh" and not HAN_LETTER.search(other):
        raise NewError(f"{argument}: {other!r}", "Chinese after the |")
    if marked := re.fullmatch("《([^《》]*)》", other):
        other = marked[1]  # the pages put their own marks
    return {SOURCE: english, language: other}


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
        prefix = id_prefix(code)
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
        names = texts("name", in_languages(f"{option}: {code}", name, language))
        rows.append({"province": code, **names, "type": kind, "role": role})
    if not any(row["role"] == "pioneer" for row in rows):
        expected = "one at least that the article tells of"
        raise NewError(f"{option}: no jurisdiction is a pioneer", expected)
    return rows


def read_sections(text, language, advice=None):
    """The rows of sections.csv in the order of their numbers; each theme has a chapter.

    The opening, section 0, is added where it is left out. The section `advice`, if any, has the
    chapter *lessons*. Raises NewError.
    """
    option = "--sections"
    named = {
        code: in_languages(f"{option}: {code}", name, language)
        for code, name in pairs(option, text)
    }
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
    rows, chapters = [], {"0": "method"} | ({advice: LESSONS} if advice else {})
    if advice and (advice not in named or "." in advice or advice == "0"):
        raise NewError(f"--advice: {advice!r}", "the number of a section that --sections has")
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

    `source` is the article as the descriptor has it, see `source_of`; every text has a column in
    English and one in `language`.
    """
    package = json.loads((TEMPLATE / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package |= {
        "name": slug(title) or "study",
        "title": title,
        "version": "0.1.0",
        "description": say(
            "Practices, figures and lists that one article attributes to jurisdictions. Missing "
            "values are labelled: not mentioned, not coded, not applicable. None of them is 0.",
            SOURCE,
        ),
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
            stem = field["name"].removesuffix(f"_{SOURCE}")
            if source["language"] == SOURCE != language and stem in columns - {field["name"]}:
                # What an English article prints is English: its translation is the other one.
                field["name"] = f"{stem}_zh"
                field["description"] = field["description"].replace("English", "Chinese")
            # names.csv has a name as printed, and no other.
            as_printed = (resource["name"], field["name"]) == ("names", "name_zh")
            adapt(field, resource["name"], source["language"] if as_printed else language)
        schema["primaryKey"] = [
            re.sub("_zh$", f"_{language}", column) for column in schema["primaryKey"]
        ]
    return package


def adapt(field, table_name, language):
    """Make a field of the package's own descriptor one of a new study, in place."""
    rules = field.get("constraints", {})
    if field["name"].endswith("_zh"):
        field["name"] = f"{field['name'].removesuffix('_zh')}_{language}"
        in_english = edition.name_of(language)
        field["description"] = field["description"].replace("Chinese", in_english)
        if table_name == "codes" and language not in edition.offered():  # until it is translated
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

    They are the jurisdictions and sections, the jurisdictions' names as places, as an article in
    `language` prints them, and the codebook.
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


def with_advice(codes, provinces):
    """The codes of a study whose article gives advice, and the scales of its shortlist: rows.

    Raises NewError where no jurisdiction is the one that is advised.
    """
    targets = [row for row in provinces if row["role"] == "target"]
    if len(targets) > 1:
        expected = "one, whom the article advises"
        raise NewError(f"--advice: {len(targets)} jurisdictions are targets", expected)
    if not targets:
        expected = (
            "whom the article advises among --jurisdictions: XD=Deltaburg:municipality:target"
        )
        raise NewError("--advice: no jurisdiction is a target", expected)
    (target,) = targets
    words = {"target": target["name_en"], "target_zh": target.get("name_zh", "")}
    more, scales = (
        csv_rows(filled(f"data/{name}.csv", words)) for name in ("codes_of_advice", "scales")
    )
    for code in more:
        # A criterion holds for every practice; a row carries the rest.
        is_criterion = code["variable"] == "criterion"
        code["example"] = target["province"] if is_criterion else NOT_APPLICABLE
    return [*codes, *more], scales


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


def source_of(options, names):
    """The article as the study's descriptor has it: a dict. Raises NewError.

    Its title, if not given, is the book's (`names`) in its language.
    """
    language, title = options.language, names["title"]
    if options.edition and "|" in (options.article_title or ""):
        expected = f"one title, as the article has it in its language ({language})"
        raise NewError(f"--article-title: {options.article_title!r}", expected)
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
        "title": options.article_title or title.get(language, title[SOURCE]),
        "author": names["article_author"][SOURCE],
        "journal": names["journal"][SOURCE],
        "date": options.date,
        "language": language,
    }


def second_language(options):
    """The language that texts are in beside English: of the edition asked for, or the article's.

    Raises NewError for an edition that cannot be made.
    """
    article_is_in, asked = options.language, options.edition
    if not asked:
        return article_is_in
    if asked not in edition.offered():
        expected = f"one of {', '.join(edition.offered())}: the package has words in no other"
        raise NewError(f"--edition: {asked!r}", expected)
    if article_is_in not in (SOURCE, asked):
        expected = "an article in English or in the language of the edition"
        raise NewError(f"--edition: {asked!r} with --language {article_is_in}", expected)
    return asked


def names_of(options):
    """What the study's title, author, article's author and journal are: {option: {language: name}}.

    Raises NewError for one that an edition lacks.
    """
    names, asked = {}, options.edition
    for option, default in NAMES.items():
        name = getattr(options, option)
        if name is None and asked:
            names[option] = {SOURCE: default, asked: edition.catalogue(asked).get(default).string}
        elif asked:
            argument = f"--{option.replace('_', '-')}"
            names[option] = in_languages(argument, name, asked)
        else:
            names[option] = {SOURCE: name or default}
    return names


def study(options):
    """The files of a new study: {path: text}. Raises NewError for an unusable argument."""
    second = second_language(options)
    names = names_of(options)
    source = source_of(options, names)
    provinces = jurisdictions(options.jurisdictions, second)
    section_rows = read_sections(options.sections, second, options.advice)
    package = contract(source, names["title"][SOURCE], second)
    rows = first_rows(provinces, section_rows, source["language"])
    if options.advice:
        rows["codes"], rows["scales"] = with_advice(rows["codes"], provinces)
    files = {f"data/{r['path']}": as_text(r, rows.get(r["name"], ())) for r in package["resources"]}
    files["data/datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    chapters = {}  # the first section of a chapter gives its heading
    for row in section_rows:
        if row["section"] != "0":
            chapters.setdefault(row["chapter"], row)
    files |= template_files(options, source, names, provinces)
    for language in (SOURCE, *filter(None, [options.edition])):
        themes = {name: row[f"name_{language}"] for name, row in chapters.items()}
        files |= chapter_files(language, source, names, themes)
    if options.edition:
        files |= edition.files(options.edition, names.values(), package)
    return files | site_settings(names, chapters)


def chapter_files(language, source, names, themes):
    """The chapters of one edition of a new study: {path: text}.

    `themes` has the heading of each theme's chapter: {chapter: heading}.
    """
    words = {
        "title": names["title"][language],
        "article": source["title"],
        "author": names["article_author"][language],
        "journal": names["journal"][language],
    }
    as_prose = {key: PLAIN.sub(r"\\\1", text) for key, text in words.items()}
    folder = "chapters/" if language == SOURCE else f"chapters/{language}/"
    files = {f"{folder}{name}.md": filled(f"{folder}{name}.md", as_prose) for name in COMMON}
    for chapter, heading in themes.items():
        theme = {"chapter": chapter, "theme": PLAIN.sub(r"\\\1", heading)}
        template = LESSONS if chapter == LESSONS else "theme"
        files[f"{folder}{chapter}.md"] = filled(f"{folder}{template}.md", theme)
    return files


def template_files(options, source, names, provinces):
    """The files of a new study, but its chapters, that are filled in with words: {path: text}."""
    words = {
        "title": names["title"][SOURCE],
        "article": source["title"],
        "author": source["author"],
        "journal": source["journal"],
        "date": options.date,
        "prefix": id_prefix(provinces[0]["province"]),
        "package": origin_of_the_package(Path(options.folder).resolve()),
    }
    words["package_path"] = words["package"] or "path/to/the/package"
    quoted = {
        f"{key}_quoted": json.dumps(text, ensure_ascii=False)
        for key, text in {**words, "book_author": names["author"][SOURCE]}.items()
    }
    as_prose = {key: PLAIN.sub(r"\\\1", text) for key, text in words.items()}
    literal = ("Makefile", "CITATION.cff", "requirements.txt")
    files = {name: filled(name, words | quoted) for name in literal}
    files |= {name: filled(template, {}) for name, template in RENAMED.items()}
    return files | {"README.md": filled("README.md", as_prose)}


def origin_of_the_package(folder):
    """From where a study in `folder` can install this very package: a path or an address.

    Never a name, under which an index may have another project. Empty where nothing tells it: then
    the study's Makefile asks.
    """
    if (PACKAGE.parent / "pyproject.toml").exists():
        return os.path.relpath(PACKAGE.parent, folder)
    try:
        # https://packaging.python.org/en/latest/specifications/direct-url/
        told = json.loads(metadata.distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    except metadata.PackageNotFoundError:
        return ""
    if vcs := told.get("vcs_info"):
        return f"{vcs['vcs']}+{told['url']}@{vcs['commit_id']}"
    return told.get("url", "")


def site_settings(names, themes):
    """A new study's _config.yml and _toc.yml: {path: text}."""
    config = filled("_config.yml", {})
    lines = {
        "title": names["title"][SOURCE],
        "author": names["author"][SOURCE],
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
        ("--author", "who makes the book: its footer and citation name you"),
        ("--jurisdictions", "CODE=Name[:type[:role]], …; in two languages CODE=Name|Other"),
        ("--sections", "1=Heading,1.1=Heading,…; in two languages 1=English|Other"),
    ):
        parser.add_argument(option, required=True, help=text)
    for option, default, text in (
        ("--advice", None, "the number of the section that gives advice, if one does"),
        ("--article", None, "the article's text, to find its headings in; it is not copied"),
        ("--language", SOURCE, "its language: en, zh, … (the book is in English first)"),
        ("--edition", None, f"a second edition of the book: {', '.join(edition.offered())}"),
        ("--article-author", None, "who wrote it"),
        ("--article-title", None, "its title (default: the book's)"),
        ("--journal", None, "where it was published"),
        ("--date", str(datetime.date.today()), "when: YYYY-MM-DD"),
    ):
        parser.add_argument(option, default=default, help=text)
    options = parser.parse_args(arguments)
    make(options)
    after = f"it builds as it is: make -C {options.folder} book"
    print(f"made: {options.folder}. Its README.md has the next steps; {after}")
    return 0
