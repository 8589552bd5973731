"""The evidence of today, grown: what `make bench` measures the costs of a larger study with.

A grown study has today's rows, and further copies of every practice with its figures, items, readings, precedents and checks,
spread over further jurisdictions. Copies have words of their own, drawn from today's texts, so that they weigh what a coder's
would, and an article is made up that prints all evidence where the locators say. Nothing here is random twice.
"""

import csv
import gzip
import json
import random
import re
import shutil
import sys
import time
from collections import defaultdict
from pathlib import Path

import altair
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from casebook import chapters, evidence, publish, source, tables
from casebook.evidence import DATA, JOIN, MISSING
from casebook.renderer import MIME, renderer
from casebook.source import DATE, DRAFT, ENDINGS, HAN, LOCATED, digest, first_printed, normalise, rows_of

# The provincial-level divisions beyond today's; an autonomous region is taken as a province, for which there is a code.
DIVISIONS = {
    "CN-TJ": ("Tianjin", "天津", "municipality"),
    "CN-HE": ("Hebei", "河北", "province"),
    "CN-SX": ("Shanxi", "山西", "province"),
    "CN-NM": ("Inner Mongolia", "内蒙古", "province"),
    "CN-LN": ("Liaoning", "辽宁", "province"),
    "CN-JL": ("Jilin", "吉林", "province"),
    "CN-HL": ("Heilongjiang", "黑龙江", "province"),
    "CN-AH": ("Anhui", "安徽", "province"),
    "CN-FJ": ("Fujian", "福建", "province"),
    "CN-JX": ("Jiangxi", "江西", "province"),
    "CN-SD": ("Shandong", "山东", "province"),
    "CN-HA": ("Henan", "河南", "province"),
    "CN-HB": ("Hubei", "湖北", "province"),
    "CN-HN": ("Hunan", "湖南", "province"),
    "CN-GX": ("Guangxi", "广西", "province"),
    "CN-HI": ("Hainan", "海南", "province"),
    "CN-CQ": ("Chongqing", "重庆", "municipality"),
    "CN-SC": ("Sichuan", "四川", "province"),
    "CN-GZ": ("Guizhou", "贵州", "province"),
    "CN-YN": ("Yunnan", "云南", "province"),
    "CN-XZ": ("Tibet", "西藏", "province"),
    "CN-SN": ("Shaanxi", "陕西", "province"),
    "CN-GS": ("Gansu", "甘肃", "province"),
    "CN-QH": ("Qinghai", "青海", "province"),
    "CN-NX": ("Ningxia", "宁夏", "province"),
    "CN-XJ": ("Xinjiang", "新疆", "province"),
}
NATIONAL = "CN"
NUMERAL = "[一二三四五六七八九十百千万年月末版个项部条]"


