"""The field to type a wish into: grows with its lines, sends, recalls, and takes pictures in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from kupuri_desktop.core.assets import EXTENSIONS
from kupuri_desktop.ui.drops import picture_without_a_kind
from kupuri_desktop.ui.theme import Look

MOST_LINES = 8

_PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff")
_ENDINGS = {f".{ending}" for ending in EXTENSIONS.values()} - {".bin"} | {".jpeg", ".tif"}


class ComposerText(QPlainTextEdit):
    """Plain text of one to eight lines.

    pictures_came: a list of what was pasted or dropped: a file's Path, encoded bytes, or a QImage.
    history: gives what was sent before, oldest first.
    """

    submitted = Signal()
    stop_wanted = Signal()
    focus_changed = Signal()
    pictures_came = Signal(list)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._recalled = 0
        self.history: Callable[[], Sequence[str]] = list
        self.setObjectName("composer_text")
        self.setAccessibleName("Your wish")
        self.setProperty("bare", True)
        self.setTabChangesFocus(True)
        self.setFont(look.theme.font(look.theme.type.chat))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def put(self, text: str) -> None:
        """Replaces the text; the cursor goes to its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def sizeHint(self) -> QSize:
        return QSize(200, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._height())

    def _height(self) -> int:
        # QPlainTextEdit measures its document in lines.
        lines = max(1, min(MOST_LINES, int(self.document().size().height())))
        # The style sheet lets no field be lower than this.
        least = self._look.theme.size.control - 2
        return max(least, lines * self.fontMetrics().lineSpacing() + 4)

    def _fit(self) -> None:
        many = self.document().size().height() > MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if many else policy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(self._height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not shift:
                self._recalled = 0
                self.submitted.emit()
            case Qt.Key.Key_Escape:
                self.stop_wanted.emit()
            case Qt.Key.Key_Up if self._may_recall():
                self._recall(1)
            case Qt.Key.Key_Down if self._recalled and self._may_recall():
                self._recall(-1)
            case _:
                self._recalled = 0 if event.text() else self._recalled
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def _may_recall(self) -> bool:
        return not self.toPlainText() or self._recalled > 0

    def _recall(self, step: int) -> None:
        history = list(self.history())
        self._recalled = max(0, min(len(history), self._recalled + step))
        self.put(history[-self._recalled] if self._recalled else "")

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # Asked at each step of a drag: pictures are read where there is no other way to know.
        return source.hasText() or bool(pictures_in(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        pictures = pictures_in(source)
        if pictures:
            self.pictures_came.emit(pictures)
        elif source.hasText():
            self.insertPlainText(source.text())


def pictures_in(source: QMimeData) -> list[Path | bytes | QImage]:
    """Files first, then bytes as they came; an address of the web is text and is not fetched."""
    files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    pictures: list[Path | bytes | QImage] = [
        path for path in files if path.suffix.lower() in _ENDINGS
    ]
    if pictures:
        return pictures
    if source.hasUrls() and (nameless := picture_without_a_kind(source, _PICTURE_TYPES)):
        return [nameless]
    if source.hasText() and source.text().strip() and not source.hasImage():
        return []
    for mime in _PICTURE_TYPES:
        if source.hasFormat(mime):
            data = QByteArray(source.data(mime))
            if not data.isEmpty():
                return [bytes(data.data())]
    image = source.imageData() if source.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return [image]
    return []
