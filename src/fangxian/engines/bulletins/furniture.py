"""What belongs to the page and not to the article: site names, counters, disclaimers, codes to scan, comment forms."""

import re

PIECES = (
    r"[\s|]*\|[\s|]*",  # what is left of a table
    r"!\[[^\]]*\]\([^)]*\)[\s|]*.*",  # a picture
    r"\d{1,3}",  # a counter
    r"[^\s,，。、]{2,10}(?:资讯网|新闻网|日报网|门户网站|客户端|头条|网)",  # the site's name
    r"\d{4}年?专题区?",
    r"时间[:：]?",
    r"(?:时间[:：]\s*)?\d{4}[-年/]\d{1,2}[-月/]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?",
    r"网络编辑\s.*",
    r"(?:来源|责任编辑|责编|编辑|编审|审核|浏览|浏览次数|阅读|字号|分享到?|上一篇|下一篇)[:：].*",
    r"(?:打印|关闭|返回顶部|首页)",
    r"https?://\S+",
)
"""Lines that are furniture wherever they stand."""
END = re.compile(
    r"免责声明|版权声明|扫一扫|留言与评论|验证码[:：]|本文地址|未经许可|Copyright|copyright protection|E-mail[:：]"
)
"""A line with one of these ends the article: what follows is the site's."""
LEADING = re.compile(r"https?://\S+\s+(?=[\d\u4e00-\u9fff])")
"""An address before the first words of a paragraph."""
DATED = re.compile(r"(\d{4})[-年/](\d{1,2})[-月/](\d{1,2})")
YEAR = re.compile(r"(\d{4})年?专题")
SITE = re.compile(r"([\u4e00-\u9fff]{2,10}(?:资讯网|新闻网|日报|网))(?:免责声明|$)")
_PIECE = re.compile("|".join(f"(?:{piece})" for piece in PIECES))


def is_piece(line: str) -> bool:
    """Whether a line is furniture by itself."""
    return bool(_PIECE.fullmatch(line.strip()))


def ends_article(line: str) -> bool:
    """Whether the article ends before the line."""
    return bool(END.search(line))
