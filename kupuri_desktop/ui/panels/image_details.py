"""The inspector's part on one image: how it came to be, and what its file was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.core.assets import EXTENSIONS, Asset
from kupuri_desktop.core.items import ImageItem, Item, Making
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore
from kupuri_desktop.ui.panels.facts import Fact, copy_button
from kupuri_desktop.ui.panels.parents import Parents
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label

_UNITS = ("bytes", "KB", "MB", "GB")


class Assets(Protocol):
    """Tells what is known of stored images."""

    async def info(self, ids: Sequence[str]) -> Mapping[str, Asset]:
        """By id; those that are not there are left out."""
        ...


class ImageDetails(QWidget):
    """Prompt, seed, model, size, parents, when, and the original's format and bytes."""

    parent_asked = Signal(str)
    """The id of a parent on the canvas."""

    message_asked = Signal(str, str)
    """The chat and the run that made the image."""

    def __init__(self, look: Look, store: PictureStore) -> None:
        super().__init__()
        self._look = look
        self._item: ImageItem | None = None
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space.xs)
        self.prompt_head, self.prompt = self._words(column, "inspector_prompt", "Prompt")
        self.negative_head, self.negative = self._words(column, "inspector_negative", "Without")
        self.facts: dict[str, Fact] = {}
        for key, words, copies in (
            ("model", "Model", False),
            ("seed", "Seed", True),
            ("style", "Style", False),
            ("pixels", "Pixels", False),
            ("steps", "Steps", False),
            ("guidance", "Guidance", False),
            ("made", "Made", False),
            ("original", "Original", False),
        ):
            fact = self.facts[key] = Fact(look, f"inspector_{key}", words, copies=copies)
            column.addWidget(fact)
        self._parents_head = label("Made from", tone="second", size="label")
        column.addSpacing(space.xs)
        column.addWidget(self._parents_head)
        self.parents = Parents(look, store)
        self.parents.asked.connect(self.parent_asked)
        column.addWidget(self.parents)
        self.parents_gone = label("", tone="third", size="label", wrap=True)
        column.addWidget(self.parents_gone)
        column.addSpacing(space.xs)
        self.go = PillButton(look, "inspector_go", "Go to message", "message-square")
        self.go.setToolTip("Shows the message in the chat that made this image")
        self.go.clicked.connect(self._go)
        column.addWidget(self.go)

    def close_canvas(self) -> None:
        """Lets go of the pictures."""
        self.parents.close_canvas()

    def show_image(self, item: ImageItem, items: Mapping[str, Item]) -> None:
        """Shows what the item itself knows; `show_asset` follows when it is there."""
        if self._item is None or self._item.asset != item.asset:
            self.facts["original"].put("")
        self._item = item
        making = item.making
        self._put_words(self.prompt_head, self.prompt, making.prompt if making else "")
        self._put_words(self.negative_head, self.negative, making.negative_prompt if making else "")
        for key, words in _facts(item, making).items():
            self.facts[key].put(words)
        self._show_parents(making.parents if making else (), items)
        self.go.setVisible(bool(making and making.run))

    def show_asset(self, asset: Asset) -> None:
        """Shows the original's format and bytes; of one that is no longer shown, nothing."""
        if self._item is not None and self._item.asset == asset.id:
            ending = EXTENSIONS.get(asset.mime, "").upper() or asset.mime
            self.facts["original"].put(f"{ending}, {bytes_in_words(asset.size)}")

    def _words(self, column: QVBoxLayout, name: str, words: str) -> tuple[QWidget, QLabel]:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(words, tone="second", size="label"))
        row.addStretch(1)
        text = label("", wrap=True, name=name)
        text.setAccessibleName(words)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row.addWidget(copy_button(self._look, f"{name}_copy", words, text.text))
        column.addWidget(head)
        column.addWidget(text)
        column.addSpacing(self._look.theme.space.xs)
        return head, text

    @staticmethod
    def _put_words(head: QWidget, text: QLabel, words: str) -> None:
        text.setText(words)
        head.setVisible(bool(words))
        text.setVisible(bool(words))

    def _show_parents(self, parents: Sequence[str], items: Mapping[str, Item]) -> None:
        known = [item for key in parents if isinstance(item := items.get(key), ImageItem)]
        gone = len(parents) - len(known)
        self._parents_head.setVisible(bool(parents))
        self.parents.setVisible(bool(known))
        self.parents.show_items(known)
        are = "is" if gone == 1 else "are"
        self.parents_gone.setText(f"{gone} {are} not on the canvas any more." if gone else "")
        self.parents_gone.setVisible(bool(gone))

    def _go(self) -> None:
        if self._item is not None and self._item.making is not None:
            self.message_asked.emit(self._item.making.session, self._item.making.run)


def _facts(item: ImageItem, making: Making | None) -> dict[str, str]:
    facts = {
        "pixels": f"{item.natural_width} × {item.natural_height}",
        "model": "", "seed": "", "style": "", "steps": "", "guidance": "", "made": "",
    }  # fmt: skip
    if making is not None:
        facts |= {
            "model": making.model,
            "seed": str(making.seed),
            "style": making.style,
            "steps": "" if making.steps is None else str(making.steps),
            "guidance": "" if making.guidance is None else f"{making.guidance:g}",
            "made": moment_in_words(making.made),
        }
    return facts


def moment_in_words(moment: str) -> str:
    """An ISO 8601 moment in this computer's time: `22 Nov 2026, 19:45`; empty for none."""
    try:
        there = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return ""
    return f"{there.day} {there:%b %Y, %H:%M}"


def bytes_in_words(size: int) -> str:
    """`812 bytes`, `1.2 MB`: thousands, as file managers count."""
    number = float(size)
    for unit in _UNITS:
        if number < 1000 or unit == _UNITS[-1]:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    raise AssertionError(size)
