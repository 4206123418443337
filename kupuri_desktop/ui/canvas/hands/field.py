"""The field that words on the canvas are edited in: plain words, set as they are painted."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsSceneContextMenuEvent,
    QGraphicsSceneDragDropEvent,
    QGraphicsTextItem,
    QStyle,
    QStyleOptionGraphicsItem,
    QWidget,
)


class Field(QGraphicsTextItem):
    """An outline in the theme's accent instead of Qt's dashes; what is pasted loses its looks."""

    def __init__(self, words: str, outline: QPen) -> None:
        super().__init__()
        self.document().setPlainText(words)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._insert(QGuiApplication.clipboard().mimeData())
            event.accept()
        elif event.key() == Qt.Key.Key_Tab:
            self.textCursor().insertText("\t")
            event.accept()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QGraphicsSceneDragDropEvent) -> None:
        self._insert(event.mimeData())
        event.accept()

    def contextMenuEvent(self, event: QGraphicsSceneContextMenuEvent) -> None:
        # Qt's own menu pastes with looks; the keys do all that it offers.
        event.accept()

    def _insert(self, mime: QMimeData) -> None:
        if mime.hasText():
            self.textCursor().insertText(mime.text().replace("\r\n", "\n"))
