"""Asks before an address from the chat is opened, and shows the whole of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kupuri_desktop.ui.chat.documents import is_web_link
from kupuri_desktop.ui.chat.words import visible
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label

Opener = Callable[[QUrl], object]


class LinkQuestion(QDialog):
    """“Open this page in the browser?” with the address as it would be sent, letter by letter."""

    def __init__(self, look: Look, url: QUrl, opener: Opener, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._url = url
        self._opener = opener
        space = look.theme.space
        self.setObjectName("link_question")
        self.setWindowTitle("Open a page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(space.xl, space.xl, space.xl, space.l)
        column.setSpacing(space.m)
        column.addWidget(label("Open this page in the browser?", size="chat", weight="strong"))
        self.address: QLabel = label(address_of(url), tone="second", name="link_address")
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.address.setStyleSheet(f"font-family: '{mono.family()}';")
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.address.setWordWrap(True)
        self.address.setFixedWidth(420)
        column.addWidget(self.address)
        buttons = QHBoxLayout()
        buttons.setSpacing(space.s)
        copy = PillButton(look, "copy_link", "Copy", "copy", kind="quiet")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(address_of(url)))
        cancel = PillButton(look, "cancel_link", "Cancel")
        cancel.clicked.connect(self.reject)
        go = PillButton(look, "open_link", "Open", kind="primary")
        go.clicked.connect(self._open)
        buttons.addWidget(copy)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(go)
        column.addLayout(buttons)

    def _open(self) -> None:
        self._opener(self._url)
        self.accept()


def ask_to_open(
    look: Look, address: str, parent: QWidget, opener: Opener = QDesktopServices.openUrl
) -> LinkQuestion | None:
    """Asks, without waiting; None for an address that is none of the web."""
    if not is_web_link(address):
        return None
    question = LinkQuestion(look, QUrl(address, QUrl.ParsingMode.StrictMode), opener, parent)
    question.open()
    return question


def address_of(url: QUrl) -> str:
    """The address with nothing hidden: punycode hosts and escaped letters stay as they are."""
    return visible(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
