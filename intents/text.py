"""Normalising text, splitting it into tokens, and looking for phrases among them.

Every comparison in this package is between strings that went through `normalize`, so that
full-width letters, typographic quotes or an invisible character never decide what is understood.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

Tokens = tuple[str, ...]
Meaning = TypeVar("Meaning")

MAX_CHARACTERS: Final = 400
"""How much of a text is read: what follows is ignored, so that no input can cost more than this."""

_SPACES: Final = re.compile(r"\s+")

_SIMPLIFIED: Final = cast("Any", OpenCC("t2s"))  # it has no types

# Controls, soft hyphen, zero-width and direction marks, variation selectors, tags, lone surrogates.
_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
)

# One character for one character. Applied before NFKC too, which would turn "´" into a space.
_FOLDS: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−⁃﹘", "-"),
        **dict.fromkeys("‘’‚‛′`´ʼʹ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
    }
)

# Scripts written without spaces: Han with its extensions, kana, bopomofo.
_UNSPACED: Final = (
    "\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER: Final = re.compile(f"[{_UNSPACED}]")
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:'[^\W_{_UNSPACED}]+)*")

_PRIME: Final = (1 << 61) - 1

_NEGATIONS: Final = ("不", "没")
_WHETHER: Final = "吗"
"""What a question ends with that asks for yes or no."""
# A removal can make room for a composition, and the other way round; two rounds are the most seen.
_MAX_ROUNDS: Final = 4

# What dialects ask by, read as the words of Mandarin: 边个 is 谁, 啥子 is 什么.
_MANDARIN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("有冇", "有无"), "有没有"),
    **dict.fromkeys(("系咪", "系唔系", "系不系", "是唔是"), "是不是"),
    **dict.fromkeys(("边个", "边位", "哪个人"), "谁"),
    **dict.fromkeys(("边间", "边家"), "哪家"),
    **dict.fromkeys(("边度", "边处", "喺边", "系边度"), "哪里"),
    **dict.fromkeys(("边年", "边一年"), "哪年"),
    **dict.fromkeys(("边日", "边一日", "边天"), "哪天"),
    **dict.fromkeys(("边几个", "边啲", "边些", "边个啲"), "哪些"),
    **dict.fromkeys(("几时", "几耐时", "啥时候", "啥辰光"), "什么时候"),
    **dict.fromkeys(("几耐", "好耐"), "多久"),
    **dict.fromkeys(("几多", "好多个"), "多少"),
    **dict.fromkeys(("点解", "做乜", "做咩", "为咩", "为啥子", "为啥", "咋会", "咋个会"), "为什么"),
    **dict.fromkeys(("点样", "点算", "咋样", "咋个", "咋", "点搞"), "怎么"),
    **dict.fromkeys(
        ("乜嘢", "乜野", "咩嘢", "咩野", "啥子", "啥东西", "乜", "咩", "啥", "虾米"), "什么"
    ),
    **dict.fromkeys(("佢哋", "佢地", "他哋"), "他们"),
    **dict.fromkeys(("呢个", "呢只", "嗰个", "依个"), "这个"),
    **dict.fromkeys(("冇得", "木有", "莫得", "冇"), "没有"),
    "佢": "它",
    "唔该": "请",
    "唔使": "不用",
    "唔": "不",
    "嘅": "的",
    "喺": "在",
    "嚟": "来",
    "咗": "了",
    "畀": "给",
    "哋": "们",
    "啲": "些",
    "嘢": "东西",
    "睇": "看",
    "讲吓": "讲讲",
    "咁": "这么",
    "俾": "给",
}
_DIALECT: Final = re.compile("|".join(sorted(_MANDARIN, key=len, reverse=True)))


def normalize(text: str) -> str:
    """Return the form of a text in which it is compared.

    Compatibility forms (NFKC) and case are folded, dashes, quotes and apostrophes become the ASCII
    ones, traditional characters simplified ones, and question words of dialects those of Mandarin;
    control and zero-width characters go, and runs of white space become one space.
    Normalising twice changes nothing.

    Args:
        text: Any text; only its first `MAX_CHARACTERS` characters are read.

    Returns:
        The normalised text, at most `MAX_CHARACTERS` long, possibly empty.
    """
    text = text[:MAX_CHARACTERS]
    if text.isascii() and text.isprintable():
        # Nothing to compose or to simplify, as most English questions: the same, but quicker.
        return _SPACES.sub(" ", text.translate(_FOLDS).lower()).strip()
    for _ in range(_MAX_ROUNDS):
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text


def _fold(text: str) -> str:
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text)).translate(_FOLDS)
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARACTERS].casefold()
    text = _SIMPLIFIED.convert(unicodedata.normalize("NFKC", text).translate(_FOLDS))
    text = _DIALECT.sub(lambda found: _MANDARIN[found[0]], text)
    return _SPACES.sub(" ", text)[:MAX_CHARACTERS].strip()


def is_traditional(text: str) -> bool:
    """Return whether a text has characters that simplified writing doesn't have."""
    text = _INVISIBLE.sub("", text[:MAX_CHARACTERS])
    return _SIMPLIFIED.convert(text) != text


