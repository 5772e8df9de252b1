"""The files of a folder of knowledge, as they are at one moment."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from .document import is_link_outside, read_limited

TESTS: Final = "tests"
"""The folder of questions that test a folder of knowledge, within it."""


@dataclass(frozen=True)
class Snapshot:
    """What the YAML files of a folder hold."""

    files: Mapping[str, bytes]
    """Their content by their name relative to the folder, such as ``entries/pix.yaml``."""

    @classmethod
    def of(cls, folder: Path) -> "Snapshot":
        """Read a folder.

        Hidden files, such as those of editors, are left out. What can't be read counts as empty, so
        that it is left to :func:`inspect` to say so.
        """
        files: dict[str, bytes] = {}
        for pattern in ("*.yaml", "*/*.yaml"):
            for path in folder.glob(pattern):
                name = path.relative_to(folder)
                if any(part.startswith(".") for part in name.parts):
                    continue
                content = b""
                with contextlib.suppress(OSError):
                    content = b"" if is_link_outside(path, folder) else read_limited(path)
                files[name.as_posix()] = content
        return cls(dict(sorted(files.items())))

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all files: the same names and content, the same digest."""
        return _digest(self.files.items())

    @cached_property
    def training_fingerprint(self) -> str:
        """The same, without the questions that test the folder: nothing is learned from them."""
        kept = ((n, held) for n, held in self.files.items() if not n.startswith(f"{TESTS}/"))
        return _digest(kept)

    def with_(self, files: Mapping[str, bytes | None]) -> "Snapshot":
        """Return what the folder would hold if some files were changed; None removes one."""
        after = {**self.files, **files}
        held = {name: content for name, content in after.items() if content is not None}
        return Snapshot(dict(sorted(held.items())))

    def write_to(self, folder: Path) -> None:
        """Write the files into a folder, which is made if it isn't there.

        Raises:
            OSError: They can't be written.
        """
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def changed(self, later: "Snapshot") -> tuple[str, ...]:
        """Return the names of the files that another snapshot has, hasn't or has differently."""
        names = sorted({*self.files, *later.files})
        return tuple(name for name in names if self.files.get(name) != later.files.get(name))


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, content in sorted(files):
        digest.update(b"%b\0%d\0" % (os.fsencode(name), len(content)))
        digest.update(content)
    return digest.hexdigest()
