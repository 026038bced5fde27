"""The agent's side: the desk page in a real browser."""

from __future__ import annotations

from playwright.async_api import Page, expect

NEWS_MS = 30_000
NAME = "Li"
OWN_PASSWORD = "a password of one's own"


class DeskAgent:
    """Somebody who answers customers at the desk.

    Args:
        page: A fresh browser page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    async def sign_in_first_time(self, desk_url: str, one_time_password: str) -> None:
        """Sign in with the password that was printed, and choose an own one."""
        await self.page.goto(desk_url)
        await self.page.locator("#field-0").fill("agent")
        await self.page.locator("#field-1").fill(one_time_password)
        await self.page.locator("#field-1").press("Enter")
        await expect(self.page.locator("#field-2")).to_be_visible()
        await self.page.locator("#field-0").fill(NAME)
        await self.page.locator("#field-1").fill(OWN_PASSWORD)
        await self.page.locator("#field-2").fill(OWN_PASSWORD)
        await self.page.locator("#field-2").press("Enter")
        await expect(self.page.locator("nav.queue")).to_be_visible()

    async def sign_in(self, desk_url: str) -> None:
        """Sign in with the own password."""
        await self.page.goto(desk_url)
        await self.page.locator("#field-0").fill("agent")
        await self.page.locator("#field-1").fill(OWN_PASSWORD)
        await self.page.locator("#field-1").press("Enter")
        await expect(self.page.locator("nav.queue")).to_be_visible()

    async def take(self, preview: str) -> None:
        """Open the waiting conversation whose latest words these are, and take it."""
        ticket = self.page.locator("button.ticket", has_text=preview)
        await expect(ticket).to_be_visible(timeout=NEWS_MS)
        await ticket.click()
        await self.page.locator("button.take").click()
        await expect(self.page.locator("form.composer textarea")).to_be_visible()

    async def answer(self, text: str) -> None:
        """Write to the customer and send with Enter."""
        box = self.page.locator("form.composer textarea")
        await box.fill(text)
        await box.press("Enter")

    async def reads(self, text: str) -> str:
        """Hold that the transcript shows a customer's words, and return that message whole."""
        message = self.page.locator("li.message.customer", has_text=text).last
        await expect(message).to_be_visible(timeout=NEWS_MS)
        return await message.inner_text()

    async def why(self) -> list[str]:
        """Return the reasons for which the open conversation is here."""
        return await self.page.locator("ul.reasons li").all_text_contents()

    async def hand_back(self, note: str) -> None:
        """Give the open conversation back to the assistant with a note."""
        await self.page.locator("button.hand-back").click()
        await self.page.locator("#finish-note").fill(note)
        await self.page.locator("dialog button.primary").click()
        await expect(self.page.locator("form.composer")).to_have_count(0, timeout=NEWS_MS)
