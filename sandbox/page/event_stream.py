"""Events as a stream that browsers read and take up again."""

from collections.abc import AsyncIterator
from typing import Final

import orjson
from starlette.responses import StreamingResponse

from ..state.events import Event, Events

_HEARTBEAT: Final = 15.0


def event_stream(events: Events, since: int | None) -> StreamingResponse:
    """Return a stream of events.

    Args:
        events: What happens.
        since: The last event that the browser knows; none for those from now on.
    """
    # A browser that outlived a server knows of events that this one never had.
    first = events.last if since is None or since > events.last else since
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(_read(events, first), media_type="text/event-stream", headers=headers)


async def _read(events: Events, last: int) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    while True:
        new = events.since(last)
        for event in new:
            yield _encoded(event)
            last = event.id
        if not new:
            await events.wait(_HEARTBEAT)
            if events.last == last:
                yield b":\n\n"


def _encoded(event: Event) -> bytes:
    data = orjson.dumps({"chat": event.chat, "author": event.author, **event.data})
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.id, event.kind.encode(), data)
