"""How a post may be reached: an address and an office's line, never a person's own number. Pure."""

import re

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", re.ASCII)
_LINE = re.compile(r"(?:0\d{2,3}-?)?[2-8]\d{6,7}(?:-\d{1,6})?|1[0-2]\d{1,3}", re.ASCII)
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}", re.ASCII)


def is_address(text: str) -> bool:
    """Whether letters can be sent to it."""
    return _ADDRESS.fullmatch(text) is not None


def is_office_line(text: str) -> bool:
    """Whether it is a landline, with or without area code and extension, or a short number."""
    return _LINE.fullmatch(text) is not None


def is_mobile(text: str) -> bool:
    """Whether it is a mobile number: that is a person's, and follows the person, not the post."""
    return _MOBILE.fullmatch(text.replace(" ", "")) is not None
