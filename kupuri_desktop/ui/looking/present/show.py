"""The presentation's own window: one slide on the whole screen, moved on by keys and clicks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.accessibility.words import announce
from kupuri_desktop.ui.canvas.commands import Commands, Needs, Verb
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.looking.present.slides import Slide, picture_of
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.motion import Glide
from kupuri_desktop.ui.widgets.paint import fill_round

_SIGN_MS = 2200
"""How long the name stays after the pointer has moved."""

_LONGEST_NUMBER = 4


class Show(QWidget):
    """Slides as they were when it began. `begin` fills the screen that `beside` is on.

    The slide before and the one after are painted ahead, in a thread.
    """

    ended = Signal()

    def __init__(
        self,
        beside: QWidget,
        slides: Sequence[Slide],
        first: int,
        pictures: Pictures,
        tasks: Tasks,
        look: Look,
        actions: Actions,
    ) -> None:
        super().__init__(beside.window(), Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("presentation")
        self.setWindowTitle("Presentation – Kupuri")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._beside = beside
        self._slides = list(slides)
        self._pictures = pictures
        self._tasks = tasks
        self._look = look
        self.at = min(max(first, 0), len(self._slides) - 1)
        self.black = True
        self.typed = ""
        self._over = False
        self._painted: dict[int, QImage] = {}
        self._asked: dict[int, asyncio.Task[None]] = {}
        self._room = QSize()
        self._shown: QImage | None = None
        self._before: QImage | None = None
        self._fade = Glide(self, look, "panel")
        self._sign = Glide(self, look)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_SIGN_MS)
        self._quiet.timeout.connect(self._hush)
        self.commands = Commands(actions, self)
        self.commands.add(self._verbs())

    def begin(self) -> None:
        """Fills the screen and takes the keyboard."""
        screen = self._beside.screen()
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.raise_()
        self.activateWindow()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go(self.at)
        self._wake()

    def end(self) -> None:
        """Closes it and gives the keyboard back."""
        if self._over:
            return
        self._over = True
        self._quiet.stop()
        self._fade.stop()
        self._sign.stop()
        self.commands.close()
        self.hide()
        self.ended.emit()
        self.deleteLater()

    @property
    def slide(self) -> Slide:
        """The one that is shown."""
        return self._slides[self.at]

    @property
    def shown(self) -> QImage | None:
        """The picture that is shown; the one before stays until the next is there."""
        return self._shown

    def painted(self) -> set[int]:
        """The slides that are ready."""
        return set(self._painted)

    def sign(self) -> str:
        """`Cover   1 / 3`, or the number that is being typed."""
        if self.typed:
            return f"Go to {self.typed}"
        return f"{self.slide.name}   {self.at + 1} / {len(self._slides)}"

    def step(self, by: int) -> None:
        """Goes on or back; after the last one nothing comes."""
        self._go(self.at + by)

    def turn_ground(self) -> None:
        """Black, or the canvas's own colour."""
        self.black = not self.black
        self.update()

    def _verbs(self) -> list[Verb]:
        none, section = Needs.NOTHING, Section.SHOW
        last = len(self._slides) - 1
        return [
            Verb(name, words, keys, icon, none, run, section)
            for name, words, keys, icon, run in (
                ("show_next", "Next slide", ("Space", "Right", "Down", "PgDown"), "arrow-right",
                 partial(self.step, 1)),
                ("show_previous", "Slide before", ("Left", "Up", "PgUp", "Backspace"),
                 "arrow-left", partial(self.step, -1)),
                ("show_first", "First slide", ("Home",), "chevron-left", partial(self._go, 0)),
                ("show_last", "Last slide", ("End",), "chevron-right", partial(self._go, last)),
                ("show_ground", "Black or the canvas's colour around", ("B",), "contrast",
                 self.turn_ground),
                ("show_end", "End the presentation", ("Esc",), "x", self.end),
            )
        ]  # fmt: skip

    # --- pictures

    def _go(self, at: int) -> None:
        self.at = min(max(at, 0), len(self._slides) - 1)
        self.setAccessibleName(f"{self.slide.name}, {self.at + 1} of {len(self._slides)}")
        announce(self, self.accessibleName())
        near = [n for n in (self.at, self.at + 1, self.at - 1) if 0 <= n < len(self._slides)]
        self._painted = {n: image for n, image in self._painted.items() if n in near}
        for n, task in list(self._asked.items()):
            if n not in near:
                task.cancel()
        for n in near:
            if n not in self._painted and n not in self._asked:
                self._ask(n)
        self._present()

    def _ask(self, n: int) -> None:
        task = self._asked[n] = self._tasks.spawn(self._paint_slide(n), self, name="slide")
        task.add_done_callback(lambda done: self._forget(n, done))

    def _forget(self, n: int, done: asyncio.Task[None]) -> None:
        if self._asked.get(n) is done:
            del self._asked[n]

    async def _paint_slide(self, n: int) -> None:
        room = self._room
        image = await picture_of(self._slides[n], self._pictures, room)
        if room == self._room:
            self._painted[n] = image
            if n == self.at:
                self._present()

    def _present(self) -> None:
        image = self._painted.get(self.at)
        if image is not None and image is not self._shown:
            self._before, self._shown = self._shown, image
            self._fade.stop()
            self._fade.value = 0.0
            self._fade.to(1.0)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = (QSizeF(self.size()) * self.devicePixelRatioF()).toSize()
        if room != self._room:
            self._room = room
            self._painted.clear()
            for task in self._asked.values():
                task.cancel()
            self._asked.clear()
            if self.isVisible():
                self._go(self.at)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        ground = QColor(Qt.GlobalColor.black) if self.black else colours.canvas
        painter.fillRect(self.rect(), ground)
        share = self._fade.value
        if self._before is not None and share < 1:
            painter.setOpacity(1 - share)
            self._paint_picture(painter, self._before)
        if self._shown is not None:
            painter.setOpacity(share)
            self._paint_picture(painter, self._shown)
        painter.setOpacity(1)
        if self._sign.value > 0:
            self._paint_sign(painter)

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        size = QSizeF(image.size()) / ratio
        if size.width() > self.width() + 1 or size.height() > self.height() + 1:
            size.scale(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        rect = QRectF(QPointF(), size)
        rect.moveCenter(QRectF(self.rect()).center())
        # On whole device pixels: what fits exactly is shown exactly.
        corner = QPointF(round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio)
        painter.drawImage(QRectF(corner, size), image)

    def _paint_sign(self, painter: QPainter) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter.setOpacity(self._sign.value)
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium, tabular=True))
        metrics = painter.fontMetrics()
        most = self.width() - 4 * theme.space.xl
        words = metrics.elidedText(self.sign(), Qt.TextElideMode.ElideMiddle, most)
        rect = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * theme.space.l, 36)
        rect.moveCenter(QPointF(self.width() / 2, self.height() - theme.space.xxl - 18))
        fill_round(painter, rect, theme.radius.card, colours.surface, colours.hairline)
        painter.setPen(colours.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)

    def _wake(self) -> None:
        self.unsetCursor()
        if not self._quiet.isActive():
            self._sign.to(1.0)
        self._quiet.start()

    def _hush(self) -> None:
        self._quiet.stop()
        self.typed = ""
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._sign.to(0.0)

    # --- hands

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._wake()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.step(1)
        elif event.button() == Qt.MouseButton.RightButton:
            self.step(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.text().isdecimal():
            self.typed = (self.typed + event.text())[-_LONGEST_NUMBER:]
            self._wake()
            self.update()
        elif enter and self.typed:
            at, self.typed = int(self.typed) - 1, ""
            self._go(at)
        elif enter:
            self.step(1)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.end()
