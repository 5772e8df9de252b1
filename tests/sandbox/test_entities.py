"""HTML becomes text and entities, with offsets in UTF-16 code units."""

from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efinbot.sandbox.bot_api.entities import parse_html, utf16_length
from efinbot.sandbox.bot_api.refusals import Refusal
from efinbot.sandbox.bot_api.texts import formatted, mentions

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
}


@dataclass(frozen=True)
class Piece:
    """A text, or a tag around other pieces."""

    text: str = ""
    tag: str = ""
    inside: tuple["Piece", ...] = ()

    def html(self) -> str:
        if not self.tag:
            return escape(self.text)
        return f"<{self.tag}>{''.join(piece.html() for piece in self.inside)}</{self.tag}>"

    def plain(self) -> str:
        return self.text or "".join(piece.plain() for piece in self.inside)

    def entities(self, offset: int) -> list[dict[str, Any]]:
        if not self.tag:
            return []
        length = len(self.plain().encode("utf-16-le")) // 2
        own = {"type": TAGS[self.tag], "offset": offset, "length": length}
        found = [own] if length else []
        for piece in self.inside:
            found += piece.entities(offset)
            offset += len(piece.plain().encode("utf-16-le")) // 2
        return found


texts = st.text(st.sampled_from("ab <>&\"'开放😀👍🏽é\n")).map(Piece)
pieces = st.recursive(
    texts,
    lambda inner: st.builds(
        lambda tag, inside: Piece(tag=tag, inside=tuple(inside)),
        st.sampled_from(sorted(TAGS)),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@given(st.lists(pieces, max_size=5))
def test_nested_tags_become_entities_at_utf16_offsets(parts: list[Piece]) -> None:
    whole = Piece(tag="b", inside=tuple(parts))
    text, entities = parse_html(whole.html())
    assert text == whole.plain()
    key = sorted(map(str, whole.entities(0)))
    assert sorted(map(str, entities)) == key
    assert entities == sorted(entities, key=lambda e: (e["offset"], -e["length"]))


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])


@given(st.text(st.sampled_from("<>/&;ab=\"' #x1开"), max_size=60))
def test_whatever_comes_is_parsed_or_refused(source: str) -> None:
    with suppress(Refusal):
        text, entities = parse_html(source)
        length = utf16_length(text)
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= length for e in entities)


ENTITIES = {
    "link": (
        '<a href="https://example.com/a?b=1&amp;c">x</a>',
        "x",
        [{"type": "text_link", "offset": 0, "length": 1, "url": "https://example.com/a?b=1&c"}],
    ),
    "link without quotes": (
        "<a href=example.com>x</a>",
        "x",
        [{"type": "text_link", "offset": 0, "length": 1, "url": "http://example.com/"}],
    ),
    "link in capitals": (
        "<A HREF='http://example.com/'>x</A>",
        "x",
        [{"type": "text_link", "offset": 0, "length": 1, "url": "http://example.com/"}],
    ),
    "link to itself": (
        "<a>example.com/x</a>",
        "example.com/x",
        [{"type": "text_link", "offset": 0, "length": 13, "url": "http://example.com/x"}],
    ),
    "link that leads nowhere": ('<a href="nowhere">x</a>', "x", []),
    "user": (
        '<a href="tg://user?id=7">x</a>',
        "x",
        [{"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 7}}],
    ),
    "code with a language": (
        '<pre><code class="language-python">x</code></pre>',
        "x",
        [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
    ),
    "code": ("<code>a&lt;b</code>", "a<b", [{"type": "code", "offset": 0, "length": 3}]),
    "nothing bold in code": (
        "<code><b>x</b></code>",
        "x",
        [{"type": "code", "offset": 0, "length": 1}],
    ),
    "bold around code": (
        "<b>a<code>b</code>c</b>",
        "abc",
        [
            {"type": "bold", "offset": 0, "length": 1},
            {"type": "code", "offset": 1, "length": 1},
            {"type": "bold", "offset": 2, "length": 1},
        ],
    ),
    "quotation": (
        "<blockquote>x</blockquote>",
        "x",
        [{"type": "blockquote", "offset": 0, "length": 1}],
    ),
    "long quotation": (
        "😀<blockquote expandable>x</blockquote>",
        "😀x",
        [{"type": "expandable_blockquote", "offset": 2, "length": 1}],
    ),
    "spoiler": (
        '<span class="tg-spoiler">x</span>',
        "x",
        [{"type": "spoiler", "offset": 0, "length": 1}],
    ),
    "emoji": (
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "👍",
        [
            {
                "type": "custom_emoji",
                "offset": 0,
                "length": 2,
                "custom_emoji_id": "5368324170671202286",
            }
        ],
    ),
    "date": (
        '<tg-time unix="1647531900" format="wDT">then</tg-time>',
        "then",
        [
            {
                "type": "date_time",
                "offset": 0,
                "length": 4,
                "unix_time": 1647531900,
                "date_time_format": "wDT",
            }
        ],
    ),
    "characters by number": ("&#x5f00;&#25918;&quot;&amp;", '开放"&', []),
    "what is no character": ("&nbsp; &#0; & &copy", "&nbsp; &#0; & &copy", []),
    "nothing in a tag": ("<b></b>x", "x", []),
    "end tag without a name": ("<b>x</>", "x", [{"type": "bold", "offset": 0, "length": 1}]),
}


@pytest.mark.parametrize(("html", "text", "entities"), ENTITIES.values(), ids=ENTITIES)
def test_html(html: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(html) == (text, entities)


MENTIONS = {
    "你好 @efinbot_bot 什么": [("mention", "@efinbot_bot")],
    "你好@efinbot_bot": [],
    "/help@efinbot_bot now": [("bot_command", "/help@efinbot_bot")],
    "/help 普惠": [("bot_command", "/help")],
    "a.com, entries/pix.yaml, x.py": [("url", "a.com"), ("url", "x.py")],
    "see https://a.com/x?y=1. /start": [("url", "https://a.com/x?y=1"), ("bot_command", "/start")],
    "write to a.b@c.com": [("email", "a.b@c.com")],
    "#开放银行 and #1": [("hashtag", "#开放银行")],
    "and/or 1/2 v1.2.3": [],
}


@pytest.mark.parametrize(("text", "found"), MENTIONS.items())
def test_what_a_text_mentions_is_found(text: str, found: list[tuple[str, str]]) -> None:
    units = text.encode("utf-16-le")

    def said(entity: dict[str, Any]) -> str:
        begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        return units[begin:end].decode("utf-16-le")

    assert [(entity["type"], said(entity)) for entity in mentions(text)] == found


def test_white_space_around_a_text_goes_and_entities_follow() -> None:
    text, entities = formatted("\n  <b> 开放</b>  \n", "HTML")
    assert text == "开放"
    assert entities == [{"type": "bold", "offset": 0, "length": 2}]


def test_links_in_code_and_in_links_are_not_found_again() -> None:
    text, entities = formatted('<code>@ada</code> <a href="http://a.com">b.com</a> @bobby', "HTML")
    assert [entity["type"] for entity in entities] == ["code", "text_link", "mention"]
    assert text == "@ada b.com @bobby"
