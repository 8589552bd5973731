"""Keep the package's own words whole in every language.

`make translate` renews `casebook.po` and lists what is to be done. `words` collects what the
package says. What is not translated, or not well, is a problem: the tests refuse it. The prose of
the chapters is written in each language, not translated, and asked only for slips of the pen.
"""

import ast
import io
import re

import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from casebook import chapters, evidence
from casebook.study import PACKAGE, ROOT, name_of, settings
from casebook.words import CATALOGUES, HAN, LABELS, SOURCE, editions, own_name

PLACE = re.compile(r"\{(\w+)\}")
# What is no prose of a message: roles, code, links' targets, addresses, places for values,
# commands, folders.
NOT_PROSE = re.compile(
    r"\[[^\]]*\]\([^)]*#source-[^)]*\)|\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|https?://\S+"
    r"|<[^>]+>|\{\w*\}|(?<![A-Za-z])make [a-z-]+|[A-Za-z-]+/(?![A-Za-z])"
)
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_+.@-]*[A-Za-z0-9]|[A-Za-z]")
HALF = re.compile(rf"(?<=[{HAN}])[,;:?!()]|[,;:?!()](?=[{HAN}])|(?<=[{HAN}])\.(?!\w)")
WIDE = HAN + "，。；：、？！（）《》“”"
BLANK = re.compile(rf"(?<=[{WIDE}]) +(?=[{WIDE}A-Za-z0-9０])|(?<=[A-Za-z0-9０]) +(?=[{WIDE}])")
MESSAGES = {"say": 1, "some": 2}  # functions with the number of texts that they take
# Columns that no page shows, for those who code; the names in names.csv are as printed.
EDITORIAL = {("places.csv", "name_en"), ("terms.csv", "note_en"), ("names.csv", "name_en")}
HEADING_MARK = re.compile(r"\A *(?:[-*#]+ |\d+\. )?(?:\d\.\d )?")


def package_texts():
    """The messages that the package says, as a Babel Catalog.

    They are the labels, the calls of `say` and `some`, the data dictionary and the names in
    _config.yml.
    """
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for key, comments in _labels():
        catalogue.add(LABELS[key], auto_comments=[key, *comments])
    for path in sorted(PACKAGE.rglob("*.py")):
        for message in messages_of(path.read_text(encoding="utf-8")):
            catalogue.add(message, auto_comments=[path.stem])
    package = evidence.descriptor()
    for key in ("title", "author"):
        catalogue.add(settings()[key], auto_comments=["_config.yml"])
    for key in ("author", "journal"):
        catalogue.add(package["sources"][0][key], auto_comments=["datapackage.json"])
    described = [package]
    for resource in package["resources"]:
        described += [resource, *resource["schema"]["fields"]]
    for part in described:
        catalogue.add(part["description"], auto_comments=["datapackage.json"])
    return catalogue


def messages_of(code):
    """The literal texts that a module's code gives to `say`, and the pairs that it gives to `some`.

    Python's own parser finds them: Babel's extractor misses a call in an f-string, and one in a
    generator within another call.
    """
    calls = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in MESSAGES
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        count = MESSAGES[call.func.id]
        texts = [text.value for text in call.args[:count] if isinstance(text, ast.Constant)]
        if len(texts) == count:
            yield tuple(texts) if count == 2 else texts[0]


def _labels():
    """The keys of LABELS, each with the comments above it, which are for translators."""
    comments = []
    for line in (PACKAGE / "words" / "labels.py").read_text(encoding="utf-8").splitlines():
        if key := re.match(r'    "(\w+)": ', line):
            yield key[1], comments
            comments = []
        elif line.startswith("    # "):
            comments.append(line.strip("# "))


def read_catalogue(path):
    """A catalogue's file as a Babel Catalog."""
    with path.open("rb") as file:
        return read_po(file)


def catalogue_of(locale):
    """The file with the package's words in a locale."""
    return CATALOGUES / locale / "LC_MESSAGES" / "casebook.po"


