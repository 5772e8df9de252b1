"""What the tests of the sandbox ask for as its page does."""

from io import BytesIO
from typing import Any

import aiohttp


class Page:
    """A page in a browser."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url

    async def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 - any JSON
        params = {name: str(value) for name, value in query.items()}
        async with self.http.get(f"{self.url}{path}", params=params) as response:
            return await response.json()

    async def attach(self, path: str, content: bytes, **query: object) -> Any:  # noqa: ANN401 - any JSON
        """Send a file."""
        params = {name: str(value) for name, value in query.items()}
        async with self.http.post(
            f"{self.url}{path}", params=params, data=BytesIO(content)
        ) as response:
            return await response.json()

    async def post(self, path: str, /, verb: str = "POST", **body: object) -> Any:  # noqa: ANN401 - any JSON
        headers = {"Origin": self.url}
        url = f"{self.url}{path}"
        async with self.http.request(verb, url, json=body, headers=headers) as response:
            return await response.json()
