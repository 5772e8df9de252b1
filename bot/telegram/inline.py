"""Inline mode: in any chat, ``@bot open ban`` offers articles while somebody is typing."""

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
from .. import callback_data
from ..replies.markup import plain
from ..replies.script import script_of
from .answers import spoken_in
from .sender import Undelivered
from .services import Runtime, Services

_PAGE: Final = 10
"""How many articles are sent at once; more are fetched when the list is scrolled."""
_CACHED: Final = 300
"""Seconds for which Telegram may answer the same query by itself."""
_SUMMARY: Final = 120
"""Characters of an article's description."""


async def typed(bot: Services, query: InlineQuery) -> None:
    """Offer what the words so far may mean."""
    runtime = bot.runtime
    spoken = bot.state.language(query.from_user.id) or spoken_in(query.from_user.language_code)
    script = script_of(query.query)
    meanings = {
        callback_data.encode(one): replace(one, script=script)
        for one in _meanings(query.query, spoken, runtime)
    }
    found = [one for id_, one in meanings.items() if len(id_) <= callback_data.LIMIT]
    start = int(query.offset) if query.offset.isdecimal() else 0
    articles = [_article(one, runtime) for one in found[start : start + _PAGE]]
    more = str(start + _PAGE) if start + _PAGE < len(found) else ""
    with suppress(Undelivered):  # the next letter was typed already
        await bot.sender.call(
            query.from_user.id,
            lambda _: bot.application.bot.answer_inline_query(
                query.id, articles, cache_time=_CACHED, is_personal=True, next_offset=more
            ),
        )
        bot.question_log.typed()


def _meanings(text: str, spoken: Language, runtime: Runtime) -> Iterator[Understanding]:
    """Yield what a query may mean, the likeliest first."""
    if not text.strip():
        lists = (intent for intent, kind in LISTS.items() if runtime.knowledge.of_kind[kind])
        yield from (Understanding(intent, (), spoken, 1.0) for intent in ("overview", *lists))
        return
    said = runtime.assistant.engine.understand(text, None, spoken)
    if said.intent not in (FALLBACK, *SMALL_TALK):
        yield replace(said, confidence=1.0, suggestions=(), terms=(), asked="")
    named = runtime.completion.complete(text)
    yield from _explained((*named, *said.suggestions, *said.topics), said.language)


def _explained(ids: Iterable[str], language: Language) -> Iterator[Understanding]:
    return (Understanding("explain", (id_,), language, 1.0) for id_ in ids)


def _article(understanding: Understanding, runtime: Runtime) -> InlineQueryResultArticle:
    page = runtime.page(understanding)
    reply = runtime.assistant.reply(understanding)
    topics = understanding.topics
    entry = runtime.knowledge.entries[topics[0]] if topics else None
    if entry and understanding.intent == "explain":
        summary = entry.brief.in_(understanding.language)
    else:
        summary = " ".join(plain(reply.html).removeprefix(reply.title).split())
    return InlineQueryResultArticle(
        id=callback_data.encode(understanding),
        title=reply.title,
        description=summary[:_SUMMARY],
        input_message_content=InputTextMessageContent(
            page.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=page.keyboard,
    )
