"""The runtime: what answers at one time."""

from dataclasses import dataclass
from typing import Self

from ...intents import Completion
from ...knowledge import Knowledge
from ..assistant import Assistant
from .keyboards import Pages


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that answer, made from one knowledge: who holds a runtime sees no change in it."""

    assistant: Assistant
    """Answers."""
    pages: Pages
    """Answers with their buttons."""
    completion: Completion
    """Finishes names that somebody is typing."""
    knowledge: Knowledge
    """What there is to talk about."""

    @classmethod
    def of(cls, assistant: Assistant, username: str) -> Self:
        """Return the runtime of an assistant.

        Args:
            assistant: Answers.
            username: Of the bot, without the ``@``.
        """
        knowledge = assistant.engine.knowledge
        return cls(assistant, Pages(assistant, username), Completion(knowledge), knowledge)
