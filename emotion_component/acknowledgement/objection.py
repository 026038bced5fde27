"""Whether a customer objects to being soothed: "stop apologising", "少来这套".

Who asked for it to stop hears none for the rest of the conversation. The patterns hold to the words
of an order or a refusal, since the same nouns stand in complaints ("no apology from your driver")
and in politeness ("sorry to bother you"). Standard library only.
"""

from __future__ import annotations

import re
from typing import Final

# Longer messages are pasted text. Reading all of one would hold up every other conversation.
MOST_CHARACTERS: Final = 2_000

# What a customer may have had enough of.
_SOOTHING: Final = (
    r"(?:apolog(?:y|ies)|sorr(?:y|ies|ys)|pity|sympathy|empathy|condolences|platitudes|pleasantries"
    r"|niceties|sweet[- ]talk|fake (?:care|concern|kindness)|commiserations)"
)
_DOING: Final = (
    r"(?:apologi[sz]ing|grovell?ing|(?:saying|telling me)(?: that)?(?: (?:you're|you are|youre))?"
    r"(?: so| very)? sorry|being (?:so )?sorry|pitying(?: me)?|patroni[sz]ing(?: me)?"
    r"|sweet[- ]talking(?: me)?|pretending (?:to care|you care|to be sorry)"
    r"|sympathi[sz]ing|feeling sorry for me)"
)
_OF: Final = (
    r"(?:(?:that|the|your|this|these|all|any|of|more|another|an|a|fake|empty|canned|hollow|robotic"
    r"|copied|automated|copy[- ](?:and[- ])?paste) )*"
)
# "The sorry state of it" and "a sorry excuse" are about something else.
_END: Final = r"\b(?! (?:state|excuse|lot|sight|mess)\b)"

_DONT: Final = r"(?<!why )(?:don'?t|do not)(?: you)?(?: dare)?(?: keep)?"

_ENGLISH: Final = re.compile(
    r"\b(?:"
    + "|".join(
        [
            rf"(?:stop|quit|enough|cut out)(?: with| of| it with)? {_OF}(?:{_SOOTHING}\b|{_DOING})",
            rf"(?:spare|save)(?: me)? {_OF}{_SOOTHING}{_END}",
            rf"(?:skip|cut|keep|shove|stuff) {_OF}{_SOOTHING}{_END}",
            rf"{_DONT} (?:give me|tell me|want|need|bother with|care for|care about) {_OF}"
            rf"(?:you're |you are |how ){{0,2}}{_SOOTHING}{_END}(?! (?:from|for)\b)",
            rf"{_DONT} apologi[sz](?:e|ing)\b(?! (?:for (?:me|him|her|them)|to)\b)",
            rf"{_DONT} say(?:ing)? (?:that )?(?:you're |you are )?sorry\b",
            rf"{_DONT} (?:pity|patroni[sz]e|sweet-talk|sweet talk) me",
            r"no need (?:to apologi[sz]e|to say sorry|to be sorry|for (?:an |any )?apolog\w+)",
            rf"no more {_OF}{_SOOTHING}{_END}",
            r"(?:your|the|these) (?:apolog(?:y|ies)|sorr(?:y|ies)|sympathy|pity) "
            r"(?:is|are|does|do|means?|won'?t|isn'?t|aren'?t|doesn'?t|don'?t)\b.{0,12}\b"
            r"(?:nothing|worthless|useless|no use|help|helping|fix|meaningless|empty)",
            r"sorry (?:doesn'?t|does not|won'?t|will not|isn'?t going to|is not going to) "
            r"(?:help|fix|cut it|do it|bring|change|pay|solve|work)",
        ]
    )
    + ")",
    re.IGNORECASE,
)

# A question ("难道不用道歉吗？") asks for an apology instead of refusing one.
_NOT_ASKED: Final = r"(?![^，。,.！!；;\s]*[吗么嘛？?])"
_SORRY: Final = r"(?:道歉|致歉|说(?:声|句)?(?:对不起|抱歉|不好意思)|说(?:什么)?对不起|对不起|抱歉)"
_CARING: Final = r"(?:安慰我?|同情我?|可怜我?|哄我|敷衍我?|假惺惺|客套|假客气|装可怜|卖惨)"
_TO_ME: Final = r"(?:再|老是|老|总是|一直|光|只会|只顾着|跟我|和我|给我|对我|在这儿?|这样)*"

_SET_PIECE: Final = r"(?:来|整|玩|搞)这一?套"
_CHINESE: Final = re.compile(
    "|".join(
        [
            rf"(?<![特分区个])别{_TO_ME}(?:{_SORRY}|{_CARING}|{_SET_PIECE}){_NOT_ASKED}",
            rf"少{_TO_ME}(?:{_SORRY}|{_CARING}|{_SET_PIECE}|废话|说废话|说漂亮话)",
            r"(?<![要用需])不(?:用|要|需要|必|想要|想听|稀罕|接受)(?:你们|您们|你|您)?的?"
            rf"{_TO_ME}(?:{_SORRY}|{_CARING}){_NOT_ASKED}",
            rf"(?:停止|打住|收起)(?:你们?)?(?:的|那些|那套|那)?的?(?:{_SORRY}|{_CARING}|同情心?)",
            r"(?:收起|收回)你们?(?:那|这)(?:一?套|些)",
            r"(?:道歉|对不起|抱歉)(?:又?有(?:什么|啥|个屁|个毛)用|顶(?:什么|啥)用|有用[吗么]|没用|不管用)",
            r"(?:道歉|对不起|抱歉|客套话|客气话|好听的|漂亮话)(?:的话)?就?(?:免了|省省|省了|不必了|不用了)",
            r"谁(?:要|稀罕)听?你们?的?(?:道歉|同情|可怜|安慰)",
            r"别(?:再|老|跟我|给我|发|说|那个|什么){1,4} ?(?:sorry|apolog)",
            r"虚情假意|猫哭耗子|别恶心我",
        ]
    ),
    re.IGNORECASE,
)


def objects(text: str | None) -> bool:
    """Say whether a message tells the bot to stop apologising or soothing, in either language."""
    if not text:
        return False
    plain = text[:MOST_CHARACTERS].replace("’", "'")
    return bool(_ENGLISH.search(plain) or _CHINESE.search(plain))
