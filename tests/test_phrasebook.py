"""What is said to operators: whole in both languages, and short where Telegram wants it short."""

import re
import string
from collections.abc import Iterator

import pytest

from efinbot.bot.messages import phrasebook, say
from efinbot.knowledge import Text
from efinbot.knowledge.models import Model


def texts(model: Model) -> Iterator[tuple[str, Text]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Text):
            yield name, value
        else:
            yield from ((f"{name}.{inner}", text) for inner, text in texts(value))


EVERY = dict(texts(phrasebook()))


def slots(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


@pytest.mark.parametrize("name", EVERY)
def test_both_languages_fill_in_the_same(name: str) -> None:
    text = EVERY[name]
    assert slots(text.zh) == slots(text.en)


@pytest.mark.parametrize("name", EVERY)
def test_chinese_has_punctuation_of_its_own(name: str) -> None:
    assert not re.search(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]", EVERY[name].zh)


def test_what_is_shown_for_a_moment_and_in_menus_is_short() -> None:
    words = phrasebook()
    for text in (words.gone, words.busy):
        assert max(len(text.zh), len(text.en)) <= 200
    for _, caption in texts(words.commands):
        assert max(len(caption.zh), len(caption.en)) <= 64


def test_what_is_filled_in_is_no_markup() -> None:
    said = say(phrasebook().not_yaml, "en", name="<b>{name}</b> & co")
    assert "“&lt;b&gt;{name}&lt;/b&gt; &amp; co”" in said
