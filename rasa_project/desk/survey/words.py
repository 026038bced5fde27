"""What the survey says, in the customer's language, and what counts as an answer."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

RATINGS: Final = (1, 2, 3, 4, 5)
# Not an intent of anybody's bot: the bot's policy knows it by this name and keeps silent.
PAYLOAD: Final = "/attune_survey_"
ANYTHING: Final = "*"
# Rasa's output channels that put a button into words, payload and all.
TEXT_ONLY: Final = frozenset({"twilio", "twilio_voice", "webexteams", "hangouts", "cmdline"})

_RATING_PAYLOAD: Final = re.compile(rf"{PAYLOAD}([1-5])")
_COMMENT_PAYLOAD: Final = f"{PAYLOAD}comment"
_DEFAULT: Final = "en"
_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "ask": "How was our help this time?",
        "ask_by_number": "How was our help this time? Answer with a number from 1 (very bad) "
        "to 5 (very good).",
        "thanks": "Thank you for your rating: {title}.",
        "changed": "Thank you, your rating is now: {title}.",
        "too_late": "Thank you. Your earlier rating stands; it can be changed for one day.",
        "comment": "Add a comment",
        "comment_by_word": "Write “comment” if you would like to add one.",
        "ask_comment": "What would you like to tell us? Your next message goes to our team.",
        "closing": "Thank you, we have passed your comment on to the team.",
    },
    "zh": {
        "ask": "这次服务您满意吗？",
        "ask_by_number": "这次服务您满意吗？请回复数字 1（非常差）到 5（非常满意）。",
        "thanks": "感谢您的评价：{title}。",
        "changed": "谢谢，您的评价已改为：{title}。",
        "too_late": "谢谢。评价只能在一天内修改，之前的评价仍然有效。",
        "comment": "补充意见",
        "comment_by_word": "如需补充意见，请回复“意见”。",
        "ask_comment": "您想对我们说什么？您的下一条消息会转给我们的团队。",
        "closing": "谢谢，您的意见已转给团队。",
    },
}
TITLES: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Very bad", "Bad", "OK", "Good", "Very good"),
    "zh": ("非常差", "差", "一般", "满意", "非常满意"),
}
_COMMENT_WORDS: Final = ("comment", "add a comment", "意见", "补充意见", "评论")


def text(language: str | None, name: str, **values: str) -> str:
    """Say something in a language, English where that is not known."""
    return _TEXTS[_known(language)][name].format(**values)


def title(language: str | None, rating: int) -> str:
    """Name a rating."""
    return TITLES[_known(language)][rating - 1]


def rating_buttons(language: str | None) -> list[dict[str, str]]:
    """Make the five buttons, from very bad to very good."""
    return [
        {"title": title(language, rating), "payload": f"{PAYLOAD}{rating}"} for rating in RATINGS
    ]


def comment_button(language: str | None) -> dict[str, str]:
    """Make the button with which a customer says more."""
    return {"title": text(language, "comment"), "payload": _COMMENT_PAYLOAD}


def rating_words() -> dict[str, int]:
    """Name the texts that are a rating when they follow the question, as `plain` makes them."""
    found: dict[str, int] = {}
    for rating in RATINGS:
        named = [titles[rating - 1] for titles in TITLES.values()]
        for word in [str(rating), f"{rating}分", f"{rating}/5", *named]:
            found[plain(word)] = rating
    return found


def comment_words() -> list[str]:
    """Name the texts that ask for a comment when they follow the thanks."""
    return [plain(word) for word in _COMMENT_WORDS]


def pressed_rating(said: str) -> int | None:
    """Return the rating whose button was pressed."""
    match = _RATING_PAYLOAD.fullmatch(said.strip())
    return int(match[1]) if match else None


def pressed_comment(said: str) -> bool:
    """Say whether the button for a comment was pressed."""
    return said.strip() == _COMMENT_PAYLOAD


def plain(said: str) -> str:
    """Bring a text to the form in which answers are compared; the bot's policy does the same."""
    return unicodedata.normalize("NFKC", said).casefold().strip(" \t\r\n.!。")


def metadata(step: str, answers: list[str]) -> dict[str, Any]:
    """Tell the bot's policy which texts, coming next, are an answer to the desk."""
    return {"survey": {"step": step, "answers": answers}}


def _known(language: str | None) -> str:
    return language if language in _TEXTS else _DEFAULT
