"""Names that are claimed twice."""

from collections.abc import Iterator

from ..knowledge import Inspection, Problem
from ..knowledge.problems import plain
from .entity_linker import Key, Name, all_names


def faults(inspection: Inspection) -> tuple[Problem, ...]:
    """Return everything that keeps a folder of knowledge from being used, in order of place."""
    return tuple(sorted({*inspection.problems, *_clashes(inspection)}))


def _clashes(inspection: Inspection) -> Iterator[Problem]:
    """Find names that, once normalised, are claimed twice without being declared ambiguous.

    Args:
        inspection: A folder of knowledge, as :func:`efinbot.knowledge.inspect` returns it.

    Yields:
        A problem for each name but the first of those that clash.
    """
    knowledge = inspection.knowledge
    if knowledge is None:
        return
    owners: dict[Key, tuple[Name, str]] = {}
    for name, (document, route) in all_names(knowledge):
        place = inspection.location(document, route)
        if not name.words:
            what = f"'{name.written}' holds no letter or character"
            yield Problem(place, plain(what, "write a name that people can type"))
            continue
        owner, where = owners.setdefault(name.words, (name, str(place)))
        if (owner.sort, owner.id) != (name.sort, name.id):
            what = f"'{name.written}' also names {owner.sort} '{owner.id}' ({where})"
            mend = "keep it in one place, or declare it in ambiguous.yaml and take it out of both"
            yield Problem(place, plain(what, mend))
