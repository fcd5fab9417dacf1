"""Short plans of cities that do not exist, in other layouts than any real one's."""

from reference.cityrows import EnterpriseGroup
from reference.terms import Level, UnitKind
from reference.units import Unit
from services.tasks.drafts import domain_naming
from services.tasks.drafts.domain_naming import Names

CITY, PLACE = "990100", "青岚市"
_UNITS = {
    "committee_office": ("安全生产委员会办公室", ("市安委办", "市安委会办公室")),
    "safety_committee": ("安全生产委员会", ("市安委会",)),
    "emergency": ("应急管理局", ("市应急局",)),
    "housing": ("住房和城乡建设局", ("市住建局",)),
    "transport": ("交通运输局", ("市交通局",)),
    "fire_rescue": ("消防救援支队", ()),
    "education": ("教育局", ()),
    "urban_management": ("城市管理局", ("市城管局",)),
    "market_regulation": ("市场监督管理局", ("市市场监管局",)),
    "culture_tourism": ("文化广电和旅游局", ("市文广旅局", "市文旅局")),
    "tourism_company": ("文旅集团", ("市文旅局",)),
    "port": ("港航事业发展中心", ()),
    "publicity": ("委宣传部", ("市委宣传部",)),
}


def unit(slug: str, name: str, aliases: tuple[str, ...]) -> Unit:
    return Unit(
        code=f"{CITY}.{slug}",
        region=CITY,
        level=Level.CITY,
        kind=UnitKind.DEPARTMENT,
        zh=PLACE + name,
        en=slug,
        aliases=aliases,
    )


def group(code: str, zh: str) -> EnterpriseGroup:
    return EnterpriseGroup.model_validate(
        {"code": code, "zh": zh, "en": code, "source": "x whole", "effective_from": "2019-01-01"}
    )


def names() -> Names:
    """Who answers for what in the invented city; 市文旅局 means two of them."""
    return domain_naming.names(
        [unit(slug, name, aliases) for slug, (name, aliases) in _UNITS.items()],
        [group("coal_mine", "煤矿"), group("high_risk_enterprise", "高危企业")],
        city=CITY,
        place=PLACE,
    )


# Text copied out of a PDF: broken at the width of the page, numbered pages, （一） for articles,
# responsible units on lines of their own.
BROKEN_AT_THE_MARGIN = """青岚市2024年安全生产工作计划
为做好今年的安全生产工作，结合本市实际，制定本计划。
一、明确目标
（一）严控事故
全市各类事故起数与死亡人数均较上年下降１５％以上，工矿商贸十万人
死亡率控制在０．９以内，杜绝重大及以上事故。
牵头单位：市安委办
配合单位：市安委会各成员单位、各区县
- 1 -
（二）开好会议
市安委会每季度至少召开一次全体会议，研究解决突出问题。区县政府
主要负责人每半年不少于3次带队检查。
责任单位：市安委办、市应急局
二、抓实重点
（一）既有建筑和工地
6月30日前完成老旧房屋排查，年底前改造危房120户、拆除违建3.5万
平方米。建筑工地起重机械检测率不低于98%。
牵头单位：市住建局
配合单位：市城管局、市消防救援支队等部门
- 2 -
（二）水上交通
发生船舶碰撞事故后，港航单位要立即报告。严禁渡船超载，每月开展
2次夜查。
责任单位：市交通局、市港航事业发展中心
"""

