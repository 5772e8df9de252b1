"""What kind of answer a question wants (a date, money, a person), and which a statement holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from ..knowledge import Words, read_document
from ..knowledge.models import NonEmptyStr, StrictModel
from .text import Phrases, alternates, indexed, is_unspaced, tokenized

_FILE: Final = Path(__file__).parent / "data" / "answer_types.yaml"
WHETHER: Final = "whether"
"""The type of a question that wants yes or no."""
FIGURES: Final = frozenset(("date", "money", "number", "share"))
"""Types of answers that no list of examples has."""
_PARTICULAR: Final = FIGURES | {"who", "where", WHETHER}
"""Types of answers of which an entry lacks the one that is asked for, or has it."""

_POLITE: Final = (WHETHER, "who")
"""The types that polite requests and questions for a meaning look like."""
_RELATIVES: Final = frozenset(("when", "where", "who", "whose", "whom"))
"""Words that only ask for something where no other word does before them."""
_OPENERS: Final = frozenset(("and", "so", "but", "ok", "okay", "well", "then", "wait", "hmm"))
"""Words that may stand before a question."""
_JOINING: Final = ("and", "but", "or")
_INTERROGATIVES: Final = frozenset((*_RELATIVES, "what", "which", "how", "why"))
_ASKING: Final = _INTERROGATIVES | frozenset("怎什哪啥何")
"""Those of both languages, as tokens."""


class _Type(StrictModel):
    asked: Words
    polite: Words = Words()
    held: tuple[NonEmptyStr, ...]


@dataclass(frozen=True)
class AnswerTypes:
    """Tells types of answers by their words; immutable, safe to share."""

    asked: Phrases[str]
    """The type that a phrase of a question asks for."""
    held: Mapping[str, re.Pattern[str]]
    """What a statement of each type looks like."""
    polite: Phrases[None]
    """What looks like a question for yes or no, or for somebody, and isn't: "can you", 是指."""

    @classmethod
    def load(cls, path: Path = _FILE) -> "AnswerTypes":
        """Load the types that come with the package."""
        types = TypeAdapter(dict[str, _Type]).validate_python(read_document(path).tree)
        asked = {phrase: name for name, one in types.items() for phrase in tokenized(one.asked)}
        held = {name: re.compile("|".join(one.held)) for name, one in types.items() if one.held}
        polite = [phrase for one in types.values() for phrase in tokenized(one.polite)]
        return cls(indexed(asked), held, indexed(dict.fromkeys(polite)))

    def wanted(self, words: Sequence[str]) -> frozenset[str]:
        """Return the types that a question asks for, given its tokens."""
        polite = self.polite.find(words) is not None
        first = next((n for n, word in enumerate(words) if word in _INTERROGATIVES), len(words))
        begin = next((n for n, word in enumerate(words) if word not in _OPENERS), 0)
        found: set[str] = set()
        if not polite and any(alternates(words, place) for place in range(len(words))):
            found.add(WHETHER)
        for start, phrase in self.asked.all_in(words):
            type_ = self.asked.meanings[phrase]
            if type_ in _POLITE and polite:
                continue
            # In English a question for yes or no begins with its verb.
            begins = start <= begin or is_unspaced(phrase[0])
            relative = phrase[0] in _RELATIVES and start > first
            if begins if type_ == WHETHER else not relative:
                found.add(type_)
        return frozenset(found)

    def particular(self, words: Sequence[str]) -> frozenset[str]:
        """Return the types of the one thing that a question asks for, if it is one."""
        return self.wanted(words) & _PARTICULAR

    def asks(self, words: Sequence[str]) -> bool:
        """Return whether a clause asks anything, given its tokens."""
        return not _ASKING.isdisjoint(words) or bool(self.wanted(words))

    def questions(self, words: Sequence[str]) -> list[int]:
        """Return where another question begins without a mark before it: "and is it free"."""
        return [
            place
            for place in range(1, len(words) - 1)
            if words[place] in _JOINING and self._begins(words[place + 1])
        ]

    def _begins(self, word: str) -> bool:
        return word in _INTERROGATIVES or self.asked.meanings.get((word,)) == WHETHER

    def held_by(self, *texts: str) -> frozenset[str]:
        """Return the types that a statement holds, given its texts."""
        return frozenset(name for name, form in self.held.items() if any(map(form.search, texts)))
