"""Somebody without a mouse: each stop is reached by Tab, shows that it has the focus, and works."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor

MOST_TURNS = 25
CLOSE = 3
"""From so many stops away on, one step at a time."""

AWAY = """e => {
  const at = document.activeElement;
  if (at === e || (e.type === 'radio' && at.type === 'radio' && at.name === e.name)) return 0;
  if (!at || at === document.body) return null;
  const stops = 'a[href], button, input:not([type=hidden]), select, textarea, [tabindex="0"]';
  const group = each => each.type === 'radio' ? document.getElementsByName(each.name)[0] : each;
  const all = [...document.querySelectorAll(stops)]
    .filter(each => each === group(each) && !each.disabled && each.checkVisibility());
  return (all.indexOf(group(e)) - all.indexOf(group(at))) || 1;
}"""
"""How many stops further on, or back, it is, about; null where nothing has the focus yet."""

SHOWN = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels.length ? getComputedStyle(e.labels[0], '::before') : null;
  const own = getComputedStyle(e);
  return [own.outlineStyle, own.boxShadow, label ? label.boxShadow : 'none'];
}"""

ACTIVE = "e => document.activeElement === e"
FIRST_STOP = "Skip to main content"


class AtTheKeyboard(Visitor):
    """Does all that a visitor does with Tab, Shift and Tab, Enter, Space, the arrows and letters.

    Besides, on each page: the first stop leads past the head of the page, and what is wrong has the
    focus when the page comes and stands in its title.
    """

    def arrived(self) -> None:
        super().arrived()
        summary = self.page.locator(".govuk-error-summary")
        if summary.count():
            assert summary.evaluate(ACTIVE), f"{self.page.url}: the error has no focus"
            assert self.page.title().startswith("Error: "), self.page.title()

    def save(self, words: str, within: Locator | None = None) -> bytes:
        self._reach((within or self.page).get_by_role("button", name=words).first)
        return super().save(words, within)

    def _activate(self, target: Locator) -> None:
        self._reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrived()

    def _write(self, target: Locator, text: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        assert target.input_value() == text

    def _set(self, target: Locator, *, ticked: bool) -> None:
        self._reach(target)
        while not target.evaluate(ACTIVE):
            self.page.keyboard.press("ArrowDown")
        if target.is_checked() != ticked:
            self.page.keyboard.press("Space")
        assert target.is_checked() == ticked

    def _pick(self, box: Locator, option: str) -> None:
        self._reach(box)
        place = box.locator("option").all_inner_texts().index(option)
        self.page.keyboard.press("Home")
        for _ in range(place):
            self.page.keyboard.press("ArrowDown")
        assert box.locator("option:checked").inner_text() == option

    def _reach(self, target: Locator) -> None:
        keys = self.page.keyboard
        for _ in range(MOST_TURNS):
            away = target.evaluate(AWAY)
            if away == 0:
                sign = self.page.evaluate(SHOWN)
                assert any(each != "none" for each in sign), f"no sign of the focus: {target}"
                return
            for _ in range(max(1, abs(away or 1) - CLOSE)):
                keys.press("Shift+Tab" if away and away < 0 else "Tab")
            if away is None:
                first = self.page.evaluate("() => document.activeElement.innerText")
                assert first == FIRST_STOP, f"{self.page.url} begins with {first}"
        raise AssertionError(f"{target} is not reached by Tab on {self.page.url}")
