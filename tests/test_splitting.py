"""Long texts are cut where a reader would cut them, and every part is whole."""

from hypothesis import given
from hypothesis import strategies as st

from efinbot.bot.replies.markup import bold, escape, italic, link, pieces, plain
from efinbot.bot.replies.splitting import split


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=30)
marked = st.one_of(
    words.map(escape),
    words.map(bold),
    words.map(italic),
    words.map(lambda w: link(w, "https://a.b/?c&d")),
)
texts = st.lists(st.one_of(marked, st.sampled_from(["\n", "\n\n", " ", "。"])), max_size=40).map(
    "".join
)


@given(texts, st.integers(20, 200))
def test_parts_have_room_and_lose_nothing_but_line_breaks(html: str, limit: int) -> None:
    parts = split(html, limit)
    assert all(units(plain(part)) <= limit for part in parts)
    assert "".join(map(plain, parts)).replace("\n", "") == plain(html).replace("\n", "")


@given(texts, st.integers(20, 200))
def test_every_character_keeps_its_markup(html: str, limit: int) -> None:
    def marks(text: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(c, tags) for piece, tags in pieces(text) for c in piece if c != "\n"]

    assert [mark for part in split(html, limit) for mark in marks(part)] == marks(html)


def test_a_text_with_room_stays_as_it_is() -> None:
    assert split(f"{bold('A')}\n\n" + "b" * 4000, 4096) == [f"{bold('A')}\n\n" + "b" * 4000]


def test_it_is_cut_between_blocks() -> None:
    blocks = ["a" * 60, "b" * 60, "c" * 60]
    assert split("\n\n".join(blocks), 130) == ["\n\n".join(blocks[:2]), blocks[2]]


def test_a_block_too_long_is_cut_between_lines_then_sentences_then_words() -> None:
    assert split("one\n" * 10 + "two", 40) == [("one\n" * 10).strip(), "two"]
    assert split("第一句话。" * 5, 12) == [
        "第一句话。第一句话。",
        "第一句话。第一句话。",
        "第一句话。",
    ]
    assert split("word " * 5, 12) == ["word word ", "word word ", "word "]


def test_markup_that_is_cut_is_closed_and_opened_again() -> None:
    assert split(bold("very bold indeed"), 10) == ["<b>very bold </b>", "<b>indeed</b>"]


def test_characters_outside_the_basic_plane_count_twice() -> None:
    assert split("😀" * 30, 40) == ["😀" * 20, "😀" * 10]
