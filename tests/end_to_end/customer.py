"""The customer's side: the shop page with the chat widget in a real browser."""

from __future__ import annotations

from playwright.async_api import Page, expect

ANSWER_MS = 60_000


class Customer:
    """Somebody who chats on the shop page.

    Args:
        page: A fresh browser page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._bot = page.locator("li.message.bot .bubble")
        # While nobody is there, a form to leave a message stands beside the chat's own field.
        self._box = page.locator("textarea[enterkeyhint='send']")

    async def arrive(self, shop_url: str, language: str) -> None:
        """Open the shop page in a language, "en" or "zh", and the chat on it."""
        await self.page.goto(f"{shop_url}?lang={language}")
        await self.open_chat()

    async def open_chat(self) -> None:
        """Open the chat panel."""
        await self.page.locator("button.launcher").click()
        await expect(self._box).to_be_visible()

    async def say(self, text: str) -> None:
        """Write a message and send it with Enter."""
        await self._box.fill(text)
        await self._box.press("Enter")

    async def ask(self, text: str) -> str:
        """Say something, let the bot finish, and return the first bubble of its answer."""
        before = await self._bot.count()
        await self.say(text)
        answer = self._bot.nth(before)
        await expect(answer).to_be_visible(timeout=ANSWER_MS)
        await expect(self.page.locator(".typing-line")).to_be_hidden(timeout=ANSWER_MS)
        return await answer.inner_text()

    async def sees(self, sender: str, text: str) -> None:
        """Hold that a message by `user`, `bot`, `agent` or `system` shows this text."""
        message = self.page.locator(f"li.message.{sender}", has_text=text)
        await expect(message.last).to_be_visible(timeout=ANSWER_MS)

    async def said_by(self, sender: str) -> list[str]:
        """Return what one side has said so far."""
        selector = f"li.message.{sender} .bubble, li.message.{sender} .notice"
        return await self.page.locator(selector).all_inner_texts()
