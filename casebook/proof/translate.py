"""Keep the package's own words whole in every language: `make translate` renews `casebook.po`, and lists what is to be done.

`words` collects what the package says. What is not translated, or not well, is a `Problem`: the tests refuse it. The prose
of the chapters is written in each language, not translated (casebook.proof.books); it is asked only for slips of the pen.
"""

import ast
import io
import re
from collections import Counter
from dataclasses import dataclass

import pandas as pd
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from casebook import chapters, evidence
from casebook.study import PACKAGE, ROOT, name_of, settings
from casebook.words import CATALOGUES, HAN, LABELS, SOURCE, editions, own_name

ROLE = re.compile(r"\{([\w:-]+)\}`(?:[^`<]*<)?([^`<>]+)>?`")
PLACE = re.compile(r"\{(\w*)\}(?!`)")
# What is no prose of a message: roles, code, links' targets, addresses, places for values, commands, folders.
NOT_PROSE = re.compile(
    r"\[[^\]]*\]\([^)]*#source-[^)]*\)|\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|https?://\S+|<[^>]+>|\{\w*\}|%s|(?<![A-Za-z])make [a-z-]+|[A-Za-z-]+/(?![A-Za-z])"
)
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_+.@-]*[A-Za-z0-9]|[A-Za-z]")
HALF = re.compile(rf"(?<=[{HAN}])[,;:?!()]|[,;:?!()](?=[{HAN}])|(?<=[{HAN}])\.(?!\w)")
WIDE = HAN + "，。；：、？！（）《》“”"
BLANK = re.compile(rf"(?<=[{WIDE}]) +(?=[{WIDE}A-Za-z0-9０])|(?<=[A-Za-z0-9０]) +(?=[{WIDE}])")
# Columns that no page shows: they help those who code.
EDITORIAL = {("places.csv", "name_en"), ("terms.csv", "note_en")}
HEADING = re.compile(r"\A *(?:[-*#]+ |\d+\. )?(?:\d\.\d )?")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a translation, in words for a person."""

    file: str
    message: str
    what: str

    def __str__(self):
        text = " ".join(self.message.split())
        return f"{self.file}: “{text if len(text) <= 100 else text[:99] + '…'}” – {self.what}"


def words():
    """The messages that the package says, as a Babel Catalog: labels, calls, the data dictionary, names in _config.yml."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for key, comments in _labels():
        found.add(LABELS[key], auto_comments=[key, *comments])
    sources = [
        (path.stem, path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    ]
    for name, text in sources:
        for message in said(text):
            found.add(message, auto_comments=[name])
    package = evidence.descriptor()
    for key in ("title", "author"):
        found.add(settings()[key], auto_comments=["_config.yml"])
    for key in ("author", "journal"):
        found.add(package["sources"][0][key], auto_comments=["datapackage.json"])
    for resource in package["resources"]:
        for text in (
            resource["description"],
            *(field["description"] for field in resource["schema"]["fields"]),
        ):
            found.add(text, auto_comments=["datapackage.json"])
    return found


def said(code):
    """The messages of a module's code: the literal texts that it gives to `say` and `some`, a pair for `some`.

    By Python's own parser: Babel's extractor misses a call in an f-string, and one in a generator within another call.
    """
    calls = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        count = {"say": 1, "some": 2}.get(call.func.id)
        texts = (
            [one.value for one in call.args[:count] if isinstance(one, ast.Constant)]
            if count
            else []
        )
        if texts and len(texts) == count:
            yield tuple(texts) if count == 2 else texts[0]


def _labels():
    """The keys of LABELS with the comments that stand above each in words/labels.py: they tell a translator what goes where."""
    comments = []
    for line in (PACKAGE / "words" / "labels.py").read_text(encoding="utf-8").splitlines():
        if key := re.match(r'    "(\w+)": ', line):
            yield key[1], comments
            comments = []
        elif line.startswith("    # "):
            comments = [*comments, line.strip("# ")]


def read(path):
    """A catalogue's file as a Babel Catalog."""
    with path.open("rb") as file:
        return read_po(file)


def renew():
    """Bring what the package says into the catalogue of every edition.

    New messages are added, what is no message any more goes, and what changed a little is kept and marked fuzzy.
    """
    for language, locale in editions().items():
        if language != SOURCE:
            path = catalogue_of(locale)
            catalogue = read(path) if path.exists() else Catalog(locale=locale)
            catalogue.update(words())
            write(path, catalogue, locale)


def catalogue_of(locale):
    """The file with the package's words in a locale."""
    return CATALOGUES / locale / "LC_MESSAGES" / "casebook.po"


def write(path, catalogue, locale=None):
    """Write a catalogue with nothing in its head that differs from day to day."""
    kept = Catalog(locale=locale, charset="utf-8", fuzzy=False)
    for message in catalogue:
        if message.id:
            flags = message.flags - {
                "python-format",
                "python-brace-format",
            }  # a role's braces are no place for a value
            kept.add(message.id, message.string, flags=flags, auto_comments=message.auto_comments)
    out = io.BytesIO()
    write_po(out, kept, width=120, omit_header=True)
    head = [
        'msgid ""',
        'msgstr ""',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    ]
    if locale:
        head += [f'"Language: {locale}\\n"', f'"Plural-Forms: {kept.plural_forms}\\n"']
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "\n".join(head) + "\n\n" + out.getvalue().decode("utf-8").strip() + "\n", encoding="utf-8"
    )


