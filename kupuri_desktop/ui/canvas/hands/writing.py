"""Edits words where they stand: a text or a note becomes a field until it is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextCursor
from PySide6.QtWidgets import (
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsTextItem,
    QStyle,
    QStyleOptionGraphicsItem,
    QWidget,
)

from kupuri_desktop.core.items import Item, NoteItem, TextItem
from kupuri_desktop.ui.canvas.hands.gestures import Board, count
from kupuri_desktop.ui.canvas.painting.vectors import (
    NOTE_MARGIN,
    colour,
    note_ink,
    text_font,
    text_height,
)


class _Field(QGraphicsTextItem):
    """Words under the caret, with an outline in the theme's accent instead of Qt's dashes."""

    def __init__(self, words: str, outline: QPen) -> None:
        super().__init__(words)
        self._outline = outline

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        option.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, widget)  # type: ignore[arg-type]  # None is what Qt gives
        painter.setPen(self._outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.boundingRect())


class Writing:
    """At most one item at a time. A text that is left empty goes away."""

    def __init__(self, board: Board, view: QWidget) -> None:
        self._board = board
        self._view = view
        self.accent = QColor("black")
        self.item: TextItem | NoteItem | None = None
        self._field: QGraphicsTextItem | None = None
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
        field = _Field(item.text, QPen(Qt.PenStyle.NoPen) if on_paper else outline)
        field.setFont(text_font(item))
        field.document().setDocumentMargin(0 if isinstance(item, TextItem) else NOTE_MARGIN)
        field.setTextWidth(max(item.width, 1))
        field.setDefaultTextColor(
            colour(item.colour) if isinstance(item, TextItem) else note_ink(item.colour)
        )
        field.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        field.setZValue(3)
        scene = self._scene()
        if isinstance(item, NoteItem):
            paper = QGraphicsRectItem(0, 0, item.width, item.height)
            paper.setBrush(colour(item.colour))
            paper.setPen(outline)
            paper.setZValue(2)
            self._place(paper, item)
            scene.addItem(paper)
            self._paper = paper
        self._place(field, item)
        scene.addItem(field)
        self._field = field
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

    def end(self) -> None:
        """Leaves the field; what was written becomes one edit."""
        item, field = self.item, self._field
        if item is None or field is None:
            return
        self.item = self._field = None
        words = field.toPlainText()
        scene = self._scene()
        scene.removeItem(field)
        if self._paper is not None:
            scene.removeItem(self._paper)
            self._paper = None
        self._board.layer.take_in()
        canvas = self._board.canvas
        known = item.id in canvas.items
        if isinstance(item, TextItem) and not words.strip():
            if known:
                canvas.delete([item.id], "Delete text")
            return
        new = replace(item, text=words)
        if isinstance(new, TextItem):
            new = replace(new, height=text_height(new))
        canvas.apply(f"{'Edit' if known else 'Write'} {count([new])}", {new.id: new})
        self._board.selection.set([new.id])

    def _scene(self) -> QGraphicsScene:
        return self._board.layer.scene()

    @staticmethod
    def _place(field: QGraphicsTextItem | QGraphicsRectItem, item: Item) -> None:
        field.setPos(item.x, item.y)
        field.setTransformOriginPoint(item.width / 2, item.height / 2)
        field.setRotation(item.rotation)
