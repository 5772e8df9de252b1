"""News of edits on disk: operators are told that the folder is broken, or fixed."""

from collections.abc import Generator
from contextlib import contextmanager, suppress

from telegram.error import TelegramError

from ..background_tasks import BackgroundTasks
from ..reload.live import Observer, Reloaded
from ..replies.markup import html_message
from ..storage import Place
from ..telegram.sender import Undelivered
from ..telegram.services import Services
from . import summaries


class ReloadNews(Observer):
    """Hears what becomes of edits in the folder, and tells the operators what is broken.

    Args:
        bot: What sends messages.
    """

    def __init__(self, bot: Services) -> None:
        self._bot = bot
        self._withheld: set[int] = set()
        self._telling = BackgroundTasks()
        bot.live.observers.append(self)

    async def reloaded(self, outcome: Reloaded) -> None:
        """Tell the operators that the folder is broken, or fixed; not who waits for just that."""
        if not (outcome.problems or outcome.fixed):
            return
        for person in self._bot.settings.operators.difference(self._withheld):
            self._telling.start(self._tell(person, outcome))

    @contextmanager
    def withheld_from(self, person: int) -> Generator[None]:
        """Tell an operator nothing meanwhile: what they have begun shows it elsewhere."""
        self._withheld.add(person)
        try:
            yield
        finally:
            self._withheld.discard(person)

    async def close(self) -> None:
        """End what is being told."""
        await self._telling.cancel()

    def retire(self) -> None:
        """Hear of no more edits."""
        if self in self._bot.live.observers:
            self._bot.live.observers.remove(self)

    async def _tell(self, person: int, outcome: Reloaded) -> None:
        """Tell an operator what came of an edit on disk."""
        place = Place(person, 0, person)
        last = self._bot.state.dialogue(place)
        language = self._bot.state.language(person) or (last.language if last else None) or "en"
        blocks = [html_message("operators.fixed", language)]
        if outcome.problems:
            blocks = summaries.refused(outcome.problems, language, self._bot.live.folder)
        with suppress(Undelivered, TelegramError):  # somebody who has never opened the bot
            for page in summaries.paged(blocks):
                await self._bot.sender.send(place, page)
