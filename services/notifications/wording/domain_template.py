"""What a template is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Subject and body in both languages, with names of facts in braces."""

    subject_zh: str
    subject_en: str
    body_zh: str
    body_en: str