def renew():
    """Bring what the package says into the catalogue of every edition.

    New messages are added, and what is no message any more goes. What changed a little stays and is
    marked fuzzy.
    """
    for language, locale in editions().items():
        if language != SOURCE:
            path = catalogue_of(locale)
            catalogue = read_catalogue(path) if path.exists() else Catalog(locale=locale)
            catalogue.update(package_texts())
            write_catalogue(path, catalogue)


def write_catalogue(path, catalogue):
    """Write a catalogue that has a locale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(catalogue_text(catalogue), encoding="utf-8")


def catalogue_text(catalogue):
    """A catalogue that has a locale, as its file has it: nothing in its head differs by the day."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, omit_header=True, ignore_obsolete=True)
    head = (
        'msgid ""',
        'msgstr ""',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Language: {catalogue.locale_identifier}\\n"',
        f'"Plural-Forms: {catalogue.plural_forms}\\n"',
    )
    return "\n".join([*head, "", out.getvalue().decode("utf-8").strip(), ""])


def latin_names(locale):
    """The names and formats in Latin letters that an edition's prose may have.

    They stand in `locale/<locale>/latin.txt`, one a line.
    """
    path = CATALOGUES / locale / "latin.txt"
    return set(path.read_text(encoding="utf-8").split()) if path.exists() else set()


def terms(language):
    """The terms of terms.csv: [(pattern of the English, translations)], the longest first."""
    table = pd.read_csv(evidence.DATA / "terms.csv", dtype=str, keep_default_na=False)
    if f"term_{language}" not in table:
        return []
    patterns = []
    for english, translations in zip(table.term_en, table[f"term_{language}"]):
        bare = re.sub(r"\s*\([^)]*\)", "", english).strip()
        patterns += [
            (re.compile(rf"\b{re.escape(term)}\b", re.I), translations.split(" / "))
            for term in bare.split(" / ")
        ]
    return sorted(patterns, key=lambda pair: -len(pair[0].pattern))


def problems():
    """All that is wrong with the words of every edition but the source: a line for a person each.

    A line has the file, the message and what is wrong with it.
    """
    lines = []
    for language, locale in editions().items():
        for file, message, what in _problems_of(language, locale) if language != SOURCE else ():
            text = " ".join(message.split())
            lines.append(f"{file}: “{text if len(text) <= 100 else text[:99] + '…'}” – {what}")
    return lines


def _problems_of(language, locale):
    """What is wrong with one edition: (file, message, what is wrong)."""
    path, names, tongue = catalogue_of(locale), latin_names(locale), own_name(language)
    file = path.relative_to(ROOT).as_posix()
    if not path.exists():
        yield file, "", "there is no such catalogue: run make translate"
    else:
        for english, what in _slips(
            package_texts(), read_catalogue(path), terms(language), names, tongue
        ):
            yield file, english, what
    for place, what in (*_data_cells(language), *_sources(language)):
        yield f"data/ ({language})", place, what
    for chapter in chapters.every(language):
        for line in chapters.prose(chapter.read_text(encoding="utf-8")):
            for what in slips_of_script(line, names, tongue):
                yield name_of(chapter), line, what


def _forms(text):
    """The forms of a message or of its translation: one, or those of the plural."""
    return text if isinstance(text, tuple) else (text,)


def _slips(template, catalogue, known, names, tongue):
    """The problems of one catalogue: pairs of a message and what is wrong."""
    full = {_forms(message.id)[0]: _forms(message.id)[-1] for message in template if message.id}
    for english, many in full.items():
        translation = catalogue.get(english)
        if translation is None:
            yield english, "new, or the English has changed: run make translate, then translate it"
        elif not all(_forms(translation.string)):
            yield english, "not translated: fill its msgstr"
        elif translation.fuzzy:
            what = "the English has changed: mend its msgstr and take the mark away"
            yield english, f"fuzzy, because {what}"
        else:
            for text in _forms(translation.string):
                for what in slips(many, text, known, names, tongue):
                    yield english, what
    for english in (_forms(message.id)[0] for message in catalogue):
        if english and english not in full:
            yield english, "stale: no module says this any more; run make translate"


