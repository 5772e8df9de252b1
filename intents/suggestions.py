"""Suggestions: entries that may have been meant, where an answer isn't sure or there is none."""

from collections.abc import Iterable, Iterator
from heapq import nlargest
from itertools import islice
from typing import Final

from ..knowledge import Knowledge
from .candidates import Candidates
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .understanding import TOPICLESS, Interpretation

_SUGGESTIONS: Final = 3
"""How many there are at most."""


def ambiguous_name(knowledge: Knowledge, names: Iterable[str], best: Interpretation) -> str | None:
    """Return the name that the best interpretation hangs on, if it may mean several entries.

    Args:
        knowledge: What there is to talk about.
        names: The names in the message that may mean several entries.
        best: The best interpretation.
    """
    hangs = best.basis == "named" or (best.basis, best.intent) == ("worded", "explain")
    if not hangs or len(best.topics) != 1:
        return None
    return next((n for n in names if best.topics[0] in knowledge.ambiguous[n]), None)


def near(
    knowledge: Knowledge, message: ProcessedMessage, named: Iterable[str], ambiguous: str | None
) -> Iterator[str]:
    """Yield the entries that a message names, or that are nearest to what it names.

    Args:
        knowledge: What there is to talk about.
        message: The message.
        named: The entries that it names.
        ambiguous: A name in it that may mean several.
    """
    if ambiguous:
        yield from knowledge.ambiguous[ambiguous]
    for outside in message.named(EntityType.OUTSIDE)[:1]:
        yield from knowledge.outside[outside].near
    yield from named


def likely(knowledge: Knowledge, candidates: Candidates) -> Iterator[str]:
    """Yield the entries that a message is most likely about."""
    yield from (topic for one in candidates.interpretations for topic in one.topics)
    yield from nlargest(_SUGGESTIONS, knowledge.entries, key=candidates.subject.__getitem__)


def others(candidates: Candidates) -> tuple[str, ...]:
    """Return what else may have been meant, for an answer that is not quite sure."""
    best = candidates.interpretations[0]
    if best.intent in TOPICLESS:
        return ()
    topics = (topic for one in candidates.interpretations for topic in one.topics)
    return first(topic for topic in topics if topic not in best.topics)


def first(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the first of some entries, each once."""
    return tuple(islice(dict.fromkeys(ids), _SUGGESTIONS))
