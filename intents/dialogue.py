"""What a conversation remembers: plain data in, plain data out."""

from dataclasses import dataclass, replace
from typing import Final

from ..knowledge import Knowledge, Language

LIFETIME: Final = 30 * 60
"""Seconds after which a conversation is forgotten: what comes later starts afresh."""
_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True)
class Context:
    """What was last talked about in one conversation."""

    intent: str = ""
    """Intent of the last answer about something."""
    topics: tuple[str, ...] = ()
    """Entries it was about; for a comparison, in the order in which they were named."""
    earlier: tuple[str, ...] = ()
    """Entries talked about before these, the latest first."""
    region: str | None = None
    """Region that the last answer was limited to."""
    listed: tuple[str, ...] = ()
    """Entries that the last answer listed, in order: what "the second one" counts."""
    depth: int = 0
    """How often "more" was asked about the same."""
    language: Language | None = None
    """Language of the last answer."""
    at: float = 0.0
    """When that was, in seconds since the epoch."""

    def alive(self, now: float) -> bool:
        """Return whether the conversation still goes on."""
        return now - self.at <= LIFETIME

    def within(self, knowledge: Knowledge) -> "Context":
        """Return the context, emptied if it holds what a knowledge hasn't any more."""
        ids = (*self.topics, *self.earlier, *self.listed)
        if all(id_ in knowledge.entries for id_ in ids) and (
            self.region is None or self.region in knowledge.regions
        ):
            return self
        return Context(language=self.language, at=self.at)

    def moved(
        self,
        *,
        intent: str,
        topics: tuple[str, ...],
        region: str | None,
        listed: tuple[str, ...],
        depth: int,
        language: Language,
        at: float,
    ) -> "Context":
        """Return the context after an answer about something."""
        left = tuple(topic for topic in self.topics if topic not in topics)
        earlier = tuple(dict.fromkeys((*left, *self.earlier)))
        return Context(
            intent=intent,
            topics=topics,
            earlier=tuple(t for t in earlier if t not in topics)[:_REMEMBERED],
            region=region,
            listed=listed,
            depth=depth,
            language=language,
            at=at,
        )

    def offered(self, listed: tuple[str, ...], *, language: Language, at: float) -> "Context":
        """Return the context after entries were offered: "the first one" counts these."""
        return replace(self, listed=listed, language=language, at=at)

    def kept(self, *, language: Language, at: float) -> "Context":
        """Return the context after small talk: the subject stays."""
        return replace(self, language=language, at=at)
