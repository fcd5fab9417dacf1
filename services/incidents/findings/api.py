"""The HTTP face of findings."""

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.findings import operations
from services.incidents.findings.schemas import FindingView, NewFinding
from services.incidents.findings.tables import Finding
from services.incidents.policies import Act

router = rooms("/incidents/findings", "findings")


@router.post("", status_code=201, response_model=FindingView)
@act(Act.FIND)
async def make_finding(body: NewFinding, session: Session, by: Actor, now: Now) -> Finding:
    """State that a report was late, incomplete, false or concealed."""
    return await operations.make_finding(
        session,
        accident_id=body.accident_id,
        kind=body.kind,
        status=body.status,
        evidence=body.evidence,
        by=by,
        now=now,
    )
