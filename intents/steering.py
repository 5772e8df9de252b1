"""What a message does with a conversation: leaves entries out, picks from lists, corrects."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..knowledge import Kind, Knowledge
from .dialogue import Scores
from .dialogue_phrases import DialoguePhrases, Pick
from .entity_linker import EntityType, Mention, linked_entry
from .preprocessing import ProcessedMessage
from .understanding import LIST_OF_KIND, LISTS, Context, Interpretation

RULE: Final = 0.9
"""How well an interpretation fits that a rule is sure of."""
_RELATED: Final = 0.4
"""Bonus of an entry that corrects what was understood, and that has to do with it."""
_UNLIKE: Final = 0.3
"""Score of an entry by the words of a correction below which it isn't meant by them."""
_LEAVES_OUT: Final = (*LISTS, "cases_of")
"""The intents whose answer is a list, which may leave entries out."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What a message leaves out."""

    without: tuple[str, ...]
    """The entries that it names as not wanted."""
    named: tuple[str, ...]
    """The others that it names."""
    message: ProcessedMessage
    """The message, without what it leaves out where it names something else."""


@dataclass(frozen=True)
class Steering:
    """Reads the words of a message that steer a conversation."""

    knowledge: Knowledge
    """What there is to talk about."""
    phrases: DialoguePhrases
    """The words that steer."""
    message: ProcessedMessage
    """The message."""
    context: Context | None
    """The conversation before it."""

    def excluded(self, named: Sequence[str]) -> "Exclusion":
        """Return what is left out.

        Args:
            named: The entries that the message names.
        """
        words, phrases = self.message.tokens, self.phrases
        found: list[str] = []
        contrasted: list[str] = []
        spans: list[tuple[int, int]] = []
        for mention in self.message.mentions:
            id_ = linked_entry(mention.name, self.knowledge)
            before, after = phrases.around_excluded(words, mention.start, mention.end)
            if id_ is None:
                if mention.name.type is EntityType.OUTSIDE and before:
                    spans.append((mention.start - before, mention.end + after))
                continue
            # "Besides the GDPR and PIPL": what is joined with it isn't wanted either.
            if before or after:
                found.append(id_)
                spans.append((mention.start - before, mention.end + after))
            elif spans and self._joined(spans[-1][1], mention):
                found.append(id_)
                after = phrases.after_excluded(words, mention.end)
                spans[-1] = (spans[-1][0], mention.end + after)
            elif phrases.contrasts(words, mention.start):
                contrasted.append(id_)
        if len(set(found) | set(contrasted)) < len(named):
            found += contrasted
        lists = {*self._names_of_lists()} if found else set[str]()
        wanted = tuple(id_ for id_ in named if id_ not in {*found, *lists})
        message = self.message
        if wanted:
            # What is left out says nothing of what is asked about the rest.
            for start, end in reversed(spans):
                message = message.without(start, end)
        return Exclusion(tuple(dict.fromkeys(found)), wanted, message)

    def _joined(self, end: int, mention: Mention) -> bool:
        """Return whether a name goes on a list of names that ends at a position."""
        new_clause = any(end <= start <= mention.start for start in self.message.clauses)
        return 0 <= mention.start - end <= 1 and not new_clause

    def _names_of_lists(self) -> Iterator[str]:
        """Yield the entries that are named by what a list is called: "technologies"."""
        for mention in self.message.mentions:
            if self.message.tokens[mention.start : mention.end] in self.phrases.lists.meanings:
                yield linked_entry(mention.name, self.knowledge) or ""

    def cases_elsewhere(self) -> tuple[str, ...]:
        """Return the cases in places that the message names as not wanted: "outside China"."""
        words, excludes = self.message.tokens, self.phrases.excludes
        places = (
            mention.name.id
            for mention in self.message.mentions
            if mention.name.type is EntityType.REGION
            and excludes(words, mention.start, mention.end)
        )
        return tuple(case for place in places for case in self.knowledge.cases_in(place))

    def leaving_out(self, one: Interpretation, without: tuple[str, ...]) -> Interpretation:
        """Return an interpretation that leaves entries out, if its answer is a list with others."""
        if one.intent not in _LEAVES_OUT:
            return one
        if one.topics and {*self.knowledge.cases_for(one.topics[0])} <= {*without}:
            # It has no other ones, which only an answer to the very question can say.
            return one._replace(intent="fact")
        return one._replace(without=without)

    def list_without(self, without: tuple[str, ...], region: str | None) -> Interpretation:
        """Take the message to ask for the list that an unwanted entry belongs to."""
        entries, context = self.knowledge.entries, self.context
        kind = self.phrases.kind(self.message.tokens)
        first = entries[without[0]].kind
        if first is Kind.CASE and kind in (None, Kind.CASE) and (topic := self._subject(without)):
            return Interpretation(
                "cases_of", (topic,), RULE, RULE, "without", region, 0, None, without
            )
        if kind is None and context and context.intent in LISTS:
            kind = LISTS[context.intent]
        kind = kind or first
        if kind in LIST_OF_KIND:
            intent, topics = LIST_OF_KIND[kind], ()
        else:
            intent, topics = "explain", entries[without[0]].part_of[:1]
        place = region if kind is Kind.CASE else None
        one = Interpretation(intent, topics, RULE, RULE, "without", place)
        return one._replace(without=without)

    def _subject(self, without: tuple[str, ...]) -> str | None:
        """Return the topic at hand, or what it is a case of, that has other cases than unwanted."""
        context, knowledge = self.context, self.knowledge
        if not context or not context.topics or context.intent in LISTS:
            return None
        if any((word,) in self.phrases.whole.meanings for word in self.message.tokens):
            return None
        topic = context.topics[0]
        for id_ in (topic, *knowledge.parents_of(topic)):
            cases = {*knowledge.cases_of(id_)}
            if {*without} & cases and cases - {*without}:
                return id_
        return None

    def picks(self, without: tuple[str, ...]) -> tuple[Pick, ...]:
        """Return the places in a list that a message names, if it names no entry otherwise."""
        if without:
            return ()
        picks = self.phrases.picks(self.message.tokens)
        inside = {n for pick in picks for n in range(pick.start, pick.end)}
        for mention in self.message.mentions:
            names = linked_entry(mention.name, self.knowledge) is not None
            if names and not inside.issuperset(range(mention.start, mention.end)):
                return ()
        return picks

    def listed(self, pick: Pick, region: str | None) -> tuple[str, ...]:
        """Return the list from which a message picks: the one that it names, or the last shown."""
        shown = self.context.listed if self.context else ()
        kinds = {self.knowledge.entries[id_].kind for id_ in shown}
        if pick.kind is None or (kinds == {pick.kind} and pick.place < len(shown)):
            return shown
        if pick.kind is Kind.CASE and region:
            return self.knowledge.cases_in(region)
        return self.knowledge.of_kind[pick.kind]

    def corrections(
        self, likeness_of: Callable[[Sequence[str]], Scores]
    ) -> Iterator[Interpretation]:
        """Take the message to say what was meant instead of the topic at hand."""
        start = self.phrases.corrects(self.message.tokens)
        rest = self.message.tokens[start:]
        context = self.context
        if not (start and rest and context):
            return
        entries, topics = self.knowledge.entries, context.topics
        near = {
            *context.listed,
            *context.earlier,
            *(n for t in topics for n in self.knowledge.neighbours[t]),
        }
        kinds = {entries[topic].kind for topic in topics}
        likeness = likeness_of(rest)

        def fit(id_: str) -> float:
            related = id_ in near or entries[id_].kind in kinds
            return likeness[id_] + (_RELATED if related else 0.0)

        best = max((id_ for id_ in entries if id_ not in topics), key=fit, default=None)
        if best and likeness[best] > _UNLIKE:
            yield Interpretation("explain", (best,), fit(best), RULE, "context")
