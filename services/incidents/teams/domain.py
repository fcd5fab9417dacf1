"""The life of a membership and of a recusal (回避)."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class Part(StrEnum):
    """What somebody is on the team."""

    LEAD = "lead"  # 组长
    MEMBER = "member"  # 成员
    EXPERT = "expert"  # 聘请的专家


class Organ(StrEnum):
    """For which organ somebody sits on the team; the codes of `team_organs`."""

    GOVERNMENT = "government"  # 有关人民政府
    EMERGENCY = "emergency"  # 应急管理部门
    REGULATOR = "regulator"  # 负有监管职责的部门
    SUPERVISION = "supervision"  # 监察机关
    POLICE = "police"  # 公安机关
    UNION = "union"  # 工会
    PROCURATORATE = "procuratorate"  # 人民检察院
    MINE_SAFETY = "mine_safety"  # 矿山安全监察机构
    EXPERT = "expert"  # 专家


class MemberStatus(StrEnum):
    """Where a membership stands."""

    INVITED = "invited"  # 已邀请
    ACTIVE = "active"  # 在组
    RELEASED = "released"  # 已退出
    RECUSED = "recused"  # 已回避


class MemberAction(StrEnum):
    """What happens to a membership."""

    JOIN = "join"  # 到组
    RELEASE = "release"  # 退出
    RECUSE = "recuse"  # 回避


TRANSITIONS: Mapping[tuple[MemberStatus, MemberAction], MemberStatus] = {
    (MemberStatus.INVITED, MemberAction.JOIN): MemberStatus.ACTIVE,
    (MemberStatus.INVITED, MemberAction.RELEASE): MemberStatus.RELEASED,
    (MemberStatus.INVITED, MemberAction.RECUSE): MemberStatus.RECUSED,
    (MemberStatus.ACTIVE, MemberAction.RELEASE): MemberStatus.RELEASED,
    (MemberStatus.ACTIVE, MemberAction.RECUSE): MemberStatus.RECUSED,
}

ON_TEAM = frozenset({MemberStatus.INVITED, MemberStatus.ACTIVE})


class Relation(StrEnum):
    """How a member stands to the accident or the enterprise (Decree 493, article 23)."""

    EMPLOYED = "employed"  # 曾在事故单位任职
    KINSHIP = "kinship"  # 与有关人员有近亲属关系
    FINANCIAL = "financial"  # 有经济利益关系
    WITNESS = "witness"  # 担任过证人、鉴定人
    SUPERVISED = "supervised"  # 直接承担该单位监管职责
    OTHER = "other"  # 其他直接利害关系


class RecusalStatus(StrEnum):
    """Where a recusal stands."""

    ASKED = "asked"  # 待决定
    UPHELD = "upheld"  # 决定回避
    DISMISSED = "dismissed"  # 驳回


class RecusalAction(StrEnum):
    """What the deciding post does with it."""

    UPHOLD = "uphold"  # 决定回避
    DISMISS = "dismiss"  # 驳回


RECUSAL_TRANSITIONS: Mapping[tuple[RecusalStatus, RecusalAction], RecusalStatus] = {
    (RecusalStatus.ASKED, RecusalAction.UPHOLD): RecusalStatus.UPHELD,
    (RecusalStatus.ASKED, RecusalAction.DISMISS): RecusalStatus.DISMISSED,
}


class MemberActionRefused(Problem):
    """The membership, or the recusal, is past this action."""

    status = 409
    title_zh = "调查组成员或回避申请当前不能执行此操作"
    title_en = "The membership or recusal does not take this action now"


class AlreadyOnTeam(Problem):
    """The account sits on the team already, or the team has a lead."""

    status = 409
    title_zh = "该人员已在调查组内，或调查组已有组长"
    title_en = "The person is on the team already, or the team has a lead"


class MemberRecused(Problem):
    """Who stands aside acts in this investigation no more."""

    status = 403
    title_zh = "该人员已回避，不得参与本次调查"
    title_en = "This person was recused and may not act in the investigation"


class NotOnTeam(Problem):
    """Only those who sit on the team act in the investigation."""

    status = 403
    title_zh = "不是本次事故调查组成员"
    title_en = "Not a member of this investigation's team"


class NotTheLead(Problem):
    """Only the lead of the team does this."""

    status = 403
    title_zh = "仅调查组组长可以执行此操作"
    title_en = "Only the lead of the team may do this"


class TeamIncomplete(Problem):
    """A report comes from a team that has a lead and every organ that the law names."""

    status = 409
    title_zh = "事故调查组组成不符合规定，不能提交调查报告"
    title_en = "The team lacks what the law asks of one, and hands no report in"


class OwnRecusal(Problem):
    """Nobody decides on their own recusal, nor on one that they asked for."""

    status = 403
    title_zh = "不得决定本人的回避或本人提出的回避"
    title_en = "You may not decide on your own recusal, nor on one you asked for"


class NotYoursToDeclare(Problem):
    """A relation is declared by the member; others ask for the recusal."""

    status = 403
    title_zh = "只有成员本人可以申报回避"
    title_en = "Only the member may declare the relation; others ask for the recusal"


def after(status: MemberStatus, action: MemberAction) -> MemberStatus:
    """The status of a membership once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise MemberActionRefused(
            f"状态为 {status} 时不能 {action}", f"Cannot {action} a member who is {status}."
        ) from None


def decided(status: RecusalStatus, action: RecusalAction) -> RecusalStatus:
    """The status of a recusal once the action is done, or a refusal."""
    try:
        return RECUSAL_TRANSITIONS[status, action]
    except KeyError:
        raise MemberActionRefused(
            f"状态为 {status} 时不能 {action}", f"Cannot {action} a recusal that is {status}."
        ) from None