def slips(english, text, known=(), names=frozenset(), tongue="中文"):
    """What is wrong with one translation, in words.

    That is places for values lost, terms translated otherwise, and what `slips_of_script` finds.
    `known` is what `terms` gives, `tongue` the language in its own words.
    """
    places = set(PLACE.findall(english))
    if places != set(PLACE.findall(text)):
        yield f"the same places for values as the English has: {', '.join(sorted(places))}"
    rest = NOT_PROSE.sub(" ", english)
    for pattern, translations in known:
        rest, times = pattern.subn(" ", rest)
        if times and not any(translation in text for translation in translations):
            term = pattern.pattern[2:-2].replace("\\", "")
            yield f"the term “{term}” is {' or '.join(translations)} (terms.csv)"
    verbatim = {
        word
        for word in filter(_identifier, LATIN.findall(english))
        if not word.islower() or re.search(r"[_.@/0-9]", word)
    }
    yield from slips_of_script(text, {*names, *verbatim}, tongue)


def slips_of_script(text, names=frozenset(), tongue="中文"):
    """What is wrong with a text of a language that is not written in Latin letters, in words.

    That is words of Latin letters other than `names`, and marks or blanks that do not belong.
    """
    if re.search("[A-Za-z]", tongue):
        return
    prose = NOT_PROSE.sub("", text)
    if left := [word for word in LATIN.findall(prose) if word not in names]:
        yield f"Latin words in it that are not in latin.txt: {', '.join(dict.fromkeys(left))}"
    prose = HEADING_MARK.sub("", NOT_PROSE.sub("０", text))
    if wrong := HALF.findall(prose):
        yield f"full-width marks beside Chinese, not {' '.join(dict.fromkeys(wrong))}"
    if BLANK.search(prose):
        yield "no blank beside Chinese"


def _identifier(word):
    """Whether a Latin word is a code, a file or a format: capitals, digits or marks within it."""
    return word.isupper() or bool(re.search(r"[_.@+0-9-]|[a-z][A-Z]", word))


def _data_cells(language):
    """Cells of data/ that have a text in English and none in `language`, or the other way round.

    A column without a suffix (a unit) is as the article prints it, in its own language.
    """
    for resource in evidence.descriptor()["resources"]:
        file = resource["path"]
        table = pd.read_csv(evidence.DATA / file, dtype=str, keep_default_na=False)
        if "variable" in table:
            table = table[table["variable"] != "missing"]
        for column in [column for column in table if column.endswith(f"_{SOURCE}")]:
            stem = column.removesuffix(f"_{SOURCE}")
            translated = f"{stem}_{language}"
            if translated not in table:
                if stem not in table and (file, column) not in EDITORIAL:
                    what = f"there is no such column, but there is {column}"
                    yield f"{file}, column {translated}", what
                continue
            missing = table[[column, translated]].isin(evidence.MISSING)
            for index in table.index[missing[column] != missing[translated]]:
                place = f"{file}, row {index + 2}, column {translated}"
                what = f"a text where {column} has one, and only there"
                yield f"{place}: {table.loc[index, translated]}", what


def _sources(language):
    """Fields of references.bib that are in English and have no variant in `language`.

    They are publishers, and descriptions that stand for a title or are part of a date.
    """
    in_english = {"howpublished": ".", "title": r"\([^)]*\bChinese\b", "date": "[A-Za-z]"}
    for key, entry in evidence.bibliography(evidence.DATA).items():
        for field, pattern in in_english.items():
            text, translated = entry.fields.get(field, ""), f"{field}_{language}"
            if entry.fields.get(translated, "").strip() or not re.search(pattern, text):
                continue
            if field != "date" or entry.type == "misc":
                what = f"a text, because {field} is in English: {text}"
                yield f"references.bib, {key}, field {translated}", what


def main():
    """Renew the catalogues and print what is to be done.

    Returns the exit code: 0 if nothing is, else 1.
    """
    renew()
    left = problems()
    print(
        *left, f"{len(left)} to do" if left else "nothing to do: every edition is whole", sep="\n"
    )
    return 1 if left else 0
