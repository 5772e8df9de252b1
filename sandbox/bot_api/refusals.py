"""Error responses, in Telegram's own words."""

from typing import Any


class Refusal(Exception):  # noqa: N818 - an answer, not a mistake of the sandbox
    """The answer to a request that is not carried out.

    Args:
        code: HTTP status, and ``error_code`` of the answer.
        description: What Telegram says.
        parameters: How to correct it automatically, such as ``retry_after``.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """Return the body of the answer."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad_request(what: str) -> Refusal:
    """Return the refusal of a request that is wrong in itself."""
    return Refusal(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refusal:
    """Return the refusal of a request that this bot may not make."""
    return Refusal(403, f"Forbidden: {what}")


def conflict(what: str) -> Refusal:
    """Return the refusal of a request that gets in the way of another."""
    return Refusal(409, f"Conflict: {what}")


def too_many_requests(seconds: int) -> Refusal:
    """Return the refusal of a request that comes too soon after others."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
