"""What the chat page in the browser talks to."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from .api import Api


def client_app(api: Api) -> ASGIApp:
    """Return the application for people."""
    assert api
    return Starlette()
