"""The readable pages: files of our own, nothing from elsewhere, so that they open offline."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

_FOLDER = Path(__file__).parent / "site"

POLICY: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

FILES: Final = {
    "": ("index.html", "text/html; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
}


@cache
def file(name: str) -> tuple[bytes, str] | None:
    """A file of the site and its media type."""
    found = FILES.get(name)
    return (_FOLDER.joinpath(found[0]).read_bytes(), found[1]) if found else None


def problem(code: str, told: dict[str, Any]) -> str:
    """The page of one problem."""
    shown = {name: escape(str(value)) for name, value in told.items()}
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(code)}</title>"
        '<link rel="stylesheet" href="/docs/page.css"><main class="problem">'
        f'<p><a href="/docs">安链 Anlian</a> · {shown["status"]}</p><h1>{shown["zh"]}</h1>'
        f"<h2>{shown['en']}</h2><p><code>/problems/{escape(code)}</code></p>"
        f"<p>{shown['about']}</p></main></html>"
    )
