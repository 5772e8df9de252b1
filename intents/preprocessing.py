"""A message as the engine sees it: normalised, mended, its names found, the rest laid bare."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..knowledge import Language
from .entity_linker import Lexicon, Mention, Sort
from .homophones import HomophoneRepairer
from .language import detect
from .spelling import Repairer
from .text import normalize, split

STAND_IN: Final[Mapping[Sort, str]] = {
    Sort.ENTRY: "qtopic",
    Sort.TERM: "qtopic",
    Sort.AMBIGUOUS: "qtopic",
    Sort.OUTSIDE: "qother",
    Sort.REGION: "qplace",
}
"""What takes the place of a name; no word of any language starts like these."""
_STAND_INS: Final = frozenset(STAND_IN.values())
_CLAUSE_END: Final = re.compile(r"([,?!;:。]|\. ) *(?=\w)|(?<= )and (?=wh|how\b)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says on its face."""

    text: str
    """The normalised message."""
    repairs: tuple[tuple[str, str], ...]
    """What was mended: as written, as read."""
    raw: tuple[str, ...]
    """Its tokens as written."""
    mended: tuple[str, ...]
    """Its tokens after mending; positions of mentions count these."""
    words: tuple[str, ...]
    """The mended tokens, with names as the knowledge writes them."""
    mentions: tuple[Mention, ...]
    """The names in it, in order."""
    rest: tuple[str, ...]
    """Its tokens with a stand-in for each name."""
    opening: tuple[str, ...]
    """This up to the end of the first clause by which an entry and something else was said."""
    language: Language | None
    """Its language, judged by what is no name; None where nothing tells."""

    @property
    def bare(self) -> bool:
        """Whether it holds names of entries and nothing else."""
        return set(self.rest) == {STAND_IN[Sort.ENTRY]}

    def named(self, *sorts: Sort) -> tuple[str, ...]:
        """Return the ids of the mentions of some sorts, without repeats."""
        return tuple(dict.fromkeys(m.name.id for m in self.mentions if m.name.sort in sorts))


@dataclass(frozen=True)
class Reader:
    """Turns text into readings; immutable, safe to share."""

    lexicon: Lexicon
    """The names of the knowledge."""
    sounds: HomophoneRepairer
    """Mends Chinese characters that sound alike."""
    spelling: Repairer
    """Mends words in Latin letters."""

    def read(self, message: str) -> Reading:
        """Read a message.

        Args:
            message: Any text; see :func:`efinbot.intents.text.normalize` for how much is read.
        """
        text = normalize(message)
        raw = split(text)
        heard, slips, words, names = self._hear(text, raw)
        mended, respelled = self._respell(words, names)
        # Mending may have made names; a name with a slip is looked for only in what stays strange.
        mentions = self.lexicon.mentions(mended) if respelled else names
        mentions = self.lexicon.with_slips(mended, mentions, self.sounds.pairs)
        stand_ins = [(STAND_IN[m.name.sort],) for m in mentions]
        rest = _replaced(mended, mentions, stand_ins)
        words = _replaced(mended, mentions, [m.name.words for m in mentions])
        repairs = slips + respelled
        return Reading(
            text=text,
            repairs=repairs,
            raw=tuple(raw),
            mended=tuple(mended),
            words=words,
            mentions=mentions,
            rest=rest,
            opening=_opening(heard, mentions, rest),
            language=self._language(mended, mentions),
        )

    def _hear(
        self, text: str, raw: list[str]
    ) -> tuple[str, tuple[tuple[str, str], ...], list[str], tuple[Mention, ...]]:
        """Mend Chinese characters that sound alike, except where less is named then."""
        names = self.lexicon.mentions(raw)
        heard, slips = self.sounds.repair(text)
        if slips:
            words = split(heard)
            mended = self.lexicon.mentions(words)
            if _extent(mended) >= _extent(names):
                return heard, slips, words, mended
        return text, (), raw, names

    def _respell(
        self, words: list[str], names: tuple[Mention, ...]
    ) -> tuple[list[str], tuple[tuple[str, str], ...]]:
        """Mend words in Latin letters, except where they are a name or its pinyin."""
        mended: list[str] = []
        repairs: list[tuple[str, str]] = []
        position = 0
        for mention in (*names, None):
            end = mention.start if mention else len(words)
            respelled, found = self.spelling.repair(words[position:end])
            mended += respelled
            repairs += [(" ".join(r.original), " ".join(r.repaired)) for r in found]
            if mention:
                mended += words[mention.start : mention.end]
                position = mention.end
        return mended, tuple(repairs)

    def _language(self, words: list[str], mentions: tuple[Mention, ...]) -> Language | None:
        inside = {position: m.name for m in mentions for position in range(m.start, m.end)}
        outside = [word for position, word in enumerate(words) if position not in inside]
        if told := detect(outside):
            return told
        shared = self.lexicon.shared
        names = (words[p] for p, name in inside.items() if name.words not in shared)
        return detect(names)


def _extent(mentions: Iterable[Mention]) -> int:
    """Return how many tokens are names."""
    return sum(mention.end - mention.start for mention in mentions)


def _opening(text: str, mentions: Sequence[Mention], rest: tuple[str, ...]) -> tuple[str, ...]:
    """Return the part of a bared message that its first clause about an entry ends."""
    if STAND_IN[Sort.ENTRY] not in rest:
        return rest
    start = end = 0
    for clause in _CLAUSE_END.finditer(text):
        end += len(split(text[start : clause.start()]))
        start = clause.start()
        before = [mention for mention in mentions if mention.start < end]
        part = rest[: end - sum(mention.end - mention.start - 1 for mention in before)]
        whole = all(mention.end <= end for mention in before)
        if whole and STAND_IN[Sort.ENTRY] in part and not _STAND_INS.issuperset(part):
            return part
    return rest


def _replaced(
    words: Sequence[str], mentions: Sequence[Mention], replacements: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """Return tokens with each mention replaced."""
    parts: list[str] = []
    position = 0
    for mention, replacement in zip(mentions, replacements, strict=True):
        parts += words[position : mention.start]
        parts += replacement
        position = mention.end
    return (*parts, *words[position:])
