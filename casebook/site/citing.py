"""How the article, the book, its chapters, charts and rows are cited, by people and by programs.

A work is cited in the language that it is in: the article in its own, the book and its parts in the
edition's. BibTeX is written by pybtex. RIS is as reference managers read it:
https://en.wikipedia.org/wiki/RIS_(file_format). GB/T 7714—2015 is what journals in China ask for.
"""

import re
from dataclasses import dataclass, replace

from pybtex.database import BibliographyData, Entry, Person

from casebook import evidence
from casebook.addresses import of_chapter, of_row
from casebook.escape import in_script
from casebook.tables.cells import translated
from casebook.words import editions, elsewhere, label, say, site_of, tag, the_book


@dataclass(frozen=True)
class Work:
    """What is cited. `journal` is that of an article, `book` the title of what holds a part.

    `day` is when it was published, `version` the book's. `url` is empty where the site's address is
    not known; a part then has its `place` within the book.
    """

    key: str
    title: str
    author: str
    day: str  # 2020-08-20
    language: str
    journal: str = ""
    book: str = ""
    version: str = ""
    url: str = ""
    place: str = ""


def article(package):
    """The article of a data package (`evidence.descriptor`), in its own language."""
    source = package["sources"][0]
    own = source["language"]

    def words(text):
        return say(text, own) if own in editions() else text

    return Work(
        f"{package['name']}-article",
        source["title"],
        words(source["author"]),
        source["date"],
        own,
        journal=words(source["journal"]),
    )


def book(package):
    """The book, in the edition's language."""
    day = f"{evidence.created_on(package):%Y-%m-%d}"
    version = package["version"]
    author = the_book("author")
    key, title = package["name"], the_book("title")
    return Work(key, title, author, day, tag(), version=version, url=site_of())


def part(package, key, title, link):
    """A part of the book – a chapter, a chart, a row – that stands at `link` among the chapters."""
    whole = book(package)
    where = {"url": elsewhere(link)} if site_of() else {"place": link}
    return replace(whole, key=key, title=title, book=whole.title, **{"url": "", **where})


def works(ev):
    """What is cited most: the article, the book, each practice by its name."""
    rows = [
        part(ev.package, row.practice, row.name, of_row(row.practice))
        for row in ev.register().itertuples()
    ]
    return [article(ev.package), book(ev.package), *rows]


def files(works):
    """Works in the forms of reference managers and of GB/T 7714, as {name: bytes}."""
    lines = "".join(f"{gbt_7714(work)}\n" for work in works)
    return {"bib": bibtex(works).encode(), "ris": ris(works).encode(), "txt": lines.encode()}


def bibtex(works):
    """Works as a BibTeX file, as text."""
    entries = {}
    for work in works:
        kind = "article" if work.journal else "incollection" if work.book else "book"
        fields = {
            "title": f"{{{work.title}}}",  # braces: its capitals are its own
            "journal": work.journal,
            "booktitle": work.book and f"{{{work.book}}}",
            "year": work.day[:4],
            "date": work.day,
            "version": work.version,
            "url": work.url,
            "note": work.place,
            "language": work.language,
        }
        author = Person(work.author if work.journal else f"{{{work.author}}}")
        fields = [(name, text) for name, text in fields.items() if text]
        entries[work.key] = Entry(kind, fields, {"author": [author]})
    text = BibliographyData(entries).to_string("bibtex")
    # pybtex escapes an address like a text; BibTeX and its readers take it as it stands.
    return re.sub(r'(?<= url = ").*(?=")', lambda url: url[0].replace("\\", ""), text)


def ris(works):
    """Works as a RIS file, as text."""
    lines = []
    for work in works:
        fields = {
            "TY": "JOUR" if work.journal else "CHAP" if work.book else "BOOK",
            "AU": work.author,
            "TI": work.title,
            "T2": work.journal or work.book,
            "PY": work.day[:4],
            "DA": work.day.replace("-", "/"),
            "ET": work.version,
            "LA": work.language,
            "UR": work.url,
            "N1": work.place,
            "ID": work.key,
        }
        lines += [f"{name}  - {' '.join(text.split())}" for name, text in fields.items() if text]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines)


def gbt_7714(work):
    """A work as GB/T 7714—2015 has it, without the day on which it was read."""
    if work.journal:
        return f"{work.author}. {work.title}[J]. {work.journal}, {work.day}."
    title = f"{work.title}[M/OL]"
    if work.book:
        title += f"//{work.author}. {work.book}"
    day = f"({work.day})" + (f": {work.place}" if work.place else "")
    pieces = [work.author, title, label("gbt_version", version=work.version), day, work.url]
    return ". ".join(filter(None, pieces)) + "." * (not work.url)


def schema_org(package, chapter, title, description):
    """What the page of a chapter is in the words of schema.org: JSON for the head of the page.

    The first is the book; the register's is a chapter with a data set.
    """
    whole, source, text = book(package), package["sources"][0], article(package)
    studied = {
        "@type": "ScholarlyArticle",
        "name": text.title,
        "author": {"@type": "Person", "name": text.author, "alternateName": source["author"]},
        "datePublished": text.day,
        "inLanguage": text.language,
        "isPartOf": {"@type": "Periodical", "name": text.journal},
    }
    of_all = {
        "inLanguage": whole.language,
        "author": {"@type": "Organization", "name": whole.author},
        "datePublished": whole.day,
        "version": whole.version,
        "license": package["licenses"][0]["path"],
        "isBasedOn": studied,
    }
    of_book = {"@type": "Book", "name": whole.title, **of_all, **address(site_of())}
    of_page = {"name": title, "description": description, **address(elsewhere(of_chapter(chapter)))}
    if chapter == "index":
        found = [of_book | of_page | {"name": whole.title}]
    else:
        found = [{"@type": "Chapter", **of_page, **of_all, "isPartOf": of_book}]
    if chapter == "evidence":
        found.append({"@type": "Dataset", **of_page, **of_all, **data_set(package)})
    return in_script([{"@context": "https://schema.org", **one} for one in found])


def data_set(package):
    """The fields of a schema.org Dataset for the register: its variables and its files."""
    practices = next(one for one in package["resources"] if one["name"] == "practices")
    files = {
        "data-package.zip": "application/zip",
        "register.csv": "text/csv",
        "register.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    fields = [(field["name"], field["description"]) for field in practices["schema"]["fields"]]
    top = f"{site_of() or '../'}downloads/"
    return {
        "description": translated(package["description"]),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "description": translated(description)}
            for name, description in fields
        ],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{top}{name}"}
            for name, kind in files.items()
        ],
    }


def address(url):
    """An address as a field of schema.org; none where it is relative."""
    return {"url": url} if url.startswith("http") else {}