def tokens(text: str) -> list[str]:
    """Split a text into words, and text in scripts without spaces into characters.

    Args:
        text: Any text; it is normalised first.

    Returns:
        Words with their digits ("web3", "98"), apostrophes dropped ("don't" is "dont"), and single
        Chinese or Japanese characters. Punctuation and symbols are dropped.
    """
    return split(normalize(text))


def split(normalized: str) -> list[str]:
    """Split a text that is normalised already; see `tokens`."""
    return [token.replace("'", "") for token in _TOKEN.findall(normalized)]


def is_unspaced(token: str) -> bool:
    """Return whether a token is a character of a script written without spaces."""
    if token.isascii():
        return False
    # Comparing is quicker than matching, and nearly all such characters are in this block.
    return "\u4e00" <= token[0] <= "\u9fff" or _UNSPACED_CHARACTER.match(token) is not None


def unspaced_runs(text: str) -> list[str]:
    """Return the runs of characters of scripts written without spaces."""
    return _UNSPACED_RUN.findall(text)


class StringIndex:
    """Numbers strings in their order, from 0, in a tenth of the memory of a dictionary.

    It holds digests of 61 bits. An unknown string is taken for a known one by a chance of their
    number in 2^61.

    Args:
        strings: The strings, without control characters; what comes again keeps its first number.
    """

    __slots__ = ("_digests", "_numbers")

    def __init__(self, strings: Iterable[str]) -> None:
        digests = _digests([*dict.fromkeys(strings)])
        order = digests.argsort()
        self._digests = digests[order]
        self._numbers: npt.NDArray[np.int32] = order.astype(np.int32)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, string: str) -> bool:
        return self.get(string) is not None

    def __getitem__(self, string: str) -> int:
        number = self.get(string)
        if number is None:
            raise KeyError(string)
        return number

    def get(self, string: str) -> int | None:
        """Return the number of a string; None if it isn't known."""
        return next(iter(self.found([string])), None)

    def found(self, strings: Sequence[str]) -> list[int]:
        """Return the numbers of those strings that are known, in their order."""
        numbers, known = self._looked_up(strings)
        return numbers[known].tolist()

    def known(self, strings: Sequence[str]) -> list[bool]:
        """Return which strings are known."""
        return self._looked_up(strings)[1].tolist()

    def _looked_up(
        self, strings: Sequence[str]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        if not len(self):
            return np.zeros(len(strings), np.int32), np.zeros(len(strings), np.bool_)
        digests = _digests(strings)
        places = self._digests.searchsorted(digests)
        known = self._digests.take(places, mode="clip") == digests
        return self._numbers.take(places, mode="clip"), known


def _digests(strings: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return a digest of each string: its bytes as a number, modulo a prime.

    Short ones have one of their own. Python's own hash would be another one in each process.
    """
    numbers = (int.from_bytes(string.encode(), "little") % _PRIME for string in strings)
    return np.fromiter(numbers, np.int64, len(strings))


def alternates(words: Sequence[str], place: int) -> bool:
    """Return whether a negation stands between the same verb twice, which asks whether: 是不是."""
    if words[place] not in _NEGATIONS or not 0 < place < len(words) - 1:
        return False
    verb = words[place - 1]
    return verb == words[place + 1] and is_unspaced(verb)


def written(words: Sequence[str]) -> str:
    """Return words as one text, without spaces between characters of scripts that have none."""
    return "".join(
        word if is_unspaced(word) or not i or is_unspaced(words[i - 1]) else f" {word}"
        for i, word in enumerate(words)
    )


def plainly(words: Sequence[str]) -> list[str]:
    """Return words that ask whether by a verb and its negation plainly: 是不是 as 是…吗."""
    found: list[str] = []
    asks = False
    for place, word in enumerate(words):
        if alternates(words, place):
            found.pop()
            asks = True
        else:
            found.append(word)
    return [*found, _WHETHER] if asks and found[-1] != _WHETHER else found


class InLanguages(Protocol):
    """Texts in both languages."""

    @property
    def zh(self) -> tuple[str, ...]:
        """Return those in Chinese."""
        ...

    @property
    def en(self) -> tuple[str, ...]:
        """Return those in English."""
        ...


@dataclass(frozen=True, slots=True)
class Phrases(Generic[Meaning]):
    """Phrases to look for; immutable, safe to share."""

    meanings: Mapping[Tokens, Meaning]
    """What each phrase means, by its tokens."""
    lengths: tuple[int, ...]
    """How many tokens they have, the most first."""
    first: frozenset[str]
    """The tokens with which they begin."""
    last: frozenset[str]
    """The tokens with which they end."""

    def find(self, words: Sequence[str]) -> Tokens | None:
        """Return the longest of the phrases that a message holds, the first of several."""
        found = self.all_in(words)
        return max((phrase for _, phrase in found), key=len, default=None)

    def all_in(self, words: Sequence[str]) -> Iterator[tuple[int, Tokens]]:
        """Yield every phrase that a message holds, with where it starts."""
        for start, word in enumerate(words):
            if word in self.first:
                for length in self.lengths:
                    phrase = tuple(words[start : start + length])
                    if len(phrase) == length and phrase in self.meanings:
                        yield start, phrase

    def at(self, words: Sequence[str], start: int) -> int:
        """Return how many tokens the longest phrase has that stands at a position; 0 for none."""
        if start >= len(words) or words[start] not in self.first:
            return 0
        fitting = (n for n in self.lengths if start + n <= len(words))
        return next((n for n in fitting if tuple(words[start : start + n]) in self.meanings), 0)

    def before(self, words: Sequence[str], end: int) -> int:
        """Return how many tokens the longest phrase has that ends at a position; 0 for none."""
        if end <= 0 or words[end - 1] not in self.last:
            return 0
        fitting = (n for n in self.lengths if n <= end)
        return next((n for n in fitting if tuple(words[end - n : end]) in self.meanings), 0)


def indexed(meanings: Mapping[Tokens, Meaning]) -> Phrases[Meaning]:
    """Return phrases, by what each means, ready to be looked for; none may be empty."""
    return Phrases(
        meanings,
        tuple(sorted({*map(len, meanings)}, reverse=True)),
        frozenset(phrase[0] for phrase in meanings),
        frozenset(phrase[-1] for phrase in meanings),
    )


def phrases_of(texts: InLanguages) -> Phrases[None]:
    """Return phrases in both languages that mean nothing by themselves."""
    return indexed(dict.fromkeys(tokenized(texts)))


def tokenized(texts: InLanguages) -> list[Tokens]:
    """Return phrases in both languages as tokens."""
    return [tuple(tokens(text)) for text in (*texts.zh, *texts.en)]
