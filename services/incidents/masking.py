"""How names and telephone numbers are shown to those who need not know them in full."""

_SHOWN_HEAD, _SHOWN_TAIL = 3, 4


def name(full: str | None) -> str | None:
    """The first character, then a star: 张*."""
    return f"{full[0]}*" if full else None


def phone(number: str | None) -> str | None:
    """The first three and the last four digits: 138****5678; short numbers not at all."""
    if not number:
        return None
    if len(number) <= _SHOWN_HEAD + _SHOWN_TAIL:
        return "*" * len(number)
    hidden = "*" * (len(number) - _SHOWN_HEAD - _SHOWN_TAIL)
    return number[:_SHOWN_HEAD] + hidden + number[-_SHOWN_TAIL:]
