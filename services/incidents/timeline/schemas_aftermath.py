"""How what followed an accident reads in words. No entry names a person."""

from collections.abc import Iterable, Iterator, Mapping

from services.incidents.evaluations.tables import Evaluation
from services.incidents.evidence.tables import Custody, Evidence, Withdrawal
from services.incidents.lookbacks.tables import Lookback
from services.incidents.recommendations.tables import Proof, Recommendation
from services.incidents.steps.tables import Step
from services.incidents.teams.tables import Member, Recusal
from services.incidents.timeline.queries_aftermath import Aftermath
from services.incidents.timeline.schemas import Entry, EntryKind, Stamp, late_by, stamped
from services.incidents.transfers.domain import Addressee, TransferStatus
from services.incidents.transfers.tables import Transfer, TransferStep


def told(aftermath: Aftermath) -> Iterator[Entry]:
    """Every entry of what followed, in no order."""
    yield from _team(aftermath.members, aftermath.recusals)
    yield from _steps(aftermath.steps)
    yield from _evidence(aftermath.evidence, aftermath.custody, aftermath.withdrawals)
    yield from _recommendations(aftermath.recommendations, aftermath.proofs)
    yield from _transfers(aftermath.transfers, aftermath.transfer_steps)
    for evaluation in aftermath.evaluations:
        yield from _evaluation(evaluation)
    for lookback in aftermath.lookbacks:
        yield from _lookback(lookback)


ORGANS: Mapping[str, tuple[str, str]] = {
    "government": ("人民政府", "the government"),
    "emergency": ("应急管理部门", "the emergency authority"),
    "regulator": ("行业监管部门", "the supervising department"),
    "supervision": ("监察机关", "the supervisory organ"),
    "police": ("公安机关", "the police"),
    "union": ("工会", "the trade union"),
    "procuratorate": ("人民检察院", "the procuratorate"),
    "mine_safety": ("矿山安全监察机构", "the mine safety administration"),
    "expert": ("专家", "the expert panel"),
}


def _team(members: Iterable[Member], recusals: Iterable[Recusal]) -> Iterator[Entry]:
    organs = {member.id: ORGANS[member.organ] for member in members}
    for member in members:
        zh, en = organs[member.id]
        leads = member.part == "lead"
        joined = f"{zh}派员担任调查组组长" if leads else f"{zh}派员参加调查组"
        stamps: list[Stamp] = [
            (
                member.joined_at,
                joined,
                f"a member from {en} joined the team{' as its lead' if leads else ''}",
            ),
            (member.left_at, f"{zh}派员离开调查组", f"the member from {en} left the team"),
        ]
        if member.joined_at != member.named_at:
            stamps.insert(
                0, (member.named_at, f"邀请{zh}派员参加", f"{en} was asked to send a member")
            )
        yield from stamped(EntryKind.TEAM, stamps, unit=member.unit)
    for recusal in recusals:
        zh, en = organs[recusal.member_id]
        upheld = recusal.status == "upheld"
        asked = (
            ("申报回避", "was declared") if recusal.declared else ("被申请回避", "was asked for")
        )
        decision = ("决定回避", "upheld") if upheld else ("驳回回避申请", "dismissed")
        yield from stamped(
            EntryKind.RECUSAL,
            (
                (
                    recusal.asked_at,
                    f"{zh}成员{asked[0]}",
                    f"the recusal of a member from {en} {asked[1]}",
                ),
                (
                    recusal.decided_at,
                    f"{zh}成员：{decision[0]}",
                    f"the recusal of a member from {en} was {decision[1]}",
                ),
            ),
        )


def _steps(steps: Iterable[Step]) -> Iterator[Entry]:
    for step in steps:
        done = ("完成", "is done") if step.status == "done" else ("撤销", "was dropped")
        yield from stamped(
            EntryKind.STEP,
            (
                (step.assigned_at, f"分配调查任务：{step.task}", f"a task was given: {step.task}"),
                (step.overdue_at, f"调查任务逾期：{step.task}", f"a task is overdue: {step.task}"),
                (
                    step.ended_at,
                    f"调查任务{done[0]}：{step.task}",
                    f"a task {done[1]}: {step.task}",
                ),
            ),
            unit=step.unit,
            due_at=step.due_at,
        )


def _evidence(
    items: Iterable[Evidence], custody: Iterable[Custody], withdrawals: Iterable[Withdrawal]
) -> Iterator[Entry]:
    titles = {item.id: item.title for item in items}
    for row in custody:
        title = titles[row.evidence_id]
        zh, en = f"证据交接：{title}", f"evidence was handed over: {title}"
        if row.n == 1:
            zh, en = f"收集证据：{title}", f"evidence was taken in: {title}"
        yield from stamped(EntryKind.EVIDENCE, ((row.at, zh, en),), unit=row.unit)
    for withdrawal in withdrawals:
        title = titles[withdrawal.evidence_id]
        stamp = (withdrawal.at, f"撤回证据：{title}", f"evidence was withdrawn: {title}")
        yield from stamped(EntryKind.EVIDENCE, (stamp,))


