"""Preprocessing: a message normalised and corrected, with its names found and masked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from ..knowledge import Language
from .entity_linker import EntityLinker, EntityType, Mention
from .homophones import HomophoneCorrector
from .pinyin_input import PinyinInput
from .spelling import SpellingCorrector
from .text import MAX_CHARACTERS, Tokens, is_unspaced, normalize, split, written

MASK: Final[Mapping[EntityType, str]] = {
    EntityType.ENTRY: "qtopic",
    EntityType.TERM: "qtopic",
    EntityType.AMBIGUOUS: "qtopic",
    EntityType.OUTSIDE: "qother",
    EntityType.REGION: "qplace",
}
"""What takes the place of a name; no word of any language starts like these."""
MASKS: Final = frozenset(MASK.values())
_KANA_START, _KANA_END = "\u3040", "\u30ff"
_CLAUSE_END: Final = re.compile(
    r"([,?!;:。]|\. ) *(?=\w)|(?<= )and (?=wh|(?:how|is|are|do|does|did|can|will|has)\b)"
)
_SENTENCE_END: Final = re.compile(r"[.!](?: |$)|[?。\n]|$")
_QUESTION_MARKS: Final = "?？"
_SENTENCE_ENDS: Final = ".。!！?？\n"

Corrections = tuple[tuple[str, str], ...]
"""What was corrected: as written, as read."""


@dataclass(frozen=True, slots=True)
class ProcessedMessage:
    """A message after preprocessing."""

    text: str
    """The normalised message."""
    corrections: Corrections
    """What was corrected in it."""
    raw_tokens: Tokens
    """Its tokens as written."""
    tokens: Tokens
    """Its tokens after correction; positions of mentions count these."""
    canonical_tokens: Tokens
    """The tokens, with names as the knowledge writes them."""
    mentions: tuple[Mention, ...]
    """The names in it, in order."""
    masked_tokens: Tokens
    """The tokens, with a mask for each name."""
    masked_opening: Tokens
    """These up to the end of the first clause by which an entry and something else was said."""
    asking: int
    """The token with which its only sentence that asks begins; 0 where none or several do."""
    clauses: tuple[int, ...]
    """The tokens with which its clauses begin, but for the first."""
    language: Language | None
    """Its language, judged by what is no name; None where nothing tells."""

    @property
    def only_names(self) -> bool:
        """Whether it holds names of entries and nothing else."""
        return set(self.masked_tokens) == {MASK[EntityType.ENTRY]}

    def named(self, type_: EntityType) -> tuple[str, ...]:
        """Return the ids of the entities of a type that it names, without repeats."""
        return tuple(dict.fromkeys(m.name.id for m in self.mentions if m.name.type is type_))

    def without(self, start: int, end: int) -> "ProcessedMessage":
        """Return the message without some of its tokens; no name may stand across their edges."""
        by = end - start
        words = (*self.tokens[:start], *self.tokens[end:])
        mentions = tuple(
            replace(m, start=m.start - by, end=m.end - by) if m.start >= end else m
            for m in self.mentions
            if not start <= m.start < end
        )
        clauses = tuple(n - by if n >= end else n for n in self.clauses if not start < n < end)
        clauses = tuple(n for n in clauses if 0 < n < len(words))
        masked = _replaced(words, mentions, [(MASK[m.name.type],) for m in mentions])
        return replace(
            self,
            tokens=words,
            canonical_tokens=_replaced(words, mentions, [m.name.tokens for m in mentions]),
            mentions=mentions,
            masked_tokens=masked,
            masked_opening=_opening(clauses, mentions, masked),
            asking=max(self.asking - by, 0) if self.asking >= end else self.asking,
            clauses=clauses,
        )


@dataclass(frozen=True)
class Preprocessor:
    """Normalises and corrects messages, and finds the names in them; immutable, safe to share."""

    linker: EntityLinker
    """The names of the knowledge."""
    homophones: HomophoneCorrector
    """Corrects Chinese characters that sound alike."""
    spelling: SpellingCorrector
    """Corrects words in Latin letters."""
    pinyin: PinyinInput
    """Reads what is typed in pinyin."""

    def process(self, message: str) -> ProcessedMessage:
        """Preprocess a message.

        Args:
            message: Any text; see :func:`efinbot.intents.text.normalize` for how much is read.
        """
        text = normalize(_question_in(message))
        raw = split(text)
        if all(map(self.pinyin.word.fullmatch, raw)) and (read := self.pinyin.read(raw)):
            text, raw = written(read), read
        text_corrected, by_sound, words, names = self._correct_by_sound(text, raw)
        corrected, by_letter = self._correct_by_letter(words, names)
        # Corrections may have made names; a misspelt one is looked for only in what stays unknown.
        mentions = self.linker.mentions(corrected) if by_letter else names
        unknown = () if text.isascii() else self.homophones.unknown_pairs(corrected)
        mentions = self.linker.with_fuzzy(corrected, mentions, unknown)
        clauses = _clauses(text_corrected, len(corrected))
        mentions = tuple(self._apart(corrected, mentions, clauses))
        masked = masked_tokens(corrected, mentions)
        return ProcessedMessage(
            text=text,
            corrections=by_sound + by_letter,
            raw_tokens=tuple(raw),
            tokens=tuple(corrected),
            canonical_tokens=canonical_tokens(corrected, mentions),
            mentions=mentions,
            masked_tokens=masked,
            masked_opening=_opening(clauses, mentions, masked),
            asking=_asking(text_corrected),
            clauses=clauses,
            language=self._language(corrected, mentions),
        )

    def _apart(
        self, words: Sequence[str], mentions: Iterable[Mention], clauses: Iterable[int]
    ) -> Iterator[Mention]:
        """Yield names as they are, or those of either clause: "besides Britain, open banking"."""
        for mention in mentions:
            edge = next((n for n in clauses if mention.start < n < mention.end), None)
            if edge is None:
                yield mention
                continue
            for start, end in ((mention.start, edge), (edge, mention.end)):
                for found in self.linker.mentions(words[start:end]):
                    yield replace(found, start=start + found.start, end=start + found.end)

    def _correct_by_sound(
        self, text: str, raw: list[str]
    ) -> tuple[str, Corrections, list[str], tuple[Mention, ...]]:
        """Correct Chinese characters that sound alike, except where less is named then."""
        names = self.linker.mentions(raw)
        corrected, changes = (text, ()) if text.isascii() else self.homophones.correct(text)
        if changes:
            words = split(corrected)
            mentions = self.linker.mentions(words)
            if _extent(mentions) >= _extent(names):
                return corrected, changes, words, mentions
        return text, (), raw, names

    def _correct_by_letter(
        self, words: list[str], names: tuple[Mention, ...]
    ) -> tuple[list[str], Corrections]:
        """Correct words in Latin letters, except where they are a name or its pinyin."""
        if all(map(is_unspaced, words)) or not self.spelling.may_be_misspelt(words):
            return words, ()
        corrected: list[str] = []
        changes: list[tuple[str, str]] = []
        position = 0
        for mention in (*names, None):
            end = mention.start if mention else len(words)
            respelled, found = self.spelling.correct(words[position:end])
            corrected += respelled
            changes += [(" ".join(c.original), " ".join(c.corrected)) for c in found]
            if mention:
                corrected += words[mention.start : mention.end]
                position = mention.end
        return corrected, tuple(changes)

    def _language(self, words: list[str], mentions: tuple[Mention, ...]) -> Language | None:
        inside = {position: m.name for m in mentions for position in range(m.start, m.end)}
        outside = [word for position, word in enumerate(words) if position not in inside]
        if told := detect_language(outside):
            return told
        shared = self.linker.shared
        return detect_language(words[p] for p, name in inside.items() if name.tokens not in shared)


def canonical_tokens(words: Sequence[str], mentions: Sequence[Mention]) -> Tokens:
    """Return tokens with each name in them as the knowledge writes it."""
    return _replaced(words, mentions, [mention.name.tokens for mention in mentions])


def masked_tokens(words: Sequence[str], mentions: Sequence[Mention]) -> Tokens:
    """Return tokens with a mask for each name in them."""
    return _replaced(words, mentions, [(MASK[mention.name.type],) for mention in mentions])


def detect_language(words: Iterable[str]) -> Language | None:
    """Return the language of a message, told by its script.

    Args:
        words: Its tokens without names: "what is 区块链" is an English question.

    Returns:
        The language, or None where nothing tells (digits, kana, nothing at all).
    """
    written = list(words)
    unspaced = [word for word in written if is_unspaced(word)]
    han = sum(not _KANA_START <= character <= _KANA_END for character in unspaced)
    # A token is letters and digits.
    latin = sum(word.isascii() and not word.isdigit() for word in written)
    # English words are dropped into Chinese sentences far more often than the other way round.
    if han and han >= latin:
        return "zh"
    return "en" if latin else None


def _question_in(message: str) -> str:
    """Return the last question of a text that is too long to be read to its end."""
    if len(message) <= MAX_CHARACTERS:
        return message
    end = max(map(message.rfind, _QUESTION_MARKS))
    if end < 0:
        return message
    start = max(message.rfind(mark, 0, end) for mark in _SENTENCE_ENDS)
    return message[start + 1 : end + 1]


def _extent(mentions: Iterable[Mention]) -> int:
    """Return how many tokens are names."""
    return sum(mention.end - mention.start for mention in mentions)


def _asking(text: str) -> int:
    """Return how many tokens stand before the only sentence of a text that asks."""
    ends = [0, *(end.end() for end in _SENTENCE_END.finditer(text))]
    asking = [start for start, end in pairwise(ends) if "?" in text[start:end]]
    return len(split(text[: asking[0]])) if len(asking) == 1 else 0


def _clauses(text: str, length: int) -> tuple[int, ...]:
    """Return the tokens with which the clauses of a text begin, but for the first.

    Args:
        text: The text.
        length: How many tokens it has after correction; if that made more or fewer of them, nothing
            is known of where they stand.
    """
    found: list[int] = []
    start = end = 0
    for clause in _CLAUSE_END.finditer(text):
        end += len(split(text[start : clause.start()]))
        start = clause.start()
        found.append(end)
    return tuple(found) if end + len(split(text[start:])) == length else ()


def _opening(clauses: Iterable[int], mentions: Sequence[Mention], masked: Tokens) -> Tokens:
    """Return the part of a masked message that its first clause about an entry ends."""
    if MASK[EntityType.ENTRY] not in masked:
        return masked
    for end in clauses:
        before = [mention for mention in mentions if mention.start < end]
        part = masked[: end - sum(mention.end - mention.start - 1 for mention in before)]
        whole = all(mention.end <= end for mention in before)
        if whole and MASK[EntityType.ENTRY] in part and not MASKS.issuperset(part):
            return part
    return masked


def _replaced(
    words: Sequence[str], mentions: Sequence[Mention], replacements: Sequence[Sequence[str]]
) -> Tokens:
    """Return tokens with each mention replaced."""
    if not mentions:
        return tuple(words)
    parts: list[str] = []
    position = 0
    for mention, replacement in zip(mentions, replacements, strict=True):
        parts += words[position : mention.start]
        parts += replacement
        position = mention.end
    return (*parts, *words[position:])
