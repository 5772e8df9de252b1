"""A message in, an answer out, without Telegram: the way in for other frameworks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import Final

from ..intents import Context, Engine, ScoredMessage, Understanding
from ..knowledge import Language
from .replies.composer import Reply, compose
from .replies.script import in_script, script_of

_REPLIES: Final = 4096
"""How many replies are remembered: more than a knowledge of some hundred entries has."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot makes of a message."""

    understanding: Understanding
    """What the message was taken to mean."""
    reply: Reply
    """What to say."""
    context: Context
    """What the conversation remembers from here on."""
    sure: float = 1.0
    """The chance, from 0 to 1, that the best of all meanings was taken."""
    read: ScoredMessage | None = None
    """What the engine read in the message; None if it was understood already."""


@dataclass(frozen=True)
class Assistant:
    """Answers messages from an engine and its knowledge. Immutable; safe to share."""

    engine: Engine
    """Understands messages."""

    @cached_property
    def _replies(self) -> Callable[[Understanding], Reply]:
        return lru_cache(_REPLIES)(partial(_composed, self.engine))

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
        read = self.engine.read(text)
        trace = self.engine.trace(read, alive, language)
        said = replace(trace.understanding, script=script_of(text, alive.script if alive else ""))
        answer = self.reply_to(said, alive, now)
        return replace(answer, sure=trace.p_correct, read=read)

    def reply_to(self, understanding: Understanding, context: Context | None, now: float) -> Answer:
        """Answer what is understood already, such as a choice that was tapped."""
        script = understanding.script or (context.script if context else "")
        understanding = replace(understanding, script=script)
        remembered = replace(self.engine.remember(context, understanding, now), script=script)
        return Answer(understanding, self.reply(understanding), remembered)

    def reply(self, understanding: Understanding) -> Reply:
        """Return what to say; the same understanding has the same reply, however sure it is."""
        return self._replies(replace(understanding, confidence=1.0, asked=""))


def _composed(engine: Engine, understanding: Understanding) -> Reply:
    reply = compose(understanding, engine.knowledge, engine.listed(understanding))
    return in_script(reply, understanding.script) if understanding.language == "zh" else reply
