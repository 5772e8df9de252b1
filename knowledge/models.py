"""The shapes of what the bot knows: frozen pydantic models, one for each kind of file.

Everything is text in two languages. Ids are short enough for a Telegram button and a deep link.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .languages import Language

MAX_ID: Final = 32
"""Longest id: with a prefix it must fit 64 bytes of callback data and of a start parameter."""
ID: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
REGION_CODE: Final = r"^[A-Z]+(-[A-Z]+)*$"
DATE: Final = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
WEB_ADDRESS: Final = r"^https?://\S+$"
SECTIONS: Final = ("facts", "benefits", "challenges", "why", "examples", "contrasts")
"""The lists of statements in an entry."""
SUMMARY: Final = "summary"
"""What stands for the section of an entry's summary, which answers questions, too."""
Id: TypeAlias = Annotated[str, StringConstraints(pattern=ID, max_length=MAX_ID)]
NonEmptyStr: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RegionCode: TypeAlias = Annotated[str, StringConstraints(pattern=REGION_CODE, max_length=MAX_ID)]
AsOf: TypeAlias = Annotated[str, StringConstraints(pattern=DATE)]
Route: TypeAlias = tuple[str, int]
"""Where a statement stands in its entry: section and number."""
Verdict: TypeAlias = Literal["yes", "no", "partly"]
Url: TypeAlias = Annotated[str, StringConstraints(pattern=WEB_ADDRESS)]


class Kind(StrEnum):
    """What an entry is."""

    DRIVER = "driver"
    TREND = "trend"
    POINT = "point"
    TECHNOLOGY = "technology"
    CASE = "case"
    OUTLOOK = "outlook"


class Intent(StrEnum):
    """What a question may want."""

    EXPLAIN = "explain"
    FACT = "fact"
    CASES_OF = "cases_of"
    DRIVERS_OF = "drivers_of"
    CHALLENGES_OF = "challenges_of"
    COMPARE = "compare"
    OVERVIEW = "overview"
    DRIVERS = "drivers"
    TRENDS = "trends"
    TECHNOLOGIES = "technologies"
    CASES = "cases"
    OUTLOOK = "outlook"
    NEWS = "news"
    TIMELINE = "timeline"
    SOURCES = "sources"
    SIMPLER = "simpler"
    IDENTITY = "identity"
    CARE = "care"
    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    FALLBACK = "fallback"


class StrictModel(BaseModel):
    """Base of all models: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Text(StrictModel):
    """The same thing said in both languages."""

    zh: NonEmptyStr
    """Chinese, simplified."""
    en: NonEmptyStr
    """English."""

    def in_(self, language: Language) -> str:
        """Return the text in a language."""
        return self.zh if language == "zh" else self.en


class Words(StrictModel):
    """Lists of words or sentences by language."""

    zh: tuple[NonEmptyStr, ...] = ()
    """Chinese."""
    en: tuple[NonEmptyStr, ...] = ()
    """English."""

    def in_(self, language: Language) -> tuple[str, ...]:
        """Return the list of a language."""
        return self.zh if language == "zh" else self.en


class Asks(Words):
    """Questions about one entry. Those that want it explained are at least one in each language."""

    zh: tuple[NonEmptyStr, ...] = Field(min_length=1)
    """Chinese."""
    en: tuple[NonEmptyStr, ...] = Field(min_length=1)
    """English."""
    cases_of: Words = Words()
    """Those that want examples of it."""
    drivers_of: Words = Words()
    """Those that want to know why it came about."""
    challenges_of: Words = Words()
    """Those that want to know what is difficult or dangerous about it."""
    fact: Words = Words()
    """Those that want one thing that no statement tells: the answer says that it is missing."""

    @property
    def by_intent(self) -> Mapping[Intent, Words]:
        """Return the questions by what they want."""
        return {
            Intent.EXPLAIN: self,
            Intent.CASES_OF: self.cases_of,
            Intent.DRIVERS_OF: self.drivers_of,
            Intent.CHALLENGES_OF: self.challenges_of,
            Intent.FACT: self.fact,
        }


class Ask(NamedTuple):
    """A question that an entry is to be answered with."""

    text: str
    """As people ask it."""
    intent: Intent
    """What it wants of the entry."""
    route: tuple[str | int, ...]
    """Where it stands in the entry's file."""


class StatementQuestion(NamedTuple):
    """A question that a statement answers."""

    text: str
    """As people ask it."""
    verdict: Verdict | None
    """The answer, if it asks whether."""
    follows: bool
    """Whether it makes sense only in a conversation about the entry."""


class StatementAsks(Words):
    """Questions that one statement answers, in people's own words.

    One that makes sense only in a conversation about the entry begins with ``~``.
    """

    yes: Words = Words()
    """Questions that ask whether, where the answer is yes."""
    no: Words = Words()
    """Questions that ask whether, where the answer is no."""
    partly: Words = Words()
    """Questions that ask whether, where the answer is yes and no."""

    def all_in(self, language: Language) -> Iterator[tuple[str, Verdict | None]]:
        """Yield all questions in a language, those that ask whether with their verdict."""
        yield from ((text, None) for text in self.in_(language))
        verdicts: Mapping[Verdict, Words] = {"yes": self.yes, "no": self.no, "partly": self.partly}
        for verdict, words in verdicts.items():
            for text in words.in_(language):
                yield text, verdict

    def questions(self, language: Language) -> Iterator[StatementQuestion]:
        """Yield all questions in a language, without their marks."""
        for text, verdict in self.all_in(language):
            yield StatementQuestion(text.removeprefix("~"), verdict, text.startswith("~"))


