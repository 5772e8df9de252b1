"""The statements of an entry, ready to be compared with questions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from sys import intern
from typing import Final, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from ..knowledge import LANGUAGES, Entry, Fact, Language
from ..knowledge.models import SECTIONS, Contrast, Route, Verdict
from .answer_types import AnswerTypes
from .classifier.features import FeatureSpace, Floats, Indices, Rows
from .coverage import Coverage, units
from .entity_linker import EntityLinker, EntityType, Mention
from .part_names import part_names
from .preprocessing import ProcessedMessage
from .text import Tokens, normalize, plainly, split, tokens, written

FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AFTER: Final = re.compile(
    rf"\b(?:after|since|beyond|past) ({_YEAR.pattern})"
    rf"|({_YEAR.pattern})年?(?:以后|之后|后|以来|至今)"
)
"""How years are named of which later ones are asked about."""
_ABOUT: Final = (EntityType.ENTRY, EntityType.REGION, EntityType.OUTSIDE)
"""What a question may name that a statement is about."""
AskKind: TypeAlias = tuple[Language, Verdict | None]
"""The language of an ask, and the verdict of one that asks whether."""


class StatementAsk(NamedTuple):
    """An ask of a statement."""

    text: str
    """As it is written, but for a mark."""
    entry: str
    """Id of the entry."""
    route: Route
    """Where its statement stands there."""
    question: "Question"
    """The ask as a question about the entry."""
    verdict: Verdict | None
    """The answer, if it asks whether."""
    follows: bool
    """Whether it only makes sense after another one about the entry."""


class Question(NamedTuple):
    """A question about an entry, as far as statements care."""

    words: Sequence[str]
    """Its tokens, corrected, without the names of the entry."""
    language: Language
    """Its language."""
    others: frozenset[str] = frozenset()
    """Other entries, places and things that aren't covered that it names."""
    own: frozenset[Tokens] = frozenset()
    """The names by which it calls the entry."""
    places: frozenset[str] = frozenset()
    """The places named before it, as by who means that of Hong Kong."""

    def in_places(self, places: frozenset[str]) -> "Question":
        """Return the question with more places named before it."""
        return self._replace(places=self.places | (places - self.others))

    @property
    def text(self) -> str:
        """Return the words as one text."""
        return written(self.words)


class KnownAsks(NamedTuple):
    """Asks of statements, ready to be compared with questions."""

    asks: Sequence[StatementAsk]
    """The asks."""
    units: Sequence[Indices]
    """The positions of the units of each; see `Coverage.placed`."""
    rows: Rows
    """Their features."""

    def taken(self, places: Sequence[int]) -> Self:
        """Return some of them, in the order given."""
        asks, units = [self.asks[i] for i in places], [self.units[i] for i in places]
        return type(self)(asks, units, self.rows.taken(np.array(places, np.int32)))


