"""The HTTP face of letters."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from kernel.documents import answers
from kernel.documents.answers import FileKind
from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisionletters import queries
from services.tasks.supervisionletters.domain import Letter

router = rooms("/tasks/supervisions", "supervisions")

_TEMPLATE = Path(__file__).with_name("letter.typ")
_KINDS = (FileKind.PDF, FileKind.DOCX)


@router.get(
    "/{supervision_id}/letter",
    response_class=Response,
    responses=answers.responses(*_KINDS),
)
@act(SupervisionAct.READ_SUPERVISIONS)
async def read(
    supervision_id: UUID,
    request: Request,
    session: Session,
    by: Actor,
    format: Annotated[
        Literal[FileKind.PDF, FileKind.DOCX] | None, Query(description="格式 / pdf or docx")
    ] = None,
) -> Response:
    """The letter with its receipt slip: PDF or DOCX, by `format`, else by `Accept`.

    A draft is marked as one. The same order at the same stage makes the same bytes.
    """
    letter, at = await queries.letter(session, supervision_id, by=by)
    kind = format or answers.wanted(request, _KINDS)
    name = f"supervision-{supervision_id}"
    return await answers.answer(request, lambda: _made(letter, kind, at=at), kind=kind, name=name)


def _made(letter: Letter, kind: FileKind, *, at: datetime) -> bytes:
    # Imported here: a process that makes no letter does not spend the memory of what makes them.
    from kernel.documents import typesetting  # noqa: PLC0415
    from services.tasks.supervisionletters import docx  # noqa: PLC0415

    if kind is FileKind.DOCX:
        return docx.render(letter, at=at)
    return typesetting.pdf(_TEMPLATE, asdict(letter), at=at)
