"""Simulated typing errors, so that confidence is calibrated on questions as people type them."""

import string
from random import Random
from typing import Final

CHARACTERS_PER_ERROR: Final = 8
"""One error in this many characters: a hurried thumb on a small keyboard."""


def misspell(text: str, random: Random) -> str:
    """Return a text with random slips: a character left out, added, replaced or swapped.

    Args:
        text: The text as meant.
        random: The source of randomness; seed it for the same errors every time.

    Returns:
        The text with one error in `CHARACTERS_PER_ERROR` characters; short texts stay as they are.
    """
    for _ in range(len(text) // CHARACTERS_PER_ERROR):
        text = slip(text, random)
    return text


def slip(text: str, random: Random) -> str:
    """Return a text with one slip: a character left out, added, replaced or swapped.

    Args:
        text: The text as meant; not empty.
        random: The source of randomness.
    """
    at = random.randrange(len(text))
    match random.randrange(4):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + random.choice(string.ascii_lowercase) + text[at:]
        case 2:
            return text[:at] + random.choice(string.ascii_lowercase) + text[at + 1 :]
        case _:
            return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
