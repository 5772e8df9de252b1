"""Question words of dialects, read as those of Mandarin: 边个 is 谁, 啥子 is 什么."""

import re
from collections.abc import Mapping
from typing import Final

_MANDARIN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("有冇", "有无"), "有没有"),
    **dict.fromkeys(("系咪", "系唔系", "系不系", "是唔是"), "是不是"),
    **dict.fromkeys(("边个", "边位", "哪个人"), "谁"),
    **dict.fromkeys(("边间", "边家"), "哪家"),
    **dict.fromkeys(("边度", "边处", "喺边", "系边度"), "哪里"),
    **dict.fromkeys(("边年", "边一年"), "哪年"),
    **dict.fromkeys(("边日", "边一日", "边天"), "哪天"),
    **dict.fromkeys(("边几个", "边啲", "边些", "边个啲"), "哪些"),
    **dict.fromkeys(("几时", "几耐时", "啥时候", "啥辰光"), "什么时候"),
    **dict.fromkeys(("几耐", "好耐"), "多久"),
    **dict.fromkeys(("几多", "好多个"), "多少"),
    **dict.fromkeys(("点解", "做乜", "做咩", "为咩", "为啥子", "为啥", "咋会", "咋个会"), "为什么"),
    **dict.fromkeys(("点样", "点算", "咋样", "咋个", "咋", "点搞"), "怎么"),
    **dict.fromkeys(
        ("乜嘢", "乜野", "咩嘢", "咩野", "啥子", "啥东西", "乜", "咩", "啥", "虾米"), "什么"
    ),
    **dict.fromkeys(("佢哋", "佢地", "他哋"), "他们"),
    **dict.fromkeys(("呢个", "呢只", "嗰个", "依个"), "这个"),
    **dict.fromkeys(("冇得", "木有", "莫得", "冇"), "没有"),
    "佢": "它",
    "唔该": "请",
    "唔使": "不用",
    "唔": "不",
    "嘅": "的",
    "喺": "在",
    "嚟": "来",
    "咗": "了",
    "畀": "给",
    "哋": "们",
    "啲": "些",
    "嘢": "东西",
    "睇": "看",
    "讲吓": "讲讲",
    "咁": "这么",
    "俾": "给",
}
_DIALECT: Final = re.compile("|".join(sorted(_MANDARIN, key=len, reverse=True)))


def in_mandarin(text: str) -> str:
    """Return a text in simplified characters with what dialects ask by in the words of Mandarin."""
    return _DIALECT.sub(lambda found: _MANDARIN[found[0]], text)
