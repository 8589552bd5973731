"""The words of a Chinese text, which are not written apart: between them a line may end.

BudouX finds them, a small model that carries its weights with it. It has learned from running text;
in the names and titles of this field it takes some words apart, which are listed here, and leaves
characters alone where it is unsure. Those are joined.
"""

import re
from functools import cache
from itertools import accumulate, pairwise

import budoux

LISTED = """互联网 人工智能 体系 共治 划分 办公厅 化解 区域 区块链 国际化 四中全会
大党委制 大数据 处罚权 机制 构建 法治 治理 简政放权 职权 职能 联合 若干 行政机关
行政处罚 覆盖面 要点 视频 转移"""
WORD = re.compile("|".join(sorted(LISTED.split(), key=len, reverse=True)))
LETTER = re.compile("[\u4e00-\u9fff]")
# A single character that belongs to what stands before it; any other belongs to what follows.
ENCLITIC = set("的等个项条次届市省县区级们地得了着过者性化处所式型")


@cache
def parser():
    """BudouX with its model of simplified Chinese."""
    return budoux.load_default_simplified_chinese_parser()


def words_of(text):
    """A text as its words, one after the other, each with the marks that stand by it."""
    ends = set(accumulate(map(len, parser().parse(text))))
    for word in WORD.finditer(text):
        ends -= set(range(word.start() + 1, word.end()))
        ends |= {word.start(), word.end()} - {0}
    pieces = [text[start:end] for start, end in pairwise(sorted({0, *ends}))]
    return _without_single(_with_runs(pieces))


def _is_single(piece):
    """Whether a piece of text is one Chinese character, maybe with marks behind it."""
    return len(LETTER.findall(piece)) == 1 and bool(LETTER.match(piece))


def _with_runs(pieces):
    """The pieces of a text, of which single characters side by side are one word."""
    words, in_run = [], False
    for piece in pieces:
        if words and _is_single(piece) and (in_run or piece[0] in ENCLITIC):
            words[-1] += piece
        else:
            words.append(piece)
        in_run = len(piece) == 1 and _is_single(piece) and (in_run or piece not in ENCLITIC)
    return words


def _without_single(words):
    """The words of a text, of which no Chinese character stands alone.

    It joins what follows, or what stands before it where a mark comes between or nothing follows.
    """
    joined, held = [], ""
    for word, following in zip(words, [*words[1:], ""]):
        single = len(LETTER.findall(held + word)) == 1 and not re.search(r"\d", word)
        if single and LETTER.match(following) and LETTER.match(word[-1]):
            held += word
        elif single and joined and not held and LETTER.match(word):
            joined[-1] += word
        else:
            joined.append(held + word)
            held = ""
    return joined
