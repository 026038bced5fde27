from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from rasa_project.channels import conversations
from rasa_project.channels.conversations import Conversations


class Store:
    """Message ids by conversation, and how often each was asked for."""

    def __init__(self, **ids: list[str]) -> None:
        self.ids = ids
        self.asked: list[str] = []

    async def __call__(self, conversation: str) -> Iterable[str]:
        self.asked.append(conversation)
        return self.ids.get(conversation, [])


async def handle_all(
    queue: Conversations, messages: Iterable[tuple[str, str | None]]
) -> tuple[list[bool], list[str]]:
    handled: list[str] = []

    async def handle(conversation: str, message_id: str | None) -> bool:
        async def turn() -> None:
            await asyncio.sleep(0)
            handled.append(f"{conversation}:{message_id}")

        return await queue.handle_once(conversation, message_id, turn)

    return list(await asyncio.gather(*(handle(*message) for message in messages))), handled


async def test_a_message_is_handled_once_and_one_without_an_id_always() -> None:
    queue = Conversations(Store())
    fresh, handled = await handle_all(queue, [("a", "1"), ("a", "1"), ("a", None), ("a", None)])
    assert fresh == [True, False, True, True]
    assert handled == ["a:1", "a:None", "a:None"]


async def test_the_same_id_in_another_conversation_is_another_message() -> None:
    fresh, _ = await handle_all(Conversations(Store()), [("a", "1"), ("b", "1")])
    assert fresh == [True, True]


async def test_what_the_tracker_holds_is_a_duplicate_and_is_looked_up_once() -> None:
    store = Store(a=["1", "2"])
    fresh, handled = await handle_all(Conversations(store), [("a", "2"), ("a", "3"), ("a", "1")])
    assert (fresh, handled, store.asked) == ([False, True, False], ["a:3"], ["a"])


async def test_a_failed_message_counts_as_never_handled() -> None:
    queue = Conversations(Store())

    async def fail() -> None:
        raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        await queue.handle_once("a", "1", fail)
    assert await handle_all(queue, [("a", "1")]) == ([True], ["a:1"])


async def test_a_failed_look_up_is_made_again() -> None:
    store = Store(a=["1"])

    async def fail_first(conversation: str) -> Iterable[str]:
        ids = await store(conversation)
        if len(store.asked) == 1:
            raise OSError("no database")
        return ids

    queue = Conversations(fail_first)
    with pytest.raises(OSError, match="no database"):
        await handle_all(queue, [("a", "1")])
    assert await handle_all(queue, [("a", "1")]) == ([False], [])


async def test_memory_is_bounded_and_what_was_forgotten_is_looked_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversations, "REMEMBERED_CONVERSATIONS", 2)
    store = Store()
    queue = Conversations(store)
    for conversation in ("a", "b", "c", "c", "a"):
        await handle_all(queue, [(conversation, f"m{len(store.asked)}")])
    assert store.asked == ["a", "b", "c", "a"]
