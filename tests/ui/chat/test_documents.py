"""Proves that no text of a model makes the chat read a file, fetch anything or open a scheme."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextCursor, QTextDocument, QTextTable

from kupuri_desktop.ui.chat.documents import (
    SafeDocument,
    TextStyle,
    is_web_link,
    prose_document,
    quote_boxes,
)
from kupuri_desktop.ui.chat.link import address_of
from kupuri_desktop.ui.theme import Look


@pytest.fixture
def style(look: Look) -> TextStyle:
    return TextStyle.of(look.theme)


def anchors(document: QTextDocument) -> list[str]:
    found = []
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            if address := iterator.fragment().charFormat().anchorHref():
                found.append(address)
            iterator += 1
        block = block.next()
    return found


def test_a_picture_in_the_text_is_words_and_its_file_is_not_read(
    style: TextStyle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = QImage(40, 40, QImage.Format.Format_RGB32)
    picture.fill(0xFF0000)
    path = tmp_path / "secret.png"
    assert picture.save(str(path))
    asked: list[Any] = []

    def note(document: SafeDocument, kind: int, name: QUrl) -> QImage:
        asked.append(name)
        return QImage(1, 1, QImage.Format.Format_RGB32)

    monkeypatch.setattr(SafeDocument, "loadResource", note)
    text = f"![one]({path}) ![two]({path.as_uri()}) ![three](https://example.org/x.png)"
    document = prose_document(text, style)
    assert document.size().height() < 70
    assert asked == []
    assert [
        f"[picture not loaded: {n}]" in document.toPlainText() for n in ("one", "two", "three")
    ] == [True] * 3


def test_every_resource_is_an_empty_picture_of_our_own(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    QImage(40, 40, QImage.Format.Format_RGB32).save(str(path))
    document = SafeDocument()
    for address in (path.as_uri(), str(path), "http://127.0.0.1:9/x.png", "//host/share/x.png"):
        kind = QTextDocument.ResourceType.ImageResource.value
        image = document.resource(kind, QUrl(address))
        assert (image.width(), image.height()) == (1, 1)


def test_only_web_addresses_stay_links(style: TextStyle) -> None:
    text = (
        "[a](https://example.org/a) [b](file:///etc/passwd) [c](javascript:alert(1)) "
        "[d](http:///nohost) [e](/etc/passwd) [f](kupuri:x) https://example.org/auto"
    )
    assert anchors(prose_document(text, style)) == [
        "https://example.org/a",
        "https://example.org/auto",
    ]


def test_html_is_shown_and_not_obeyed(style: TextStyle) -> None:
    text = '<img src="file:///etc/passwd"> <b onclick="x">bold</b>'
    assert "<b onclick" in prose_document(text, style).toPlainText()


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://example.org", True),
        ("http://127.0.0.1:8188/view", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("ftp://example.org", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_an_address_is_offered_only_if_it_is_of_the_web(address: str, allowed: bool) -> None:
    assert is_web_link(address) is allowed


def test_the_address_that_is_shown_hides_nothing() -> None:
    look_alike = QUrl("https://еxample.org/\u202egnp.exe?a=b%20c")
    shown = address_of(look_alike)
    assert shown.startswith("https://xn--")
    assert "\u202e" not in shown and "%20" in shown


def test_headings_lists_tables_and_quotes_have_their_shapes(style: TextStyle) -> None:
    heading = prose_document("# Big\n\ntext", style)
    assert heading.begin().blockFormat().headingLevel() == 1
    assert QTextCursor(heading.begin()).blockFormat().lineHeight() > style.line
    listed = prose_document("7. seven\n8. eight", style)
    assert listed.begin().textList().itemText(listed.begin()) == "7."
    table = prose_document("| a | b |\n|---|---|\n| 1 | 2 |", style)
    frames = [f for f in table.rootFrame().childFrames() if isinstance(f, QTextTable)]
    assert [(t.rows(), t.columns()) for t in frames] == [(2, 2)]
    assert len(quote_boxes(prose_document("> one\n> two\n\nthree", style))) == 1
