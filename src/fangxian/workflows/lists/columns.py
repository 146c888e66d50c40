"""Which column of a list says what: by the headings counties use, or as it was the last time from this source."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from fangxian.core.identity import normalise

LABELS = {
    "name": _("Full name"),
    "id_number": _("Identity number"),
    "phone": _("Phone"),
    "address": _("Address"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "area": _("Area"),
}
"""The parts of a person a list may say, and how they are called."""

HEADINGS = {
    "name": "姓名 名字 人员姓名 被核查人 full name name",
    "id_number": "身份证号 身份证号码 公民身份号码 证件号码 证件号 身份证 身份号码 id number identity number id card",
    "phone": "手机号 手机号码 联系电话 电话 电话号码 联系方式 手机 phone mobile telephone",
    "address": "住址 地址 现住址 家庭住址 居住地址 居住地 详细地址 现居住地址 address home address",
    "birth_date": "出生日期 生日 出生年月日 出生年月 birth date birthday date of birth",
    "sex": "性别 sex gender",
    "area": "村 村（社区） 村(社区) 社区 所属网格 网格 乡镇 所属村 责任村 area village",
}
"""Headings in use, one string a part; English ones of two words are matched as a whole."""


def proposed(headings: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """Part → heading: as it was the last time where those headings are there, else recognised; parts may be missing."""
    there = set(headings)
    found = {part: heading for part, heading in before.items() if part in LABELS and heading in there}
    for heading in headings:
        part = recognised(heading)
        if part and part not in found and heading not in found.values():
            found[part] = heading
    return found


def recognised(heading: str) -> str:
    """The part a heading names; "" for none."""
    text = normalise(heading).casefold().rstrip(":*")
    return next((part for part, words in HEADINGS.items() if text and f" {text} " in f" {words} "), "")


def positions(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Part → index of its column."""
    return {part: headings.index(heading) for part, heading in columns.items() if heading in headings}
