"""The buyers' pages in a real browser: on a phone and on a desk, light and dark, readable and by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_service import Service

from training.screens.browser import chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]

# Of every piece of text its contrast with what is behind it (WCAG 2.2, 1.4.3), where that is below what its size needs.
FAINT = """
() => {
  const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const parts = (css) => (css.match(/[\\d.]+/g) || []).map(Number);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const found = parts(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || node.closest("svg, .skip")) continue;
    const style = getComputedStyle(node), size = parseFloat(style.fontSize);
    const [one, other] = [light(parts(style.color)), light(behind(node))].sort((a, b) => b - a);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if ((one + 0.05) / (other + 0.05) < (large ? 3 : 4.5)) faint.push(walker.currentNode.data.trim());
  }
  return faint;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium_path()))
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_policy_page_fits_is_readable_and_asks_nobody_else(
    service: Service, browser: Any, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, locale="en-GB")
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{service.url}/public/demo/policy")
    assert page.locator("h1").inner_text() == "Refund policy"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(FAINT) == []
    assert said == []
    assert all(url.startswith(service.url) for url in asked)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(18, 22, 28)") == (scheme == "dark")
    page.get_by_role("link", name="中文").click()
    assert page.locator("h1").inner_text() == "退款规则"
    context.close()
