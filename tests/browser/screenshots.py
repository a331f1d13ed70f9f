"""Pictures of the portal for the README: `python -m tests.browser.screenshots docs/screenshots`.

Everything in them is the demonstration: invented people on an invented day.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.making import file_of, report, with_what_must_go
from tests.browser.northmere import Town, northmere
from tests.browser.pages.agency import Contact
from tests.browser.pages.disclosing import Decider
from tests.browser.pages.reader import Reader
from tests.browser.pages.unit import Unit
from tests.browser.people import People
from tests.browser.visitor import USUAL, Looks
from tests.real.browser import ARGUMENTS, PROGRAMS

WIDTH = 1000
TALLEST = 1300
MOST_BYTES = 150_000
COLOURS = 128

CASE = "NM/2026/021"


def save(picture: Image.Image, file: Path, tallest: int = TALLEST) -> None:
    """Write it small: flat colours, no more than a README needs."""
    height = round(picture.height * WIDTH / picture.width)
    picture = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    picture = picture.crop((0, 0, WIDTH, min(height, tallest)))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{file} has {size} bytes, more than {MOST_BYTES}")
    sys.stdout.write(f"{file} {size // 1000} kB\n")


def shoot(page: Page, file: Path) -> None:
    """A page from its top."""
    save(Image.open(io.BytesIO(page.screenshot(full_page=True))), file)


def shoot_paper(clear: bytes, number: int, file: Path) -> None:
    """A whole page of a copy, as paper; the first is 1."""
    document = pypdfium2.PdfDocument(clear)
    sheet = document[number - 1].render(scale=2).to_pil()
    document.close()
    framed = Image.new("RGB", (sheet.width + 40, sheet.height + 40), "#8a8f98")
    framed.paste(sheet, (20, 20))
    save(framed, file, framed.height)


def take_all(people: People, folder: Path, spare: Path) -> None:
    """Every picture, as the people of Northmere come to the pages."""
    carys, folake = people.at(Reader, "carys"), people.at(Contact, "folake")
    helen, decider = people.at(Unit, "helen"), people.at(Decider, "helen")

    carys.at.go("/sign-in")
    shoot(carys.at.page, folder / "sign-in.png")
    carys.signs_in()
    shoot(carys.at.page, folder / "reader-home.png")
    carys.goes_to("Pack to read", CASE)
    carys.accepts_the_statement()
    shoot(carys.at.page, folder / "pack.png")
    copy = carys.opens()
    shoot_paper(copy, 1, folder / "stamped-cover.png")
    shoot_paper(copy, 3, folder / "stamped-page.png")

    folake.signs_in("/agency/")
    folake.goes_to_the_request("NM/2026/027")
    clear = report("MAPPA F", "Owen Skelly", date(1991, 7, 30), ["Enhanced status."])
    folake.chooses_a_file(file_of(spare, "mappa-f.pdf", with_what_must_go(clear)))
    shoot(folake.at.page, folder / "upload-findings.png")

    helen.signs_in("/unit/")
    shoot(helen.at.page, folder / "today.png")
    helen.goes_to_the_case_at_its_meeting(CASE)
    shoot(helen.at.page, folder / "case-at-its-meeting.png")
    helen.at.follow(f"Pack {CASE}", begins=True)
    shoot(helen.at.page, folder / "sent.png")
    helen.goes_to_the_case_at_its_meeting(CASE)
    helen.at.follow("Arrange and send the pack")
    helen.at.follow_button("Check who gets it, and send it")
    shoot(helen.at.page, folder / "send.png")

    decider.goes_to_the_request("Ruth Bannerman", "Grace Oduya")
    decider.at.follow_button("Approve")
    shoot(decider.at.page, folder / "disclosure.png")
    helen.at.go("/record/")
    shoot(helen.at.page, folder / "record.png")


def visitors(browser: Browser, town: Town) -> People:
    """People whose pages are looked at by nobody but the camera."""

    def new_page() -> Page:
        context = browser.new_context(
            viewport=dict(USUAL),  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/London",
        )
        return context.new_page()

    nothing: Callable[[Page], None] = lambda _page: None  # noqa: E731
    return People(town, new_page, Looks(nothing))


def main() -> None:
    """Take all pictures into the folder that is named."""
    if len(sys.argv) != 2:
        raise SystemExit("Into which folder? python -m tests.browser.screenshots FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("There is no Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        spare = Path(name)
        town = Town(northmere(spare / "northmere"), spare / "town")
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        take_all(visitors(browser, town), folder, spare)
        browser.close()
        town.stop()


if __name__ == "__main__":
    main()