def latin_names(locale):
    """The Latin words that an edition's prose may keep: names and formats, one a line of `locale/<locale>/latin.txt`."""
    path = CATALOGUES / locale / "latin.txt"
    return set(path.read_text(encoding="utf-8").split()) if path.exists() else set()


def terms(language):
    """The table of terms for a language: [(pattern of the English, its translations)], the longest English first."""
    table = pd.read_csv(evidence.DATA / "terms.csv", dtype=str, keep_default_na=False)
    if f"term_{language}" not in table:
        return []
    found = []
    for english, own in zip(table.term_en, table[f"term_{language}"]):
        bare = re.sub(r"\s*\([^)]*\)", "", english).strip()
        found += [
            (re.compile(rf"\b{re.escape(one)}\b", re.I), own.split(" / "))
            for one in bare.split(" / ")
        ]
    return sorted(found, key=lambda pair: -len(pair[0].pattern))


def problems():
    """All that is wrong with the words of every edition but the source: a list of Problem."""
    found, template = [], words()
    for language, locale in editions().items():
        if language == SOURCE:
            continue
        path, names = catalogue_of(locale), latin_names(locale)
        place = path.relative_to(ROOT).as_posix()
        if path.exists():
            slips_of_words = _slips(
                template, read(path), terms(language), names, own_name(language)
            )
            found += [Problem(place, *pair) for pair in slips_of_words]
        else:
            found.append(Problem(place, "", "there is no such catalogue: run make translate"))
        found += [
            Problem(f"data/ ({language})", *pair)
            for pair in (*_cells(language), *_sources(language))
        ]
        for chapter in chapters.every(language):
            pairs = _slips_of_prose(chapter.read_text(encoding="utf-8"), names, own_name(language))
            found += [Problem(name_of(chapter), *pair) for pair in pairs]
    return found


def _slips_of_prose(text, names, own):
    """Slips of the pen in a chapter's prose: pairs of a line and what is wrong."""
    for line in chapters.prose(text):
        yield from ((line, what) for what in slips_of_script(line, names, own))


def _slips(template, catalogue, known, names, own):
    """The problems of one catalogue: pairs of a message and what is wrong."""
    for message in template:
        if not message.id:
            continue
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        translation = catalogue.get(one)
        if translation is None:
            yield one, "new, or the English has changed: run make translate, then translate it"
            continue
        forms = (
            translation.string if isinstance(translation.string, tuple) else (translation.string,)
        )
        if not all(forms):
            yield one, "not translated: fill its msgstr"
        elif translation.fuzzy:
            yield (
                one,
                "fuzzy, because the English has changed: mend its msgstr and take the mark away",
            )
        else:
            english = message.id[-1] if isinstance(message.id, tuple) else message.id
            for text in forms:
                yield from ((one, what) for what in slips(english, text, known, names, own))
    ids = {message.id[0] if isinstance(message.id, tuple) else message.id for message in template}
    for message in catalogue:
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        if one and one not in ids:
            yield one, "stale: no module says this any more; run make translate"


