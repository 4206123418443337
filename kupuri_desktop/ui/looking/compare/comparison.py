"""Compares two images over the whole canvas: bar, stage, and what each of them is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.canvas.commands import Commands
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.looking.compare.bar import CompareBar, compare_verbs
from kupuri_desktop.ui.looking.compare.difference import AMPLIFY, Difference, difference_of
from kupuri_desktop.ui.looking.compare.pair import Picture, name_of, pairs_of, picture_of
from kupuri_desktop.ui.looking.compare.side import Side
from kupuri_desktop.ui.looking.compare.stage import Mode, Stage
from kupuri_desktop.ui.regions import make_region
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look

_KEPT = 4
"""Pictures that stay decoded: the pair that is seen, and the one before."""


class Comparison(QWidget):
    """Lies over `canvas_view` in `house`. `close_` gives the canvas back and throws it away.

    ids: images, at least two; the first two are shown first.
    """

    closed = Signal(list)
    """The ids that are to be selected on the canvas."""

    def __init__(
        self,
        house: QWidget,
        canvas_view: QWidget,
        canvas: Canvas,
        pictures: Pictures,
        tasks: Tasks,
        look: Look,
        actions: Actions,
        ids: Sequence[str],
    ) -> None:
        super().__init__(house)
        self.setObjectName("comparison")
        make_region(self, "Compare images")
        self._over = False
        self._house = house
        self._canvas_view = canvas_view
        self._canvas = canvas
        self._pictures = pictures
        self._tasks = tasks
        self._look = look
        self._read: dict[str, tuple[ImageItem, Picture]] = {}
        self._difference: Difference | None = None
        self.amplify = 4
        self.ids = list(ids)
        self.pair = pairs_of(self.ids)[0]
        self.stage = Stage(look)
        self.a, self.b = Side(look, "A"), Side(look, "B")
        self.commands = Commands(actions, self)
        self.commands.add(compare_verbs(self))
        self._arrange()
        self.bar = CompareBar(look, self)
        self.a.keep_asked.connect(lambda: self.keep(0))
        self.b.keep_asked.connect(lambda: self.keep(1))
        self.stage.viewed.connect(self._show_bar)
        self._unlink = canvas.changed.connect(self._canvas_changed)
        # What lies below takes no key, no drop and no F6 meanwhile.
        canvas_view.setEnabled(False)
        canvas_view.installEventFilter(self)
        house.installEventFilter(self)
        self._cover()
        self.show()
        self.raise_()
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_pair()

    def close_(self, select: Sequence[str] | None = None) -> None:
        """Gives the keyboard and the selection back to the canvas."""
        if self._over:
            return
        self._over = True
        self._unlink()
        self.commands.close()
        for watched in (self._canvas_view, self._house):
            watched.removeEventFilter(self)
        self._canvas_view.setEnabled(True)
        # First: hiding what has the keyboard would have Qt look for whom to give it to.
        self._canvas_view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.closed.emit(list(self.ids if select is None else select))
        self.deleteLater()

    # --- what can be done

    def choose(self, mode: Mode) -> None:
        """Shows the two in another way."""
        self.stage.choose(mode)
        self._show_bar()
        self._compare()

    def swap(self) -> None:
        """A becomes B."""
        self.pair = (self.pair[1], self.pair[0])
        self._show_pair()

    def go(self, step: int) -> None:
        """The next pair of those that were selected, or the one before."""
        pairs = pairs_of(self.ids)
        at = self._at(pairs)
        self.pair = pairs[(at + step) % len(pairs)]
        self._show_pair()

    def keep(self, side: int) -> None:
        """Hides the other one, and goes on with what else was selected."""
        kept, other = self.pair[side], self.pair[1 - side]
        there, item = self._canvas.items.get(other), self._canvas.items.get(kept)
        if not isinstance(item, ImageItem) or there is None:
            return
        rest = [key for key in self.ids if key != other]
        # First: the edit reaches this comparison, too.
        self.ids = rest
        following = [key for key in rest if key != kept]
        if following:
            pair = (kept, following[0])
            self.pair = pair if side == 0 else (pair[1], pair[0])
        self._canvas.add(f"Keep “{name_of(item)}”", [replace(there, hidden=True)])
        if not following:
            self.close_([kept])
        else:
            self._show_pair()

    def step_amplify(self) -> None:
        """The next factor by which differences are made stronger."""
        at = AMPLIFY.index(self.amplify)
        self.amplify = AMPLIFY[(at + 1) % len(AMPLIFY)]
        if self.stage.mode is not Mode.DIFFERENCE:
            self.choose(Mode.DIFFERENCE)
        self._show_bar()
        self._paint_difference()

    def pair_in_words(self) -> str:
        """`2 of 6`; empty where there is one pair only."""
        pairs = pairs_of(self.ids)
        return f"{self._at(pairs) + 1} of {len(pairs)}" if len(pairs) > 1 else ""

    def numbers(self) -> str:
        """How much the two differ; empty until that is known."""
        return self._difference.in_words() if self._difference is not None else ""

    def _at(self, pairs: Sequence[tuple[str, str]]) -> int:
        wanted = set(self.pair)
        return next((n for n, pair in enumerate(pairs) if set(pair) == wanted), 0)

    # --- showing

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.a, 1)
        row.addWidget(self.b, 1)
        column.addWidget(self._foot)

    def _items(self) -> tuple[ImageItem, ImageItem] | None:
        a, b = (self._canvas.items.get(key) for key in self.pair)
        if isinstance(a, ImageItem) and isinstance(b, ImageItem):
            return a, b
        return None

    def _show_pair(self) -> None:
        items = self._items()
        if items is None:
            return
        self._difference = None
        a, b = items
        self.a.show_image(a, b)
        self.b.show_image(b, a)
        self.stage.setAccessibleName(f"{name_of(a)} and {name_of(b)}")
        self._show_pictures()
        for item in items:
            if self._known(item) is None:
                self._tasks.spawn(self._learn(item), self, name="compare")
        self._compare()

    def _known(self, item: ImageItem) -> Picture | None:
        found = self._read.get(item.id)
        same = found is not None and _looks(found[0]) == _looks(item)
        return found[1] if found is not None and same else None

    async def _learn(self, item: ImageItem) -> None:
        try:
            data = await self._pictures.data(item.asset)
        except KupuriError as error:
            picture = Picture(problem=error.message)
        else:
            picture = await asyncio.to_thread(picture_of, item, data)
        self._read.pop(item.id, None)
        self._read[item.id] = (item, picture)
        while len(self._read) > _KEPT:
            self._read.pop(next(iter(self._read)))
        if item.id in self.pair:
            self._show_pictures()
            self._compare()

    def _show_pictures(self) -> None:
        items = self._items()
        if items is not None:
            self.stage.show_pictures(self._known(items[0]), self._known(items[1]))
        self._show_bar()

    def _compare(self) -> None:
        a, b = self.stage.pictures
        wanted = self.stage.mode is Mode.DIFFERENCE
        if not wanted or a is None or b is None or self._difference is not None:
            return
        if not a.levels or not b.levels:
            self.stage.words = a.problem or b.problem
            self.stage.update()
            return
        self._tasks.spawn(self._measure(self.pair, a, b), self, name="difference")

    async def _measure(self, pair: tuple[str, str], a: Picture, b: Picture) -> None:
        found = await asyncio.to_thread(difference_of, a.levels[0], b.levels[0])
        if pair == self.pair:
            self._difference = found
            self._show_bar()
            self._paint_difference()

    def _paint_difference(self) -> None:
        if self._difference is not None:
            self._tasks.spawn(self._amplified(self._difference, self.amplify), self, name="amplify")

    async def _amplified(self, found: Difference, factor: int) -> None:
        image = await asyncio.to_thread(found.amplified, factor)
        if found is self._difference and factor == self.amplify:
            self.stage.difference = image
            self.stage.update()

    def _show_bar(self) -> None:
        self.bar.show_state(self)
        self.stage.numbers = self.numbers()
        if self.stage.mode is Mode.DIFFERENCE:
            self.stage.setAccessibleDescription(self.stage.numbers)
        several = len(self.ids) > 2
        self.commands["compare_next"].setEnabled(several)
        self.commands["compare_previous"].setEnabled(several)

    def _canvas_changed(self, change: Change) -> None:
        there = [key for key in self.ids if key in self._canvas.items]
        if len(there) < 2:
            self.close_(there)
            return
        self.ids = there
        if not all(key in there for key in self.pair):
            self.pair = pairs_of(there)[0]
        if any(key in self.pair for key in change.edit.after) or self._items() is None:
            self._show_pair()

    # --- the overlay itself

    def _cover(self) -> None:
        over, house = self._canvas_view, self._house
        if house.isAncestorOf(over):
            self.setGeometry(over.rect().translated(over.mapTo(house, over.rect().topLeft())))
        else:
            self.setGeometry(house.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest):
            self._cover()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.place(self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        foot = self._foot.geometry()
        painter.fillRect(foot.left(), foot.top(), foot.width(), 1, colours.hairline)
        painter.fillRect(self.b.x(), foot.top(), 1, foot.height(), colours.hairline)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_()
        # What is below must not move under somebody who looks at two images.
        event.accept()

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab stays inside."""
        order: list[QWidget] = [self.stage, *self.bar.controls(), self.a.keep, self.b.keep]
        order = [each for each in order if each.isVisible() and each.isEnabled()]
        if self._over or not order:
            return super().focusNextPrevChild(following)
        now = self.window().focusWidget()
        at = order.index(now) if now in order else -1
        reason = Qt.FocusReason.TabFocusReason if following else Qt.FocusReason.BacktabFocusReason
        order[(at + (1 if following else -1)) % len(order)].setFocus(reason)
        return True


def _looks(item: ImageItem) -> tuple[object, ...]:
    return (item.asset, item.crop, item.flip_x, item.flip_y, item.grayscale)
