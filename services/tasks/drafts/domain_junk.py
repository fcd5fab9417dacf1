"""What does not belong into a plan: advertisements, links, code, foreign words, misprints."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from services.tasks.drafts.domain_parts import Flag, FlagKind, Span

_HAN = "\u4e00-\u9fff"
# An address ends where Chinese words go on, with or without a blank between them.
_OF_ADDRESS = rf"[^\s,。;)”{_HAN}]"
_MEASURES = (
    "年月日号条款项个次轮场份起人名家户座处所台辆公千百万亿米吨元周天小时分级类种批期岁点楼层区"
    "以余多至到各大"
)
_TOUTED = (
    "体育官网|娱乐城|彩票|博彩|棋牌|百家乐|赌场|赌博平台|下注|投注|开户送|真人荷官|六合彩|老虎机|"
    "代开发票|代办证件|无抵押贷款|加微信|加群领取|点击进入|点击下载|立即下载|扫码领取|官网入口|"
    "成人影片|私服|刷单"
)

_SIGNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"<(script|style|iframe)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL),
        "网页脚本或样式残留",
        "A leftover of a page's script or style",
    ),
    (re.compile(r"</?[a-zA-Z!][^<>\n]{0,300}>"), "网页标记残留", "A leftover of a page's markup"),
    (
        re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"),
        "网页转义残留",
        "A page's entity",
    ),
    (
        re.compile(
            rf"(?:https?|ftp)://{_OF_ADDRESS}+|(?<![\w.@])(?:www\.)?[a-z0-9-]{{1,40}}"
            r"(?:\.[a-z0-9-]{1,40}){0,3}\.(?:com|cn|net|org|top|xyz|vip|cc|info|club|site)\b"
            rf"(?:/{_OF_ADDRESS}*)?",
            re.IGNORECASE | re.ASCII,
        ),
        "网址",
        "A web address",
    ),
    (
        re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}", re.ASCII),
        "电子邮箱",
        "A mail address",
    ),
    (
        re.compile(r"(?:display:none|visibility:hidden|font-size:0)[^,。\n]{0,40}", re.IGNORECASE),
        "隐藏文字的样式残留",
        "A leftover of a style that hides text",
    ),
    (
        re.compile(r"(?:function ?\(|document\.|window\.|var [a-z]|eval\()[^。\n]{0,200}"),
        "脚本代码残留",
        "A leftover of code",
    ),
    (
        re.compile(rf"(?:[0-9A-Za-z]{{1,12}})?[{_HAN}]{{0,2}}?(?:{_TOUTED})"),
        "广告用语",
        "Words of an advertisement",
    ),
)
# Letters of another script, and Latin words that no plan of this trade uses.
_FOREIGN = re.compile(
    r"[\u0400-\u052f\u0370-\u03ff\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]+"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z' ]{2,}[A-Za-z]")
_LATIN_USED = frozenset(
    {"app", "gps", "lng", "lpg", "cng", "hse", "vocs", "haccp", "ppp", "dcs", "sis", "gis", "bim"}
)
_GLUED = re.compile(rf"(?<![\d.〔第])\d{{2,6}}(?=[{_HAN}]{{2}})(?!\d*[{_MEASURES}%])")
_MISPRINTS: tuple[tuple[re.Pattern[str], Callable[[str], str], str, str], ...] = (
    (
        re.compile(r"\.{2,}(?=[^.])|、{2,}|。{2,}|,{2,}|;{2,}"),
        lambda words: words[0],
        "标点重复",
        "Doubled punctuation",
    ),
    (
        re.compile(rf"[{_HAN}] [{_HAN}“]"),
        lambda words: words.replace(" ", ""),
        "词中夹有空格",
        "A blank between two characters",
    ),
    (
        re.compile("\ufffd+|[\ue000-\uf8ff]+"),
        lambda _: "",
        "无法辨认的字符",
        "A character that cannot be read",
    ),
)
# Set phrases of this trade that are often misprinted: what stands, what is meant.
_CONFUSED = {
    "大辐": "大幅",
    "向全报告": "向全会报告",
    "反映安全风险评估": "反应安全风险评估",
    "采取各种开工": "采取各种形式",
    "布署": "部署",
    "防犯": "防范",
    "遏止": "遏制",
    "隐患排察": "隐患排查",
    "按装": "安装",
    "完膳": "完善",
    "安全生产责任治": "安全生产责任制",
    "应急予案": "应急预案",
    "督察检查": "督查检查",
    "形式严峻": "形势严峻",
}
_LEAST_REPEATS = 3
MASK = "\ufdd0"
"""Stands for a character that was put in; no text has it, no rule reads it."""


def injected(text: str) -> tuple[Flag, ...]:
    """Every place with something that was put into the plan from outside, with the reason."""
    found = sorted((*_signs(text), *_repeated(text), *_foreign(text)), key=_place)
    kept: list[Flag] = []
    for flag in found:
        if kept and flag.span.start == kept[-1].span.end:
            last = kept.pop()
            kept.append(
                replace(
                    last,
                    span=Span(last.span.start, flag.span.end),
                    excerpt=(last.excerpt + flag.excerpt)[:500],
                )
            )
        elif not kept or flag.span.start > kept[-1].span.end:
            kept.append(flag)
    return tuple(kept)


def misprints(text: str) -> tuple[Flag, ...]:
    """Every place that looks misprinted, with the likely spelling where there is one."""
    flags = [
        _misprint(text, *found.span(), zh=zh, en=en, meant=meant(found[0]))
        for pattern, meant, zh, en in _MISPRINTS
        for found in pattern.finditer(text)
    ]
    flags += [
        _misprint(
            text, *found.span(), zh=f"疑为“{right}”", en="A set phrase is misspelt", meant=right
        )
        for wrong, right in _CONFUSED.items()
        for found in re.finditer(wrong, text)
    ]
    return tuple(sorted(flags, key=_place))


def _place(flag: Flag) -> tuple[int, int]:
    """The earlier first, of two that start together the longer."""
    return flag.span.start, -flag.span.end


class Cleaner:
    """Gives the words of places without what was flagged as injected in them."""

    def __init__(self, text: str, injected: Sequence[Flag]) -> None:
        self._text = text
        self._cuts = [flag.span for flag in injected]
        self._starts = [span.start for span in self._cuts]
        self._ends = [span.end for span in self._cuts]

    def masked(self) -> str:
        """The text with a mask for each character that was flagged, so that places stay."""
        kept: list[str] = []
        last = 0
        for cut in self._cuts:
            kept += (self._text[last : cut.start], MASK * (cut.end - cut.start))
            last = cut.end
        return "".join((*kept, self._text[last:]))

    def words(self, span: Span) -> str:
        """The words of a place. The flags are in order and do not overlap."""
        first = bisect_right(self._ends, span.start)
        after = bisect_left(self._starts, span.end)
        kept: list[str] = []
        last = span.start
        for cut in self._cuts[first:after]:
            kept.append(self._text[last : max(last, cut.start)])
            last = min(span.end, cut.end)
        return "".join((*kept, self._text[last : span.end]))


def _signs(text: str) -> Iterator[Flag]:
    for pattern, zh, en in _SIGNS:
        for found in pattern.finditer(text):
            yield _injected(text, found.start(), found.end(), zh, en)


def _repeated(text: str) -> Iterator[Flag]:
    """A figure glued to words that are no measure, in the same words over and over."""
    starts = [found.start() for found in _GLUED.finditer(text)]
    counted = Counter(text[start : start + _glued_length(text, start) + 2] for start in starts)
    for stem, often in counted.items():
        if often < _LEAST_REPEATS:
            continue
        places = [start for start in starts if text.startswith(stem, start)]
        length = _common(text, places)
        for start in places:
            yield _injected(
                text,
                start,
                start + length,
                "同一串字符反复混入句中",
                "One string put in again and again",
            )


def _glued_length(text: str, start: int) -> int:
    end = start
    while text[end].isdigit():
        end += 1
    return end - start


def _common(text: str, places: list[int]) -> int:
    length = 0
    while len({text[start + length : start + length + 1] for start in places}) == 1:
        length += 1
        if length > 40:
            break
    return length


def _foreign(text: str) -> Iterator[Flag]:
    for found in _FOREIGN.finditer(text):
        yield _injected(text, *found.span(), "外文字符", "Letters of another script")
    for found in _LATIN.finditer(text):
        words = found[0].split()
        if any(len(word) > 2 and word.lower() not in _LATIN_USED for word in words):
            yield _injected(text, *found.span(), "夹杂外文词语", "Foreign words amid the sentence")


def _injected(text: str, start: int, end: int, zh: str, en: str) -> Flag:
    return Flag(
        kind=FlagKind.INJECTED,
        span=Span(start, end),
        excerpt=text[start:end][:500],
        reason_zh=zh,
        reason_en=en,
    )


def _misprint(text: str, start: int, end: int, *, zh: str, en: str, meant: str) -> Flag:
    return Flag(
        kind=FlagKind.MISPRINT,
        span=Span(start, end),
        excerpt=text[start:end],
        reason_zh=zh,
        reason_en=en,
        candidates=(meant,) if meant else (),
    )
