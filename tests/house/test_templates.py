"""Templates: one frame, nothing inline, nothing that passes by the escaping."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.house.source import PORTAL, ROOT, relative

TEMPLATES = ROOT / "templates"
PAGES_ELSEWHERE = ("base", "components", "notices", "papers")
"""Folders whose files are no pages: the frame, its parts, letters and typeset papers."""

EVERY = sorted(TEMPLATES.rglob("*.html"))
PAGES = [path for path in EVERY if path.relative_to(TEMPLATES).parts[0] not in PAGES_ELSEWHERE]
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(|[\"']html[\"']\s*:")
JINJA = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


class Inline(HTMLParser):
    """Collects scripts and styles that stand in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        self.found += [value for _, value in attrs if (value or "").startswith("javascript:")]


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_every_page_stands_in_a_frame(path: Path) -> None:
    assert re.search(r'{%-?\s*extends "[a-z_]+/[a-z_]+\.html"', path.read_text("utf-8"))


@pytest.mark.parametrize("path", EVERY, ids=relative)
def test_nothing_is_inline(path: Path) -> None:
    parser = Inline()
    parser.feed(JINJA.sub("x", path.read_text("utf-8")))
    assert parser.found == []


@pytest.mark.parametrize("path", EVERY, ids=relative)
def test_nothing_passes_by_the_escaping(path: Path) -> None:
    assert UNESCAPED.search(path.read_text("utf-8")) is None


@pytest.mark.parametrize("path", EVERY, ids=relative)
def test_every_form_that_changes_something_carries_its_token(path: Path) -> None:
    text = path.read_text("utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?(?:</form>|{%-? endmacro)', text, re.DOTALL):
        assert "token()" in form or "hidden_tag()" in form


@pytest.mark.parametrize(
    "bad",
    [
        "<script>1</script>",
        "<style>a{}</style>",
        '<p style="a">',
        '<p onclick="a">',
        '<a href="javascript:x">',
    ],
)
def test_the_search_for_what_is_inline_finds_it(bad: str) -> None:
    parser = Inline()
    parser.feed(bad)
    assert len(parser.found) == 1


@pytest.mark.parametrize("bad", ["{{ x|safe }}", "{{ x | safe }}", '{"html": x}', "{'html': x}"])
def test_the_search_for_what_is_unescaped_finds_it(bad: str) -> None:
    assert UNESCAPED.search(bad)


def test_every_template_is_used() -> None:
    """Named by a door or by another template; errors by their status, letters by their kind."""
    sources = [*PORTAL.rglob("*.py"), *EVERY, *TEMPLATES.rglob("*.svg")]
    everything = "\n".join(path.read_text("utf-8") for path in sources)
    for path in sorted(TEMPLATES.rglob("*.*")):
        name = path.relative_to(TEMPLATES).as_posix()
        if name.startswith(("notices/", "papers/")) or re.fullmatch(r"errors/\d+\.html", name):
            continue
        by_decision = name in ("disclosure/approve.html", "disclosure/refuse.html")
        assert by_decision or f'"{name}"' in everything, name
