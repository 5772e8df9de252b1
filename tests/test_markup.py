import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.bot.replies.markup import bold, escape, italic, link, pieces, plain
from efinbot.bot.replies.paging import ReplyLine, columns, joined, paged


@given(st.text())
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert plain(escape(text)) == text
    assert plain(bold(text)) == text
    assert plain(italic(text)) == text


@given(st.text(), st.text())
def test_any_text_and_address_make_a_link(text: str, address: str) -> None:
    assert plain(link(text, address)) == text


@given(st.text())
def test_escaped_text_holds_no_tag(text: str) -> None:
    assert "<" not in escape(text)
    assert ">" not in escape(text)


def test_pieces_carry_the_tags_they_stand_in() -> None:
    markup = f"a {bold('b & c')} {italic('d')} {link('e', 'https://x.org/?a=1&b=2')}"
    assert pieces(markup) == [
        ("a ", ()),
        ("b & c", ("b",)),
        (" ", ()),
        ("d", ("i",)),
        (" ", ()),
        ("e", ("a=https://x.org/?a=1&b=2",)),
    ]


def test_an_address_cannot_leave_its_attribute() -> None:
    assert link("x", 'https://x.org/"><b>') == '<a href="https://x.org/&quot;&gt;&lt;b&gt;">x</a>'


@pytest.mark.parametrize(("text", "width"), [("abc", 4), ("开放", 5), ("<b>a&amp;b</b>", 4)])
def test_a_chinese_character_is_as_wide_as_two_letters(text: str, width: int) -> None:
    assert columns(text) == width


@given(
    st.lists(
        st.tuples(st.text("ab中 ", min_size=1), st.sampled_from(["", "<b>H</b>", "<b>I</b>"]))
    ),
    st.integers(1, 60),
    st.integers(0, 5),
)
def test_pages_hold_every_line_once_and_keep_to_their_size(
    rows: list[tuple[str, str]], size: int, first: int
) -> None:
    lines = [ReplyLine(text, heading) for text, heading in rows]
    pages = paged(lines, size, first)
    assert [line for page in pages for line in page] == lines
    for page in pages:
        assert len(page) == 1 or columns(joined(page)) <= size
    if first and pages:
        assert len(pages[0]) <= first


def test_a_heading_is_said_once_a_page_and_again_where_its_lines_go_on() -> None:
    lines = [ReplyLine("intro"), *(ReplyLine(f"• {letter * 20}", "<b>H</b>") for letter in "abc")]
    assert [joined(page) for page in paged(lines, 60)] == [
        "intro\n\n<b>H</b>\n• aaaaaaaaaaaaaaaaaaaa\n• bbbbbbbbbbbbbbbbbbbb",
        "<b>H</b>\n• cccccccccccccccccccc",
    ]