_VERDICTS = {"accepted": ("认可", "accepted"), "returned": ("退回", "returned")}


def _recommendations(
    recommendations: Iterable[Recommendation], proofs: Iterable[Proof]
) -> Iterator[Entry]:
    texts = {one.id: one.text for one in recommendations}
    for one in recommendations:
        yield from stamped(
            EntryKind.RECOMMENDATION,
            (
                (one.made_at, f"提出建议：{one.text}", f"recommended: {one.text}"),
                (one.overdue_at, f"建议逾期未落实：{one.text}", f"not proved in time: {one.text}"),
                (one.closed_at, f"建议销号：{one.text}", f"carried out and closed: {one.text}"),
            ),
            unit=one.unit,
            due_at=one.due_at,
        )
    for proof in proofs:
        text = texts[proof.recommendation_id]
        zh, en = _VERDICTS.get(proof.verdict or "", ("", ""))
        yield from stamped(
            EntryKind.RECOMMENDATION,
            (
                (proof.handed_in_at, f"提交佐证：{text}", f"proof was handed in: {text}"),
                (proof.reviewed_at, f"佐证{zh}：{text}", f"proof was {en}: {text}"),
            ),
            unit=proof.from_unit,
        )


_TO = {
    Addressee.POLICE: ("公安机关", "the police"),
    Addressee.DISCIPLINE: ("纪检监察机关", "the discipline organ"),
}
_STEPS: Mapping[TransferStatus, tuple[str, str]] = {
    TransferStatus.PROPOSED: ("提出移送{to}", "a transfer to {to} was proposed"),
    TransferStatus.APPROVED: ("批准移送{to}", "the transfer to {to} was approved"),
    TransferStatus.REFUSED: ("不批准移送{to}", "the transfer to {to} was refused"),
    TransferStatus.DELIVERED: ("已移送{to}", "the matter went to {to}"),
    TransferStatus.FILED: ("{to}立案", "{to} opened a case"),
    TransferStatus.DECLINED: ("{to}不予立案", "{to} opened no case"),
    TransferStatus.CONTESTED: ("提请{to}复议", "{to} was asked to think again"),
    TransferStatus.HANDED_OVER: ("物品和材料已移交{to}", "objects and files went to {to}"),
    TransferStatus.SETTLED: ("移送{to}事项了结", "the transfer to {to} was settled"),
}


def _transfers(transfers: Iterable[Transfer], steps: Iterable[TransferStep]) -> Iterator[Entry]:
    known = {transfer.id: transfer for transfer in transfers}
    for step in steps:
        transfer = known[step.transfer_id]
        to_zh, to_en = _TO[Addressee(transfer.addressee)]
        zh, en = _STEPS[TransferStatus(step.status)]
        yield Entry(
            at=step.at,
            kind=EntryKind.TRANSFER,
            due_at=step.due_at,
            late_by_seconds=step.late_by_seconds,
            unit=transfer.unit,
            zh=zh.format(to=to_zh),
            en=en.format(to=to_en),
        )
    for transfer in known.values():
        zh, en = _TO[Addressee(transfer.addressee)]
        stamp = (transfer.overdue_at, f"移送{zh}逾期", f"the transfer to {en} is overdue")
        yield from stamped(EntryKind.TRANSFER, (stamp,), unit=transfer.unit, due_at=transfer.due_at)


_RESULTS = {
    "implemented": ("已落实", "carried out"),
    "partly": ("部分落实", "partly carried out"),
    "not": ("未落实", "not carried out"),
}


def _evaluation(one: Evaluation) -> Iterator[Entry]:
    zh, en = _RESULTS.get(one.result or "", ("", ""))
    yield from stamped(
        EntryKind.EVALUATION,
        (
            (one.opened_at, "整改评估启动", "the evaluation opened"),
            (one.overdue_at, "整改评估逾期未公开", "no result was published in time"),
            (one.concluded_at, f"整改评估结论：{zh}", f"evaluated: {en}"),
            (one.superseded_at, "重新调查，原整改评估终止", "the evaluation was superseded"),
        ),
        unit=one.unit,
        due_at=one.due_at,
    )
    if one.published_at is not None:
        yield Entry(
            at=one.published_at,
            kind=EntryKind.EVALUATION,
            due_at=one.due_at,
            late_by_seconds=late_by(one.published_at, one.due_at),
            unit=one.unit,
            zh=f"整改评估结果公开：{one.title}",
            en=f"the result of the evaluation was published: {one.title}",
        )


def _lookback(one: Lookback) -> Iterator[Entry]:
    zh, en = ("反弹", "some relapsed") if one.result == "relapsed" else ("未反弹", "it lasts")
    yield from stamped(
        EntryKind.LOOKBACK,
        (
            (one.overdue_at, "回头看逾期未开展", "nobody looked back in time"),
            (one.made_at, f"回头看：{zh}", f"looked back: {en}"),
            (one.superseded_at, "重新调查，原回头看终止", "the look-back was superseded"),
        ),
        unit=one.unit,
        due_at=one.due_at,
    )
