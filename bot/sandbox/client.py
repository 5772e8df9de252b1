"""What the chat page in the browser talks to: people's side of the sandbox, as JSON over HTTP.

Chats are named by :attr:`~.world.Chat.key`: private chats of one person with several bots have the
same identifier in the Bot API. Mistakes are answered with ``{"error": …}``.
"""

from collections import OrderedDict
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from . import acts, membership
from .api import Api
from .faults import Fault
from .forms import Act, WrongError, answering, body_of, number_in, text_in
from .guard import LoopbackGuard
from .people import Bot, Json, User
from .profile import commands_for
from .stream import event_stream
from .views import bot_json, chat_json, message_json, person_json
from .world import Chat, Member, Message, Query

_ANSWERS: Final = 1000
_PAGE: Final = 50
_NO_ANSWER: Final[Json] = {"results": [], "next_offset": "", "cache_time": 0, "button": None}
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self';"
        " style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What the page may do: nothing but talk to this server."""
_FAULTS: Final[dict[str, tuple[type, ...]]] = {
    "method": (str,),
    "times": (int,),
    "retry_after": (int,),
    "status": (int,),
    "reset": (str,),
    "delay": (int, float),
    "bot": (int,),
}
"""What a fault is made of, and of which types."""


class Client:
    """Answers the chat page. Belongs to the loop of the server.

    Args:
        api: The Bot API, whose world it shows.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._world = api.world
        self._offered: OrderedDict[str, tuple[Bot, str, Json]] = OrderedDict()

    # What the page shows.

    async def state(self, request: Request) -> object:
        """Return everybody and every chat."""
        language = request.query_params.get("language")
        people = list(self._world.people.values())
        return {
            "people": [person_json(person) for person in people],
            "bots": [bot_json(bot, language) for bot in self._world.bots.values()],
            "chats": [chat_json(chat) for chat in self._chats()],
            "you": people[0].id if people else None,
            "last_event": self._world.events.last,
        }

    async def messages(self, request: Request) -> object:
        """Return messages of a chat, the oldest first."""
        chat = self._chat(request.path_params["chat"])
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
        chat = self._chat(request.query_params.get("chat", ""))
        person = self._person(number_in(request.query_params.get("as")))
        return [
            {**command, "bot": bot.username}
            for bot in chat.bots()
            for command in commands_for(bot, chat, person)
        ]

    # What people do.

    async def write(self, request: Request) -> object:
        """Write in a chat."""
        asked = await body_of(request)
        chat = self._chat(request.path_params["chat"])
        media: Json | None = None
        if asked.get("caption_of") is not None:
            resent = self._message(chat, asked["caption_of"]).body
            media = {name: resent[name] for name in ("photo", "document") if name in resent}
        reply = asked.get("reply_to")
        return acts.say(
            self._world,
            self._person(asked.get("as")),
            chat,
            text_in(asked, "text"),
            reply_to=None if reply is None else self._message(chat, reply),
            topic=chat.topics.get(asked.get("topic") or 0),
            media=media,
        ).body

    async def edit(self, request: Request) -> object:
        """Change a message."""
        asked = await body_of(request)
        chat, message = self._addressed(request)
        person = self._person(asked.get("as"))
        acts.edit(self._world, person, chat, message, text_in(asked, "text"))
        return message.body

    async def delete(self, request: Request) -> object:
        """Take a message away."""
        chat, message = self._addressed(request)
        person = self._person(number_in(request.query_params.get("as")))
        acts.delete(self._world, person, chat, message)
        return {}

    async def tap(self, request: Request) -> object:
        """Tap a button and wait for the bot."""
        asked = await body_of(request)
        chat, message = self._addressed(request)
        person = self._person(asked.get("as"))
        row, column = asked.get("row"), asked.get("column")
        if not isinstance(row, int) or not isinstance(column, int):
            raise WrongError("row and column must be numbers")
        tapped = acts.tap(self._world, person, chat, message, row=row, column=column)
        if not isinstance(tapped, Query):
            return tapped
        try:
            return await acts.answered(tapped)
        except TimeoutError:
            # Apps stop waiting without a word, too.
            return {"text": "", "alert": False, "url": ""}

    async def ask(self, request: Request) -> object:
        """Ask a bot in the input field and wait for its results."""
        asked = await body_of(request)
        person, bot = self._person(asked.get("as")), self._bot(asked.get("bot"))
        chat = self._chat(asked["chat"]) if asked.get("chat") else None
        text = text_in(asked, "query")
        query = acts.ask_inline(
            self._world, person, bot, text, offset=text_in(asked, "offset"), chat=chat
        )
        try:
            answer = await acts.answered(query)
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
        person, chat = self._person(asked.get("as")), self._chat(asked.get("chat"))
        topic = chat.topics.get(asked.get("topic") or 0)
        return acts.choose(
            self._world, person, chat, asked=text, bot=bot, served=served, topic=topic
        ).body

    async def block(self, request: Request) -> object:
        """Block a bot, or unblock it."""
        asked = await body_of(request)
        person, bot = self._person(asked.get("as")), self._bot(asked.get("bot"))
        membership.blocked(self._world, bot, person, stops=bool(asked.get("blocked")))
        return {}

    # What the person who shows it all does.

    async def add_person(self, request: Request) -> object:
        """Let somebody join."""
        asked = await body_of(request)
        if not text_in(asked, "name"):
            raise WrongError("name must not be empty")
        traits = {
            "username": asked.get("username"),
            "language_code": asked.get("language_code"),
            "is_premium": bool(asked.get("is_premium")),
        }
        return person_json(self._world.person(asked["name"], **traits))

    async def change_person(self, request: Request) -> object:
        """Change the language of somebody's app."""
        asked = await body_of(request)
        person = self._person(request.path_params["id"])
        person.speak(text_in(asked, "language_code"))
        return person_json(person)

    async def add_chat(self, request: Request) -> object:
        """Open a private chat, or make a group."""
        asked = await body_of(request)
        kind = asked.get("type", "private")
        if kind == "private":
            person, bot = self._person(asked.get("as")), self._bot(asked.get("bot"))
            return chat_json(self._world.private_chat(bot, person))
        if kind not in ("group", "supergroup"):
            raise WrongError("type must be private, group or supergroup")
        people = [self._person(identifier) for identifier in asked.get("members") or ()]
        bots = [self._bot(identifier) for identifier in asked.get("bots") or ()]
        if not people:
            raise WrongError("a group needs members")
        is_forum = kind == "supergroup" and bool(asked.get("is_forum"))
        chat = self._world.group(text_in(asked, "title") or "Group", kind, is_forum=is_forum)
        chat.members[people[0].id] = Member(people[0], "creator")
        chat.members |= {person.id: Member(person) for person in people[1:]}
        for bot in bots:
            membership.joined(self._world, chat, bot, people[0])
        for name in asked.get("topics") or ():
            membership.new_topic(self._world, chat, str(name), people[0])
        return chat_json(chat)

    async def fail(self, request: Request) -> object:
        """Let things go wrong."""
        asked = await body_of(request)
        down = asked.get("down")
        if asked.get("clear"):
            self._api.faults.clear()
        elif isinstance(down, int | float):
            self._api.outage(down)
        else:
            self._api.faults.add(self._fault(asked))
        return {}

    def _fault(self, asked: Json) -> Fault:
        traits = {name: asked[name] for name in _FAULTS if asked.get(name) is not None}
        for name, value in traits.items():
            if not isinstance(value, _FAULTS[name]):
                raise WrongError(f"{name} is of the wrong type")
        if not traits.keys() & {"retry_after", "status", "reset", "delay"}:
            raise WrongError("say what goes wrong: retry_after, status, reset, delay or down")
        if traits.get("reset", "before") not in ("before", "after"):
            raise WrongError("reset must be before or after")
        fault = Fault(**traits)
        fault.method = fault.method.lower() if fault.method else None
        fault.chat = self._chat(asked["chat"]).id if asked.get("chat") else None
        return fault

    async def events(self, request: Request) -> Response:
        """Stream what happens."""
        known = request.headers.get("last-event-id") or request.query_params.get("since")
        return event_stream(self._world.events, number_in(known))

    # Who and what is meant.

    def _chats(self) -> list[Chat]:
        every = (*self._world.private.values(), *self._world.chats.values())
        return [chat for chat in every if chat.migrated_to is None]

    def _chat(self, key: object) -> Chat:
        chat = self._world.chat(str(key))
        if chat is None:
            raise WrongError(f"there is no chat {key!r}")
        return chat

    def _person(self, identifier: object) -> User:
        person = self._world.people.get(identifier) if isinstance(identifier, int) else None
        if person is None:
            raise WrongError(f"there is no person {identifier!r}")
        return person

    def _bot(self, identifier: object) -> Bot:
        bot = next((bot for bot in self._world.bots.values() if bot.id == identifier), None)
        if bot is None:
            raise WrongError(f"there is no bot {identifier!r}")
        return bot

    def _message(self, chat: Chat, identifier: object) -> Message:
        message = chat.messages.get(identifier) if isinstance(identifier, int) else None
        if message is None:
            raise WrongError(f"there is no message {identifier!r}")
        return message

    def _addressed(self, request: Request) -> tuple[Chat, Message]:
        chat = self._chat(request.path_params["chat"])
        return chat, self._message(chat, request.path_params["id"])


