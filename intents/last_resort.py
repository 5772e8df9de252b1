"""The last resort: statements that answer a message which sounds like nothing that is covered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..knowledge import Language
from .candidates import Candidates
from .entity_linker import EntityType
from .preprocessing import ProcessedMessage
from .statements import Stated, StatementRanker, close
from .understanding import ABOUT_ONE, FALLBACK, Context, Understanding

_DESPITE: Final = 0.77
"""Chance from which a statement of an entry that is named answers, or one of any entry about
something else that a question for one thing names."""
_PERHAPS: Final = 0.33
"""Chance from which it is given as what comes nearest."""
_AT_HAND: Final = 0.58
"""Chance from which one of what is spoken of does."""
_MENTIONED: Final = 0.58
"""Chance from which it does if it is about something else that a question for one thing names."""
_ELSEWHERE: Final = 0.93
"""Chance from which one of any other entry does."""
_COVERED: Final = 0.33
"""The same for a message that is surely about something that is covered: only which is unsure."""
_BRIEF: Final = 5
"""How many tokens a follow-up has at most that nothing but the talk tells the subject of, and a
question, besides names, for no more than what something is."""
_ASKS: Final = 2
"""How many tokens a question has at least."""
_TRIED: Final = 2
"""How many entries of each sort are looked into."""


@dataclass(frozen=True, slots=True)
class LastResort:
    """Looks for a statement that answers a message which would be declined."""

    ranker: StatementRanker
    """Finds the statements that answer a question about an entry."""
    message: ProcessedMessage
    """The message."""
    candidates: Candidates
    """The ways to understand it."""

    def answer(
        self,
        context: Context | None,
        language: Language,
        named: Sequence[str],
        *,
        covered: bool,
    ) -> Understanding | None:
        """Return the answer of a statement that fits all the same; None if there is none.

        Args:
            context: The conversation before the message.
            language: Language to answer in.
            named: The entries that the message names.
            covered: Whether the message is likely to be about something that is covered.
        """
        message, ranker = self.message, self.ranker
        outside = frozenset(message.named(EntityType.OUTSIDE))
        mentions = outside and self._particular
        if len(message.tokens) < _ASKS:
            return None
        at_hand = context.topics[:_TRIED] if context and not named else ()
        elsewhere: Sequence[str] = ()
        # What follows on something is hardly ever about anything else that it doesn't name.
        if outside or not (named or at_hand):
            elsewhere = ranker.index.likely(message.tokens, message.language or language)
        if outside:
            mentioning = ranker.mentioning(outside)
            elsewhere = [id_ for id_ in elsewhere if id_ in mentioning][:_TRIED]
        elif elsewhere:
            guessed = self.candidates.likeliest(_TRIED) if covered else ()
            elsewhere = list(dict.fromkeys((*elsewhere[:_TRIED], *guessed)))
        at_least = _MENTIONED if mentions else _DESPITE
        other = _COVERED if covered and not outside else _DESPITE if mentions else _ELSEWHERE
        named = named[:_TRIED]
        doubtful = self._particular and not self.is_gap
        for entries, least in ((named, at_least), (at_hand, _AT_HAND), (elsewhere, other)):
            if found := self._found(entries, language):
                best, told = found[0], close(found)
                # What is said of others is no answer about what isn't covered.
                perhaps = doubtful and entries is named and _PERHAPS <= best.chance < least
                if (best.chance >= least or perhaps) and outside <= best.about:
                    said = Understanding("fact", (best.entry,), language, best.chance)
                    return replace(said, statements=told, gap=perhaps, unsure=perhaps)
        return None

    def of_meant(self, entries: Sequence[str], language: Language) -> Understanding | None:
        """Return what answers more than what something is, of entries that its name may mean.

        Args:
            entries: Ids of the entries.
            language: Language to answer in.
        """
        message = self.message
        beside = len(message.tokens) - sum(m.end - m.start for m in message.mentions)
        if beside <= _BRIEF or not (found := self._found(entries, language)):
            return None
        best = found[0]
        if best.chance < _COVERED:
            return None
        return Understanding("fact", (best.entry,), language, best.chance, statements=(best.ref,))

    def _found(self, entries: Sequence[str], language: Language) -> list[Stated]:
        """Return the best statement, and its entry's next, of entries whose statements have asks.

        Args:
            entries: Ids of the entries; nothing is found if none has any.
            language: The language of the message, where it doesn't tell.
        """
        asked = [id_ for id_ in entries if self.ranker.blocks[id_].asks]
        return self.ranker.best(self.message, asked, language) if asked else []

    @property
    def is_gap(self) -> bool:
        """Whether one thing is asked about an entry that is surely meant."""
        message, candidates = self.message, self.candidates
        best = candidates.interpretations[0]
        sure = best.basis in ("named", "context") and best.intent in ABOUT_ONE
        # A few words in the middle of a talk are about it, whatever else they sound like.
        follows = best.basis == "context" and len(message.tokens) <= _BRIEF
        foreign = candidates.request[FALLBACK] > best.wanted and not follows
        beside = best.basis != "named" and message.named(EntityType.OUTSIDE)
        if not sure or len(best.topics) != 1 or foreign or beside:
            return False
        return self._particular

    @property
    def _particular(self) -> bool:
        """Whether one thing is asked for."""
        return bool(self.ranker.types.particular(self.message.tokens))
