"""What the chat page in the browser talks to: people's side of the sandbox, as JSON over HTTP.

Mistakes are answered with ``{"error": …}``.
"""

from collections import OrderedDict
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response

from ..bot_api.api import BotApi
from ..bot_api.files import PICTURES
from ..bot_api.limits import DOWNLOAD_LIMIT, UPLOAD_LIMIT
from ..bot_api.profile_methods import commands_for
from ..people import actions
from ..state import membership
from ..state.accounts import Bot, Json
from ..state.world import Chat, Query
from .event_stream import event_stream
from .json_views import bot_json, chat_json, message_json, person_json
from .lookup import Lookup
from .requests import WrongError, body_of, file_in, number_in, text_in

_ANSWERS: Final = 1000
_PAGE: Final = 50
_NO_ANSWER: Final[Json] = {"results": [], "next_offset": "", "cache_time": 0, "button": None}
_FILE_HEADERS: Final = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What a file may do that somebody sent: nothing at all."""


class PageApi:
    """Answers the chat page. Belongs to the loop of the server.

    Args:
        api: The Bot API, whose world it shows.
        lookup: Finds what the page means.
    """

    def __init__(self, api: BotApi, lookup: Lookup) -> None:
        self._world = api.world
        self._files = api.files
        self._find = lookup
        self._offered: OrderedDict[str, tuple[Bot, str, Json]] = OrderedDict()

    # What the page shows.

    async def state(self, request: Request) -> object:
        """Return everybody and every chat."""
        language = request.query_params.get("language")
        people = list(self._world.people.values())
        return {
            "people": [person_json(person) for person in people],
            "bots": [bot_json(bot, language) for bot in self._world.bots.values()],
            "chats": [chat_json(chat) for chat in self._find.chats()],
            "you": people[0].id if people else None,
            "last_event": self._world.events.last,
            "limits": {"upload": UPLOAD_LIMIT, "download": DOWNLOAD_LIMIT},
            "notice": self._world.notice,
        }

    async def messages(self, request: Request) -> object:
        """Return messages of a chat, the oldest first."""
        chat = self._find.chat(request.path_params["chat"])
        asked = request.query_params
        topic = number_in(asked.get("topic"))
        before = number_in(asked.get("before"))
        limit = number_in(asked.get("limit")) or _PAGE
        found = [
            message
            for message in chat.messages.values()
            if (before is None or message.id < before)
            and (topic is None or message.body.get("message_thread_id", 1) == topic)
        ]
        return [message_json(message) for message in found[-limit:]]

    async def commands(self, request: Request) -> object:
        """Return the commands that somebody is shown in a chat."""
        chat = self._find.chat(request.query_params.get("chat", ""))
        person = self._find.person(number_in(request.query_params.get("as")))
        return [
            {**command, "bot": bot.username}
            for bot in chat.bots()
            for command in commands_for(bot, chat, person)
        ]

    async def file(self, request: Request) -> object:
        """Return a file that is in some message: a photo to be seen, another to be kept."""
        upload = self._files.found(request.path_params["file"])
        if upload is None:
            raise WrongError("there is no such file")
        shown = upload.media_type if upload.media_type in PICTURES else None
        headers = {} if shown else {"Content-Disposition": "attachment"}
        media_type = shown or "application/octet-stream"
        return Response(upload.content, headers=_FILE_HEADERS | headers, media_type=media_type)

    # What people do.

    async def write(self, request: Request) -> object:
        """Write in a chat."""
        asked = await body_of(request)
        chat = self._find.chat(request.path_params["chat"])
        media: Json | None = None
        if asked.get("caption_of") is not None:
            resent = self._find.message(chat, asked["caption_of"]).body
            media = {name: resent[name] for name in ("photo", "document") if name in resent}
        return self._said(chat, asked, media)

    async def attach(self, request: Request) -> object:
        """Send a file. It is the body of the request; what else there is stands in the address."""
        chat, query = self._find.chat(request.path_params["chat"]), request.query_params
        numbers = {name: number_in(query.get(name)) for name in ("as", "reply_to", "topic")}
        media = self._files.attached(await file_in(request))
        return self._said(chat, {**numbers, "text": query.get("text", "")}, media)

    def _said(self, chat: Chat, asked: Json, media: Json | None) -> Json:
        reply = asked.get("reply_to")
        return actions.say(
            self._world,
            self._find.person(asked.get("as")),
            chat,
            text_in(asked, "text"),
            reply_to=None if reply is None else self._find.message(chat, reply),
            topic=chat.topics.get(asked.get("topic") or 0),
            media=media,
        ).body

    async def edit(self, request: Request) -> object:
        """Change a message."""
        asked = await body_of(request)
        chat, message = self._find.addressed(request)
        person = self._find.person(asked.get("as"))
        actions.edit(self._world, person, chat, message, text_in(asked, "text"))
        return message.body

    async def delete(self, request: Request) -> object:
        """Take a message away."""
        chat, message = self._find.addressed(request)
        person = self._find.person(number_in(request.query_params.get("as")))
        actions.delete(self._world, person, chat, message)
        return {}

    async def react(self, request: Request) -> object:
        """Put reactions below a message, or take them back."""
        asked = await body_of(request)
        chat, message = self._find.addressed(request)
        emoji = asked.get("emoji")
        if not isinstance(emoji, list):
            raise WrongError("emoji must be a list")
        person = self._find.person(asked.get("as"))
        actions.react(self._world, person, chat, message, [*map(str, cast("list[object]", emoji))])
        return {"reactions": message.reacted()}

    async def tap(self, request: Request) -> object:
        """Tap a button and wait for the bot."""
        asked = await body_of(request)
        chat, message = self._find.addressed(request)
        person = self._find.person(asked.get("as"))
        row, column = asked.get("row"), asked.get("column")
        if not isinstance(row, int) or not isinstance(column, int):
            raise WrongError("row and column must be numbers")
        tapped = actions.tap(self._world, person, chat, message, row=row, column=column)
        if not isinstance(tapped, Query):
            return tapped
        try:
            return await actions.answered(tapped)
        except TimeoutError:
            # Apps stop waiting without a word, too.
            return {"text": "", "alert": False, "url": ""}

    async def ask(self, request: Request) -> object:
        """Ask a bot in the input field and wait for its results."""
        asked = await body_of(request)
        person, bot = self._find.person(asked.get("as")), self._find.bot(asked.get("bot"))
        chat = self._find.chat(asked["chat"]) if asked.get("chat") else None
        text = text_in(asked, "query")
        query = actions.ask_inline(
            self._world, person, bot, text, offset=text_in(asked, "offset"), chat=chat
        )
        try:
            answer = await actions.answered(query)
        except TimeoutError:
            answer = dict(_NO_ANSWER)
        self._offered[query.id] = (bot, text, answer)
        if len(self._offered) > _ANSWERS:
            self._offered.popitem(last=False)
        results: list[Json] = [served["result"] for served in answer["results"]]
        return {**answer, "results": results, "query_id": query.id}

    async def choose(self, request: Request) -> object:
        """Send a result."""
        asked = await body_of(request)
        if asked.get("query_id") not in self._offered:
            raise WrongError("these results are not offered any more")
        bot, text, answer = self._offered[asked["query_id"]]
        every = (one for one in answer["results"] if one["result"]["id"] == asked.get("result"))
        served = next(every, None)
        if served is None:
            raise WrongError("there is no such result")
        person, chat = self._find.person(asked.get("as")), self._find.chat(asked.get("chat"))
        topic = chat.topics.get(asked.get("topic") or 0)
        return actions.choose(
            self._world, person, chat, asked=text, bot=bot, served=served, topic=topic
        ).body

    async def block(self, request: Request) -> object:
        """Block a bot, or unblock it."""
        asked = await body_of(request)
        person, bot = self._find.person(asked.get("as")), self._find.bot(asked.get("bot"))
        membership.blocked(self._world, bot, person, stops=bool(asked.get("blocked")))
        return {}

    async def events(self, request: Request) -> Response:
        """Stream what happens."""
        known = request.headers.get("last-event-id") or request.query_params.get("since")
        return event_stream(self._world.events, number_in(known))
