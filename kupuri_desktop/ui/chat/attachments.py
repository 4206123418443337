"""The pictures that go along with the next wish, as chips above the text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.errors import HostileFile, NotFound
from kupuri_desktop.ui.chat.pictures import Picture
from kupuri_desktop.ui.chat.protocol import Pictures
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.thumbnails import Thumbnails

MOST = 6
MOST_BYTES = 64 * 1024 * 1024

_EDGE = 48


class _Chip(QWidget):
    """A picture that goes along; with what was drawn on it or without, as its button says."""

    removed = Signal()
    switched = Signal()

    def __init__(self, look: Look, part: ImagePart, number: int) -> None:
        super().__init__()
        self._look = look
        self.part = part
        self.setFixedSize(_EDGE + 6, _EDGE + 6)
        self.picture = Picture(look, "attachment", f"Attached picture {number}", self)
        self.picture.setGeometry(0, 6, _EDGE, _EDGE)
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.picture.setCursor(Qt.CursorShape.ArrowCursor)
        words = f"Leave out picture {number}"
        self.cross = IconButton(
            look, "detach", "x", words, size=18, icon_size=12, filled=True, parent=self
        )
        self.cross.move(_EDGE - 12, 0)
        self.cross.clicked.connect(self.removed)
        self.marks = IconButton(
            look, "attachment_marks", "pen-line", "", size=20, icon_size=12, filled=True,
            parent=self,
        )  # fmt: skip
        self.marks.move(2, _EDGE + 6 - 22)
        self.marks.setVisible(part.marked is not None)
        self.marks.clicked.connect(self._switch)
        self.mask_mark = IconButton(
            look, "attachment_mask", "brush", "Only the masked part changes", size=20,
            icon_size=12, filled=True, parent=self,
        )  # fmt: skip
        self.mask_mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.mask_mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.mask_mark.move(_EDGE - 22, _EDGE + 6 - 22)
        self.mask_mark.setVisible(part.masked)
        if part.masked:
            self.picture.setAccessibleName(f"Attached picture {number}, with a mask")
        self.picture.setToolTip("Only its masked part changes" if part.masked else "")
        self._show_marks()

    def _switch(self) -> None:
        self.part = replace(self.part, shows_marks=not self.part.shows_marks)
        self._show_marks()
        self.switched.emit()

    def _show_marks(self) -> None:
        shown = self.part.shows_marks
        self.marks.set_icon("pen-line" if shown else "image")
        words = "With your annotations" if shown else "Without your annotations"
        self.marks.setAccessibleName(words)
        self.marks.setToolTip(f"{words}\n{self.part.words}" if shown else words)


class Attachments(QWidget):
    """A strip of chips; hidden while there is none."""

    changed = Signal()

    def __init__(
        self, look: Look, tasks: Tasks, pictures: Pictures, thumbnails: Thumbnails
    ) -> None:
        super().__init__()
        self._look = look
        self._tasks = tasks
        self._pictures = pictures
        self._thumbnails = thumbnails
        self._chips: list[_Chip] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 2)
        self._row.setSpacing(4)
        self._row.addStretch()
        self.setObjectName("attachments")
        self.setAccessibleName("Attached pictures")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def parts(self) -> tuple[ImagePart, ...]:
        return tuple(chip.part for chip in self._chips)

    def attach(self, part: ImagePart, thumbnail: QPixmap | None = None) -> None:
        """Adds a picture, once; beyond MOST the oldest one goes."""
        for chip in self._chips:
            if chip.part == part:
                return
            if chip.part.asset == part.asset:
                # The same picture again, by now with another mask or other marks.
                self._take(chip)
                break
        if len(self._chips) == MOST:
            self._remove(self._chips[0])
        chip = _Chip(self._look, part, len(self._chips) + 1)
        chip.removed.connect(lambda: self._remove(chip))
        chip.switched.connect(lambda: self._switch(chip))
        self._chips.append(chip)
        self._row.insertWidget(len(self._chips) - 1, chip)
        if thumbnail is not None:
            chip.picture.show_pixmap(thumbnail)
        else:
            self._picture(chip)
        self._tell()

    def put(self, parts: Sequence[ImagePart]) -> None:
        """Shows these and no others."""
        for chip in list(self._chips):
            self._take(chip)
        for part in parts:
            self.attach(part)
        self._tell()

    def take_in(self, pictures: Sequence[Path | bytes | QImage]) -> None:
        """Stores what was pasted or dropped and attaches it."""
        for picture in pictures[:MOST]:
            self._tasks.spawn(self._keep(picture), self, name="attach")

    async def _keep(self, picture: Path | bytes | QImage) -> None:
        data, name = await asyncio.to_thread(read_picture, picture)
        self.attach(await self._pictures.keep(data, name))

    def _picture(self, chip: _Chip) -> None:
        edge = round(_EDGE * 1.5 * self.devicePixelRatioF())
        self._thumbnails.want(chip.part.seen, edge, chip.picture, chip.picture.show_pixmap)

    def _switch(self, chip: _Chip) -> None:
        self._picture(chip)
        self._tell()

    def _remove(self, chip: _Chip) -> None:
        self._take(chip)
        self._tell()

    def _take(self, chip: _Chip) -> None:
        self._chips.remove(chip)
        self._row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _tell(self) -> None:
        self.setVisible(bool(self._chips))
        self.changed.emit()

    def sizeHint(self) -> QSize:
        return QSize(100, _EDGE + 8)


def read_picture(picture: Path | bytes | QImage) -> tuple[bytes, str]:
    """The encoded bytes and a name. For threads. Raises NotFound, HostileFile."""
    match picture:
        case bytes():
            data, name = picture, "pasted"
        case Path():
            try:
                with picture.open("rb") as file:
                    data, name = file.read(MOST_BYTES + 1), picture.stem
            except OSError as error:
                raise NotFound(
                    f"“{picture.name}” cannot be read.", details=type(error).__name__
                ) from error
        case _:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            picture.save(buffer, "PNG")  # type: ignore[call-overload]
            data, name = bytes(QByteArray(buffer.data()).data()), "pasted"
    if len(data) > MOST_BYTES:
        raise HostileFile("This picture is too large.", hint="Up to 64 MB can be attached.")
    return data, name