def slips(english, text, known=(), names=frozenset(), own="中文"):
    """What is wrong with one translation, in words: roles and places lost, terms translated otherwise, and, in a language
    that is not written in Latin letters, English left over and marks or blanks that do not belong."""
    before, after = (Counter(ROLE.findall(one)) for one in (english, text))
    if before != after:
        lost = [
            f"{{{role}}}`{target}`"
            for role, target in ((before - after) + (after - before)).elements()
        ]
        yield f"every role of the English, once each, and no other: {', '.join(lost)}"
    if set(PLACE.findall(english)) != set(PLACE.findall(text)):
        yield f"the same places for values as the English has: {', '.join(sorted(set(PLACE.findall(english))))}"
    rest = NOT_PROSE.sub(" ", english)
    for pattern, translations in known:
        rest, times = pattern.subn(" ", rest)
        if times and not any(one in text for one in translations):
            yield f"the term “{pattern.pattern[2:-2]}” is {' or '.join(translations)} (terms.csv)".replace(
                "\\", ""
            )
    verbatim = {
        word
        for word in LATIN.findall(english)
        if not word.islower() or re.search(r"[_.@/0-9]", word)
    }
    yield from slips_of_script(
        text, {*names, *(word for word in verbatim if _identifier(word))}, own
    )


def slips_of_script(text, names=frozenset(), own="中文"):
    """What is wrong with a text of a language that is not written in Latin letters: words left over, marks, blanks."""
    if re.search("[A-Za-z]", own):
        return
    prose = NOT_PROSE.sub("", text)
    if left := [word for word in LATIN.findall(prose) if word not in names]:
        yield f"Latin words in it that are not in latin.txt: {', '.join(dict.fromkeys(left))}"
    prose = HEADING.sub("", NOT_PROSE.sub("０", text))
    if wrong := HALF.findall(prose):
        yield f"full-width marks beside Chinese, not {' '.join(dict.fromkeys(wrong))}"
    if BLANK.search(prose):
        yield "no blank beside Chinese"


def _identifier(word):
    """Whether a Latin word is a code, a file or a format rather than English: capitals, digits or marks within it."""
    return word.isupper() or bool(re.search(r"[_.@+0-9-]|[a-z][A-Z]", word))


def _cells(language):
    """Cells of data/ that have a text in English and none in `language`, or the other way round.

    A column without a suffix (a unit) is as the article prints it, in its own language.
    """
    for resource in evidence.descriptor()["resources"]:
        table = pd.read_csv(evidence.DATA / resource["path"], dtype=str, keep_default_na=False)
        for column in [c for c in table if c.endswith(f"_{SOURCE}")]:
            own = f"{column.removesuffix(SOURCE)}{language}"
            if own not in table:
                if (
                    column.removesuffix(f"_{SOURCE}") in table
                    or (resource["path"], column) in EDITORIAL
                ):
                    continue
                yield (
                    f"{resource['path']}, column {own}",
                    f"there is no such column, but there is {column}",
                )
                continue
            for number, (source, text) in enumerate(zip(table[column], table[own]), start=2):
                if table.iloc[number - 2].get("variable") != "missing" and (
                    source in evidence.MISSING
                ) != (text in evidence.MISSING):
                    yield (
                        f"{resource['path']}, row {number}, column {own}: {text}",
                        f"a text where {column} has one, and only there",
                    )


def _sources(language):
    """Fields of references.bib that are in English and have no variant in `language`: publishers, and descriptions that stand
    for a title or are part of a date."""
    for key, entry in evidence.bibliography(evidence.DATA).items():
        for field, described in (
            ("howpublished", "."),
            ("title", r"\([^)]*\bChinese\b"),
            ("date", "[A-Za-z]"),
        ):
            own = f"{field}_{language}"
            if entry.fields.get(own, "").strip() or not re.search(
                described, entry.fields.get(field, "")
            ):
                continue
            if field != "date" or entry.type == "misc":
                yield (
                    f"references.bib, {key}, field {own}",
                    f"a text, because {field} is in English: {entry.fields[field]}",
                )


def main():
    """Renew the catalogues and print what is to be done; returns the exit code: 0 if nothing is, else 1."""
    renew()
    left = problems()
    for problem in left:
        print(problem)
    print(f"{len(left)} to do" if left else "nothing to do: every edition is whole")
    return 1 if left else 0
