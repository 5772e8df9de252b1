import pytest

from efinbot.intents.language import detect
from efinbot.intents.text import tokens


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("什么是开放银行", "zh"),
        ("what is open banking", "en"),
        ("的 risk 有哪些", "zh"),
        ("what is 区块", "zh"),
        ("tell me about", "en"),
        ("12345 !!!", None),
        ("", None),
        ("ひらがな", None),
    ],
)
def test_the_language_is_told_by_its_script(text: str, language: str | None) -> None:
    assert detect(tokens(text)) == language
