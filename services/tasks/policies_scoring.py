"""Who may do what with scores, rankings, objections and cards; a part of the policy table."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.gateway import Role
from kernel.access import ANYWHERE, IN_UNIT, WITHIN, Relation


class ScoreAct(StrEnum):
    """What can be done with the assessment."""

    READ_RANKINGS = "read_rankings"  # 查看已公布的排名和指标
    READ_DRAFT_RANKINGS = "read_draft_rankings"  # 查看排名草稿
    READ_SCORES = "read_scores"  # 查看得分明细
    COMPUTE_SCORES = "compute_scores"  # 计算、重算得分
    DRAFT_RANKING = "draft_ranking"  # 起草排名
    PUBLISH_RANKING = "publish_ranking"  # 公布排名
    OBJECT_TO_SCORE = "object_to_score"  # 对得分提出异议
    RULE_ON_SCORE = "rule_on_score"  # 裁定得分异议
    READ_CARDS = "read_cards"  # 查看黄牌警告和一票否决
    READ_LISTED = "read_listed"  # 查看挂牌管理单位
    STATE_VERDICT = "state_verdict"  # 作出年度考核不合格结论
    NOTIFY_CARD = "notify_card"  # 发出告知书
    REPLY_TO_CARD = "reply_to_card"  # 陈述申辩
    DECIDE_CARD = "decide_card"  # 决定、解除


_HEADS = (Role.COMMITTEE_OFFICE, Role.LEADER)
_WATCHERS = (*_HEADS, Role.AUDITOR)
_STAFF = (Role.DUTY_DESK, Role.INSPECTOR, Role.INVESTIGATOR, Role.LAW_REVIEWER)
_EVERYBODY: dict[str, frozenset[Relation]] = dict.fromkeys(Role, ANYWHERE)
_SUBTREE = frozenset({Relation.SUBTREE})

GRANTS: dict[str, Mapping[str, frozenset[Relation]]] = {
    ScoreAct.READ_RANKINGS: _EVERYBODY,
    ScoreAct.READ_LISTED: _EVERYBODY,
    # A draft stands in the city: a county's people see the ranking once it is published.
    ScoreAct.READ_DRAFT_RANKINGS: dict.fromkeys(_WATCHERS, WITHIN),
    # Whoever held a post of the unit then reads its lines as well, wherever they are now.
    ScoreAct.READ_SCORES: {
        **dict.fromkeys(_WATCHERS, WITHIN),
        **dict.fromkeys(_STAFF, IN_UNIT),
    },
    ScoreAct.COMPUTE_SCORES: {Role.COMMITTEE_OFFICE: WITHIN},
    ScoreAct.DRAFT_RANKING: {Role.COMMITTEE_OFFICE: WITHIN},
    ScoreAct.PUBLISH_RANKING: dict.fromkeys(_HEADS, WITHIN),
    ScoreAct.OBJECT_TO_SCORE: dict.fromkeys((*_HEADS, *_STAFF), IN_UNIT),
    # From above: nobody rules on their own unit's score, nor on what they objected to.
    ScoreAct.RULE_ON_SCORE: dict.fromkeys(_HEADS, _SUBTREE),
    ScoreAct.READ_CARDS: {
        **dict.fromkeys(_WATCHERS, WITHIN),
        **dict.fromkeys(_STAFF, IN_UNIT),
    },
    ScoreAct.STATE_VERDICT: {Role.COMMITTEE_OFFICE: _SUBTREE},
    ScoreAct.NOTIFY_CARD: {Role.COMMITTEE_OFFICE: _SUBTREE},
    ScoreAct.REPLY_TO_CARD: dict.fromkeys((*_HEADS, *_STAFF), IN_UNIT),
    ScoreAct.DECIDE_CARD: dict.fromkeys(_HEADS, _SUBTREE),
}
