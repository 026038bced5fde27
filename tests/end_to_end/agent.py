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

    async def sign_in_first_time(
        self, desk_url: str, one_time_password: str, name: str = "agent", shown_as: str = NAME
    ) -> None:
        """Sign in with the password that was printed, and choose an own one."""
        await self.page.goto(desk_url)
        await self.page.locator("#field-0").fill(name)
        await self.page.locator("#field-1").fill(one_time_password)
        await self.page.locator("#field-1").press("Enter")
        await expect(self.page.locator("#field-2")).to_be_visible()
        await self.page.locator("#field-0").fill(shown_as)
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

    async def open(self, preview: str) -> None:
        """Open the conversation whose latest words these are."""
        ticket = self.page.locator("button.ticket", has_text=preview)
        await expect(ticket).to_be_visible(timeout=NEWS_MS)
        await ticket.click()
        await expect(self.page.locator("ol.log li.message", has_text=preview)).not_to_have_count(0)

    async def take(self, preview: str) -> None:
        """Open the waiting conversation whose latest words these are, and take it."""
        await self.open(preview)
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

    async def pass_on(self, to: str, note: str) -> None:
        """Give the open conversation to a colleague, with a note."""
        await self.page.keyboard.press("Alt+KeyP")
        choice = self.page.locator("#pass-on-to")
        named = choice.locator("option", has_text=to)
        await choice.select_option(value=await named.get_attribute("value"))
        await self.page.locator("#pass-on-note").fill(note)
        await self._confirm()

    async def put_off(self) -> None:
        """Put the open conversation off for an hour."""
        await self.page.keyboard.press("Alt+KeyZ")
        await self._confirm()

    async def note(self, text: str) -> None:
        """Leave word for colleagues in the open conversation."""
        await self.page.keyboard.press("Alt+KeyI")
        await self.page.locator(".note-form textarea").fill(text)
        await self.page.locator(".note-form textarea").press("Enter")
        await expect(self.page.locator("li.message.note", has_text=text)).to_be_visible()

    async def resolve(self, outcome: str, note: str) -> None:
        """Close the open conversation with an outcome and a last word to the customer."""
        await self.page.keyboard.press("Alt+KeyS")
        await self.page.locator(f"#outcome-{outcome}").check()
        await self.page.locator("#finish-note").fill(note)
        await self._confirm()
        await expect(self.page.locator("form.composer")).to_have_count(0, timeout=NEWS_MS)

    async def _confirm(self) -> None:
        await self.page.locator("dialog button.primary").click()
        await expect(self.page.locator("dialog")).to_have_count(0)
