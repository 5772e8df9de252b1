"""A message in, an answer out: what every surface of the bot asks."""

from dataclasses import dataclass

from ..intents import Context, Engine, Understanding
from ..knowledge import Language
from .replies import Reply, compose


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot makes of a message."""

    understanding: Understanding
    """What the message was taken to mean."""
    reply: Reply
    """What to say."""
    context: Context
    """What the conversation remembers from here on."""


@dataclass(frozen=True)
class Assistant:
    """Answers messages from an engine and its knowledge. Immutable; safe to share."""

    engine: Engine
    """Understands messages."""

    def answer(
        self, text: str, context: Context | None, now: float, language: Language = "en"
    ) -> Answer:
        """Answer a message.

        Args:
            text: The message.
            context: What the conversation remembers; forgotten here if it is too old.
            now: Seconds since the epoch.
            language: Language of a reply where nothing else tells.
        """
        alive = context if context and context.alive(now) else None
        return self.reply_to(self.engine.understand(text, alive, language), alive, now)

    def reply_to(self, understanding: Understanding, context: Context | None, now: float) -> Answer:
        """Answer what is understood already, such as a choice that was tapped."""
        reply = compose(understanding, self.engine.knowledge, self.engine.listed(understanding))
        return Answer(understanding, reply, self.engine.remember(context, understanding, now))
