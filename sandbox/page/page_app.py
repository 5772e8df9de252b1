"""The web application for people: the chat page, and what it talks to."""

from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ..bot_api.api import BotApi
from .lookup import Lookup
from .page_api import PageApi
from .requests import PageAction, answering
from .setup_api import SetupApi

_STATIC: Final = Path(__file__).parent / "static"
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self';"
        " style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What the page may do: nothing but talk to this server."""


def page_app(api: BotApi) -> Starlette:
    """Return what serves people: the page, and what it talks to."""
    lookup = Lookup(api.world)
    page, setup = PageApi(api, lookup), SetupApi(api, lookup)

    async def index(_: Request) -> Response:
        return FileResponse(_STATIC / "index.html", headers=_HEADERS)

    answered: tuple[tuple[str, str, PageAction], ...] = (
        ("GET", "/client/state", page.state),
        ("GET", "/client/commands", page.commands),
        ("GET", "/client/events", page.events),
        ("GET", "/client/chats/{chat}/messages", page.messages),
        ("POST", "/client/chats/{chat}/messages", page.write),
        ("POST", "/client/chats/{chat}/files", page.attach),
        ("PATCH", "/client/messages/{chat}/{id:int}", page.edit),
        ("DELETE", "/client/messages/{chat}/{id:int}", page.delete),
        ("POST", "/client/messages/{chat}/{id:int}/tap", page.tap),
        ("PUT", "/client/messages/{chat}/{id:int}/reactions", page.react),
        ("GET", "/client/files/{file}", page.file),
        ("POST", "/client/inline", page.ask),
        ("POST", "/client/inline/choose", page.choose),
        ("POST", "/client/block", page.block),
        ("POST", "/client/people", setup.add_person),
        ("PATCH", "/client/people/{id:int}", setup.change_person),
        ("POST", "/client/chats", setup.add_chat),
        ("POST", "/client/faults", setup.fail),
    )
    return Starlette(
        routes=[
            Route("/", index),
            *(Route(path, answering(act), methods=[method]) for method, path, act in answered),
            Mount("/page", StaticFiles(directory=_STATIC)),
        ]
    )
