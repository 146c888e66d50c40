"""The measures of a bulletin: sentence by sentence, clause by clause, with verbs, actors, level and deadline.

A leader's words (`X强调`, `会议要求`) order; the report around them tells what was done or looked at. A clause that
begins with a verb of doing is a measure of its own; what follows without one (`确保…`, `做到…`) is its aim and stays
with it. Nothing is left out: an ordered sentence without a known verb is a measure as well, for a person to judge.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fangxian.engines.bulletins import deadlines, requirements
from fangxian.engines.bulletins.model import Measure, Mode

SENTENCE = re.compile(r"[^。;；\n]+[。;；]?")
CLAUSE = re.compile(r"(?:[“][^”]*[”]|[(（][^)）]*[)）]|[^,，。;；])+")
WHO = r"(?P<who>会议|会上|[他她]|[\u4e00-\u9fff]{2,3}?)?(?:在[\u4e00-\u9fff]{2,16}上)?"
SPEECHES = (
    re.compile(rf"^{WHO}(?:指出|强调)(?P<rest>.*)$"),
    re.compile(rf"^{WHO}要求(?P<rest>抓好.*)?$"),
    re.compile(r"^(?:并)?要求(?P<who>)(?P<rest>(?:全[县市区省]|各).*)$"),
)
ASIDE = re.compile(r"主持(?:会议)?并讲话|参加会议|作工作安排|一同检查|陪同")
BYLINE = re.compile(r"^[(（]?(?:实习)?记者")
OPEN = re.compile(r"^(?:重点)?对(?!.*(?:进行|再|落实|切实|给予)).*$")
SEEN = re.compile(r"察看|了解|查看|走访|深入[^,，]*[室店点厂园]")
AIM = re.compile(
    r"(?:确保|做到(?!“)|实现|使|让|从而|防止|以(?!查)|真正|切实做到|不留|万无一失|严防死守|时间紧|任务重|"
    r"全力守护|全身心|为人民|交出|细之又细|“|而)"
)
FRAME = re.compile(
    r"^(?:会议)?(?:传达|随着|当前|近段时间|距离|又面临|国内多地|当前国内|外防输入压力|疫情防控形势|疫情就是|防控就是|具有|充分|值得|"
    r"思想上的松懈|抓好当前|党员干部作为|进口冷链食品是|疫情防控工作进入|近段)"
)
NUMBERED = re.compile(r"[一二三四五六七八九十]是(?P<rest>.+)")
LEAD_IN = re.compile(
    r"^(?:大家|一定|必须|并|还|也|同时|要|坚决|切实|全面|认真|持续|继续|进一步|全力|大力|周密|严格|迅速|深刻|"
    r"有针对性|近期|自觉|积极|决|坚持(?=近期)|在[^,，]{2,14}(?:方面|上)|对[^,，]{2,30}?(?=进行|再|切实|认真|要)|时刻|深入|着力|"
    r"带头|开展|重点)+"
)
VERBS = (
    "加强 加大 加快 强化 落实 严格 优化 完善 健全 发挥 聚焦 推动 引导 组织 抓好 抓 "
    "做好 做 杜绝 克服 梳理 排查 保持 增加 细化 突出 压实 压紧 履行 扛起 整改 追责 "
    "问责 开展 进行 查 检查 督导 督查 管好 关注 关心 统筹 守牢 守住 筑牢 织牢 切断 "
    "传达 听取 召开 部署 安排 提高 改善 创建 规范 跟踪 收集 强调 巩固 践行 贯彻 学习 "
    "领会 查摆 查验 绷紧 紧绷 树牢 坚持 提升 靠前 下沉 指导 养成 采取 实行 执行 种好 "
    "打牢 构筑 完成 确保 上报 更新 进入 联合 跟进 跟紧 自检 自查 堵住 再加压 再重视 "
    "再筑牢 再精准 再压实 再安排 再部署 再检视 再加固 再落实 提问 察看 了解 深入 研究 "
    "分析 研判 克难 扑灭 圈住 阻断 管控 预防 打好 联防 群防 同防 共防 堵 前往 出省 "
    "引领 沉下心 统一 给予 接种 守土 放在 严守 严实 严把 摆上 发扬 储备 种 补缺 带头 "
    "发力 调度"
).split()
VERB = re.compile("|".join(sorted(map(re.escape, dict.fromkeys(VERBS)), key=len, reverse=True)))
HAN = r"[\u4e00-\u9fff]"
NO_NAME = rf"(?!{VERB.pattern}|要|按|根据|遵照|对|把|将|在|由|向|与|和|及|全面|严格|切实)"
BODY = rf"(?:{NO_NAME}{HAN}){{1,12}}?(?:局|委|办|中心|院|公司|指挥部|专班)"
EACH = rf"各(?:{NO_NAME}{HAN}|[(（]{HAN}{{1,6}}[)）]){{1,10}}?"
BY_SHAPE = rf"(?:{EACH}|{BODY})(?=[、和及]|要(?!求)|应|须|负责|牵头|会同|[(（])"
"""Bodies known by how their names end, `县疾控中心`, `教体局`, `各…`, where what they are to do follows."""
ACTORS = re.compile(
    r"全[市县区]各级各部门|各级各部门|各级党委政府|各行业主管部门|各行业部门|各乡镇主要领导|各乡镇|各部门|各工作组|各县区|"
    r"疫情防控各组|各法人单位|法人单位|主要负责同志|主要领导|分管同志|查访组|全[县市区]上下|各方|属地|党员干部|"
    r"基层干部|医务工作者|一线防控人员|一线工作人员|零售药店|乡镇卫生院|社区卫生服务中心|村卫生室|个人诊所|示范区|"
    rf"医疗机构|每所学校|每一位同志|每个人|{BY_SHAPE}"
)
MIND = re.compile(
    r"(?:思想|思维|意识|认识|头脑|清醒|警惕|定力|信心|决心|站位|觉悟|心态|心理|情绪|作风|精神|初心|使命|担当|大局|"
    r"至上|底线|慎终如始|策略|方针|(?<!”)成果|这根弦|之弦|思想防线|持久战|歼灭战|外防输入|内防反弹|动态清零|不动摇|不放松)(?:”)?$"
)
TELLING = re.compile(r"\d|群众|居民|人员|师生|学生|全民|公众|落实(?!.*(?:方针|策略))|检查|排查")
"""A clause of these has an object or is counted: no mere appeal."""
SUBJECT = re.compile(rf"(?:(?:{ACTORS.pattern})[、和及]?)+")
LEVELS = (
    ("person", re.compile(r"到人|每个人|个人(?!诊)|每一位")),
    ("village", re.compile(r"村|社区|小区|网格")),
    ("township", re.compile(r"乡镇|乡\(镇\)|乡（镇）|镇、|卫生院")),
    ("county", re.compile(r"各县区|全县|县、|县级|全区|县委|县政府")),
    ("prefecture", re.compile(r"全市|市委|我市")),
)
"""From the lowest: the first that a measure names is how far down it reaches."""


@dataclass(frozen=True)
class _Clause:
    """A clause with its place, and what was said before it in the sentence."""

    text: str
    start: int
    mode: Mode
    speaker: str


def found_in(
    text: str, day: datetime.date | None = None, skip: int = 0, speakers: tuple[str, ...] = ()
) -> tuple[Measure, ...]:
    """The measures of a repaired article, in the order of the text.

    `day` is the bulletin's, for the days that follow from its words; `skip` is the length of the title; `speakers` are
    those of the head, of whom the first is meant by “he”.
    """
    found: list[Measure] = []
    for sentence in _sentences(text, skip, speakers):
        found.extend(_finished(part, text, day) for part in _grouped(sentence))
    return tuple(measure for measure in found if measure.mode is Mode.ORDERED or measure.requirements)


def _sentences(text: str, skip: int, speakers: tuple[str, ...]) -> Iterator[list[_Clause]]:
    """The clauses sentence by sentence, each with who says it."""
    speaker, ordered, line = "", False, skip
    for match in SENTENCE.finditer(text, skip):
        if "\n" in text[line : match.start()]:
            speaker, ordered = "", False
        line = match.start()
        told = bool(ASIDE.search(match[0]))
        clauses = []
        for part in CLAUSE.finditer(match[0]):
            start, words = _stripped(part)
            said = _speech(words)
            if said:
                speaker, ordered, told = _who(said, speaker, speakers), True, False
                lead = words[: said.start("rest")] if said["rest"] else words
                if requirements.of(lead):
                    clauses.append(_Clause(lead, match.start() + start, Mode.REPORTED, ""))
                start, words = start + len(lead), said["rest"] or ""
            if words and not BYLINE.match(words):
                mode = Mode.ORDERED if ordered and not told and not FRAME.match(words) else Mode.REPORTED
                seen = mode is Mode.REPORTED and not ordered and SEEN.search(words)
                clauses.append(_Clause(words, match.start() + start, Mode.INSPECTED if seen else mode, speaker))
        yield clauses


def _stripped(part: re.Match[str]) -> tuple[int, str]:
    """A clause without the space and colon before it, with its offset in the sentence."""
    words = part[0].lstrip(":： \u3000\xa0\n")
    return part.start() + len(part[0]) - len(words), words.rstrip()


def _speech(words: str) -> re.Match[str] | None:
    """Whether somebody begins to speak in the clause."""
    return next((found for pattern in SPEECHES if (found := pattern.match(words))), None)


def _who(said: re.Match[str], speaker: str, speakers: tuple[str, ...]) -> str:
    """Who speaks: as named, else who spoke before, else the first speaker of the bulletin."""
    if said["who"] in ("他", "她"):
        return next(iter(speakers), speaker)
    if said["who"]:
        return said["who"]
    if said.re is SPEECHES[-1]:
        return speaker or "会议"
    return speaker or next(iter(speakers), "")


def _grouped(clauses: list[_Clause]) -> Iterator[list[_Clause]]:
    """The clauses of a sentence by measure: one that begins with doing, and the aims behind it."""
    group: list[_Clause] = []
    for clause in clauses:
        frame = bool(FRAME.match(clause.text))
        if group and (frame or ((FRAME.match(group[-1].text) or _begins(clause)) and not _is_open(group))):
            yield group
            group = []
        group.append(clause)
    if group:
        yield group


def _begins(clause: _Clause) -> bool:
    """Whether a clause is a measure of its own and not the aim of the one before."""
    words = _own_words(clause.text)
    if AIM.match(words):
        return False
    if OPEN.match(clause.text):
        return True
    return clause.text.startswith("要") or bool(VERB.match(words)) or bool(requirements.of(words))


def _own_words(text: str) -> str:
    """A clause without its number, its actor and what only strengthens it."""
    numbered = NUMBERED.match(text)
    words = numbered["rest"] if numbered else text
    actors = SUBJECT.match(words)
    words = words[actors.end() :] if actors else words
    return LEAD_IN.sub("", words)


def _is_open(group: list[_Clause]) -> bool:
    """Whether the group so far only says to whom or where, and what is done follows."""
    if FRAME.match(group[-1].text):
        return False
    return bool(OPEN.match(group[-1].text)) or not any(_does(clause) for clause in group)


def _does(clause: _Clause) -> bool:
    return bool(requirements.of(clause.text) or VERB.search(_own_words(clause.text)))


def _finished(group: list[_Clause], text: str, day: datetime.date | None) -> Measure:
    """The measure of its clauses."""
    start, end = group[0].start, group[-1].start + len(group[-1].text)
    words = text[start:end]
    limit = deadlines.found_in(words, day)
    return Measure(
        text=words, start=start, end=end, mode=_mode(group),
        verbs=tuple(dict.fromkeys(verb for clause in group for verb in _verbs(clause))), actors=_actors(group),
        level=next((level for level, pattern in LEVELS if pattern.search(words)), ""),
        deadline=limit.words, due=limit.due, every=limit.every, requirements=requirements.of(words),
        speaker=group[0].speaker,
    )  # fmt: skip


def _mode(group: list[_Clause]) -> Mode:
    """How the whole stands: looked at when any of it was."""
    return Mode.INSPECTED if any(clause.mode is Mode.INSPECTED for clause in group) else group[0].mode


def _verbs(clause: _Clause) -> list[str]:
    """The verbs of a clause: where it begins, and behind `、`; else the first it has."""
    found: list[str] = []
    for piece in re.split("、|并", _own_words(clause.text)):
        words = LEAD_IN.sub("", piece)
        while match := VERB.match(words):
            found.append(match[0])
            words = words[match.end() :]
    return found or VERB.findall(_own_words(clause.text))[:1]


def _actors(group: list[_Clause]) -> tuple[str, ...]:
    """Who stands before the verb of any of the clauses."""
    found = []
    for clause in group:
        numbered = NUMBERED.match(clause.text)
        words = numbered["rest"] if numbered else clause.text
        led = SUBJECT.match(words)
        found += [one[0] for one in ACTORS.finditer(words) if one.start() < led.end()] if led else []
    return tuple(dict.fromkeys(found))


def is_appeal(text: str) -> bool:
    """Whether words only call for a state of mind (`树牢底线思维`): nobody named, no time, nothing to check."""
    if SUBJECT.match(text) or deadlines.found_in(text, None).words:
        return False
    clauses = [_own_words(one) for one in re.split("[,，、;；。]", text) if one.strip()]
    if any(TELLING.search(one) for one in clauses):
        return False
    called = [bool(MIND.search(one)) for one in clauses]
    return any(called) and all(mind or AIM.match(one) for mind, one in zip(called, clauses, strict=True))
