"""Where a vehicle is likely to come from by its plate: offered to the guard, never taken for an answer."""

_TABLE = """
京11北京市 津12天津市 冀13河北省 晋14山西省 蒙15内蒙古自治区
辽21辽宁省 吉22吉林省 黑23黑龙江省 沪31上海市 苏32江苏省
浙33浙江省 皖34安徽省 闽35福建省 赣36江西省 鲁37山东省
豫41河南省 鄂42湖北省 湘43湖南省 粤44广东省 桂45广西壮族自治区
琼46海南省 渝50重庆市 川51四川省 贵52贵州省 云53云南省
藏54西藏自治区 陕61陕西省 甘62甘肃省 青63青海省 宁64宁夏回族自治区
新65新疆维吾尔自治区
"""
PROVINCES = {row[0]: row[1:3] for row in _TABLE.split()}
"""The sign of a province on plates (GA 36) → the province's code (GB/T 2260)."""

NAMES = {row[1:3]: row[3:] for row in _TABLE.split()}
"""The names of the provinces."""


def of_plate(plate: str) -> str:
    """The province's code of a civil plate; "" for any other."""
    return PROVINCES.get(plate[:1], "")
