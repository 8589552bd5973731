"""The second edition of a new study, in a language that the package has words in.

Its chapters are in `template/chapters/<language>/`. Its catalogue is the package's own, with the
names of the new study in place of those of the first.
"""

from babel import Locale

from casebook.proof.translate import LATIN, catalogue_text, read_catalogue
from casebook.study import PACKAGE
from casebook.words import SOURCE

CHAPTERS = PACKAGE / "new" / "template" / "chapters"
# The package speaks of the jurisdictions of its first study. Those of another are of any kind.
IN_GENERAL = {"zh": {"各省市": "各地", "先行省市": "先行地方", "省市": "地方", "直辖市": "市"}}
# Where a message is from that is a study's own; all others are the package's.
OF_A_STUDY = {"_config.yml", "datapackage.json"}


def catalogues():
    """The folder with the package's catalogues: in the package, or in a checkout beside it."""
    packed = PACKAGE / "new" / "locale"
    return packed if packed.exists() else PACKAGE.parent / "locale"


def offered():
    """The languages in which a new study can have a second edition: {"zh": "zh_CN"}."""
    locales = {path.name.partition("_")[0]: path.name for path in catalogues().glob("*_*")}
    written = sorted(path.name for path in CHAPTERS.iterdir() if path.is_dir())
    return {language: locales[language] for language in written if language in locales}


def name_of(language):
    """A language in English: “Chinese”."""
    return Locale.parse(language).get_language_name(SOURCE)


def catalogue(language):
    """The package's catalogue in one of the languages that are `offered`, as a Babel Catalog."""
    return read_catalogue(catalogues() / offered()[language] / "LC_MESSAGES" / "casebook.po")


def in_general(text, language):
    """A translation, or its forms, without the words for jurisdictions of the first study."""
    if isinstance(text, tuple):
        return tuple(in_general(form, language) for form in text)
    for word, general in IN_GENERAL.get(language, {}).items():
        text = text.replace(word, general)
    return text


def files(language, names, package):
    """The `locale/` of a new study: {path: text}.

    `names` are its own names, each as {language: text}, `package` is its descriptor. What the
    descriptor says of tables and columns is the package's, and stays.
    """
    words, locale = catalogue(language), offered()[language]
    described = {package["description"]}
    for resource in package["resources"]:
        described |= {part["description"] for part in (resource, *resource["schema"]["fields"])}
    for message in [*words]:
        of_a_study = {*message.auto_comments} <= OF_A_STUDY
        if message.id and of_a_study and message.id not in described:
            words.delete(message.id)
    for message in words:
        message.string = in_general(message.string, language)
    for name in names:
        words.add(name[SOURCE], name[language])
    said = {word for message in words for word in LATIN.findall(str(message.string))}
    listed = (catalogues() / locale / "latin.txt").read_text(encoding="utf-8").split()
    latin = [word for word in listed if word in said]  # the others are of the first study
    title = [word for word in LATIN.findall(package["sources"][0]["title"]) if word not in latin]
    return {
        f"locale/{locale}/LC_MESSAGES/casebook.po": catalogue_text(words),
        f"locale/{locale}/latin.txt": "".join([f"{word}\n" for word in (*latin, *title)]),
    }
