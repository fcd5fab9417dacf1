"""What stands before the second wall by choice, and why; a test holds each line to be needed.

TABLES have no row-level security. ROUTES show or change something behind an open table (see
`walls`), each with the tables without a wall that it reaches, or with the words for why not.

The kernel's own tables are not here: the platform reads them, and no route does, but for the
changes of accidents, around which incidents has put a wall.
"""

from collections.abc import Mapping

_PUBLISHED = "published: whoever is signed in may read it"
_OF_UNITS = "figures of public bodies, which whoever held the post then reads wherever they are"
_IDENTITY = "read to find out who asks, before any scope exists; no other service reaches it"

TABLES: Mapping[str, Mapping[str, str]] = {
    "tasks": {
        "reporting_line": f"{_PUBLISHED}, and it ends with a unit of another place",
        "membership": f"{_PUBLISHED}, and it ends with a unit of another place",
        "succession": f"{_PUBLISHED}; between units that may stand apart",
        "plan": _PUBLISHED,
        "plan_article": _PUBLISHED,
        "plan_duty": _PUBLISHED,
        "plan_goal": _PUBLISHED,
        "opening": "it names nobody: it says no more than the plan",
        "catalogue_line": "whoever proposes must see the same lines; the city's name no place",
        "catalogue_lesson": "whoever proposes must see the same lessons; no person is in them",
        "ranking": "published; a draft names public bodies alone",
        "ranking_row": "published; a draft names public bodies alone",
        "listed_unit": _PUBLISHED,
        "score_run": "what was computed when; it names nobody",
        "score_line": _OF_UNITS,
        "score_sum": _OF_UNITS,
        "counted_case": "dates alone; which accident they are of is behind the wall",
        "figure_freeze": "that a year was frozen; it names nobody",
    },
    "inspections": {
        "decided_lead": _PUBLISHED,
        "ended_unit": _PUBLISHED,
    },
    "incidents": {},
    "notifications": {
        "known_unit": "what units are called is public, and every alarm names them",
        "known_post": "posts and the addresses of posts, never who holds them",
        "ended_unit": _PUBLISHED,
        "known_enterprise": "what enterprises are called is public, and every alarm names them",
    },
    "gateway": {
        "account": _IDENTITY,
        "session": _IDENTITY,
        "refresh_token": _IDENTITY,
        "api_client": _IDENTITY,
        "client_key": _IDENTITY,
        "nonce": _IDENTITY,
    },
}

ROUTES: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    "tasks": {
        "POST /catalogue/lines": ("catalogue_line",),
        "POST /organisations/committees/{committee}/members": ("membership",),
        "POST /organisations/committees/{committee}/members/{unit}/leaving": ("membership",),
        "PUT /organisations/units/{code}/superior": ("reporting_line",),
        "GET /plans/{year}/goals": "goals are published with the plan; counted is what is in sight",
        "POST /figures/bases/{year}": ("figure_freeze",),
        "POST /scores/runs": ("score_run",),
        "GET /scores/runs/{run_id}": ("score_run",),
        "POST /scores/schedule": ("score_run",),
        "POST /scores/recounts": ("score_sum",),
        "POST /rankings": ("ranking", "ranking_row"),
        "POST /rankings/{ranking_id}/publish": ("ranking",),
        "POST /rankings/{ranking_id}/discard": ("ranking",),
    },
    "incidents": {
        "POST /drafts": "a draft stands with whoever makes it, wherever its report will",
        "POST /statistics/recount": "it finds no year of which it sees an accident",
        "GET /statistics/analysis": "targets and a forecast of nothing are left: it counts nothing",
        "GET /statistics/bulletin": "it is drawn from the analysis, which counts nothing",
    },
}
