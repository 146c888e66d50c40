"""Invented personal names: common surnames and given-name characters, drawn apart; no one in particular is meant."""

import numpy as np

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚"
    "钟姜崔谭陆范汪廖石金韦贾夏方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
)
MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁龙林峰建国志文海东晓永庆春生新成光宏亮富贵福来"
FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰红梅燕萍洁雪琳慧莹婷玉珍凤琴云莲荣爱香月素巧晴欣怡佳璐瑶梦琪菊花春秋冬梓涵"


def surnames(rng: np.random.Generator, count: int) -> np.ndarray:
    """`count` surnames, common ones more often."""
    weights = 1 / (np.arange(len(SURNAMES)) + 3)
    return rng.choice(np.array(list(SURNAMES)), size=count, p=weights / weights.sum())


def given_names(rng: np.random.Generator, male: np.ndarray) -> np.ndarray:
    """A given name of one or two characters for each person."""
    count = len(male)
    men, women = np.array(list(MALE)), np.array(list(FEMALE))
    first = np.where(male, rng.choice(men, count), rng.choice(women, count))
    second = np.where(male, rng.choice(men, count), rng.choice(women, count))
    return np.char.add(first, np.where(rng.random(count) < 0.72, second, ""))