class Words:
    """Made-up words as long as given ones: English of today's words, Chinese of today's pairs of characters."""

    def __init__(self, tables):
        self.random = random.Random(1)
        cells = [(column, cell) for rows in tables.values() for row in rows for column, cell in row.items()]
        self.english = [w for column, cell in cells if column.endswith("_en") for w in re.findall("[A-Za-z]{2,}", cell)]
        # No made-up text may print a place, a keyword of a silence, or a number that nobody claims.
        units = {row["unit"] for row in tables["figures"]}
        kept = sorted(
            {*units, *DRAFT.pattern.split("|"), *(word for words in ENDINGS.values() for word in words)}, key=len, reverse=True
        )
        self.kept = re.compile("|".join([*map(re.escape, kept), NUMERAL]))
        starts = {row["place"][0] for row in tables["places"]}
        starts |= {word[0] for row in tables["silences"] for word in row["keywords"].split(JOIN)}
        pairs = (p for column, cell in cells if column.endswith("_zh") for p in re.findall(f"(?={HAN.pattern}{{2}})(..)", cell))
        self.pairs = [pair for pair in pairs if not starts & set(pair) and not self.kept.search(pair)]
        self.run = re.compile(f"({self.kept.pattern})|(?:(?!{self.kept.pattern}){HAN.pattern})+")

    def han(self, length):
        return "".join(self.random.choices(self.pairs, k=length // 2 + 1))[:length]

    def zh(self, text, taken=()):
        """`text` in other characters: numbers, units, marks, and what makes a title a plan or a law, stay. Not one of `taken`."""
        if text in MISSING:
            return text
        while True:
            made = self.run.sub(lambda found: found[0] if found[1] else self.han(len(found[0])), text)
            if made not in taken or made == text:
                return made

    def en(self, text):
        """`text` in other words; digits, marks and capitals stay."""

        def other(found):
            word = self.random.choice(self.english)
            return word.capitalize() if found[0][0].isupper() else word.lower()

        return text if text in MISSING else re.sub(r"(?<![\d’])[A-Za-z]{2,}", other, text)

    def texts(self, row):
        """The cells of a row that are texts in two languages, in other words."""
        made = {column: self.en(cell) for column, cell in row.items() if column.endswith("_en")}
        return made | {column: self.zh(cell) for column, cell in row.items() if column.endswith("_zh")}


def read(folder):
    """The tables of `folder` as {name: list of dicts of text}."""
    tables = {}
    for path in sorted(Path(folder).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def grown(folder, times, jurisdictions=31):
    """Write into `folder` a valid data package of `times` today's practices, spread over `jurisdictions` (today's five to 31
    provincial-level divisions, the target one of them). Returns the text of a made-up article that prints its evidence."""
    folder = Path(folder)
    shutil.copytree(DATA, folder)
    tables = read(folder)
    words = Words(tables | {"places": [*tables["places"], *({"place": zh} for _, zh, _ in DIVISIONS.values())]})
    pioneers = settle(tables, jurisdictions, folder)
    today = {name: list(rows) for name, rows in tables.items()}
    for row in tables["practices"]:  # the made-up article names each jurisdiction right before its evidence
        row["exception_en"] = row["exception_zh"] = MISSING[2]
    for number in range(2, times + 1):
        copy(today, tables, words, number, pioneers)
    order = {row["section"]: place for place, row in enumerate(tables["sections"])}
    for name in ("practices", "figures", "source_checks", "uncoded"):
        tables[name].sort(key=lambda row: order[row["section"]])
    article = write(tables)
    parts = source.split(article)
    for row in tables["places"]:
        row["locator"] = first_printed(parts, normalise(row["place"])) or MISSING[2]
    practices = {row["practice"]: row for row in tables["practices"]}
    made = {name: [source.Row(name, 0, row, practices.get(row.get("practice"), {})) for row in tables[name]] for name in LOCATED}
    rows = rows_of(made)
    for row in tables["sections"]:
        text = parts[row["section"]][1]
        row.update(characters=str(len(text)), sha256=digest(text), rows=str(rows[row["section"]]))
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    return article


def settle(tables, jurisdictions, folder):
    """Add jurisdictions to provinces, places, context and the schema's enumerations, up to so many. Returns all pioneers."""
    like = {row["type"]: row for row in tables["provinces"] if row["role"] == "pioneer"}
    pioneers = [row["province"] for row in tables["provinces"] if row["role"] == "pioneer"]
    known = [row["province"] for row in tables["provinces"] if row["province"] != NATIONAL]
    for code in list(DIVISIONS)[: jurisdictions - len(known)]:
        en, zh, form = DIVISIONS[code]
        tables["provinces"].insert(len(pioneers), {**like[form], "province": code, "name_en": en, "name_zh": zh})
        place = {"place": zh, "name_en": en, "province": code, "level": "province", "locator": MISSING[2]}
        tables["places"].append({**tables["places"][0], **place})
        tables["context"] += [{**row, "province": code} for row in tables["context"] if row["province"] == pioneers[0]]
        pioneers.append(code)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            if pioneers[0] in rules.get("enum", ()):
                rules["enum"] = [row["province"] for row in tables["provinces"]]
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return pioneers


def copy(today, tables, words, number, pioneers):
    """Add to `tables` copy `number` of today's practices and of all that hangs on them; pioneers change their places."""
    places = {row["province"]: row["province"] for row in today["provinces"]}
    first = [code for code in pioneers if code not in DIVISIONS]
    places |= {code: pioneers[(i + len(first) * (number - 1)) % len(pioneers)] for i, code in enumerate(first)}
    listed = {row["row"]: row for row in today["names"]}
    claimed = {(row["province"], row["section"], row["evidence"]) for t in ("practices", "figures") for row in tables[t]}
    ids, pieces = {text: text for text in MISSING}, {}

    def named(row, key, taken):
        """Texts, id and evidence of a row's copy: its name as printed, or with a reason in names.csv."""
        made, old = words.texts(row), [normalise(piece) for piece in row["evidence"].split(JOIN)]
        new = [piece if DATE.fullmatch(piece) else words.zh(piece, taken) for piece in old]
        if normalise(row["name_zh"]) in old:
            new[old.index(normalise(row["name_zh"]))] = normalise(made["name_zh"])
        if row[key] in listed:
            tables["names"].append({**listed[row[key]], "row": ids[row[key]], "name_zh": made["name_zh"]})
        pieces[row[key]] = old, new
        return made | {key: ids[row[key]], "evidence": JOIN.join(new)}

    for row in today["practices"]:
        place, prefix = places[row["province"]], row["practice"].partition("-")[0]
        ids[row["practice"]] = f"{place.rpartition('-')[2].lower()}{row['practice'].removeprefix(prefix)}-{number}"
        made = {**row, **named(row, "practice", ()), "province": place}
        while (place, row["section"], made["evidence"]) in claimed:
            made |= {"evidence": made["evidence"] + JOIN + words.han(6)}
        claimed.add((place, row["section"], made["evidence"]))
        tables["practices"].append(made)
    for table, key in (("items", "item"), ("figures", "figure"), ("source_checks", "check")):
        ids |= {row[key]: f"{row[key]}-{number}" for row in today[table]}
    for row in today["items"]:
        tables["items"].append({**row, **named(row, "item", ()), "practice": ids[row["practice"]]})
    for row in today["figures"]:
        old, new = pieces.get(row["practice"], ([], []))
        made = []
        for piece in map(normalise, row["evidence"].split(JOIN)):
            inside = [(text, whole.find(piece)) for whole, text in zip(old, new) if piece in whole]
            made.append(inside[0][0][inside[0][1] :][: len(piece)] if inside else words.zh(piece))
        place = places[row["province"]]
        if (place, row["section"], JOIN.join(made)) in claimed:
            made.insert(0, next((text for text in new if not DATE.fullmatch(text)), words.han(6)))
        claimed.add((place, row["section"], JOIN.join(made)))
        own = {"figure": ids[row["figure"]], "practice": ids[row["practice"]], "province": place, "evidence": JOIN.join(made)}
        tables["figures"].append({**row, **words.texts(row), **own, "unit_en": row["unit_en"]})
    for row in today["source_checks"]:
        own = {"check": ids[row["check"]], "province": places[row["province"]]}
        tables["source_checks"].append({**row, **words.texts(row), **own})
    for table, keys in {
        "readings": ("practice",),
        "alignments": ("left", "right"),
        "precedents": ("practice",),
        "checked_rows": ("check", "practice", "figure"),
    }.items():
        tables[table] += [{**row, **words.texts(row), **{key: ids[row[key]] for key in keys}} for row in today[table]]
    taken = {row["text"] for row in tables["uncoded"]}
    for row in today["uncoded"]:
        if (text := words.zh(row["text"], taken)) not in taken:  # a number alone has no other words
            taken.add(text)
            tables["uncoded"].append({**row, **words.texts(row), "text": text})


def write(tables):
    """The made-up article, with the locators of all rows: the jurisdiction's name before each piece of its evidence."""
    names = {row["province"]: row["place"] for row in reversed(tables["places"]) if row["level"] in ("province", "national")}
    text, length = defaultdict(list), defaultdict(int)

    def put(section, words):
        text[section].append(words)
        length[section] += len(words)
        return length[section] - len(words)

    def locate(row, section, offsets, column="evidence"):
        """Give a row its locator: where each of its pieces was printed."""
        found = []
        for piece, offset in zip(map(normalise, row[column].split(JOIN)), offsets):
            found.append(f"{section}@{offset}+{len(piece)}")
        row["locator"] = JOIN.join(found)

    items, figures = defaultdict(list), defaultdict(list)
    for row in tables["items"]:
        items[row["practice"]].append(row)
    for row in tables["figures"]:
        figures[row["practice"]].append(row)

    def sentence(row, section, name, members=(), counts=()):
        """Print a practice (or what stands alone), its list, and the figures that stand in its words or after its list."""
        where = {}
        for piece in map(normalise, row["evidence"].split(JOIN) if row else ()):
            put(section, f"{name}:")
            where[piece] = put(section, piece)
            put(section, ",")
        for place, member in enumerate(members):
            put(section, "、" if place else f"{name}:")
            locate(member, section, [put(section, normalise(member["evidence"]))])
        if row:
            locate(row, section, where.values())
        for count in counts:
            offsets = []
            for piece in map(normalise, count["evidence"].split(JOIN)):
                inside = [offset + whole.find(piece) for whole, offset in where.items() if piece in whole]
                if not inside:
                    if not row:
                        put(section, f"{name}:")
                    where[piece] = put(section, piece)
                offsets.append(inside[0] if inside else where[piece])
            locate(count, section, offsets)
        put(section, "。")

    put(
        "0",
        "本文为虚构,只用来衡量成本。".ljust(100, "。") + "、".join(normalise(row["place"]) for row in tables["places"]) + "。",
    )
    for section in (row["section"] for row in tables["sections"] if row["section"].startswith("5.") and row["section"] != "5.0"):
        name = next(normalise(row["name_zh"]) for row in tables["sections"] if row["section"] == section)
        put(section, f"{'零一二三四'[int(section[2:])]}是{name}。")
    for row in tables["practices"]:
        sentence(row, row["section"], names[row["province"]], items[row["practice"]], figures[row["practice"]])
    for row in figures[MISSING[2]]:
        sentence(None, row["section"], names[row["province"]], (), [row])
    for table in ("premises", "recommendations", "measures", "uncoded"):
        for row in tables[table]:
            column = "text" if table == "uncoded" else "evidence"
            offsets = []
            for piece in map(normalise, row[column].split(JOIN)):
                offsets.append(put(row["section"], piece))
                put(row["section"], "。")
            locate(row, row["section"], offsets, column)
    lines = []
    for row in tables["sections"]:
        theme, _, sub = row["section"].partition(".")
        if not sub and theme != "0":
            lines.append(f"{'一二三四五'[int(theme) - 1]}、{normalise(row['name_zh'])}")
        elif theme not in "05":
            lines.append(f"({'一二三'[int(sub) - 1]}){normalise(row['name_zh'])}")
        lines.append("".join(text[row["section"]]))
    return "\n".join(lines) + "\n"


def measure(article):
    """What this project costs with the data that it has: {"costs": {what: seconds of the processor, or kB}, "failed": the cells
    that do not hold for such data, "register": its HTML}.

    The weight of a chapter is that of what its cells give – tables and charts as they stand on the page – compressed.
    """
    costs, failed = {}, []

    def clock(name, work):
        start = time.process_time()
        made = work()
        costs[name] = time.process_time() - start
        return made

    ev = clock("load and validate, s", evidence.load)
    parts = source.split(article)
    clock("source check, s", lambda: source.prove(parts, source.read(DATA)))
    clock("    the article's prose in the repository, s", lambda: list(source.check_prose(article, DATA.parent)))
    clock("the register's rows with all joins, s", ev.register)
    page = clock("    as a table of the page, s", lambda: tables.register(ev)).markup
    shell, weights = InteractiveShell.instance(), {}
    for chapter in chapters.every():
        shell.reset(new_session=False)
        start, given = time.process_time(), []
        for number, cell in enumerate(chapters.code_cells(chapter)):
            with capture_output():
                ran = shell.run_cell(cell)
            if not ran.success:
                failed.append(f"{chapter.stem}, cell {number}: {ran.error_in_exec!r}")
            given.append(ran.result)
        costs[f"chapter {chapter.stem}: its cells, s"] = time.process_time() - start
        start, html = time.process_time(), ""
        for number, made in enumerate(given):
            if isinstance(made, altair.TopLevelMixin):
                html += publish.to_html(renderer(made.to_dict())[MIME], f"fig-{number}")
            html += getattr(made, "markup", "")
        costs[f"chapter {chapter.stem}: drawn, s"] = time.process_time() - start
        weights[f"chapter {chapter.stem}: what its cells give, kB"] = len(gzip.compress(html.encode(), 6)) / 1024
    return {"costs": costs | weights, "failed": failed, "register": page}


if __name__ == "__main__":  # in a copy of the project that has grown data: the article's path, and where to put the answer
    Path(sys.argv[2]).write_text(json.dumps(measure(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
