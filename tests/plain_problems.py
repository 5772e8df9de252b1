"""Problems in words of their own, which the catalogue of messages doesn't have."""

from efinbot.knowledge.messages import LazyMessage


class _Plain(LazyMessage):
    def text(self, language: object = "en", part: str | None = None) -> str:
        del language
        values = dict(self.values)
        return str(values[part]) if part else f"{values['what']}; {values['fix']}"


def plain(what: str, fix: str) -> LazyMessage:
    return _Plain("", (("what", what), ("fix", fix)))
