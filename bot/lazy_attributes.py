"""Attributes of a package that are imported from its modules at first use."""

from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_attributes(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return a `__getattr__` for a package.

    Args:
        package: Its ``__name__``.
        homes: The module of each attribute, relative to the package.
    """

    def attribute(name: str) -> object:
        if name not in homes:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module(f".{homes[name]}", package), name)

    return attribute
