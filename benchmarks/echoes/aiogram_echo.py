"""The least bot that aiogram can be: it sends back what it gets."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    """Send a message back."""
    if message.text:
        await message.answer(message.text)


async def main() -> None:
    """Poll until stopped."""
    server = TelegramAPIServer.from_base(os.environ["EFINBOT_API_URL"])
    bot = Bot(os.environ["EFINBOT_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot)


asyncio.run(main())
