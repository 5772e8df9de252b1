"""Problems in words of their own, which the catalogue of messages doesn't have."""

from efinbot.knowledge.messages import LazyMessage


class _Plain(LazyMessage):
    def text(self, language: object = "en", part: str | None = None) -> str:
        del language
        return str(dict(self.values)[part or "what"])


def plain(what: str, fix: str) -> LazyMessage:
    return _Plain("", (("what", what), ("fix", fix)))
