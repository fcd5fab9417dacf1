"""What a reader sees of a page."""

import re
from collections.abc import Iterator

from lxml import etree, html

from services.tasks.drafts.domain_source import DocumentRefused, Source, SourceKind
from services.tasks.drafts.domain_text import HIDDEN

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg"})
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "table", "ul", "ol", "hr", "title"}) | {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
}
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|pt|em|%)?(?:;|$)|opacity:0(?:;|$)|"
    r"(?:text-indent|left|top):-\d{3,}",
    re.IGNORECASE,
)


def read(markup: str) -> Source:
    """What a reader sees of a page, without its scripts, styles and hidden parts."""
    seen: list[str] = []
    hidden: list[list[str]] = []
    within = False
    try:
        for words, unseen in _pieces(markup.replace(HIDDEN, "")):
            if unseen and words.strip():
                if not within:
                    seen.append(HIDDEN)
                    hidden.append([])
                hidden[-1].append(words.strip())
                within = True
            elif words.strip():
                within = False
            if not unseen:
                seen.append(words if words == "\n" else words.replace("\n", " "))
    except (etree.LxmlError, ValueError) as reason:
        raise DocumentRefused("网页无法识别", "The page cannot be read.") from reason
    return Source(
        kind=SourceKind.PAGE,
        text="".join(seen),
        hidden=tuple(" ".join(words) for words in hidden),
    )


def _pieces(markup: str) -> Iterator[tuple[str, bool]]:
    """The words of a page in order, each with whether it is hidden."""
    # The parser of libxml2: one of Python itself takes for ever over marks that never close.
    parser = html.HTMLParser(remove_comments=True)
    root = html.document_fromstring(_DECLARATION.sub("", markup), parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        raise DocumentRefused("网页嵌套过深", "The page is nested too deeply to be read whole.")
    covers = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            covers += _hides(element)
            yield ("\n" if element.tag in _BLOCKS else ""), False
            yield (element.text or ""), covers > 0
        else:
            covers -= _hides(element)
            yield ("\n" if element.tag in _BLOCKS else ""), False
            yield (element.tail or ""), covers > 0


def _hides(element: html.HtmlElement) -> bool:
    style = re.sub(r"\s", "", element.get("style") or "")
    return element.tag in _SILENT or "hidden" in element.attrib or bool(_UNSEEN.search(style))