@dataclass(frozen=True, slots=True)
class Block:
    """The statements of one entry, ready to be compared with questions."""

    routes: tuple[Route, ...]
    """Where each statement stands."""
    texts: Mapping[Language, tuple[str, ...]]
    """The text of each, normalised."""
    text_rows: Mapping[Language, Rows]
    """Its features."""
    expected: Mapping[Language, Rows]
    """What is likely to be asked for each."""
    sections: Floats
    """Statements by `SECTIONS`: 1 for the one in which each stands."""
    asks: tuple[AskKind, ...]
    """The language of each ask, and its verdict."""
    ask_words: tuple[Sequence[str], ...]
    """The tokens of those that ask whether, without the names of the entry; of others none."""
    ask_parts: Mapping[int, frozenset[Tokens]]
    """The names of parts of the entry, as of firms, that some of them use, by their place."""
    ask_rows: Rows
    """Their features."""
    owners: Indices
    """The statement of each ask."""
    types: tuple[frozenset[str], ...]
    """The types of answer that each statement holds."""
    figures: tuple[frozenset[str], ...]
    """The figures in each."""
    years: tuple[frozenset[int], ...]
    """The years that each speaks of, that of its date included."""
    names: tuple[frozenset[str], ...]
    """The other entries, places and things that aren't covered that each is about. Its asks tell,
    too, but of places."""
    asked_names: tuple[frozenset[str], ...]
    """Those that the asks of each name, places too."""
    own_names: tuple[frozenset[Tokens], ...]
    """The names by which the entry is called when people ask for just this statement: a part of
    what an entry is about may have a name of its own."""
    parts: tuple[frozenset[Tokens], ...]
    """The names in each by which only a part of what the entry is about is called, as a firm."""
    covered: Mapping[Language, Rows]
    """Which units of questions each says, or was asked for."""

    def timely(self, question: Question) -> npt.NDArray[np.bool_]:
        """Return which statements speak of the years that a question names, or of later ones."""
        after = [int(year) for either in _AFTER.findall(question.text) for year in either if year]
        asked = {int(year) for year in _YEAR.findall(question.text)}.difference(after)
        return np.array(
            [
                asked <= years and all(any(year > start for year in years) for start in after)
                for years in self.years
            ],
            np.bool_,
        )

    def there(
        self, question: Question, around: Mapping[str, frozenset[str]]
    ) -> npt.NDArray[np.bool_]:
        """Return which statements may be about the places that a question names.

        Those that name these before it are, if there are any. Where none is about such a place,
        nothing answers.

        Args:
            question: The question.
            around: Each place, with itself and the groups that list it.
        """
        found = np.array([bool(question.places & names) for names in self.names], np.bool_)
        if found.any():
            return found
        near = [around[id_] for id_ in (*question.places, *question.others) if id_ in around]
        holding = frozenset[str]().union(*near)
        known = not near or any(holding & names for names in self.names)
        return np.full(len(found), known, np.bool_)

    def of_part(self, question: Question) -> npt.NDArray[np.bool_]:
        """Return which statements may be about the part of its entry that a question names."""
        named = question.own & {name for held in self.parts for name in held}
        return np.array([not named or bool(named & held) for held in self.parts], np.bool_)

    def of_other_parts(self, question: Question) -> list[int]:
        """Return the places of the asks that name other parts of the entry than a question does."""
        return [place for place, part in self.ask_parts.items() if not part & question.own]

    def named_parts(self, mentions: Sequence[Mention]) -> list[Tokens]:
        """Return the names of parts of the entry among mentions, in their order."""
        called = dict.fromkeys(mention.name.tokens for mention in mentions)
        return [name for name in called if any(name in part for part in self.parts)]

    def called(self, names: frozenset[Tokens]) -> frozenset[Route]:
        """Return where the statements stand that one of these names of the entry asks for."""
        own = zip(self.routes, self.own_names, self.parts, strict=True)
        return frozenset(route for route, called, part in own if (called | part) & names)

    @classmethod
    def of(
        cls,
        id_: str,
        entry: Entry,
        known: KnownAsks,
        *,
        expected: Mapping[Language, Rows],
        space: FeatureSpace,
        types: AnswerTypes,
        coverage: Coverage,
        linker: EntityLinker,
    ) -> Self:
        """Prepare the statements of an entry.

        Args:
            id_: Its id.
            entry: The entry.
            known: Those of its asks that are known.
            expected: What is likely to be asked for each statement.
            space: Where questions have their features.
            types: Types of answers.
            coverage: Tells which units each statement covers.
            linker: Finds names in the texts.
        """
        stated = list(entry.answers())
        routes = tuple(route for route, _ in stated)
        texts: dict[Language, tuple[str, ...]] = {lang: texts_of(entry, lang) for lang in LANGUAGES}
        tokenised = {lang: [split(text) for text in texts[lang]] for lang in LANGUAGES}
        places = {route: place for place, route in enumerate(routes)}
        own = frozenset((entry.region,) if entry.region else ())
        words = [[tokenised[lang][place] for lang in LANGUAGES] for place in range(len(routes))]
        mentions = [[m for said in both for m in linker.mentions(said)] for both in words]
        about: dict[tuple[int, Language], list[Indices]] = {
            (place, lang): [coverage.placed(units(tokenised[lang][place]))]
            for place in range(len(routes))
            for lang in LANGUAGES
        }
        asks = known.asks
        named = [set[str]() for _ in routes]
        for ask, held in zip(asks, known.units, strict=True):
            about[places[ask.route], ask.question.language].append(held)
            named[places[ask.route]] |= ask.question.others
        kinds: list[AskKind] = [(ask.question.language, ask.verdict) for ask in asks]
        # There are few, and tens of thousands of asks.
        shared: dict[AskKind, AskKind] = {kind: kind for kind in kinds}
        called = [(ask.question.own, ask.route) for ask in asks]
        own_names, parts = part_names(entry, called, dict(zip(routes, words, strict=True)))
        called_parts = frozenset[Tokens]().union(*parts)
        return cls(
            routes=routes,
            texts=texts,
            text_rows={
                lang: space.weighted(space.counts(tokenised[lang])).halved() for lang in LANGUAGES
            },
            expected={lang: rows.halved() for lang, rows in expected.items()},
            sections=np.array(
                [[section == name for name in SECTIONS] for section, _ in routes], np.float32
            ),
            asks=tuple(shared[kind] for kind in kinds),
            ask_words=tuple(ask.question.words if ask.verdict else () for ask in asks),
            ask_parts={
                place: part
                for place, ask in enumerate(asks)
                if (part := ask.question.own & called_parts)
            },
            ask_rows=known.rows.halved(),
            owners=np.array([places[ask.route] for ask in asks], np.int32),
            types=tuple(types.held_by(s.zh, s.en) for _, s in stated),
            figures=tuple(frozenset(FIGURE.findall(f"{s.zh} {s.en}")) for _, s in stated),
            years=tuple(_years(s, entry) for _, s in stated),
            # Ids in capitals are places: where it holds, a statement says itself.
            names=tuple(
                (_subjects(s, found) | own | {n for n in asked if not n.isupper()}) - {id_}
                for (_, s), found, asked in zip(stated, mentions, named, strict=True)
            ),
            asked_names=tuple(map(frozenset, named)),
            own_names=own_names,
            parts=parts,
            covered={
                lang: coverage.rows([about[place, lang] for place in range(len(routes))])
                for lang in LANGUAGES
            },
        )


