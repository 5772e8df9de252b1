import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.intents import pinyin
from efinbot.intents.homophones import HomophoneRepairer
from efinbot.intents.text import tokens

TEXTS = [
    "开放银行是什么",
    "什么是开放银行",
    "开放银行有哪些案例",
    "普惠金融的发展趋势",
    "新兴技术的发展趋势",
] * 10


@pytest.fixture(scope="module")
def repairer() -> HomophoneRepairer:
    return HomophoneRepairer.fit(map(tokens, TEXTS), pinyin.readings())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("开放因行是什么", "开放银行是什么", id="one-character"),
        pytest.param("普会金融", "普惠金融", id="start"),
        pytest.param("发展趋式", "发展趋势", id="end"),
        pytest.param("新星技术", "新兴技术", id="front-and-back-nasal-mixed-up"),
        pytest.param("开放银行", "开放银行", id="nothing-wrong"),
        pytest.param("手机银行", "手机银行", id="another-word-with-another-sound"),
        pytest.param("open banking", "open banking", id="no-chinese"),
        pytest.param("", "", id="empty"),
    ],
)
def test_characters_that_sound_alike_are_mended(
    repairer: HomophoneRepairer, written: str, meant: str
) -> None:
    mended, changes = repairer.repair(written)
    assert mended == meant
    assert bool(changes) == (written != meant)


@given(st.text())
def test_mending_never_changes_the_length_and_settles(text: str) -> None:
    repairer = HomophoneRepairer.fit(
        map(tokens, TEXTS), {"银": ("yin",), "因": ("yin",), "行": ("han", "xin")}
    )
    mended, _ = repairer.repair(text)
    assert len(mended) == len(text)
    assert repairer.repair(mended) == (mended, ())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("开放银行", "kaifangyinhang"),
        ("长尾客户", "changweikehu"),
        ("API开放平台", "APIkaifangpingtai"),
    ],
)
def test_names_are_typed_in_pinyin(name: str, typed: str) -> None:
    assert typed in pinyin.typed(name)
