"""What the platform has for the words of a measure: requirement ids, and the system that does the work.

The ids are those of the founding bulletins' requirements (C command, G people and places, I illness, P and K goods, V
vaccination, S supervision, A analysis, D schools, care, drills). A measure may have several, the longest words first.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Requirement:
    """One id, the words that name it, and the system it belongs to."""

    id: str
    system: str
    words: str


TABLE = (
    Requirement("C1", "directives", r"三级疫情防控体系|村\(社区\)三级|指挥体系"),
    Requirement("C2", "directives", r"领导小组.{0,6}会议|专题会议|电视电话会议|视频形式|座谈会|视频会议"),
    Requirement("C3", "directives", r"传达|安排部署|再安排|再部署|再检视再检点|再检查|召开.{0,6}会议"),
    Requirement("C4", "directives", r"听取.*汇报|每日上报|定期报告"),
    Requirement("C5", "directives", r"疫情防控各组|各工作组|主管责任|横向联合|各负其责"),
    Requirement("C6", "directives", r"本月底|只剩|目标任务|月底前"),
    Requirement("C7", "directives", r"靠前指挥|分管同志|下沉一线"),
    Requirement("C8", "inspection", r"四方责任|属地.{0,16}责任|(?:主管|行业)部门|(?:主体|监管)责任"
                r"|扛起.{0,10}(?:职责|责任)|守土有责"),
    Requirement("C9", "command", r"每个人心中有|明白账"),
    Requirement("C10", "situation", r"落实落细|落细落实|数据准|底数清|无盲点|全覆盖|百密而无一疏|不留死角"),
    Requirement("C11", "directives", r"要快|从严从紧|从严从细|[“]快[”]字|[“]严[”]字|严之又严|从早从严"),
    Requirement("C12", "command", r"平战结合|常态化(?!的)|战时状态|实战状态|战斗状态|快速反应|灵敏反应机制|转入常态"),
    Requirement("C13", "directives", r"高效协同|上下贯通|工作链条|工作机制|向基层下沉|最后一公里|快速响应"),
    Requirement("C14", "directives", r"梳理前一阶段|阶段性成效|阶段性工作|梳理.{0,6}工作"),
    Requirement("C15", "training", r"现场提问|理论学习|业务知识|关键少数|头雁效应"),
    Requirement("C16", "situation", r"统筹疫情防控和经济|经济社会发展"),
    Requirement("G1", "community", r"网格化|细化到人|网格"),
    Requirement("G2", "community", r"群防群治|联防联控|群防群控|群众基础|人民防线"),
    Requirement("G3", "screening", r"全面排查|排查要快|人员排查管控|梳理排查|排查管控"),
    Requirement("G4", "arrivals", r"中高风险地区及关联人员|入长返长|关联人员"),
    Requirement("G5", "arrivals", r"入境解除隔离"),
    Requirement("G6", "checkpoints", r"经停.{0,6}航班"),
    Requirement("G7", "arrivals", r"入焦返焦|(?:风险地区|返回人员).{0,16}(?:健康检测|闭环管理)|闭环管理"),
    Requirement("G8", "arrivals", r"第一时间|第一落点"),
    Requirement("G9", "checkpoints", r"防疫卡点|过往车辆|卡点"),
    Requirement("G10", "checkpoints", r"外防输入|各个关口"),
    Requirement("G11", "screening", r"佩戴口罩|扫码登记|测量体温"),
    Requirement("G12", "screening", r"车站、机场|人员密集场所|封闭性公共场所"),
    Requirement("G13", "community", r"聚集性活动|聚集活动"),
    Requirement("G14", "publicity", r"非必要不出|不前往中高风险"),
    Requirement("G15", "publicity", r"一米线|勤洗手|常通风|戴口罩|健康监测|健康管理|社会疫苗"),
    Requirement("I1", "quarantine", r"集中隔离点|隔离点.{0,8}(?:储备|物资|配备)|消毒杀菌"),
    Requirement("I2", "testing", r"核酸检测|应检尽检|监测频次|监测渠道"),
    Requirement("I3", "cases", r"流调溯源|传播链条|圈住封死|扑灭疫情|歼灭战|社会面清零"),
    Requirement("I4", "medical", r"发热病人|接诊|医疗诊治|医疗救治"),
    Requirement("I5", "medical", r"院感"),
    Requirement("I6", "cases", r"零星|散发"),
    Requirement("I7", "situation", r"[“]三无[”]"),
    Requirement("P1", "pharmacies", r"药(?:店|品).{0,14}销售(?:记录|情况)|管好药店"),
    Requirement("P2", "pharmacies", r"药店销售退烧药"),
    Requirement("K1", "goods", r"冷链食品.{0,8}采购|冷链|储存、加工"),
    Requirement("K2", "goods", r"批批|件件|溯源、检测、消杀|全闭环|全链条|管得牢"),
    Requirement("K3", "goods", r"非冷链"),
    Requirement("K4", "goods", r"工作人员.{0,4}接种"),
    Requirement("K5", "environment", r"人、物、环境同防|人物同防|人防、物防"),
    Requirement("K6", "environment", r"居住环境"),
    Requirement("V1", "immunization", r"登记室|接种室|留观室|接种流程"),
    Requirement("V2", "immunization", r"接种反应"),
    Requirement("V3", "immunization", r"接种信息|安全、高效、有序"),
    Requirement("V4", "immunization", r"重点人群.{0,4}接种|接种范围|优先对象|应接尽接|科学接种|理性接种"),
    Requirement("V5", "immunization", r"\d+岁|儿童|加强针"),
    Requirement("V6", "immunization", r"扩面提效|应接尽接|免疫屏障|接种要快"),
    Requirement("V7", "immunization", r"人财物"),
    Requirement("S1", "inspection", r"检查督导|检查指导|实地督导|实地察看|督导检查"),
    Requirement("S2", "inspection", r"查设卡站点|查机制运行|查设施设备|查一线防疫能力|查后勤保障"),
    Requirement("S3", "inspection", r"查访组|日常督导|真督实查"),
    Requirement("S4", "inspection", r"公共场所|餐饮单位|交通场[站所]|住宿场所|密闭场所|密集场所"),
    Requirement("S5", "inspection", r"重点部位|重点环节|重点场所|重点人[员群]|关键领域|关键环节|关键节点"),
    Requirement("S6", "inspection", r"自检自查|是否麻痹松懈|是否严格执行|是否落实到位"),
    Requirement("S7", "inspection", r"立即整改|整改到位|查漏补缺|堵住漏洞"),
    Requirement("S8", "inspection", r"追责|问责|责任追究"),
    Requirement("S9", "inspection", r"麻痹思想|厌战情绪|侥幸心理|松劲心态|松懈心态|思想上的松懈"),
    Requirement("A1", "surveillance", r"实时分析|集中研判|预测预警|分析研判"),
    Requirement("A2", "warehouse", r"大数据"),
    Requirement("A3", "core", r"多病共防"),
    Requirement("A4", "core", r"因时因势|精准优化|精准防控|措施再精准|精准性"),
    Requirement("D1", "drills", r"应急演练|演练"),
    Requirement("D2", "inspection", r"开学|每所学校|校园安全|中小学校"),
    Requirement("D3", "command", r"关心关爱|后勤保障"),
    Requirement("D4", "community", r"无疫小区"),
    Requirement("D5", "publicity", r"宣传|常识普及|政策宣讲|健康生活方式|卫生习惯|良好.{0,2}习惯"),
    Requirement("D6", "community", r"农村|社区疫情防控"),
    Requirement("D7", "situation", r"能力建设"),
)  # fmt: skip


@cache
def _patterns() -> tuple[tuple[Requirement, re.Pattern[str]], ...]:
    return tuple((requirement, re.compile(requirement.words)) for requirement in TABLE)


@cache
def by_id() -> dict[str, Requirement]:
    """The requirements by their ids."""
    return {requirement.id: requirement for requirement in TABLE}


def of(text: str) -> tuple[str, ...]:
    """The ids a text names, those named with the most words first."""
    text = text.replace("（", "(").replace("）", ")")
    found = []
    for order, (requirement, pattern) in enumerate(_patterns()):
        length = sum(len(match[0]) for match in pattern.finditer(text))
        if length:
            found.append((-length, order, requirement.id))
    return tuple(name for _length, _order, name in sorted(found))
