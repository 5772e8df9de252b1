"""What the bot says to somebody in distress: the shape of ``care.yaml``."""

from pydantic import Field

from .models import NonEmptyStr, StrictModel, Text, Url


class HelpLine(Text):
    """An official place to turn to for somebody in distress: what it is called, and its number."""

    region: NonEmptyStr
    """Where it helps: a code as in ``regions.yaml``; ``INT`` anywhere."""
    url: Url
    """The page that was read for the number."""
    as_of: NonEmptyStr
    """The date of this page, or ``undated``."""


class Care(StrictModel):
    """What the bot says to somebody in distress, defrauded, or in a panic about money."""

    reply: Text
    """A few calm sentences."""
    places: tuple[HelpLine, ...] = Field(min_length=1)
    """Where to turn, by region."""
