"""Somebody at a browser: what they do, counted, and every page they meet looked at.

Each distinct page is checked once: by axe (without the page's own scripts where the visitor has
none), at 320 pixels for sideways scrolling, and for what a template leaves behind when a value is
missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Download, Locator, Page, Response

NARROW = {"width": 320, "height": 800}
USUAL = {"width": 1000, "height": 800}
LEFT_BEHIND = re.compile(
    r"\bNone\b(?! [a-z])|\bundefined\b|\{\{|\}\}|\{%|%\(\w+\)s|<\w+ object at|\bNaN\b"
)
AN_ID = re.compile(r"^(?=.*[0-9])[0-9A-Za-z_-]{16,}$")

WRITTEN = "textarea, input:not([type=radio], [type=checkbox], [type=file], [type=hidden])"
TICKED = "[type=radio], [type=checkbox]"

Axe = Callable[[Page], None]


@dataclass
class Spent:
    """What a journey has cost somebody."""

    pages: int = 0
    typed: int = 0
    codes: int = 0


@dataclass
class Looks:
    """Which pages have been looked at, and what is wrong with them.

    `twin` is the page in which those without scripts are shown to axe, which needs them.
    """

    axe: Axe
    twin: Page | None = None
    seen: set[str] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    """What browsers have gone to or sent: (method, path)."""
    complaints: list[str] = field(default_factory=list)

    def at(self, page: Page) -> None:
        """Look at a page, unless one like it has been looked at."""
        key = f"{shape(page.url)} | {re.sub('[0-9]+', '', page.title())}"
        if key in self.seen:
            return
        self.seen.add(key)
        shown = page if self.twin is None else self._copied(page, self.twin)
        self.complaints += [f"{key}: {wrong}" for wrong in self._wrong_with(shown)]

    def _wrong_with(self, shown: Page) -> list[str]:
        wrong = []
        try:
            self.axe(shown)
        except AssertionError as violations:
            wrong.append(str(violations))
        shown.set_viewport_size(NARROW)
        wide = shown.evaluate(WIDER_THAN_THE_SCREEN)
        shown.set_viewport_size(USUAL)
        if wide:
            wrong.append(f"scrolls sideways at 320 pixels: {wide}")
        left_behind = LEFT_BEHIND.findall(shown.inner_text("body"))
        if left_behind:
            wrong.append(f"says {left_behind}")
        if shown.locator("h1").count() != 1:
            wrong.append("has no single h1")
        if shown.locator("table:not(:has(caption))").count():
            wrong.append("has a table without a caption")
        return wrong

    def _copied(self, page: Page, twin: Page) -> Page:
        body = page.content()
        twin.route(page.url, lambda route: route.fulfill(content_type="text/html", body=body))
        twin.goto(page.url)
        twin.unroute(page.url)
        return twin


WIDER_THAN_THE_SCREEN = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('.portal-scroll'))
    .map(e => e.tagName + '.' + e.className).slice(0, 5);
}"""


def shape(url: str) -> str:
    """The path of an address with every identifier in it called by the same name."""
    path = urlsplit(url).path
    return "/".join("*" if AN_ID.match(part) else part for part in path.split("/"))


