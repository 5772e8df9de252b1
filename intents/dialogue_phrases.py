"""Small words that steer a conversation: "the second one", "besides", "in Chinese"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field, TypeAdapter

from ..knowledge import Kind, Language, Words, read_document
from ..knowledge.models import StrictModel
from .text import tokens

PHRASES: Final = Path(__file__).parent / "data" / "phrases.yaml"

Phrase = tuple[str, ...]


class _File(StrictModel):
    ordinals: tuple[Words, ...]
    last: Words
    previous: Words
    excepting: Words = Field(alias="except")
    whole: Words
    chinese: Words
    english: Words
    kinds: Mapping[Kind, Words]


@dataclass(frozen=True)
class Phrases:
    """The steering words as tokens."""

    ordinals: Mapping[Phrase, int]
    """Positions in a list, counted from 0; -1 is the last."""
    previous: frozenset[Phrase]
    """Ways to name what was spoken of before."""
    excepting: frozenset[Phrase]
    """Words before something that is not wanted."""
    whole: frozenset[Phrase]
    """Words that ask for everything, not for what belongs to the subject at hand."""
    languages: Mapping[Phrase, Language]
    """Names of the languages."""
    kinds: Mapping[Kind, tuple[Phrase, ...]]
    """What may follow the name of an entry of a kind to say what it is."""

    @classmethod
    def load(cls, path: Path = PHRASES) -> "Phrases":
        """Load the phrases that come with the package."""
        words = TypeAdapter(_File).validate_python(read_document(path).tree)
        ordinals = {
            phrase: place for place, names in enumerate(words.ordinals) for phrase in _read(names)
        }
        ordinals |= dict.fromkeys(_read(words.last), -1)
        ordinals |= {(str(place + 1),): place for place in range(len(words.ordinals))}
        chinese: dict[Phrase, Language] = dict.fromkeys(_read(words.chinese), "zh")
        return cls(
            ordinals=ordinals,
            previous=frozenset(_read(words.previous)),
            excepting=frozenset(_read(words.excepting)),
            whole=frozenset(_read(words.whole)),
            languages={**chinese, **dict.fromkeys(_read(words.english), "en")},
            kinds={kind: tuple(_read(nouns)) for kind, nouns in words.kinds.items()},
        )

    def ordinal(self, words: Sequence[str]) -> int | None:
        """Return the place in a list that a message names, the longest name winning."""
        found = find(words, self.ordinals)
        return None if found is None else self.ordinals[found]

    def language(self, words: Sequence[str]) -> Language | None:
        """Return the language that a message names."""
        found = find(words, self.languages)
        return None if found is None else self.languages[found]

    def excludes(self, words: Sequence[str], start: int) -> bool:
        """Return whether what starts at a position is named as not wanted."""
        longest = max(map(len, self.excepting))
        return any(
            tuple(words[max(0, start - n) : start]) in self.excepting for n in range(1, longest + 1)
        )


def find(
    words: Sequence[str], phrases: Mapping[Phrase, object] | frozenset[Phrase]
) -> Phrase | None:
    """Return the longest of the phrases that a message holds."""
    best: Phrase | None = None
    for length in {len(phrase) for phrase in phrases}:
        for start in range(len(words) - length + 1):
            window = tuple(words[start : start + length])
            if window in phrases and (best is None or length > len(best)):
                best = window
    return best


def _read(words: Words) -> list[Phrase]:
    return [tuple(tokens(word)) for word in (*words.zh, *words.en)]
