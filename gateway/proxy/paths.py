"""Which service a path belongs to. A path that two readers could read differently is refused."""

import re

from kernel.access import NotFound
from kernel.problems import Problem

# Segments of plain characters; none empty, none "." or "..". A slash may stand at the end.
_SEGMENT = rb"/(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+"
_PATH = re.compile(rb"(?:%b)+/?" % _SEGMENT)
_SERVICE = re.compile(rb"/api/v1/([a-z][a-z0-9_-]*)(?:%b)+/?" % _SEGMENT)
# Encoded controls, dot, slash, backslash and percent: one reader decodes them before
# splitting, the next one after.
_TRICKS = re.compile(rb"%(?:[01][0-9A-Fa-f]|2[5EeFf]|5[Cc]|7[Ff])")
_QUERY = re.compile(rb"(?:(?!%00)[!-~])*")


class MalformedPath(Problem):
    """The path or query could be read in two ways, or holds what no service takes."""

    status = 400
    title_zh = "请求路径不规范"
    title_en = "The path of the request is malformed"


def service_of(raw_path: bytes, path: str, query: bytes) -> str:
    """The service that a path names: `/api/v1/<service>/…`. `path` is the decoded one."""
    found = _SERVICE.fullmatch(raw_path)
    if found is None and _PATH.fullmatch(raw_path):
        raise NotFound
    if found is None or (query and _QUERY.fullmatch(query) is None):
        raise MalformedPath
    if b"%" in raw_path and (_TRICKS.search(raw_path) or "\ufffd" in path):
        raise MalformedPath
    return found[1].decode()