class Visitor:
    """A person at a browser of their own."""

    def __init__(self, page: Page, address: str, looks: Looks) -> None:
        self.page = page
        self.address = address
        self.spent = Spent()
        self._looks = looks
        self._status = 0
        page.on("response", self._count)

    def begin(self) -> Spent:
        """Begin a journey: count from nothing."""
        self.spent = Spent()
        return self.spent

    # ---- what a person does ----

    def go(self, path: str) -> int:
        """Type an address, or follow a link from a letter. Returns the answer's status."""
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        self._looks.at(self.page)
        return answer.status if answer else 0

    def follow(self, words: str, *, begins: bool = False) -> None:
        """Follow a link by its words; `begins` where more words come after them."""
        self._activate(self.page.get_by_role("link", name=words, exact=not begins).first)

    def follow_in(self, row: Locator) -> None:
        """Follow the link of a row."""
        self._activate(row.get_by_role("link").first)

    def follow_button(self, words: str) -> None:
        """Follow a link that looks like a button."""
        self._activate(self.page.locator("a.govuk-button").filter(has_text=words).first)

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press a button by its words."""
        self._activate((within or self.page).get_by_role("button", name=words).first)

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into a field."""
        self.spent.typed += 1
        self._write(self._field(label, WRITTEN, within), text)

    def fill_date(self, legend: str, day: int, month: int, year: int) -> None:
        """Type a date into its three fields: one thing to type."""
        self.spent.typed += 1
        group = self.page.get_by_role("group", name=legend)
        for name, number in (("Day", day), ("Month", month), ("Year", year)):
            self._write(group.get_by_label(name), str(number))

    def tick(self, label: str, within: Locator | None = None) -> None:
        """Tick a box or choose a radio button."""
        self._set(self._field(label, TICKED, within), ticked=True)

    def untick(self, label: str, within: Locator | None = None) -> None:
        """Take a tick away."""
        self._set(self._field(label, TICKED, within), ticked=False)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Choose from a list, by words that the option has."""
        box = self._field(label, "select", within)
        words = [each for each in box.locator("option").all_inner_texts() if option in each]
        assert words, f"{label} does not offer {option}"
        self._pick(box, words[0])

    def attach(self, label: str, file: Path) -> None:
        """Choose a file."""
        self._field(label, "[type=file]").set_input_files(file)

    def give_code(self, label: str, code: str) -> None:
        """Type a code."""
        self.spent.codes += 1
        self._write(self._field(label, WRITTEN), code)

    # ---- with a mouse; whoever has none does it otherwise ----

    def _activate(self, target: Locator) -> None:
        target.click()
        self.arrived()

    def _write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def _set(self, target: Locator, *, ticked: bool) -> None:
        target.set_checked(ticked)

    def _pick(self, box: Locator, option: str) -> None:
        box.select_option(label=option)

    def _field(self, label: str, kind: str, within: Locator | None = None) -> Locator:
        fields = (within or self.page).get_by_label(label)
        return fields.and_(self.page.locator(kind)).first

    def save(self, words: str, within: Locator | None = None) -> bytes:
        """Press a button whose answer is a file; returns the file."""
        with self.page.expect_download() as waiting:
            (within or self.page).get_by_role("button", name=words).first.click()
        return saved(waiting.value)

    # ---- what a person sees ----

    def sees(self, *words: str) -> None:
        """The page says all of this."""
        said = self.said()
        missing = [each for each in words if each not in said]
        assert missing == [], f"{self.page.url} does not say {missing}: {said}"

    def does_not_see(self, *words: str) -> None:
        """The page says none of this."""
        said = self.said()
        assert not any(each in said for each in words), f"{self.page.url} says {said}"

    def sees_the_marking(self, reference: str) -> None:
        """The page is marked, with the case's reference (rule 34)."""
        marking = self.page.locator(".portal-marking").first.inner_text()
        assert "OFFICIAL-SENSITIVE" in marking
        assert reference in marking

    def heading(self) -> str:
        """The page's heading."""
        return self.page.locator("h1").inner_text()

    def said(self) -> str:
        """All the page says, on one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def row(self, *words: str) -> Locator:
        """The row of a table that has all these words."""
        found = self.page.locator("tr")
        for each in words:
            found = found.filter(has_text=each)
        return found.first

    def has_button(self, words: str) -> bool:
        """Whether there is such a button."""
        return self.page.get_by_role("button", name=words).count() > 0

    def arrived(self) -> None:
        """A new page is there: look at it."""
        self.page.wait_for_load_state()
        self._looks.at(self.page)

    def _count(self, response: Response) -> None:
        asked = response.request
        if asked.is_navigation_request() and asked.frame == self.page.main_frame:
            self._looks.asked.add((asked.method, urlsplit(asked.url).path))
            self._status = response.status
            kind = response.headers.get("content-type", "")
            if kind.startswith("text/html") and not 300 <= response.status < 400:
                self.spent.pages += 1


def saved(download: Download) -> bytes:
    """The whole of what was saved."""
    path = download.path()
    return Path(path).read_bytes()
