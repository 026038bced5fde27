"""What waiting customers are told: their place, that nobody is there, that they are passed on."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Final

from rasa_project.desk.outbound.notices import DEFAULT_LANGUAGE

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "place": "You are number {place} in line.",
        "next": "You are next in line.",
        "wait": " The wait is about {low} to {high} minutes.",
        "wait_same": " The wait is about {high} min.",
        "wait_long": " The wait is longer than an hour; you can come back later and read the "
        "answer here.",
        "closed": "Our team is away until {when}.",
        "closed_long": "Our team is away at the moment.",
        "no_hours": "closed",
        "nobody": "Nobody from our team is here right now.",
        "leave": " Write here what it is about and, if you like, an e-mail address or a phone "
        "number. You get the answer in this chat.",
        "contact": "Thank you, we have noted {contact}. You get the answer here in this chat.",
        "passed_on": "A colleague is taking over and reads what you wrote so far.",
        "taken_over": "{agent} is taking over and has read what you wrote.",
        "merged": "We answer you in your other conversation with us.",
    },
    "zh": {
        "place": "您排在第 {place} 位。",
        "next": "下一位就是您。",
        "wait": "预计还需等待 {low} 到 {high} 分钟。",
        "wait_same": "预计还需等待约 {high} 分钟。",
        "wait_long": "预计等待超过一小时，您可以稍后再来，回复会留在这里。",
        "closed": "客服目前不在，{when}恢复服务。",
        "closed_long": "客服目前不在。",
        "no_hours": "休息",
        "nobody": "目前没有客服在线。",
        "leave": "您可以直接在这里留言，如果愿意也可以留下邮箱或电话，我们会在此对话中回复您。",
        "contact": "谢谢，已记下您的联系方式：{contact}。我们会在此对话中回复您。",
        "passed_on": "正在为您转给其他同事，您之前写的内容对方都能看到。",
        "taken_over": "现在由{agent}为您服务，您之前写的内容都已看过。",
        "merged": "我们会在您的另一个对话中回复您。",
    },
}
_WEEKDAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_SHORT: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": _WEEKDAYS["zh"],
}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def place(language: str | None, place: int, wait: tuple[int, int] | None, longest: int) -> str:
    """Tell a place in the queue.

    Args:
        language: The customer's.
        place: From 1.
        wait: The expected wait in minutes, from and to; none where nobody can say.
        longest: Beyond so many minutes no figure is given.
    """
    texts = _texts(language)
    says = texts["next"] if place == 1 else texts["place"].format(place=place)
    if wait is None:
        return says
    low, high = wait
    if low > longest:
        return says + texts["wait_long"]
    return says + texts["wait_same" if low == high else "wait"].format(low=low, high=high)


def absent(language: str | None, why: str, opens: dt.datetime | None) -> str:
    """Tell that nobody is there, until when, and what to do.

    Args:
        language: The customer's.
        why: `closed` outside the opening hours, else `nobody`.
        opens: When the desk opens next, in its own time zone; none if that is not known.
    """
    return away(language, why, opens) + _texts(language)["leave"]


def away(language: str | None, why: str, opens: dt.datetime | None) -> str:
    """Tell that nobody is there, and until when; see `absent`."""
    texts = _texts(language)
    if why == "nobody":
        return texts["nobody"]
    if opens is None:
        return texts["closed_long"]
    return texts["closed"].format(when=_moment(language, opens))


def days(language: str | None, hours: Sequence[Sequence[tuple[int, int]]]) -> list[list[str]]:
    """Word opening hours, days with the same ones together.

    Args:
        language: The customer's.
        hours: Minutes of the day, from and to, of each day from Monday on.

    Returns:
        Days and hours of each line, such as `["Mon–Fri", "09:00–17:30"]`; none where it is always
        open.
    """
    if not any(hours):
        return []
    names, texts = _SHORT[language if language in _SHORT else DEFAULT_LANGUAGE], _texts(language)
    said = [", ".join("–".join(map(_clock, span)) for span in day) for day in hours]
    lines = []
    for told, group in itertools.groupby(range(len(said)), key=said.__getitem__):
        same = list(group)
        ends = [same[0], same[-1]] if len(same) > 1 else same
        lines.append(["–".join(names[day] for day in ends), told or texts["no_hours"]])
    return lines


def contact_noted(language: str | None, contact: str) -> str:
    """Tell that an address or number was understood."""
    return _texts(language)["contact"].format(contact=contact)


def passed_on(language: str | None) -> str:
    """Tell that somebody else will answer."""
    return _texts(language)["passed_on"]


def taken_over(language: str | None, agent: str) -> str:
    """Tell who answers from now on."""
    return _texts(language)["taken_over"].format(agent=agent)


def merged(language: str | None) -> str:
    """Tell that the answer comes in another conversation."""
    return _texts(language)["merged"]


def _moment(language: str | None, when: dt.datetime) -> str:
    zone = when.tzname() or ""
    if language == "zh":
        day = _WEEKDAYS["zh"][when.weekday()]
        return f"{when.month}月{when.day}日（{day}）{when:%H:%M}（{zone}）"
    day = _WEEKDAYS["en"][when.weekday()]
    return f"{day}, {when.day} {_MONTHS[when.month - 1]}, {when:%H:%M} ({zone})"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _texts(language: str | None) -> dict[str, str]:
    return _TEXTS.get(language or "", _TEXTS[DEFAULT_LANGUAGE])