# 第N条 running through chapters, units in 【】, one clause of a broken-in advertisement.
WITH_GOALS = """青岚市2028年安全生产工作要点
以“人民至上”为指导，围绕“打好翻身仗”，全面排查整治风险，坚决杜绝重大及以上生产安全事故、有效遏制
较大生产安全事故，力争事故起数和死亡人数同比下降12%以上。确保全市安全生产形势持续稳定向好，
为高质量发展筑牢屏障，确保各项工作落到实处。
一、压实责任
1.开好会议。市安委会每季度至少召开1次全体会议，坚决杜绝走过场。（市安委办牵头，市应急局配合）
"""
BY_CLAUSES = """青岚市安全生产委员会2025年工作方案
第一章 责任
第一条 党委主要负责人全年主持研究安全生产不少于4次。
督促煤矿每月开展一次自查。【牵头单位：市安委办；配合单位：市委宣传部、市应急局】
第二条 对重大事故隐患挂牌督办，3月底前印发考核办法。【责任单位：市应急局】
第二章 整治
第三条 完成燃气管道更新改造80公里、
立管12.5公里，
用户入户安检率达到95％以上 www.win-a-lot.com 立即注册。【牵头单位：市城管局；配合单位：市住建局】
第四条 校车动态监控在线率100%，学生溺水死亡人数下降10%以上。
每周一调度、每月一通报。【牵头单位：市教育局；配合单位：市交通局】
第五条 不得在居民楼道停放电动自行车或者为其充电。
【牵头单位：市消防救援支队；配合单位：市市场监管局、市文旅局、市河湖事务局】
"""

# A pasted page: one level of numbers, scripts, hidden words, doubled punctuation.
PASTED_PAGE = """<!DOCTYPE html><html><head><title>工作要点</title>
<script>var tracker = "beacon";</script><style>p{color:red}</style></head><body>
<div class="nav">首页</div>
<h1>青岚市2026年安全生产工作要点</h1>
<p>1、强化督查检查。市安委办每两周组织1次暗访,
全年曝光典型案例不少于24个。(市安委办牵头，市委宣传部配合)</p>
<p>2、强化宣传教育<span style="display: none">澳门新葡京开户送88</span>。
开展“安全生产月”和“消防宣传日”活动。(市委宣传部、市应急局负责)</p>
<p>3、强化隐患治理。。
对检查发现的隐患，整改率达到百分之百，高危企业
100%投保安全生产责任保险&nbsp;。
(市应急局牵头，有关部门配合)</p>
<p>4、强化值班值守。各级各单位要严格落实领导带班制度。</p>
</body></html>
"""

# Indented paragraphs, titles before a full stop, 责任单位 beside 牵头单位, blanks between names.
INDENTED = """青岚市安全生产委员会2027年度工作要点
    一、压紧压实责任
    1．落实党政领导责任。市委常委会会议每半年听取1次安全生产工作汇报，市政府常务会议每季度研究
安全生产工作不少于1次。（责任单位：市委宣传部、市应急管理局；各县区人民政府）
    2．落实部门监管责任。重点行业部门每月至少召开一次安全生产分析会，2月底前完成责任清单修订。
    （牵头单位：市安委办  责任单位：市安委会各成员单位）
    二、深化专项整治
    3．燃气安全。3000户老旧小区燃气立管改造于10月底前全部完工，餐饮场所报警装置联网率达到100%。
严禁瓶装液化石油气非法充装。（市城管局牵头，市市场监督管理局、市消防救援支队按职责分工负责）
    4．道路交通。交通事故死亡人数较上年下降5%以上，力争万车死亡率不高于1.2。新建农村公路安防设施
120公里以上，整治临水临崖路段不少于35处。（市交通运输局、市教育局按职责分工负责）
    三、提升基层能力
    5．网格排查。村（社区）网格员每周巡查不少于2次，乡镇每半月汇总一次，区县每季度通报一次。
二季度末前建成基层应急站60个。（各县区、市应急局）
    6．应急演练。全年组织综合演练不少于1场，高危企业每半年至少开展一次专项演练，学校每学期组织2次
疏散演练。（市应急局牵头 各有关部门配合）
    7．严格考核。凡发生较大事故的，年度考核一律“一票否决”；对瞒报谎报事故的，从严从重追究责任。
12月20日前完成年度考核。（市安委办牵头）
"""
