"""What customers see and do in the chat, and what the server hears of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]
ANSWER = ["order", "Your order is on its way."]
AGENT = {"sender": "agent", "agent": "Ana Lima"}


async def begin(shop: Shop, attributes: str = "data-opened") -> None:
    """Have a first answer, so that there is a conversation to speak in."""
    await shop.visit_with_tag(attributes)
    await shop.say("order")
    await expect(shop.bubbles).to_have_text(ANSWER)


MARKDOWN = """# Your *order*
It is **late**, `A1042`:
- one _mug_
- two https://shop.example/a_b_c
3. third
> so sorry
> really
```
**no** markup
```
[terms](https://shop.example/terms) [bad](javascript:alert(1)) <b>no</b> snake_case_name 2*3*4"""

BUILT = [
    ["p", "heading", "Your <em>order</em>"],
    ["p", "", "It is <strong>late</strong>, <code>A1042</code>:"],
    ["ul", "", "<li>one <em>mug</em></li><li>two <a>https://shop.example/a_b_c</a></li>"],
    ["ol", "", "<li>third</li>"],
    ["blockquote", "", "so sorry<br>really"],
    ["pre", "", "<code>**no** markup</code>"],
    [
        "p",
        "",
        "<a>terms</a> [bad](javascript:alert(1)) &lt;b&gt;no&lt;/b&gt; snake_case_name 2*3*4",
    ],
]


async def test_markdown_becomes_the_few_elements_it_may(shop: Shop) -> None:
    await begin(shop)
    await shop.hear({"text": MARKDOWN})
    await expect(shop.bubbles).to_have_count(3)
    built = await shop.bubbles.last.evaluate(
        """bubble => [...bubble.children].map(block => [block.localName, block.className,
            block.innerHTML.replace(/<(a|li|code) [^>]*>/g, "<$1>")])"""
    )
    assert built == BUILT
    links = await shop.bubbles.last.locator("a").evaluate_all("all => all.map(a => a.href)")
    assert links == ["https://shop.example/a_b_c", "https://shop.example/terms"]


def card(name: str) -> dict[str, Any]:
    return {
        "title": name,
        "subtitle": "In stock",
        "image_url": "https://shop.example/mug.png",
        "buttons": [
            {"title": f"Order the {name}", "payload": "/order"},
            {"title": "Look", "type": "web_url", "url": "https://shop.example/mug"},
        ],
    }


async def test_cards_of_one_answer_stand_side_by_side_to_leaf_through(shop: Shop) -> None:
    await begin(shop)
    await shop.hear({"text": "", "data": {"elements": [card("mug"), card("pot"), card("fern")]}})
    carousel = shop.page.get_by_role("region", name="Choices, 3")
    await expect(carousel.locator(".card-title")).to_have_text(["mug", "pot", "fern"])
    looks = carousel.get_by_role("link", name="Look")
    await expect(looks).to_have_count(3)
    assert await looks.first.get_attribute("rel") == "noopener noreferrer nofollow"
    await carousel.get_by_role("button", name="Order the pot").click()
    await expect(shop.bubbles).to_have_text([*ANSWER, "Order the pot", ANSWER[1]])
    await expect(carousel.get_by_role("button")).to_have_count(0)
    await expect(looks).to_have_count(3)


async def test_a_file_is_a_link_and_a_picture_has_its_own_words(shop: Shop) -> None:
    await begin(shop)
    invoice = {"src": "https://shop.example/a.pdf", "title": "Invoice.pdf"}
    await shop.hear(
        {"text": "", "data": {"attachment": {"type": "file", "payload": invoice}}},
        {"text": "", "data": {"attachment": {"type": "file", "payload": {"src": "data:,x"}}}},
        {"text": "", "data": {"image": "https://shop.example/mug.png"}},
    )
    await expect(shop.page.get_by_role("link", name="Invoice.pdf")).to_have_attribute(
        "href", "https://shop.example/a.pdf"
    )
    await expect(shop.page.get_by_role("img", name="Picture")).to_have_count(1)
    assert await shop.chat.locator("li.message").count() == 4  # nothing of the broken one


async def test_a_survey_is_a_row_of_faces_that_say_what_they_mean(shop: Shop) -> None:
    titles = ["Very bad", "Bad", "OK", "Good", "Very good"]
    buttons = [
        {"title": title, "payload": f"/attune_survey_{number}"}
        for number, title in enumerate(titles, 1)
    ]
    await begin(shop)
    await shop.hear({"text": "How was our help?", "data": {"buttons": buttons}})
    faces = shop.page.get_by_role("group", name="Your rating").get_by_role("button")
    await expect(faces).to_have_text(["😞Very bad", "🙁Bad", "😐OK", "🙂Good", "😀Very good"])
    await shop.page.get_by_role("button", name="Good", exact=True).click()
    await expect(shop.bubbles.nth(3)).to_have_text("Good")
    assert await shop.sent(2) == ["order", "/attune_survey_4"]


async def test_an_agent_is_known_by_name_and_initials_while_writing_and_afterwards(
    shop: Shop,
) -> None:
    await begin(shop)
    await shop.tell("agent_typing", {"agent": "Ana Lima"})
    await expect(shop.page.get_by_role("img", name="Ana Lima is writing")).to_be_visible()
    await shop.hear({"text": "Hello, I am Ana.", "metadata": AGENT})
    await expect(shop.chat.locator(".agent .name")).to_have_text("Ana Lima")
    await expect(shop.chat.locator(".speaker .avatar")).to_have_text("AL")
    await expect(shop.page.get_by_role("img", name="Ana Lima is writing")).to_be_hidden()


async def test_a_message_that_waits_for_the_connection_can_be_changed(shop: Shop) -> None:
    await begin(shop)
    await shop.context.set_offline(True)
    await shop.page.evaluate("window.dispatchEvent(new Event('offline'))")
    await expect(shop.chat.locator(".banner")).to_contain_text("No connection", timeout=40_000)
    await shop.say("oder")
    await shop.input.press("ArrowUp")
    await expect(shop.input).to_have_value("oder")
    await expect(shop.bubbles).to_have_count(2)
    await shop.say("links")
    await shop.say("orde")
    await shop.chat.get_by_role("button", name="Change").last.click()
    await expect(shop.input).to_have_value("orde")
    await shop.input.press("r")
    await shop.say("order")
    await shop.context.set_offline(False)
    await expect(shop.bubbles).to_have_count(6, timeout=20_000)
    assert await shop.sent(3) == ["order", "links", "order"]


async def test_emoji_are_chosen_by_keyboard_and_stand_where_the_cursor_was(shop: Shop) -> None:
    await begin(shop)
    await shop.input.fill("good  day")
    await shop.input.evaluate("box => box.setSelectionRange(5, 5)")
    toggle = shop.page.get_by_role("button", name="Emoji")
    await toggle.press("Enter")
    await shop.page.keyboard.press("ArrowRight")
    await shop.page.keyboard.press("ArrowDown")
    await shop.page.keyboard.press("Enter")
    await expect(shop.input).to_have_value("good 😐 day")
    await expect(shop.input).to_be_focused()
    await toggle.press("Enter")
    await shop.page.keyboard.press("Escape")
    await expect(toggle).to_be_focused()
    await expect(shop.page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("kind", ["text", "page"])
async def test_the_conversation_can_be_saved_whole_and_harmless(
    shop: Shop, kind: str, tmp_path: Path
) -> None:
    await begin(shop)
    await shop.hear({"text": "<script>alert(1)</script>", "metadata": AGENT})
    await expect(shop.bubbles).to_have_count(3)
    await shop.page.get_by_role("button", name="Settings and transcript").click()
    async with shop.page.expect_download() as caught:
        await (
            shop.page.get_by_role("button", name=f"Save the conversation as {kind}")
            .or_(shop.page.get_by_role("button", name=f"Save the conversation as a {kind}"))
            .click()
        )
    download = await caught.value
    file = tmp_path / download.suggested_filename
    await download.save_as(file)
    saved = file.read_text(encoding="utf-8")
    if kind == "page":
        assert file.suffix == ".html"
        assert "<script" not in saved
        await shop.page.set_content(saved)
        saved = await shop.page.inner_text("body")
    assert [name for name in ("You", "Assistant", "Ana Lima") if name in saved] == [
        "You",
        "Assistant",
        "Ana Lima",
    ]
    assert "Your order is on its way." in saved
    assert "<script>alert(1)</script>" in saved


async def test_sound_and_notifications_are_off_until_asked_for(shop: Shop) -> None:
    spy = """
        window.calls = [];
        const create = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () {
            calls.push("tone");
            return create.call(this);
        };
        window.Notification = class {
            static permission = "default";
            static async requestPermission() { return (this.permission = "granted"); }
            constructor(title, { body }) { calls.push(`${title}: ${body}`); }
            close() {}
        };
    """
    await shop.page.add_init_script(spy)
    await begin(shop)
    await shop.page.evaluate("Attune.close()")
    await shop.hear({"text": "First", "metadata": AGENT})
    await expect(shop.page.get_by_role("button", name="1 new message")).to_be_visible()
    assert await shop.page.evaluate("calls") == []
    await shop.page.evaluate("Attune.open()")
    await shop.page.get_by_role("button", name="Settings and transcript").click()
    for name in ("Sound for new messages", "Notifications on this device"):
        toggle = shop.page.get_by_role("switch", name=name)
        await expect(toggle).not_to_be_checked()
        await toggle.click()
        await expect(toggle).to_be_checked()
    await shop.page.evaluate(
        """() => {
            calls.length = 0;
            Object.defineProperty(document, "hidden", { get: () => true });
        }"""
    )
    await shop.hear({"text": "Second", "metadata": AGENT})
    await expect(shop.bubbles).to_have_count(4)
    said = "New message from Ana Lima: Second"
    assert await shop.page.evaluate("calls") == ["tone", "tone", said]


async def test_a_screen_reader_hears_each_message_once_and_no_history(shop: Shop) -> None:
    await begin(shop)
    await shop.page.reload()
    await expect(shop.bubbles).to_have_count(2)
    log = shop.page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await log.evaluate(
        """log => {
            window.inserted = [];
            new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
                node => node.textContent && inserted.push(node.textContent)
            ))).observe(log, { childList: true, subtree: true });
        }"""
    )
    await shop.hear({"text": "One", "metadata": AGENT}, {"text": "Two", "metadata": AGENT})
    await expect(shop.bubbles).to_have_count(4)
    heard = await shop.page.evaluate("inserted")
    assert [text[-3:] for text in heard] == ["One", "Two"]


async def test_above_the_keyboard_of_a_phone_the_box_stays_in_view(shop: Shop) -> None:
    await shop.page.set_viewport_size({"width": 390, "height": 800})
    await begin(shop)
    client = await shop.context.new_cdp_session(shop.page)
    # A keyboard shrinks the visible part and leaves the page's height.
    await shop.page.evaluate(
        """() => {
            Object.defineProperty(visualViewport, "height", { get: () => 460 });
            visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    await client.detach()
    box = await shop.input.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 460
    last = await shop.bubbles.last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] < box["y"]


TOP = "node => node.getBoundingClientRect().top"


async def test_a_long_past_is_shown_a_page_at_a_time_and_the_view_stays(shop: Shop) -> None:
    await begin(shop)
    await shop.hear(*({"text": f"Message {number}"} for number in range(60)))
    await expect(shop.bubbles).to_have_count(62)
    await shop.page.reload()
    older = shop.page.get_by_role("button", name="Show earlier messages")
    await expect(older).to_be_visible()
    first = shop.bubbles.first
    before = await first.inner_text()
    await shop.page.get_by_role("log").evaluate("log => { log.scrollTop = 0 }")
    top = await first.evaluate(TOP)
    await older.click()
    await expect(first).not_to_have_text(before)
    while await older.is_visible():
        await older.click()
    await expect(shop.bubbles).to_have_count(62)
    seen = shop.chat.get_by_text(before, exact=True)
    assert abs(await seen.evaluate(TOP) - top) < 60


EVIL = '"><img src=x onerror="window.broken=1"><script>window.broken=1</script>'
SCRIPT = "javascript:window.broken=1"


async def test_script_in_any_field_stays_text(shop: Shop) -> None:
    await begin(shop)
    buttons = [{"title": EVIL, "payload": EVIL, "url": SCRIPT}, {"title": "b", "url": SCRIPT}]
    evil_card = {"title": EVIL, "subtitle": EVIL, "image_url": SCRIPT, "buttons": buttons}
    file = {"type": "file", "payload": {"src": SCRIPT, "title": EVIL}}
    agent = {"sender": "agent", "agent": EVIL, "picture": SCRIPT}
    await shop.hear(
        {"text": EVIL, "metadata": agent},
        {"text": "", "data": {"elements": [evil_card]}, "metadata": agent},
        {"text": f"[{EVIL}]({SCRIPT}) `{EVIL}`", "data": {"attachment": file, "image": SCRIPT}},
        {"text": EVIL, "data": {"buttons": buttons}, "metadata": {"sender": "system"}},
    )
    await shop.tell("agent_typing", {"agent": EVIL})
    await shop.say(EVIL)
    await expect(shop.bubbles.last).to_have_text("Sorry, again please?")
    built = await shop.chat.evaluate(
        """({ shadowRoot }) => [...shadowRoot.querySelectorAll("script, iframe, img, a")]
            .map(node => node.href || node.src || node.localName)"""
    )
    assert built == []
    assert await shop.page.evaluate("window.broken") is None


async def test_the_latest_message_says_when_it_arrived_and_when_it_was_read(shop: Shop) -> None:
    await begin(shop)
    assert await shop.server.append(await shop.conversation(), [{"event": "pause"}]) == 200
    receipt = shop.chat.locator(".receipt")
    await expect(receipt).to_be_empty()
    await shop.say("hello")
    await expect(receipt).to_have_text("Delivered")
    message = await shop.chat.locator("li.message").last.get_attribute("data-id")
    await shop.tell("messages_read", {"until": message})
    await expect(receipt).to_have_text("Read")
    await shop.hear({"text": "I look.", "metadata": AGENT})
    await expect(receipt).to_be_empty()
