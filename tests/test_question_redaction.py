"""Questions as they are kept: the question stays, what tells about people goes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.bot.question_redaction import LONGEST, MARK, redacted

KEPT = [
    "what is open banking?",
    "什么是开放银行，有哪些案例？",
    "fines up to EUR 20m or 4% in 2018?",
    "web3.0 vs web2.0, B2B2C or e-CNY?",
    "TCP/IP, DVP/PVP and AI/ML in banks",
    "what is JD.com",
    "peer-to-peer-lending-platforms?",
    "7*24小时服务",
    "Qu'est-ce que l'open banking ?",
    "что такое DeFi 😀",
]


@pytest.mark.parametrize("text", KEPT)
def test_a_question_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


MARKTED = [
    ("e-mail", "mail jane.doe+x@example.co.uk about PSD2", "mail … about PSD2"),
    ("e-mail in Chinese", "我的邮箱是abc.def@qq.com谢谢", "我的邮箱是…谢谢"),
    ("foreign e-mail", "write to rené@exämple.fr now", "write to … now"),
    ("page", "is https://bank.example/path?x=1&y=2 safe", "is … safe"),
    ("page in Chinese", "看https://a.cn/b这个链接", "看…这个链接"),
    ("page without scheme", "is t.me/joinchat/abc safe", "is … safe"),
    ("www", "is www.bank.example safe", "is … safe"),
    ("mention", "ask @bob_smith about psd2", "ask … about psd2"),
    ("wide mention", "ask ＠bob_smith about psd2", "ask … about psd2"),
    ("mention in Chinese", "@小明 什么是开放银行", "… 什么是开放银行"),
    ("mentions in a row", "ask @bob@eve now", "ask … now"),
    ("telephone", "call +86 138-0013-8000 now", "call … now"),
    ("telephone in full width", "打１３８－１２３４－５６７８吗", "打…吗"),
    (
        "card with other hyphens",
        "card 4111\u20111111\u20111111\u20111111 is lost",
        "card … is lost",
    ),
    ("spelt in groups", "打一三八 一二三四 五六七八吗", "打…吗"),
    ("telephone in Chinese", "我的电话13800138000，能开户吗", "我的电话…，能开户吗"),
    ("wide digits", "电话１３８００１３８０００吗", "电话…吗"),
    ("hidden digits", "call 138\u200b001\u200b380\u200b00 now", "call … now"),
    ("spaced digits", "call 1 3 8 0 0 1 3 now", "call … now"),
    ("card", "卡号6222 0212 3456 7890 123怎么查", "卡号…怎么查"),
    ("IBAN", "IBAN DE89 3704 0044 0532 0130 00 ok?", "IBAN … ok?"),
    ("identity card", "身份证11010519491231002X", "身份证…"),
    ("five digits", "order 12345 please", "order … please"),
    ("spelt digits", "打一三八零零一三八零零零找我", "打…找我"),
    ("purse", "who has 0x52908400098527886E0F7030069857D2E4169EE7", "who has …"),
    ("key", "is kJhGfDsAqWeRtYuIoPzXcVbNm mine", "is … mine"),
    ("token", "use 123456789:AAHdqTcvCH1vGWJxfSeo-SAs0K5PALDsaw ok", "use … ok"),
    ("several", "ask @bob, @eve; 12345", "ask …"),
    ("lines", "what\nis\t defi", "what is defi"),
    ("what can't be stored", "de\x00fi\ud800?", "defi?"),
]


@pytest.mark.parametrize(
    ("text", "left"), [row[1:] for row in MARKTED], ids=[row[0] for row in MARKTED]
)
def test_what_tells_about_people_is_redacted_out(text: str, left: str) -> None:
    assert redacted(text) == left


@pytest.mark.parametrize(
    "text", ["", " ", "13800138000", "@bob", "?!", "12345 … 23456", "https://"]
)
def test_nothing_is_left_of_what_asks_nothing(text: str) -> None:
    assert redacted(text) == ""


_PIECES = st.sampled_from(
    [*"aB1９2-_.:/+=@＠ ,;()中\u0301\u200b\n", "www.", "://", "12345", "x@y.z", "é", MARK, "a" * 9]
)


@given(st.lists(_PIECES, max_size=60).map("".join) | st.text())
def test_nothing_personal_is_left_of_any_text(text: str) -> None:
    left = redacted(text)
    assert len(left) <= LONGEST
    assert not re.search(r"\d{5}|[@＠]|\w://|[^\W中]{24}", left)
    assert left == "" or left.isprintable()
    assert redacted(left) == left
    left.encode()


def test_a_long_text_is_cut() -> None:
    assert redacted("bank " * 1000) == ("bank " * 40).strip()
