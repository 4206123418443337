"""Edits words where they stand: a text or a note becomes a field until it is left."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Any, TypeGuard

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPen, QTextCursor
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QWidget

from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import Item, NoteItem, TextItem
from kupuri_desktop.ui.canvas.hands.field import Field
from kupuri_desktop.ui.canvas.hands.gestures import Board, count
from kupuri_desktop.ui.canvas.painting.vectors import (
    as_tall_as_words,
    colour,
    dress,
    note_ink,
)

BOLD = 700
_REGULAR = 400
_BOLD_FROM = 600


class Emphasis(Enum):
    """What B, I and U do to a text: to all of it, as it has one font."""

    BOLD = "font_weight"
    ITALIC = "italic"
    UNDERLINE = "underline"

    @property
    def words(self) -> str:
        return self.name.capitalize()

    def held_by(self, text: TextItem) -> bool:
        value: Any = getattr(text, self.value)
        return bool(value >= _BOLD_FROM if self is Emphasis.BOLD else value)


def emphasised(text: TextItem, how: Emphasis, wanted: bool) -> TextItem:
    """The text with the emphasis, or without it."""
    value: Any = wanted
    if how is Emphasis.BOLD:
        value = BOLD if wanted else _REGULAR
    changed: dict[str, Any] = {how.value: value}
    return replace(text, **changed)


_KEYS = {
    Qt.Key.Key_B: Emphasis.BOLD,
    Qt.Key.Key_I: Emphasis.ITALIC,
    Qt.Key.Key_U: Emphasis.UNDERLINE,
}


class Writing:
    """At most one item at a time. A text that is left empty goes away."""

    def __init__(self, board: Board, view: QWidget) -> None:
        self._board = board
        self._view = view
        self.accent = QColor("black")
        self.item: TextItem | NoteItem | None = None
        self._field: Field | None = None
        self._paper: QGraphicsRectItem | None = None

    @staticmethod
    def writes(item: Item) -> TypeGuard[TextItem | NoteItem]:
        return isinstance(item, (TextItem, NoteItem))

    def begin(self, item: Item) -> None:
        """Opens an item; one that is not on the canvas yet comes onto it when it is left."""
        self.end()
        if not self.writes(item) or item.locked:
            return
        self.item = item
        self._board.layer.leave_out([item.id])
        outline = QPen(self.accent, 1.5)
        outline.setCosmetic(True)
        on_paper = isinstance(item, NoteItem)
        field = Field(item.text, QPen(Qt.PenStyle.NoPen) if on_paper else outline)
        field.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        field.setZValue(3)
        scene = self._scene()
        if on_paper:
            paper = QGraphicsRectItem()
            paper.setPen(outline)
            paper.setZValue(2)
            scene.addItem(paper)
            self._paper = paper
        self._field = field
        self._dress(item)
        scene.addItem(field)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        cursor = field.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        field.setTextCursor(cursor)

    def holds(self, point: QPointF) -> bool:
        """Whether a point of the canvas is on what is being written."""
        if self._field is None or self.item is None:
            return False
        inside = self._field.mapFromScene(point)
        rect = QRectF(0, 0, self.item.width, self.item.height)
        return self._field.boundingRect().united(rect).contains(inside)

    def takes(self, event: QKeyEvent) -> bool:
        """Escape leaves; Ctrl with B, I or U emphasises. False: the key is for the words."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
            return True
        how = _KEYS.get(Qt.Key(event.key()))
        if how is None or event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return False
        if isinstance(self.item, TextItem):
            self._emphasise(self.item, how)
        return True

    def follow(self, change: Change) -> None:
        """The item being written was changed elsewhere: by the inspector, by undo."""
        item = self.item
        if item is None or item.id not in change.edit.after:
            return
        now = change.edit.after[item.id]
        if now is None or not self.writes(now):
            self._leave()
        elif now is not item:
            self.item = now
            self._dress(now)

    def end(self) -> None:
        """Leaves the field; what was written becomes one edit."""
        item, field = self.item, self._field
        if item is None or field is None:
            return
        words = field.toPlainText()
        self._leave()
        canvas = self._board.canvas
        known = item.id in canvas.items
        if isinstance(item, TextItem) and not words.strip():
            if known:
                canvas.delete([item.id], "Delete text")
            return
        new = as_tall_as_words(replace(item, text=words))
        label = f"{'Edit' if known else 'Write'} {count([new])}"
        canvas.apply(label, self._board.with_lines({new.id: new}))
        self._board.selection.set([new.id])

    def _emphasise(self, item: TextItem, how: Emphasis) -> None:
        wanted = not how.held_by(item)
        new = emphasised(item, how, wanted)
        if item.id in self._board.canvas.items:
            label = how.words if wanted else f"Not {how.words.lower()}"
            self._board.canvas.apply(f"{label} text", {new.id: new})
        else:
            self.item = new
            self._dress(new)

    def _leave(self) -> None:
        scene, field = self._scene(), self._field
        self.item = self._field = None
        if field is not None:
            scene.removeItem(field)
        if self._paper is not None:
            scene.removeItem(self._paper)
            self._paper = None
        self._board.layer.take_in()

    def _dress(self, item: TextItem | NoteItem) -> None:
        """Everything about the field but the words and the caret."""
        if self._field is None:
            return
        field = self._field
        laid = field.document()
        # How it is set is none of the field's own undo steps.
        laid.setUndoRedoEnabled(False)
        dress(laid, item)
        laid.setUndoRedoEnabled(True)
        field.setTextWidth(max(item.width, 1.0))
        on_paper = isinstance(item, NoteItem)
        field.setDefaultTextColor(note_ink(item.colour) if on_paper else colour(item.colour))
        field.setOpacity(item.opacity)
        self._place(field, item)
        if self._paper is not None:
            self._paper.setRect(0, 0, item.width, item.height)
            self._paper.setBrush(colour(item.colour))
            self._place(self._paper, item)

    def _scene(self) -> QGraphicsScene:
        return self._board.layer.scene()

    @staticmethod
    def _place(shown: Field | QGraphicsRectItem, item: Item) -> None:
        shown.setPos(item.x, item.y)
        shown.setTransformOriginPoint(item.width / 2, item.height / 2)
        shown.setRotation(item.rotation)
