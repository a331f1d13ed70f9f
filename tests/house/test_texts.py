"""Every text that a page shows is marked for translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.house.source import PORTAL, ROOT, modules, relative

TEMPLATES = ROOT / "templates"
PAGES = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.relative_to(TEMPLATES).parts[0] not in ("notices", "papers")
]
WORDS = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]|[a-z]{2,}[.:]$")
CAPITAL = re.compile(r"[A-Z].*[a-z]")
SHOWN = {"alt", "title", "aria-label", "placeholder", "content"}
SAME_IN_EVERY_LANGUAGE = {"OFFICIAL-SENSITIVE", "MAPPA", "GOV.UK", "ref"}
MARKING = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}
FIELD_TEXTS = {"label", "description", "message"}
FORMS = {"InputRequired", "Length", "Reason", "StopValidation", "flash", "ValidationError"}

ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


class Visible(HTMLParser):
    """Collects what a reader would see, or hear, of the markup alone."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += [word for word in [data.strip()] if word]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.found += [value for name, value in attrs if name in SHOWN and value]


def unmarked(source: str) -> list[str]:
    """Texts in the markup itself, outside every expression."""
    plain, depth = "", 0
    for _line, kind, value in ENVIRONMENT.lex(source):
        if kind == "name" and value in ("trans", "endtrans"):
            depth += 1 if value == "trans" else -1
        elif kind == "data" and not depth:
            plain += value
        elif kind == "variable_begin":
            plain += " "
    parser = Visible()
    parser.feed(plain)
    left = [text for text in parser.found if WORDS.search(text)]
    return [text for text in left if set(WORDS.findall(text)) - _known()]


def _known() -> set[str]:
    return {word for text in SAME_IN_EVERY_LANGUAGE for word in WORDS.findall(text)}


def unmarked_sentences(source: str) -> Iterator[str]:
    """Strings within expressions that read like a sentence and go through no marking."""
    tree = ENVIRONMENT.parse(source)
    marked = {
        id(text)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in MARKING
        for text in call.find_all(nodes.Const)
    }
    for text in tree.find_all(nodes.Const):
        if isinstance(text.value, str) and SENTENCE.search(text.value) and id(text) not in marked:
            yield text.value


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_every_text_of_a_template_is_marked(path: Path) -> None:
    source = path.read_text("utf-8")
    assert unmarked(source) == []
    assert list(unmarked_sentences(source)) == []


def plain_texts(tree: ast.Module) -> Iterator[str]:
    """Texts of forms and notices that are no call of `_`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if not (name.endswith("Field") or name in FORMS):
            continue
        told = [*call.args, *[k.value for k in call.keywords if k.arg in FIELD_TEXTS]]
        for text in told:
            if isinstance(text, ast.JoinedStr):
                parts = [p.value for p in text.values if isinstance(p, ast.Constant)]
                if any(WORDS.search(str(part)) for part in parts):
                    yield ast.unparse(text)
            elif isinstance(text, ast.Constant) and CAPITAL.search(str(text.value)):
                yield str(text.value)


def test_every_text_of_a_form_is_marked() -> None:
    for path, tree in modules(PORTAL / "web"):
        assert list(plain_texts(tree)) == [], path


@pytest.mark.parametrize(
    "bad",
    [
        "<p>Not marked</p>",
        '<img alt="A picture">',
        "<p>{{ name }} has left</p>",
        "{% if x %}So{% endif %}",
    ],
)
def test_a_text_in_the_markup_is_found(bad: str) -> None:
    assert len(unmarked(bad)) == 1


@pytest.mark.parametrize(
    "good",
    [
        "<p>{{ _('Marked') }}</p>",
        "<p>{% trans %}Marked too{% endtrans %}</p>",
        "<img alt=\"{{ _('A picture') }}\">",
        "{# A remark #}",
        "<p>OFFICIAL-SENSITIVE</p>",
        "<p> · </p>",
    ],
)
def test_a_marked_text_is_not(good: str) -> None:
    assert unmarked(good) == []
    assert list(unmarked_sentences(good)) == []


def test_a_sentence_in_an_expression_is_found() -> None:
    assert list(unmarked_sentences('{{ button({"text": "Send it"}) }}')) == ["Send it"]
    assert list(unmarked_sentences('{{ button({"text": _("Send it")}) }}')) == []


def test_a_plain_text_of_a_form_is_found() -> None:
    for bad in (
        'StringField("Your name")',
        'flash(f"Sent to {x}.")',
        'Length(max=3, message="No")',
    ):
        assert len(list(plain_texts(ast.parse(bad)))) == 1
    assert list(plain_texts(ast.parse('StringField(_l("Your name"), description=_l("x y"))'))) == []
