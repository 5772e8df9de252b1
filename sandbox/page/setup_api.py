"""The page's tools for the person who runs the demo: add people and chats, cause faults."""

from typing import Final

from starlette.requests import Request

from ..bot_api.api import BotApi
from ..bot_api.faults import Fault
from ..state import membership
from ..state.accounts import Json
from ..state.world import Member
from .json_views import chat_json, person_json
from .lookup import Lookup
from .requests import WrongError, body_of, text_in

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


class SetupApi:
    """Changes the world from the chat page. Belongs to the loop of the server.

    Args:
        api: The Bot API, whose world it changes.
        lookup: Finds what is meant.
    """

    def __init__(self, api: BotApi, lookup: Lookup) -> None:
        self._api = api
        self._world = api.world
        self._lookup = lookup

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
        person = self._lookup.person(request.path_params["id"])
        person.speak(text_in(asked, "language_code"))
        return person_json(person)

    async def add_chat(self, request: Request) -> object:
        """Open a private chat, or make a group."""
        asked = await body_of(request)
        find = self._lookup
        kind = asked.get("type", "private")
        if kind == "private":
            person, bot = find.person(asked.get("as")), find.bot(asked.get("bot"))
            return chat_json(self._world.private_chat(bot, person))
        if kind not in ("group", "supergroup"):
            raise WrongError("type must be private, group or supergroup")
        people = [find.person(identifier) for identifier in asked.get("members") or ()]
        bots = [find.bot(identifier) for identifier in asked.get("bots") or ()]
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
        fault.chat = self._lookup.chat(asked["chat"]).id if asked.get("chat") else None
        return fault
