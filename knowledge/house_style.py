"""What the texts and sources of a folder are held to: names of institutions, hosts to avoid."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Final, TypeAlias

from pydantic import Field, StringConstraints

from .document import Document, KeyPath, Tree
from .models import Entry, NonEmptyStr, StrictModel
from .problems import Level, Problem

HOST: Final = r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"
HostName: TypeAlias = Annotated[str, StringConstraints(pattern=HOST)]


class Wording(StrictModel):
    """How something is called in one language."""

    write: NonEmptyStr
    """The form to use."""
    not_: tuple[NonEmptyStr, ...] = Field(alias="not", default=())
    """Forms not to use, except where one introduces the other: "Example Authority (EA)"."""


class InstitutionName(StrictModel):
    """How an institution is called in both languages."""

    zh: Wording
    """Chinese."""
    en: Wording
    """English."""


@dataclass(frozen=True)
class HouseStyle:
    """What the texts and sources of a folder are held to; nothing where a file is missing."""

    names: Mapping[str, InstitutionName] = field(default_factory=dict[str, InstitutionName])
    """Institutions by an id."""
    hosts: Mapping[str, str] = field(default_factory=dict[str, str])
    """Hosts that no source may have, nor a subdomain of theirs, each with what it is."""

    def misnamed(self, document: Document, where: KeyPath, text: Tree) -> Iterator[Problem]:
        """Find institutions that a text calls by a form not to use."""
        if not isinstance(text, str) or where[-1:] not in {("zh",), ("en",)} or "name" in where:
            return
        for name in self.names.values():
            wording = name.zh if where[-1] == "zh" else name.en
            found = _pattern((wording.write, *wording.not_)).findall(text)
            for form in dict.fromkeys(form for form in found if form in wording.not_):
                yield document.problem(
                    where,
                    "problems.misnamed",
                    level=Level.WARNING,
                    form=form,
                    write=wording.write,
                )

    def unfit_sources(self, entry: Entry, document: Document) -> Iterator[Problem]:
        """Find sources of an entry that are on a host to avoid."""
        for key, source in entry.sources.items():
            parts = host_of(source.url).split(".")
            domains = (".".join(parts[start:]) for start in range(len(parts)))
            for host in self.hosts.keys() & {*domains}:
                yield document.problem(
                    ("sources", key, "url"),
                    "problems.unfit_host",
                    level=Level.WARNING,
                    key=key,
                    host=host,
                    what=self.hosts[host],
                )


def host_of(url: str) -> str:
    """Return the host of a web address, in lower case, without port or login."""
    authority = re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].lower()


@cache
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for the forms of a name, of which its group holds those that stand alone."""
    any_form = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    return re.compile(
        rf"(?:{any_form})\s?[(（](?:{any_form})[)）]|(?<![A-Za-z])({any_form})(?![A-Za-z])"
    )
