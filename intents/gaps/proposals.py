"""Proposals: what to add to the knowledge so that a gap is filled."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from ...knowledge import LANGUAGES, Entry, Intent, Language
from ...knowledge.models import MAX_ID
from ..carrier_phrases import CarrierPhrases
from ..common_words import COMMON_WORDS
from ..confidence import OFFER
from ..engine import Engine
from ..lint import ALIKE
from ..pinyin import typed
from ..text import Tokens, is_unspaced, normalize
from .finder import Gap

NEAR: Final = 0.2
"""Score from which an entry is near enough that it may be what is asked for."""
_ASKED: Final = (Intent.EXPLAIN, Intent.CASES_OF, Intent.DRIVERS_OF, Intent.CHALLENGES_OF)
"""What the questions below an entry may want."""
_CUT: Final = "…"
"""Stands in a text for what was left out."""
_LONGEST_LINE: Final = 120
"""Characters of a question that an entry is taught with, at most."""
_LONGEST_NAME: Final = 4
"""Words of a name, at most."""
_LONGEST_CHINESE: Final = 8
"""Characters of a Chinese name, at most."""


class Basis(StrEnum):
    """How it is known which entry answers."""

    CHOSEN = "chosen"
    """Most of those to whom entries were offered tapped this one."""
    NEAREST = "nearest"
    """It comes nearest to what was asked; nobody has said so."""


class LineProposal(NamedTuple):
    """Lines to add to an entry."""

    entry: str
    """The entry."""
    key: str
    """``aliases``, ``asks``, or ``asks.`` and what is asked, such as ``asks.drivers_of``."""
    language: Language
    """The language of the lines."""
    lines: tuple[str, ...]
    """The lines, in order."""
    basis: Basis
    """How it is known that the entry is the right one."""

    @property
    def file(self) -> str:
        """Return the entry's file, relative to the folder of knowledge."""
        return f"entries/{self.entry}.yaml"

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys in the file under which the lines go."""
        return *self.key.split("."), self.language


def propose(gap: Gap, engine: Engine, phrases: CarrierPhrases) -> list[LineProposal]:
    """Say what might fill a gap.

    Nothing is proposed that the entry or another one has already, that is made of everyday words,
    or that holds what was redacted. Whether it helps is for who tries it out.

    Args:
        gap: The gap.
        engine: What answers today.
        phrases: What people say around names.

    Returns:
        The ways, the simplest first; none where no entry is near.
    """
    target = _target(gap)
    if target is None:
        return []
    id_, basis = target
    said = list(_said(gap, id_, engine))
    asks: list[tuple[str, ...]] = [(text,) for text in said]
    if len(said) > 1:
        asks.insert(1, (said[0], _least_like(said)))
    alias, key = _alias(gap, engine, phrases), _key(gap)
    return [
        *([LineProposal(id_, "aliases", gap.language, (alias,), basis)] if alias else []),
        *(LineProposal(id_, key, gap.language, lines, basis) for lines in asks),
    ]


def outside_row(gap: Gap, engine: Engine, phrases: CarrierPhrases) -> str | None:
    """Return a row for ``outside.yaml`` by which what a gap names is declined by its name.

    Args:
        gap: A gap without a proposal.
        engine: What answers today.
        phrases: What people say around names.

    Returns:
        YAML to paste; None if the gap isn't about a name, or one that stands there already.
    """
    name = _alias(gap, engine, phrases)
    if not name or not gap.near:
        return None
    sound = name if name.isascii() else next(iter(typed(name)), "")
    id_ = "-".join(re.findall("[a-z0-9]+", sound.lower()))[:MAX_ID].strip("-")
    near = ", ".join(near.id for near in gap.near[:2])
    written = json.dumps(name, ensure_ascii=False)
    return f"{id_ or 'name'}:\n  name: {{zh: {written}, en: {written}}}\n  near: [{near}]"


def _target(gap: Gap) -> tuple[str, Basis] | None:
    """Return the entry that should answer, if there is one."""
    for id_, count in gap.chosen.items():
        if 2 * count > sum(gap.chosen.values()):
            return id_, Basis.CHOSEN
    said = [trace.understanding for trace in gap.questions.values()]
    named = any(trace.interpretations[0].basis == "named" for trace in gap.questions.values())
    if named or said[0].outside or max(one.confidence for one in said) < OFFER:
        return None
    rejected = {id_ for q in gap.questions if q.rejected for id_ in q.rejected[1]}
    near = (near.id for near in gap.near if near.score >= NEAR and near.id not in rejected)
    return next(((id_, Basis.NEAREST) for id_ in near), None)


def _key(gap: Gap) -> str:
    """Return the key of the questions about an entry that want what most in a gap seem to want."""
    wanted: Counter[str] = Counter()
    for question, trace in gap.questions.items():
        about_one = (i.intent for i in trace.interpretations if i.intent in _ASKED)
        wanted[next(about_one, Intent.EXPLAIN)] += question.count
    ((intent, _),) = wanted.most_common(1)
    return "asks" if intent == Intent.EXPLAIN else f"asks.{intent}"


def _said(gap: Gap, id_: str, engine: Engine) -> Iterator[str]:
    """Yield the texts of a gap that an entry may be taught with."""
    entries = engine.knowledge.entries
    own = {normalize(line) for line in _lines(entries[id_], gap.language)}
    others = [
        normalize(ask.text)
        for other, entry in entries.items()
        if other != id_
        for ask in entry.questions(gap.language)
    ]
    for text in gap.texts:
        read = normalize(text)
        if _is_whole(text) and read not in own:
            own.add(read)
            if not process.extractOne(read, others, scorer=fuzz.ratio, score_cutoff=ALIKE):
                yield text


def _least_like(texts: Sequence[str]) -> str:
    """Return the text that is least like the first."""
    return min(texts[1:], key=lambda text: (fuzz.ratio(normalize(texts[0]), normalize(text)), text))


def _alias(gap: Gap, engine: Engine, phrases: CarrierPhrases) -> str | None:
    """Return the name that a gap is about, if its questions are little more than a name."""
    found = list(_named(gap, engine, phrases))
    same = (name for name in found if name.lower() == found[0].lower())
    # Many people write names without capitals.
    return max(same, key=lambda name: name != name.lower(), default=None)


def _named(gap: Gap, engine: Engine, phrases: CarrierPhrases) -> Iterator[str]:
    """Yield names that questions consist of and that nothing has, as they were written."""
    for question, trace in gap.questions.items():
        words = phrases.strip(trace.message.raw_tokens)
        if _is_name(words, phrases) and _is_whole(question.text):
            name = _as_written(words, question.text)
            if not engine.preprocessor.process(name).mentions:
                yield name


def _is_name(words: Tokens, phrases: CarrierPhrases) -> bool:
    han = sum(map(is_unspaced, words))
    letters = sum(map(len, words))
    return (
        letters > 1
        and not "".join(words).isdigit()
        and han <= _LONGEST_CHINESE
        and len(words) - han <= _LONGEST_NAME
        and COMMON_WORDS.isdisjoint(words)
        and phrases.particles.isdisjoint(words)
    )


def _as_written(words: Tokens, text: str) -> str:
    """Return words as a text has them, with its capitals; normalised if they can't be found."""
    found = re.search(r"[\W_]*".join(map(re.escape, words)), text, re.IGNORECASE)
    if found:
        return found.group()
    return "".join(f" {word}" if not is_unspaced(word) else word for word in words).strip()


def _is_whole(text: str) -> bool:
    """Return whether a text is no part of one, as it is where something was redacted."""
    return _CUT not in text and len(text) <= _LONGEST_LINE


def _lines(entry: Entry, language: Language) -> Iterator[str]:
    yield from (ask.text for ask in entry.questions(language))
    for one in LANGUAGES:
        yield from entry.names(one)
