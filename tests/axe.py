"""Looks a page over for what keeps people out, with axe-core, in the page's own browser."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests import node

_SOURCE = node.WEB / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """
async (options) => {
  const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => {
    const why = [...any, ...all, ...none].map(({ message }) => message);
    return [id, target.join(" "), ...why].join(": ");
  }));
}
"""


async def found(page: Page) -> list[str]:
    """Return what WCAG 2.2 AA or good practice forbids: rule, element, and what is wrong."""
    return await _run(page, {"runOnly": {"type": "tag", "values": _TAGS}})


async def too_faint(page: Page) -> list[str]:
    """Return what cannot be told from its ground: all that another colour scheme can change."""
    rules = ["color-contrast", "link-in-text-block"]
    return await _run(page, {"runOnly": {"type": "rule", "values": rules}})


async def _run(page: Page, options: dict[str, Any]) -> list[str]:
    node.need("axe-core")
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_SOURCE.read_text(encoding="utf-8"))
    faults: list[str] = await page.evaluate(_RUN, options)
    return faults
