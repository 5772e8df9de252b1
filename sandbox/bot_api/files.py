"""Files: what bots and people send, and what bots fetch."""

import hashlib
import struct
from dataclasses import dataclass, field, replace
from typing import Any, Final

from .limits import DOWNLOAD_LIMIT, PHOTO_LIMIT
from .method_schema import SentFile
from .refusals import Refusal, bad_request

PICTURES: Final = frozenset({"image/png", "image/jpeg"})
"""Media types of what is shown as a photo."""
_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})


@dataclass
class Files:
    """The files that one sandbox holds."""

    _kept: dict[str, tuple[SentFile, str]] = field(default_factory=dict[str, tuple[SentFile, str]])

    def keep(self, upload: SentFile, folder: str) -> dict[str, Any]:
        """Keep a file and return how the Bot API describes it.

        Args:
            upload: The file.
            folder: ``photos`` or ``documents``.
        """
        unique = hashlib.sha256(upload.content).hexdigest()[:16]
        identifier = f"{folder}-{unique}"
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        self._kept[identifier] = (upload, f"{folder}/{unique}.{suffix}")
        size = len(upload.content)
        return {"file_id": identifier, "file_unique_id": unique, "file_size": size}

    def described(self, identifier: str) -> dict[str, Any]:
        """Return what ``getFile`` answers.

        Raises:
            Refusal: There is no such file, or it is too large.
        """
        kept = self._kept.get(identifier)
        if kept is None:
            raise bad_request("invalid file_id")
        upload, path = kept
        if len(upload.content) > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        unique = identifier.rpartition("-")[2]
        size = len(upload.content)
        return {
            "file_id": identifier,
            "file_unique_id": unique,
            "file_size": size,
            "file_path": path,
        }

    def at(self, path: str) -> SentFile | None:
        """Return the file that is fetched from a path."""
        return next((upload for upload, place in self._kept.values() if place == path), None)

    def found(self, identifier: str) -> SentFile | None:
        """Return the file with an identifier."""
        kept = self._kept.get(identifier)
        return kept[0] if kept else None

    def given(self, value: SentFile | str) -> SentFile:
        """Return the file that a parameter holds or names.

        Raises:
            Refusal: It names none that the sandbox could get.
        """
        if isinstance(value, SentFile):
            if not value.content:
                raise bad_request("file must be non-empty")
            return value
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        found = self.found(value)
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return found

    def attached(self, upload: SentFile) -> dict[str, Any]:
        """Return the fields of a message for what a person attaches to it.

        As apps do: what Telegram takes for a photo becomes one, everything else is a document.

        Raises:
            Refusal: It is empty.
        """
        try:
            return self.photo(upload)
        except Refusal:
            return self.document(upload)

    def photo(self, value: SentFile | str) -> dict[str, Any]:
        """Return the fields of a message that show a photo.

        Raises:
            Refusal: It is no photo that Telegram would take.
        """
        upload = self.given(value)
        if len(upload.content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        media_type, width, height = _picture(upload.content)
        if width + height > 10_000 or not 1 / 20 <= width / height <= 20:  # noqa: PLR2004 - Telegram's limits
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        kept = self.keep(replace(upload, media_type=media_type), "photos")
        return {"photo": [{**kept, "width": width, "height": height}]}

    def document(self, value: SentFile | str) -> dict[str, Any]:
        """Return the fields of a message that holds a file.

        Raises:
            Refusal: There is no such file.
        """
        upload = self.given(value)
        kept = self.keep(upload, "documents")
        described = {"file_name": upload.name, "mime_type": upload.media_type}
        return {"document": {**described, **kept}}


def _picture(content: bytes) -> tuple[str, int, int]:
    """Return media type, width and height of a PNG or JPEG picture.

    Raises:
        Refusal: It is neither.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:  # noqa: PLR2004 - where its header ends
        width, height = struct.unpack(">II", content[16:24])
        if width and height:
            return "image/png", width, height
    at = 2
    while content.startswith(b"\xff\xd8") and at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004
        if content[at + 1] in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            if width and height:
                return "image/jpeg", width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise bad_request("IMAGE_PROCESS_FAILED")
