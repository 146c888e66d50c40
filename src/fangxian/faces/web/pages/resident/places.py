"""Where somebody comes from: the province chosen from a list, the rest as people write it, and the code they mean."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fangxian.core import reference
from fangxian.core.areas import Area, code_range

#: national codes and names of the provinces (GB/T 2260, first two digits)
PROVINCES = {
    "11": ("北京", "Beijing"), "12": ("天津", "Tianjin"), "13": ("河北", "Hebei"), "14": ("山西", "Shanxi"),
    "15": ("内蒙古", "Inner Mongolia"), "21": ("辽宁", "Liaoning"), "22": ("吉林", "Jilin"),
    "23": ("黑龙江", "Heilongjiang"), "31": ("上海", "Shanghai"), "32": ("江苏", "Jiangsu"), "33": ("浙江", "Zhejiang"),
    "34": ("安徽", "Anhui"), "35": ("福建", "Fujian"), "36": ("江西", "Jiangxi"), "37": ("山东", "Shandong"),
    "41": ("河南", "Henan"), "42": ("湖北", "Hubei"), "43": ("湖南", "Hunan"), "44": ("广东", "Guangdong"),
    "45": ("广西", "Guangxi"), "46": ("海南", "Hainan"), "50": ("重庆", "Chongqing"), "51": ("四川", "Sichuan"),
    "52": ("贵州", "Guizhou"), "53": ("云南", "Yunnan"), "54": ("西藏", "Tibet"), "61": ("陕西", "Shaanxi"),
    "62": ("甘肃", "Gansu"), "63": ("青海", "Qinghai"), "64": ("宁夏", "Ningxia"), "65": ("新疆", "Xinjiang"),
    "71": ("台湾", "Taiwan"), "81": ("香港", "Hong Kong"), "82": ("澳门", "Macau"),
}  # fmt: skip
ABROAD = "XX"


def choices() -> list[tuple[str, str]]:
    """Provinces in the reader's language, and abroad."""
    english = get_language() == "en"
    named = [(code, names[1] if english else names[0]) for code, names in PROVINCES.items()]
    return [("", "—"), *named, (ABROAD, str(_("Abroad")))]


def code_of(province: str, text: str) -> str:
    """The longest code a place text means inside a province; the province itself where the names are not known."""
    if province == ABROAD or not text:
        return province
    low, high = code_range(province)
    known = Area.objects.filter(code__gte=low, code__lt=high).exclude(code=province)
    names = {code: name for code, name in known.values_list("code", "name") if len(code) <= VILLAGE}
    names |= {one.code: one.name for one in reference.divisions(province) if len(one.code) <= TOWNSHIP}
    code = province
    for found, name in sorted(names.items(), key=lambda pair: len(pair[0])):
        if found.startswith(code) and len(found) > len(code) and _said(name, text):
            code = found
    return code


TOWNSHIP, VILLAGE = 9, 12
_ENDINGS = "省市县区乡镇村"


def _said(name: str, text: str) -> bool:
    """Whether a text names a place, with or without the word of its level."""
    short = name.rstrip(_ENDINGS)
    return name in text or (len(short) > 1 and short in text)
