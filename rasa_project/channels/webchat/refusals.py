"""What is refused, and in which words a customer is told."""

from __future__ import annotations

import math
from typing import Any, Final

_WORDS: Final[dict[str, dict[str, str]]] = {
    "wrong_type": {
        "en": "This could not be read, so it was not sent.",
        "zh": "无法读取这条内容，因此没有发送。",
    },
    "too_long": {
        "en": "This message is too long. Please split it.",
        "zh": "这条消息太长了，请分成几条发送。",
    },
    "too_fast": {
        "en": "That was very fast. Please wait a moment.",
        "zh": "发送得太快了，请稍等片刻。",
    },
    "session": {
        "en": "This chat cannot be opened from here. Please start a new one.",
        "zh": "无法从这里打开该对话，请重新开始。",
    },
    "expired": {
        "en": "This chat was not used for a long time. Please start a new one.",
        "zh": "该对话很久没有使用，请重新开始。",
    },
    "over": {
        "en": "You have been signed out of this chat.",
        "zh": "您已退出该对话。",
    },
    "identity": {
        "en": "The shop could not confirm who you are. You can chat without signing in.",
        "zh": "商店无法确认您的身份。您可以不登录继续聊天。",
    },
    "identity_expired": {
        "en": "Your sign-in has expired. Please reload the page.",
        "zh": "您的登录已过期，请刷新页面。",
    },
    "file_too_large": {
        "en": "This file is too large. {megabytes} MB are allowed.",
        "zh": "文件太大了，最大允许 {megabytes} MB。",
    },
    "file_empty": {
        "en": "This file is empty.",
        "zh": "这个文件是空的。",
    },
    "file_type": {
        "en": "Files of this kind cannot be sent here.",
        "zh": "无法在这里发送这种类型的文件。",
    },
    "file_infected": {
        "en": "Something harmful was found in this file, so it was not sent.",
        "zh": "在这个文件中发现了有害内容，因此没有发送。",
    },
    "file_unscanned": {
        "en": "This file cannot be checked right now. Please try again in a moment.",
        "zh": "暂时无法检查这个文件，请稍后再试。",
    },
    "file_quota": {
        "en": "Too much was sent here within a day. Please try again tomorrow.",
        "zh": "一天之内发送的文件太多了，请明天再试。",
    },
    "file_gone": {
        "en": "This file is not there any more. Please send it again.",
        "zh": "这个文件已不存在，请重新发送。",
    },
    "no_files": {
        "en": "Files cannot be sent here.",
        "zh": "这里不能发送文件。",
    },
    "mail_address": {
        "en": "This is no e-mail address. Please check it.",
        "zh": "邮箱地址不正确，请检查。",
    },
    "mail_quota": {
        "en": "This conversation was mailed often enough today. Please try again tomorrow.",
        "zh": "今天发送邮件的次数已达上限，请明天再试。",
    },
    "mail_empty": {
        "en": "Nothing has been said here yet.",
        "zh": "对话中还没有内容。",
    },
    "no_mail": {
        "en": "Conversations cannot be mailed from here.",
        "zh": "这里不能通过邮件发送对话记录。",
    },
    "unavailable": {
        "en": "The chat cannot be reached right now. Please try again in a moment.",
        "zh": "暂时无法连接客服，请稍后再试。",
    },
}
REASONS: Final = tuple(_WORDS)


class Rejected(Exception):
    """What a client asked for is not done.

    Attributes:
        message_id: The client's id for the message, or None.
        reason: One of `REASONS`.
        retry_after: Seconds until it may be asked again, None where that would change nothing.
        values: What the words name, by name.
    """

    def __init__(
        self,
        message_id: str | None,
        reason: str,
        retry_after: float | None = None,
        **values: object,
    ) -> None:
        super().__init__(reason)
        self.message_id = message_id
        self.reason = reason
        self.retry_after = retry_after
        self.values = values

    def told(self, language: str) -> dict[str, Any]:
        """Return what the client is told: `reason`, `text` in words, maybe `retry_after`."""
        words = _WORDS[self.reason]["zh" if language == "zh" else "en"]
        told = {"reason": self.reason, "text": words.format(**self.values)}
        if self.retry_after is None:
            return told
        return {**told, "retry_after": math.ceil(self.retry_after * 10) / 10}
