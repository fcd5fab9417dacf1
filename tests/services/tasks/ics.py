"""A reader of iCalendar files that knows nothing of how they are written (RFC 5545, 3.1)."""

from dataclasses import dataclass, field

_MOST_OCTETS = 75
_ESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}


@dataclass
class Part:
    """A component: its properties as they stand, with parameters, and what lies in it."""

    name: str
    lines: dict[str, str] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A text property without its escapes."""
        found, left = "", self.lines[name]
        while left:
            if left[:2] in _ESCAPED:
                found, left = found + _ESCAPED[left[:2]], left[2:]
            else:
                assert left[0] not in "\\;,", f"not escaped in {name}: {left}"
                found, left = found + left[0], left[1:]
        return found


def parsed(body: bytes) -> Part:
    """The calendar of a file whose every line keeps the rules."""
    assert body.endswith(b"\r\n")
    raw = body.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= _MOST_OCTETS for line in raw)
    assert not any(b"\n" in line or b"\r" in line for line in raw)
    stack = [Part("")]
    for line in body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].parts.append(done)
        else:
            assert name not in stack[-1].lines, f"{name} twice"
            stack[-1].lines[name] = value
    (root,) = stack
    (calendar,) = root.parts
    assert calendar.name == "VCALENDAR"
    assert calendar.lines["VERSION"] == "2.0"
    return calendar
