"""What the bot itself says: headings, buttons and notes, in both languages, as data."""

import string
from typing import Annotated

from pydantic import AfterValidator

from .messages import lazy
from .models import StrictModel, Text
from .problems import InvalidValueError


def _fills(*names: str) -> AfterValidator:
    """Check that both languages fill in exactly these names."""
    placeholders = tuple(f"{{{name}}}" for name in names)

    def check(text: Text) -> Text:
        for template in (text.zh, text.en):
            if _filled_in(template) != set(names):
                raise InvalidValueError(
                    lazy("problems.wrong_placeholders", text=template, placeholders=placeholders)
                )
        return text

    return AfterValidator(check)


def _filled_in(template: str) -> set[str]:
    """Return the names in braces; an empty one for what could fail when it is filled in."""
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        return {""}
    return {
        "" if format_ or conversion else name
        for _, name, format_, conversion in parsed
        if name is not None
    }


_NameText = Annotated[Text, _fills("name")]
_NamesText = Annotated[Text, _fills("names")]
_RegionText = Annotated[Text, _fills("region")]


def _at_most(limit: int) -> AfterValidator:
    """Check that neither language is longer than Telegram shows, in UTF-16 code units."""

    def check(text: Text) -> Text:
        for written in (text.zh, text.en):
            if (length := len(written.encode("utf-16-le")) // 2) > limit:
                raise InvalidValueError(
                    lazy("problems.text_too_long_to_show", text=written, length=length, limit=limit)
                )
        return text

    return AfterValidator(check)


_CaptionText = Annotated[Text, _at_most(64)]
_NoticeText = Annotated[Text, _at_most(200)]


class CommandTexts(StrictModel):
    """What the menu says of each command."""

    start: _CaptionText
    """Behind ``/start``."""
    help: _CaptionText
    """Behind ``/help``."""
    trends: _CaptionText
    """Behind ``/trends``."""
    drivers: _CaptionText
    """Behind ``/drivers``."""
    tech: _CaptionText
    """Behind ``/tech``."""
    cases: _CaptionText
    """Behind ``/cases``."""
    new: _CaptionText = Text(zh="最近有什么新变化", en="What is new")
    """Behind ``/new``."""
    outlook: _CaptionText
    """Behind ``/outlook``."""
    overview: _CaptionText
    """Behind ``/overview``."""
    compare: _CaptionText
    """Behind ``/compare``."""
    ask: _CaptionText
    """Behind ``/ask``."""
    lang: _CaptionText
    """Behind ``/lang``."""
    about: _CaptionText
    """Behind ``/about``."""
    privacy: _CaptionText
    """Behind ``/privacy``."""


class ChatTexts(StrictModel):
    """What the bot says in a chat besides its answers. Names in braces are filled in."""

    description: Annotated[Text, _at_most(512)]
    """Shown in an empty chat with the bot."""
    short_description: Annotated[Text, _at_most(120)]
    """Shown in the bot's profile and wherever a link to it is shared."""
    about: Text
    """What the bot is, and where its answers come from."""
    privacy: Text
    """What the bot keeps of people."""
    forget: _CaptionText
    """Button below the privacy statement: delete what is kept."""
    forgotten: _NoticeText
    """What was kept is deleted."""
    which_things: Text
    """Two things to compare were not named."""
    language_now: _NameText
    """The language of answers was chosen: ``{name}``."""
    language_free: Text
    """No language is chosen: answers follow the question."""
    language_choices: Text
    """How to choose a language; stands below the current choice."""
    language_auto: _CaptionText
    """Button that drops the choice."""
    admins_only: _NoticeText
    """Only the administrators of a group may do that."""
    back: Annotated[Text, _fills("name"), _at_most(40)]
    """Button to where the reader came from: ``{name}``."""
    share: _CaptionText
    """Button that shares an entry."""
    stale: _NoticeText
    """The button belongs to an older version of the knowledge."""
    liked: _NoticeText
    """Somebody finds an answer good."""
    disliked: _NoticeText
    """Somebody finds an answer bad."""
    unvoted: _NoticeText
    """Somebody has taken that back."""
    unknown_command: Text
    """There is no such command."""
    slow_down: Text
    """Too many messages in a short time: the next ones are not answered."""
    apology: Text
    """Something went wrong that is not the reader's fault."""
    commands: CommandTexts
    """The menu: what it says of each command."""


class Interface(StrictModel):
    """The texts of the interface. Names in braces are filled in."""

    greeting: Text
    """Answer to a greeting."""
    thanks: Text
    """Answer to thanks."""
    help: Text
    """What the bot can do, with questions to try."""
    declined: Text
    """Nothing here answers the question."""
    outside: _NameText
    """The message names something that is not covered: ``{name}``."""
    unsure: Text
    """The question was not understood well enough to answer it."""
    did_you_mean: Text
    """Heads the offered entries."""
    which_one: _NameText
    """A name may mean several entries: ``{name}``."""
    which_subject: Text = Text(
        zh="你指的是什么？说出名字，我就能回答。", en="What do you mean? Name it, and I'll answer."
    )
    """The message points at something, and nothing was said before."""
    nearest: Text
    """Heads the entries offered with a refusal."""
    identity: Text = Text(
        zh="我是一个只讲一个题目的问答机器人：答案来自一份有出处的资料，不是大模型写的，也不是真人。",
        en="I am a bot that answers questions about one subject, from notes with their sources. No "
        "language model writes my answers, and no human does.",
    )
    """Who or what the bot is."""
    care: Text = Text(
        zh="听起来你现在很难，你不是一个人。请马上联系你的银行和警方；"
        "觉得撑不下去时，请打求助热线：findahelpline.com",
        en="That sounds very hard, and you are not alone. Please call your bank and the police "
        "now; if you feel that you can't go on, call a help line: findahelpline.com",
    )
    """Said to somebody in distress where ``care.yaml`` is missing."""
    news: Text = Text(zh="最近有什么新变化", en="What is new")
    """Heads the newest statements."""
    nothing_new: Annotated[Text, _fills("since", "until")] = Text(
        zh="{since}到{until}这一年里没有新的。我这里最新的是：",
        en="Nothing is from the year {since} to {until}. The newest that I have:",
    )
    """Nothing on an entry is as new as the last twelve months, ``{since}`` to ``{until}``."""
    earlier: Text = Text(zh="更早", en="Earlier")
    """Heads what is older than twelve months."""
    timeline: Text = Text(zh="大事记", en="Timeline")
    """Heads dated statements in their order."""
    article: Text = Text(
        zh="这一点是原文章自己的看法，没有另外的来源。",
        en="That is the view of the article that this is based on; there is no other source.",
    )
    """Where a statement has no source of its own."""
    repeated: Text = Text(zh="刚才说过，就是这一点：", en="As I said before:")
    """Before a statement that was made already."""
    yes: Text = Text(zh="是的。", en="Yes.")
    """Begins the answer to a question that asks whether."""
    no: Text = Text(zh="不是。", en="No.")
    """The same, where it is not so."""
    partly: Text = Text(zh="部分如此。", en="Partly.")
    """The same, where it is so in part."""
    gap: _NameText = Text(
        zh="关于“{name}”，我没有能直接回答的资料。",
        en="I have nothing on “{name}” that answers this directly.",
    )
    """The entry is known, but not what is asked about it: ``{name}``."""
    perhaps: Text = Text(
        zh="这是我这里最接近的一条，不一定正好回答了你的问题。",
        en="That is the closest I have; it may not answer your question exactly.",
    )
    """After a statement that may well be the answer, though that isn't sure."""
    nothing_more: _NameText
    """All details have been given: ``{name}``."""
    benefits: Text
    """Heading of benefits."""
    challenges: _NameText
    """Heading of challenges: ``{name}``."""
    risks: Text
    """Short heading of challenges, within a longer answer."""
    why: _NameText
    """Heading of reasons: ``{name}``."""
    drivers_behind: _NamesText
    """Introduces the drivers of an entry: ``{names}``."""
    cases: _NameText
    """Heading of the cases of an entry: ``{name}``."""
    cases_in: _RegionText
    """Heading of the cases of a region: ``{region}``."""
    cases_of_in: Annotated[Text, _fills("name", "region")]
    """Heading of the cases of an entry in a region: ``{name}``, ``{region}``."""
    no_cases_in: _RegionText
    """There is no case in a region: ``{region}``."""
    elsewhere: Text
    """Heads the cases of other regions instead."""
    no_own_cases: Annotated[Text, _fills("name", "parent")]
    """An entry has no case; those of its parent follow: ``{name}``, ``{parent}``."""
    is_case: Annotated[Text, _fills("name", "names")]
    """Cases of a case are asked for: ``{name}``, and ``{names}`` of what it shows."""
    no_cases: _NameText
    """An entry has no case at all: ``{name}``."""
    examples: Text
    """Heading of instances that are no entries."""
    points: Text
    """Heading of an entry's points."""
    part_of: _NamesText
    """Says what an entry belongs to: ``{names}``."""
    shows: _NamesText
    """Says what a case is an example of: ``{names}``."""
    compare: _NamesText
    """Heading of a comparison: ``{names}``."""
    difference: Text
    """Marks the sentence that says how two entries differ."""
    sources: Text
    """Heading of sources."""
    next: Text
    """Heads the questions to ask next."""
    ask_cases: Text
    """Question to ask next about an entry."""
    ask_why: Text
    """Question to ask next about an entry."""
    ask_challenges: Text
    """Question to ask next about an entry."""
    ask_more: Text
    """Question to ask next: more about the same."""
    driver: Text
    """Heading of the list of drivers."""
    trend: Text
    """Heading of the list of trends."""
    technology: Text
    """Heading of the list of technologies."""
    case: Text
    """Heading of the list of cases."""
    outlook: Text
    """Heading of the list of outlooks."""
    chat: ChatTexts
    """What the bot says in a chat besides its answers."""
