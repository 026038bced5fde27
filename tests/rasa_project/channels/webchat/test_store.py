"""The chat store on each of its databases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rasa_project.channels.webchat.keys import GivenKeys
from rasa_project.channels.webchat.store import Database, messages, sessions
from rasa_project.channels.webchat.tokens import Session, SessionTokens

pytestmark = pytest.mark.services

TOKENS = SessionTokens(GivenKeys(["s" * 32]), 30)


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'new' / 'webchat.db'}"
    else:
        url = request.getfixturevalue("postgresql").empty_database()
    store = Database(url)
    yield store
    store.close()


async def say(store: Database, session: Session, text: str) -> Any:
    return await store.write(sessions.accept, session, f"id {text}", text, {})


async def texts(store: Database, thread: str, **asked: int) -> list[tuple[int, str]]:
    page = await store.read(messages.page, thread, 100, asked.get("after"), asked.get("before"))
    return [(message["seq"], message["text"]) for message in page.messages]


async def test_messages_are_numbered_without_a_gap_whoever_speaks(store: Database) -> None:
    session = TOKENS.issue()
    for text in ("a", "b", "a"):
        await say(store, session, text)
        bot = {"id": f"bot {text}", "text": f"on {text}", "sender": "bot"}
        await store.write(messages.append, session.sender, bot["id"], bot)
    assert await texts(store, session.sender) == [(1, "a"), (2, "on a"), (3, "b"), (4, "on b")]


async def test_writers_side_by_side_share_the_numbers(store: Database) -> None:
    session = TOKENS.issue()
    other = Database(str(store._url.render_as_string(hide_password=False)))
    await asyncio.gather(
        *(say(store, session, f"one {number}") for number in range(10)),
        *(say(other, session, f"other {number}") for number in range(10)),
        *(say(other, session, f"one {number}") for number in range(10)),
    )
    other.close()
    found = await texts(store, session.sender)
    assert [seq for seq, _ in found] == list(range(1, 21))
    for name in ("one", "other"):
        own = [text for _, text in found if text.startswith(name)]
        assert sorted(own) == sorted(f"{name} {number}" for number in range(10))


async def test_a_page_goes_forth_and_back_and_says_whether_there_is_more(store: Database) -> None:
    session = TOKENS.issue()
    for text in "abcde":
        await say(store, session, text)

    async def page(**asked: Any) -> tuple[str, bool]:
        found = await store.read(
            messages.page, session.sender, 2, asked.get("after"), asked.get("before")
        )
        assert (found.last, found.working) == (5, True)
        return "".join(message["text"] for message in found.messages), found.more

    assert [await page(), await page(before=4), await page(before=2)] == [
        ("de", True), ("bc", True), ("a", False),
    ]  # fmt: skip
    assert [await page(after=0), await page(after=3), await page(after=5)] == [
        ("ab", True), ("de", False), ("", False),
    ]  # fmt: skip


async def test_turns_are_taken_in_order_and_one_left_over_is_known_as_such(
    store: Database,
) -> None:
    session = TOKENS.issue()
    await say(store, session, "a")
    await say(store, session, "b")
    first = await store.write(messages.claim, session.sender)
    left = await store.write(messages.claim, session.sender)
    assert first is not None and left is not None
    assert (first.text, first.again, left.text, left.again) == ("a", False, "a", True)
    assert await store.read(messages.unfinished) == [session.sender]
    await store.write(messages.finish, first.key, "done")
    second = await store.write(messages.claim, session.sender)
    assert second is not None and (second.text, second.again) == ("b", False)
    await store.write(messages.finish, second.key, "failed")
    assert await store.write(messages.claim, session.sender) is None
    assert await store.read(messages.unfinished) == []


async def test_an_anonymous_chat_becomes_the_customers_and_a_later_one_is_joined_to_it(
    store: Database,
) -> None:
    first, second = TOKENS.issue(), TOKENS.issue()
    await say(store, first, "a")
    own = await store.write(sessions.identify, "7", {"name": "Ana"}, first, "unused")
    assert own == first.sender
    await say(store, second, "b")
    bot = {"id": "bot b", "text": "on b", "sender": "bot"}
    await store.write(messages.append, second.sender, "bot b", bot)
    joined = await store.write(sessions.identify, "7", {"name": "Ana"}, second, "unused")
    # Rasa goes on where the customer was just now, and everything stands in one thread.
    assert joined == second.sender
    thread = await store.read(messages.thread_of, second.sender)
    assert thread == first.sender
    assert await texts(store, thread) == [(1, "a"), (2, "b"), (3, "on b")]
    late = {"id": "late", "text": "an agent's", "sender": "agent"}
    kept = await store.write(messages.append, first.sender, "late", late)
    assert (kept.thread, kept.number) == (thread, 4)
    assert await store.read(sessions.profile_of, second.sender) == {"id": "7", "name": "Ana"}
    assert await store.read(sessions.over_among, [first, second]) == [first, second]


async def test_a_chat_in_which_nothing_was_said_leaves_the_customer_where_they_were(
    store: Database,
) -> None:
    empty = TOKENS.issue()
    own = await store.write(sessions.identify, "7", {}, None, "fresh")
    assert await store.write(sessions.identify, "7", {}, empty, "unused") == own == "fresh"


async def test_a_session_of_one_customer_gives_nothing_to_another(store: Database) -> None:
    guest = TOKENS.issue()
    await say(store, guest, "a")
    await store.write(sessions.identify, "7", {}, guest, "unused")
    assert await store.write(sessions.identify, "8", {}, guest, "fresh") == "fresh"
    assert await texts(store, "fresh") == []


async def test_a_session_that_is_over_says_nothing_more(store: Database) -> None:
    session, other = TOKENS.issue("c", customer=True), TOKENS.issue("c", customer=True)
    await say(store, session, "a")
    await store.write(sessions.revoke, session)
    assert await say(store, session, "b") is None
    assert await say(store, other, "c") is not None
    await store.write(sessions.revoke_all, other)
    time.sleep(0.001)
    assert await say(store, other, "d") is None
    assert await say(store, TOKENS.issue("c", customer=True), "e") is not None
    assert [text for _, text in await texts(store, "c")] == ["a", "c", "e"]


async def test_those_that_are_over_are_found_among_any_number(store: Database) -> None:
    many = [TOKENS.issue() for _ in range(900)]
    for one in (many[0], many[450], many[899]):
        await store.write(sessions.revoke, one)
    await say(store, many[7], "a")
    await store.write(sessions.revoke_all, many[7])
    found = await store.read(sessions.over_among, many)
    assert found == [many[0], many[7], many[450], many[899]]
    assert await store.read(sessions.over_among, []) == []


async def test_what_the_shop_vouches_for_goes_with_each_message_and_a_page_cannot_claim_it(
    store: Database,
) -> None:
    sender = await store.write(sessions.identify, "7", {"name": "Ana"}, None, "fresh")
    session, guest = TOKENS.issue(sender, customer=True), TOKENS.issue()
    claimed = {"customer": {"id": "8"}, "language": "zh"}
    for one in (session, guest):
        await store.write(sessions.accept, one, "m", "hi", claimed)
    turn = await store.write(messages.claim, sender)
    assert turn is not None and turn.metadata == {
        "customer": {"id": "7", "name": "Ana"}, "language": "zh", "message_id": "m",
    }  # fmt: skip
    turn = await store.write(messages.claim, guest.sender)
    assert turn is not None and turn.metadata == {"language": "zh", "message_id": "m"}


async def test_how_far_a_page_has_got_never_goes_back_or_beyond_the_end(store: Database) -> None:
    session = TOKENS.issue()
    for text in "abc":
        await say(store, session, text)
    last = [await store.write(messages.delivered, session.sender, n) for n in (2, 1, 9)]
    assert last == [3, 3, 3]
    assert await store.write(messages.delivered, "nobody's", 5) == 0


async def test_what_is_old_is_forgotten_and_what_is_not_stays(store: Database) -> None:
    old, young = TOKENS.issue(), TOKENS.issue()
    await say(store, old, "a")
    await asyncio.sleep(0.3)
    await say(store, young, "b")
    assert await store.write(messages.forget, 0.25) == 1
    assert [await texts(store, one.sender) for one in (old, young)] == [[], [(1, "b")]]