def texts_of(entry: Entry, language: Language) -> tuple[str, ...]:
    """Return the normalised text of each statement of an entry, and then of its summary."""
    return tuple(normalize(statement.in_(language)) for _, statement in entry.answers())


def asked_about(text: str, entry: str, language: Language, linker: EntityLinker) -> Question:
    """Return an ask of a statement as a question about its entry; nothing in it is corrected.

    Args:
        text: The ask.
        entry: Id of the entry.
        language: Its language.
        linker: Finds names.
    """
    words = [*map(intern, tokens(text))]
    return _about(words, linker.mentions(words), entry, language)


def question_about(message: ProcessedMessage, entry: str, language: Language) -> Question:
    """Return a message as a question about an entry, without the names of the entry.

    Args:
        message: The message.
        entry: Id of the entry.
        language: Its language.
    """
    asking = [m for m in message.mentions if m.start >= message.asking]
    moved = [replace(m, start=m.start - message.asking, end=m.end - message.asking) for m in asking]
    question = _about(message.tokens[message.asking :], moved, entry, message.language or language)
    return question.in_places(frozenset(message.named(EntityType.REGION)))


def _about(
    tokens: Sequence[str], mentions: Sequence[Mention], entry: str, language: Language
) -> Question:
    words = list(tokens)
    for mention in reversed(mentions):
        if mention.name.id == entry:
            del words[mention.start : mention.end]
    named = {m.name.id for m in mentions if m.name.type in _ABOUT}
    own = names_of(entry, mentions)
    return Question(tuple(plainly(words)), language, frozenset(named - {entry}), own)


def names_of(entry: str, mentions: Sequence[Mention]) -> frozenset[Tokens]:
    """Return the names by which an entry is mentioned."""
    return frozenset(m.name.tokens for m in mentions if m.name.id == entry)


def _years(statement: Fact, entry: Entry) -> frozenset[int]:
    """Return the years that a statement speaks of, with that of its newest source."""
    dated = statement.as_of or entry.date_of(statement)
    return frozenset(map(int, _YEAR.findall(f"{statement.zh} {statement.en} {dated}")))


def _subjects(statement: Fact, mentions: Sequence[Mention]) -> frozenset[str]:
    """Return what a statement names or contrasts its own entry with."""
    found = {mention.name.id for mention in mentions if mention.name.type in _ABOUT}
    found |= {statement.with_} if isinstance(statement, Contrast) else set()
    return frozenset(found | ({statement.region} if statement.region else set()))
