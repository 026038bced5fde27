"""Pictures and files in the chat, in real Chromium, in front of a really trained Rasa."""

from __future__ import annotations

import asyncio
import base64

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FilePayload, Locator, Route, expect

from tests.rasa_project.channels.files import samples
from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]

PICTURE = FilePayload(name="broken mug.png", mimeType="image/png", buffer=samples.picture())
PAPER = FilePayload(name="bill.pdf", mimeType="application/pdf", buffer=samples.PDF)
DROP = """([name, type, content]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, {type}));
  const root = document.querySelector('attune-chat').shadowRoot;
  const [place, event] = WHERE;
  root.querySelector(place).dispatchEvent(event(data));
}"""
PASTED = DROP.replace(
    "WHERE",
    "['textarea', (clipboardData) => new ClipboardEvent('paste', {clipboardData, bubbles: true})]",
)
DROPPED = DROP.replace(
    "WHERE", "['.log', (dataTransfer) => new DragEvent('drop', {dataTransfer, bubbles: true})]"
)


async def attach(shop: Shop, *files: FilePayload) -> None:
    async with shop.page.expect_file_chooser() as chooser:
        await shop.page.get_by_role("button", name="Attach files").click()
    await (await chooser.value).set_files(list(files))


def given(file: FilePayload) -> list[str]:
    return [file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()]


async def test_a_picture_and_a_paper_go_with_words_and_are_there_after_a_reload(
    shop: Shop,
) -> None:
    await shop.visit_with_tag()
    await shop.open()
    await attach(shop, PICTURE, PAPER)
    await expect(shop.chat.locator(".uploads .unseen")).to_have_text(
        ["broken mug.png is attached", "bill.pdf is attached"]
    )
    await shop.say("order")
    await expect(shop.chat.locator(".uploads li")).to_have_count(0)
    for _ in range(2):
        image = shop.chat.get_by_role("img", name="broken mug.png")
        await expect(image).to_be_visible()
        assert await image.evaluate("(image) => image.decode().then(() => image.naturalWidth)")
        await expect(shop.chat.locator("a.file")).to_have_text(["bill.pdf"])
        await shop.page.reload()
        await shop.open()
    [event] = await shop.turns(1)
    held = [(one["kind"], one["name"]) for one in event["metadata"]["attachments"]]
    assert (event["text"], held) == ("order", [("image", "broken mug.png"), ("file", "bill.pdf")])


async def test_files_are_pasted_dropped_and_taken_away_by_keyboard(shop: Shop) -> None:
    await shop.visit_with_tag('data-language="zh"')
    await shop.page.get_by_role("button", name="打开聊天窗口").click()
    await expect(shop.page.get_by_role("button", name="添加文件")).to_be_visible()
    await shop.page.evaluate(PASTED, given(PICTURE))
    await shop.page.evaluate(DROPPED, given(PAPER))
    rows = shop.chat.locator(".uploads li")
    await expect(rows.locator(".unseen")).to_have_text(["broken mug.png 已添加", "bill.pdf 已添加"])
    remove = shop.page.get_by_role("button", name="移除 broken mug.png")
    await remove.focus()
    await shop.page.keyboard.press("Enter")
    await expect(rows).to_have_count(1)
    await expect(shop.page.get_by_role("button", name="添加文件")).to_be_focused()
    await shop.page.get_by_role("textbox", name="您的消息").press("Enter")
    await expect(shop.chat.locator("a.file")).to_have_text("bill.pdf")
    [event] = await shop.turns(1)
    assert (event["text"], event["metadata"]["attachments"][0]["name"]) == ("📎", "bill.pdf")


async def test_what_cannot_be_sent_says_why_beside_its_name(shop: Shop) -> None:
    await shop.visit_with_tag()
    await shop.open()
    large = FilePayload(name="long.txt", mimeType="text/plain", buffer=b"x" * 10_000_001)
    program = FilePayload(name="tool.exe", mimeType="", buffer=samples.PROGRAM)
    hidden = FilePayload(name="cat.png", mimeType="image/png", buffer=samples.PROGRAM)
    await attach(shop, large, program, hidden)
    rows = shop.chat.locator(".uploads li.error .upload-state")
    await expect(rows).to_have_text(
        [
            "at most 10 files of 10 MB each",
            "files of this kind cannot be sent here",
            "Files of this kind cannot be sent here.",
        ]
    )


def progress(shop: Shop) -> Locator:
    return shop.chat.get_by_role("progressbar", name="broken mug.png")


async def test_an_upload_shows_its_progress_is_cancelled_and_tried_again(shop: Shop) -> None:
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await shop.context.route("**/webhooks/webchat/files?**", hold)
    await shop.visit_with_tag()
    await shop.open()
    await attach(shop, PICTURE)
    await expect(progress(shop)).to_be_visible()
    await shop.page.get_by_role("button", name="Remove broken mug.png").click()
    await expect(shop.chat.locator(".uploads li")).to_have_count(0)

    await attach(shop, PICTURE)
    await expect(progress(shop)).to_be_visible()
    await held[-1].abort()
    again = shop.chat.get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    await again.click()
    await shop.say("order")  # goes when the file has arrived
    await expect(shop.bubbles).to_have_count(0)
    while len(held) < 3:
        await asyncio.sleep(0.02)
    await held[-1].continue_()
    await expect(shop.chat.get_by_role("img", name="broken mug.png")).to_be_visible()
    [event] = await shop.turns(1)
    assert (event["text"], len(event["metadata"]["attachments"])) == ("order", 1)
    ids = [route.request.url.split("id=")[1].split("&")[0] for route in held]
    assert (ids[1] == ids[2], ids[0] == ids[1]) == (True, False)


async def test_an_agents_picture_and_file_are_shown_by_their_names(shop: Shop) -> None:
    await shop.visit_with_tag()
    await shop.open()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(2)
    shown = "https://shop.example/mug.png"
    held = [
        {"kind": "image", "name": "new mug.png", "mime_type": "image/png", "url": shown},
        {"kind": "file", "name": "bill.pdf", "url": "https://shop.example/bill.pdf"},
    ]
    said = {"sender": "agent", "agent": "Li", "message_id": "a1", "attachments": held}
    await shop.hear({"text": "📷 📎", "metadata": said})
    await expect(shop.chat.get_by_role("img", name="new mug.png")).to_be_visible()
    await expect(shop.chat.locator("a.file")).to_have_text("bill.pdf")
    await expect(shop.bubbles).to_have_count(2)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_axe_finds_nothing_about_files_on_a_phone(shop: Shop, language: str) -> None:
    await shop.page.set_viewport_size({"width": 390, "height": 844})
    await shop.visit_with_tag(f'data-language="{language}" data-opened=""')
    await shop.page.wait_for_function(
        "document.querySelector('attune-chat').shadowRoot.querySelector('.log')"
    )
    await expect(shop.chat.locator(".box button").nth(1)).to_be_visible()
    program = FilePayload(name="tool.exe", mimeType="", buffer=samples.PROGRAM)
    for file in (PICTURE, PAPER, program):
        await shop.page.evaluate(DROPPED, given(file))
    await expect(shop.chat.locator(".uploads .unseen")).to_have_count(2)
    found = await Axe().run(shop.page, "attune-chat")
    assert found.response["violations"] == []
