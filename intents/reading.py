"""What is known of a message before it is interpreted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..knowledge import Knowledge
from .dialogue import Scores
from .dialogue_phrases import DialoguePhrases
from .preprocessing import ProcessedMessage
from .text import Tokens
from .understanding import Context


@dataclass(frozen=True)
class Reading:
    """A message, read by both models, in its conversation."""

    knowledge: Knowledge
    """What there is to talk about."""
    phrases: DialoguePhrases
    """The words that steer a conversation."""
    message: ProcessedMessage
    """The message, without what it only excludes."""
    context: Context | None
    """The conversation before it, if there is something that it may refer to."""
    named: Scores
    """The entries that it names and that are wanted, each with the weight of its name."""
    without: tuple[str, ...]
    """The entries that it names as not wanted."""
    subject: Scores
    """What its words sound like."""
    request: Scores
    """What is wanted."""
    likeness: Callable[[Sequence[str]], Scores]
    """How well each entry fits some words."""
    requested: Callable[[Tokens], Scores]
    """What some words want, names and all that stands for one masked."""
