"""What Telegram allows: lengths, sizes, lifetimes, reactions."""

from typing import Final

TEXT_LIMIT: Final = 4096
"""UTF-16 code units of a message."""
CAPTION_LIMIT: Final = 1024
"""UTF-16 code units of a caption."""
DOWNLOAD_LIMIT: Final = 20 * 1024 * 1024
"""Bytes that a bot may fetch."""
UPLOAD_LIMIT: Final = 100 * 1024 * 1024
"""Bytes of a file that a person sends. Telegram takes 2 GB; here files are kept in memory."""
PHOTO_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of a photo."""
CALLBACK_LIFETIME: Final = 15.0
"""Seconds that a button waits for its answer. Telegram doesn't say how long; its apps wait so."""
INLINE_LIFETIME: Final = 10.0
"""Seconds that an input field waits for results."""
_EMOJI: Final = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 "
    "🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 "
    "💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 "
    "😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 "
    "😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
REACTIONS: Final = frozenset(_EMOJI.split())
"""Emoji that anybody may put below a message."""