class Fact(Text):
    """A statement, with the sources that back it."""

    sources: tuple[Id, ...] = ()
    """Keys of the entry's ``sources``; empty for what the base article says."""
    as_of: AsOf | None = None
    """The date that it speaks of, where that isn't the one of its newest source."""
    region: RegionCode | None = None
    """Where it holds, if only there."""
    asks: StatementAsks = StatementAsks()
    """Questions that it answers."""
    unpaired: tuple[NonEmptyStr, ...] = ()
    """Figures that only one language has, rightly, as `efinbot check` names them."""


class Contrast(Fact):
    """How an entry differs from another one."""

    with_: Id = Field(alias="with")
    """The other entry."""


class Source(StrictModel):
    """Where a fact comes from."""

    title: NonEmptyStr
    """Title of the page, with its publisher."""
    url: Url
    """Its address."""
    as_of: AsOf
    """The date that its figures speak of: YYYY, YYYY-MM or YYYY-MM-DD."""


class Named(StrictModel):
    """Something that a message can name."""

    name: Text
    """The main name."""
    aliases: Words = Words()
    """Other names that people type."""

    def names(self, language: Language) -> tuple[str, ...]:
        """Return all names in a language, the main one first."""
        return (self.name.in_(language), *self.aliases.in_(language))


class Region(Named):
    """A country, a territory or a group of them."""

    includes: tuple[RegionCode, ...] = ()
    """Codes of the regions in it, for a group."""


class Term(Named):
    """A glossary term that is no entry of its own."""

    text: Text
    """What it means, in one sentence."""
    see: Id
    """The nearest entry."""


class Outside(Named):
    """Something near the subject that is not covered."""

    near: tuple[Id, ...] = Field(min_length=1, max_length=3)
    """The nearest entries, offered instead."""


class Overview(StrictModel):
    """The big picture."""

    name: Text
    """Its title."""
    subject: Words = Words()
    """What people call the whole subject, such as "fintech"; its title if they call it nothing."""
    brief: Text
    """One line."""
    summary: Text
    """One or two sentences."""
    facts: tuple[Text, ...] = Field(min_length=1)
    """The conclusions, the ones that matter most first."""

    def called(self, language: Language) -> tuple[str, ...]:
        """Return what people call the subject."""
        return self.subject.in_(language) or (self.name.in_(language),)


class Entry(Named):
    """One thing that the bot can explain."""

    kind: Kind
    """What it is."""
    order: int = Field(ge=1, default=1000)
    """Its place among its kind; for a point, within its parent. From 100 on, it was added later."""
    brief: Text
    """One line, for lists and buttons."""
    summary: Text
    """One or two sentences that stand alone."""
    plain: Text | None = None
    """The same in plain words, for a fourteen-year-old: no technical term, a picture instead."""
    facts: tuple[Fact, ...] = Field(min_length=1)
    """What matters, the most important first."""
    benefits: tuple[Fact, ...] = ()
    """Who gains what."""
    challenges: tuple[Fact, ...] = Field(min_length=1)
    """Risks, obstacles, open questions."""
    why: tuple[Fact, ...] = ()
    """Why it came about."""
    examples: tuple[Fact, ...] = ()
    """Instances in the world that are no entries of their own."""
    part_of: tuple[Id, ...] = ()
    """The trends, drivers or technologies it belongs to."""
    shows: tuple[Id, ...] = ()
    """For a case: what it is an example of, the most typical first."""
    driven_by: tuple[Id, ...] = ()
    """The drivers that push it, the strongest first."""
    uses: tuple[Id, ...] = ()
    """The technologies it runs on."""
    related: tuple[Id, ...] = ()
    """Other entries worth reading next."""
    contrasts: tuple[Contrast, ...] = ()
    """How it differs from entries that it is mixed up with; either side may say it."""
    region: RegionCode | None = None
    """For a case: where it is."""
    sources: dict[Id, Source] = Field(default_factory=dict[str, Source])
    """The sources of its facts."""
    asks: Asks
    """Questions that people ask about it, in their own words."""

    def questions(self, language: Language) -> Iterator[Ask]:
        """Yield what people ask about the entry in a language."""
        for intent, words in self.asks.by_intent.items():
            keys = () if intent is Intent.EXPLAIN else (intent.value,)
            for number, text in enumerate(words.in_(language)):
                yield Ask(text, intent, ("asks", *keys, language, number))

    def statements(self) -> tuple[Fact, ...]:
        """Return every statement of the entry that can carry sources."""
        return tuple(statement for _, statement in self.placed())

    def placed(self) -> Iterator[tuple[Route, Fact]]:
        """Yield every statement of the entry with where it stands."""
        for section in SECTIONS:
            for number, statement in enumerate(getattr(self, section)):
                yield (section, number), statement

    def answers(self) -> Iterator[tuple[Route, Fact]]:
        """Yield what may answer a question about the entry: its statements and its summary."""
        yield from self.placed()
        yield (SUMMARY, 0), Fact(zh=self.summary.zh, en=self.summary.en)

    def statement(self, section: str, number: int) -> Fact | None:
        """Return what stands in a place, as `answers` has it; None if there is nothing."""
        if section in SECTIONS:
            held: tuple[Fact, ...] = getattr(self, section)
            return held[number] if 0 <= number < len(held) else None
        return dict(self.answers()).get((section, number))

    def source_of(self, statement: Fact) -> Source | None:
        """Return the newest source of a statement, if it has one."""
        known = [self.sources[key] for key in statement.sources]
        return max(known, key=lambda source: source.as_of, default=None)

    def date_of(self, statement: Fact) -> str:
        """Return the date that a statement speaks of; empty if it has no source."""
        source = self.source_of(statement)
        return (statement.as_of or source.as_of) if source else ""