def client_app(api: Api) -> ASGIApp:
    """Return the application for people: the page, and what it talks to."""
    page = Path(str(files(__name__.rpartition(".")[0]).joinpath("page")))
    client = Client(api)

    async def index(_: Request) -> Response:
        return FileResponse(page / "index.html", headers=_HEADERS)

    by_path: dict[str, tuple[str, Act]] = {
        "/client/state": ("GET", client.state),
        "/client/commands": ("GET", client.commands),
        "/client/events": ("GET", client.events),
        "/client/messages/{chat}/{id:int}": ("PATCH", client.edit),
        "/client/messages/{chat}/{id:int}/tap": ("POST", client.tap),
        "/client/inline": ("POST", client.ask),
        "/client/inline/choose": ("POST", client.choose),
        "/client/people": ("POST", client.add_person),
        "/client/people/{id:int}": ("PATCH", client.change_person),
        "/client/chats": ("POST", client.add_chat),
        "/client/block": ("POST", client.block),
        "/client/faults": ("POST", client.fail),
    }
    routes = [
        Route("/", index),
        Route("/client/messages/{chat}/{id:int}", answering(client.delete), methods=["DELETE"]),
        Route("/client/chats/{chat}/messages", answering(client.messages), methods=["GET"]),
        Route("/client/chats/{chat}/messages", answering(client.write), methods=["POST"]),
        *(Route(path, answering(act), methods=[method]) for path, (method, act) in by_path.items()),
        Mount("/page", StaticFiles(directory=page)),
    ]
    return LoopbackGuard(Starlette(routes=routes))
