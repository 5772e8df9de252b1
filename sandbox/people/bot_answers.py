"""What people see of a bot's answers to their taps and inline questions."""

from dataclasses import dataclass

from ..bot_api.server import Server
from ..state.accounts import Bot, Json, User
from ..state.world import Message
from .actions import choose
from .observed_chats import Conversation, Said, text_of


@dataclass(frozen=True)
class TapAnswer:
    """What somebody sees who tapped a button."""

    text: str = ""
    """What is shown for a moment; empty for nothing."""
    alert: bool = False
    """Whether it is shown in a window of its own."""
    url: str = ""
    """What is opened."""
    inline_query: str | None = None
    """What is put in the input field, to ask the bot inline."""
    copied: str = ""
    """What is copied."""


@dataclass(frozen=True)
class InlineResult:
    """A result offered below the input field."""

    asked: "InlineAnswer"
    json: Json
    """The result as an object of the Bot API."""
    content: Json
    """The fields of the message that it becomes."""

    @property
    def id(self) -> str:
        """Its identifier."""
        identifier: str = self.json["id"]
        return identifier

    @property
    def title(self) -> str:
        """What it is called."""
        return self.json.get("title", "")

    @property
    def description(self) -> str:
        """What stands below its title."""
        return self.json.get("description", "")

    @property
    def text(self) -> str:
        """What is sent."""
        return text_of(self.content)

    async def is_chosen(self, chat: Conversation) -> Said:
        """Send it to a chat, and return the message."""
        asked, server = self.asked, self.asked.server
        served = {"result": self.json, "content": self.content}

        def send() -> Message:
            world = server.api.world
            return choose(
                world, asked.person, chat.chat, asked=asked.text, bot=asked.bot, served=served
            )

        return Said(chat, server.do(send).body)


@dataclass(frozen=True)
class InlineAnswer:
    """What a bot offers below the input field."""

    server: Server
    person: User
    bot: Bot
    text: str
    json: Json
    """Its answer: results, next_offset, cache_time, is_personal and button."""

    @property
    def results(self) -> list[InlineResult]:
        """The results in order."""
        return [InlineResult(self, one["result"], one["content"]) for one in self.json["results"]]

    @property
    def next_offset(self) -> str:
        """Where more results begin; empty if there are none."""
        return self.json["next_offset"]

    @property
    def button(self) -> Json | None:
        """The button above the results, if there is one."""
        return self.json["button"]

    def __len__(self) -> int:
        return len(self.json["results"])

    def __getitem__(self, index: int) -> InlineResult:
        return self.results[index]
