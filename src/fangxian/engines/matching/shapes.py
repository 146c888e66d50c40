"""Characters of names that are mistaken for one another by their shape (形近字): our own table.

Groups of characters that differ by a stroke or a radical and are met in given names and surnames. Written for this
platform; two characters are near when they stand in one group.
"""

GROUPS = (
    "伟玮炜纬韦 佳住往 明朋萌 朗郎廊 晴睛情 清请靖静 青菁箐 丽俪郦 娜那哪 婷停亭 梅海悔 "
    "莉利俐 琳淋林霖 燕嫣 芳方房 芬分汾纷 萍苹评平 英瑛莫 艳绝 玲铃伶岭 珍诊 珠株 琴瑟 "
    "瑶谣摇 璐路露 雪雷霄 慧惠 敏繁 涛寿焘 波坡 浩皓酷 洁法 泽择译 润闰 淼森 鑫蕊 江汀 "
    "河何 洋详祥样 浪狼 渊洲 超越 刚钢冈纲 辉挥晖珲 峰锋蜂逢 岩若 峻俊竣骏 健建键 俭检 "
    "倩情 俏悄 仁任 伦论沦 优忧 侃品 侠夹 倍陪 圆园 固因 凯铠 利刊 勋熏 博搏傅 卓桌 "
    "哲誓 吕昌 品晶 堃坤 坚竖 垚尧 城诚 培陪 奇寄 奕弈亦 妍研 娟捐绢 婉碗 娴娜 媛援 "
    "嫦娥 孟盂 宁守 宇字 安桉 宏洪 宝玉 宣宜 富福 康唐 弘泓 张弓章 彤丹 彦颜 彩采 "
    "彬杉 徐除 微徽 德得 志忘 思恩 怡恰 恒桓 愉偷瑜喻 扬杨 振震 捷睫 斌武 新薪 施旋 "
    "昊吴 晨震 曦羲 末未 杜社 松柏 栋拣 桐铜 梁粱 梓辛 楠南 榕溶 殷段 毅段 沈沉 泓弘 "
    "泳咏 济挤 涵函 淑叔 湘箱 源原 滔掏 漫慢 炳柄 烁砾 焕换 煜昱 熙照 爱受 玉王 玥钥 "
    "玫枚 珂坷 珊姗 珏钰 珺郡 琦绮 琪棋 琼凉 瑄宣 瑜愉 瑞端 瑾谨 璇旋 璋章 甜恬 畅肠 "
    "皎狡 益溢 祁祈 祥详 福幅 笑关 筱莜 纯钝 绍招 维唯 绪诸 翠粹 耀跃 芝之 芸云 茂荗 "
    "茜西 荷何 莎沙 菊掬 菲非 萱宣 蓉容 蓓培 蔚尉 薇微 蕾雷 虹红 蝶碟 裕浴 语浯 赢嬴 "
    "轶铁 邓邱 邵绍 郁都 郑邦 郭廓 铭洛 锦绵 镇慎 陈阵 陶掏 隆降 雄难 雅稚 露路 韵匀 "
    "顺须 颖颍 骏俊 麟鳞 黎梨 阳阴 静净 荣莹萤 霞暇瑕 李季 杏杳 宗宋 永水 晓烧 春舂 "
    "千干 田由 申甲 文又 贺货 国围 金全 吉古 汪江 生主"
)


def _index() -> dict[str, frozenset[str]]:
    near: dict[str, set[str]] = {}
    for group in GROUPS.split():
        for character in group:
            near.setdefault(character, set()).update(set(group) - {character})
    return {character: frozenset(others) for character, others in near.items()}


NEAR = _index()


def are_near(one: str, other: str) -> bool:
    """Whether two different characters stand in one group."""
    return other in NEAR.get(one, frozenset())
