"""Answers in any chat: ``@bot open ban`` offers articles while somebody is typing."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from ...intents import FALLBACK, LISTS, SMALL_TALK, Understanding
from ...knowledge import Language
from ..markup import plain
from . import views
from .delivery import Undelivered
from .service import Efinbot
from .turn import spoken_in

_PAGE: Final = 10
"""How many articles are sent at once; more are fetched when the list is scrolled."""
_CACHED: Final = 300
"""Seconds for which Telegram may answer the same query by itself."""
_SUMMARY: Final = 120
"""Characters of an article's description."""


async def typed(bot: Efinbot, query: InlineQuery) -> None:
    """Offer what the words so far may mean."""
    meanings = dict.fromkeys(_meanings(bot, query))
    found = [meaning for meaning in meanings if len(views.write(meaning)) <= views.LIMIT]
    start = int(query.offset) if query.offset.isdecimal() else 0
    shown = found[start : start + _PAGE]
    more = str(start + _PAGE) if start + _PAGE < len(found) else ""
    articles = [_article(bot, understanding) for understanding in shown]
    with suppress(Undelivered):  # the next letter was typed already
        await bot.delivery.call(
            query.from_user.id,
            lambda _: bot.application.bot.answer_inline_query(
                query.id, articles, cache_time=_CACHED, is_personal=True, next_offset=more
            ),
        )


def _meanings(bot: Efinbot, query: InlineQuery) -> Iterator[Understanding]:
    """Yield what a query may mean, the likeliest first."""
    spoken = bot.state.language(query.from_user.id) or spoken_in(query.from_user.language_code)
    if not query.query.strip():
        lists = (intent for intent, kind in LISTS.items() if bot.knowledge.of_kind(kind))
        yield from (Understanding(intent, (), spoken, 1.0) for intent in ("overview", *lists))
        return
    said = bot.assistant.engine.understand(query.query, None, spoken)
    if said.intent not in (FALLBACK, *SMALL_TALK):
        yield replace(said, confidence=1.0, suggestions=(), terms=())
    named = bot.completion.complete(query.query)
    yield from _explained((*named, *said.suggestions, *said.topics), said.language)


def _explained(ids: Iterable[str], language: Language) -> Iterator[Understanding]:
    return (Understanding("explain", (id_,), language, 1.0) for id_ in ids)


def _article(bot: Efinbot, understanding: Understanding) -> InlineQueryResultArticle:
    page = bot.pages.page(understanding)
    reply = bot.assistant.reply(understanding)
    entry = bot.knowledge.entries[understanding.topics[0]] if understanding.topics else None
    if entry and understanding.intent == "explain":
        summary = entry.brief.in_(understanding.language)
    else:
        summary = " ".join(plain(reply.html).removeprefix(reply.title).split())
    return InlineQueryResultArticle(
        id=views.write(understanding),
        title=reply.title,
        description=summary[:_SUMMARY],
        input_message_content=InputTextMessageContent(
            page.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=page.keyboard,
    )
