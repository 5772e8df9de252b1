"""What people tell of themselves around a question, which says nothing of what they ask."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .answer_types import AnswerTypes
from .dialogue_phrases import DialoguePhrases
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .text import Tokens

_SHORT: Final = 4
"""How many tokens a clause before a question has at most that hardly belongs to it."""


@dataclass(frozen=True)
class Background:
    """Tells the question in a message from what its writer says of himself."""

    phrases: DialoguePhrases
    """Words that ask, and words for oneself."""
    types: AnswerTypes
    """Which clauses ask for one thing."""

    def left_out(self, message: ProcessedMessage) -> ProcessedMessage:
        """Return a message without the clauses before its question that tell of its writer.

        "I run a small bakery, is it worth taking stablecoins?" asks of stablecoins. Such a clause
        names nothing and asks nothing. It stays where nothing else names an entry: then it may be
        what tells the subject.

        Args:
            message: The message.
        """
        if not message.named(EntityType.ENTRY):
            return message
        edges = list(pairwise((0, *message.clauses, len(message.tokens))))
        asks = [self._asks(message.tokens[start:end]) for start, end in edges]
        before = edges[: asks.index(True)] if any(asks) else []
        for start, end in reversed(before):
            if self._is_background(message, start, end):
                message = message.without(start, end)
        return message

    def _asks(self, words: Tokens) -> bool:
        return self.phrases.asking.find(words) is not None or self.types.asks(words)

    def _is_background(self, message: ProcessedMessage, start: int, end: int) -> bool:
        """Return whether a clause before a question tells nothing of what is asked."""
        if any(start < mention.end and mention.start < end for mention in message.mentions):
            return False
        tells = self.phrases.oneself.find(message.tokens[start:end])
        return tells is not None or end - start <= _SHORT
