"""Shows the images that are being made, with a stop button each, and settles them when done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from time import monotonic

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QGraphicsView, QHBoxLayout, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import Mend
from kupuri_desktop.core.generation import Placeholder
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.canvas.coming_item import TURN_SECONDS, ComingItem
from kupuri_desktop.ui.canvas.painting.picture_store import PictureStore, Wanted, level_for
from kupuri_desktop.ui.canvas.painting.sheet import whole_edge
from kupuri_desktop.ui.canvas.ports import Coming
from kupuri_desktop.ui.decoding import decode
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton

_FRAME_MS = 40
_AROUND = 16
"""Logical pixels that stay free beside the buttons."""

_PATIENCE = 1.5
"""Seconds that the preview stays when the image's own pixels are late."""

_EASE = QEasingCurve(QEasingCurve.Type.OutCubic)


class _Buttons(QWidget):
    """What can be done about one coming image."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("coming_buttons")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.offers: tuple[str, ...] = ()
        self.words_need: dict[tuple[str, ...], int] = {}


class _Arrival:
    """One coming image: how it is painted, its buttons, and how far it has settled."""

    def __init__(self, item: ComingItem, buttons: _Buttons) -> None:
        self.item = item
        self.buttons = buttons
        self.shown_preview: bytes | None = None
        self.decoding: asyncio.Task[None] | None = None
        self.image: ImageItem | None = None
        self.settling_since: float | None = None
        self.patient_until = 0.0


class Arrivals(QObject):
    """Follows a feed of placeholders. Its timer runs only while one is running and seen.

    mending: the button of a problem that is not mended here was pressed: the Action, and the job.
    """

    mending = Signal(object, str)

    def __init__(
        self,
        view: QGraphicsView,
        canvas: Canvas,
        store: PictureStore,
        coming: Coming,
        tasks: Tasks,
        look: Look,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._canvas = canvas
        self._store = store
        self._coming = coming
        self._tasks = tasks
        self._look = look
        self._arrivals: dict[str, _Arrival] = {}
        self._began = monotonic()
        self._ticker = QTimer(self)
        self._ticker.setInterval(_FRAME_MS)
        self._ticker.timeout.connect(self._tick)
        self._links = [coming.changed.connect(self.show), coming.removed.connect(self.settle)]
        for placeholder in coming.current():
            self.show(placeholder)

    def close(self) -> None:
        for disconnect in self._links:
            disconnect()
        self._ticker.stop()
        for job in list(self._arrivals):
            self._remove(job)

    @property
    def moving(self) -> bool:
        return self._ticker.isActive()

    def jobs(self) -> list[str]:
        return list(self._arrivals)

    def item(self, job: str) -> ComingItem | None:
        arrival = self._arrivals.get(job)
        return None if arrival is None else arrival.item

    def show(self, placeholder: Placeholder) -> None:
        """A new place, or news of one."""
        arrival = self._arrivals.get(placeholder.job)
        if arrival is None:
            item = ComingItem(self._look, placeholder)
            self._view.scene().addItem(item)
            arrival = self._arrivals[placeholder.job] = _Arrival(item, _Buttons(self._view))
        arrival.item.show_news(placeholder)
        self._take_preview(arrival)
        self.place()

    def settle(self, job: str) -> None:
        """The image is on the canvas, or nobody wants it any more."""
        arrival = self._arrivals.get(job)
        if arrival is None:
            return
        arrival.image = self._image_of(job)
        self._hide(arrival)
        if arrival.image is None or self._look.theme.motion.settle == 0:
            self._remove(job)
        else:
            arrival.patient_until = monotonic() + _PATIENCE
        self._run_or_rest()

    def place(self) -> None:
        """Puts the buttons where their images are seen now."""
        window = QRectF(self._view.viewport().rect())
        for arrival in self._arrivals.values():
            if arrival.image is not None:
                continue
            rect = self._seen(arrival)
            self._offer(arrival, rect.width())
            buttons = arrival.buttons
            size = buttons.sizeHint()
            fits = size.width() + _AROUND <= rect.width() and size.height() + 64 <= rect.height()
            buttons.setVisible(fits and window.intersects(rect))
            buttons.resize(size)
            at = QPointF(rect.center().x() - size.width() / 2, rect.bottom() - size.height() - 10)
            buttons.move(at.toPoint())
        self._run_or_rest()

    # --- inside

    def _seen(self, arrival: _Arrival) -> QRectF:
        return self._view.viewportTransform().mapRect(arrival.item.place)

    def _image_of(self, job: str) -> ImageItem | None:
        for item in self._canvas.items.values():
            if isinstance(item, ImageItem) and item.making is not None and item.making.job == job:
                return item
        return None

    def _offer(self, arrival: _Arrival, room: float) -> None:
        """Makes the buttons that the state asks for; icons alone where there is little room."""
        placeholder = arrival.item.placeholder
        job = placeholder.job
        offers: list[tuple[str, str, str, Callable[[], object]]] = []
        if placeholder.state.open:
            offers.append(("stop", "Stop", "circle-stop", lambda: self._coming.stop(job)))
        else:
            offers.append(("retry", "Try again", "rotate-cw", lambda: self._coming.retry(job)))
            mend = placeholder.problem.action if placeholder.problem else None
            if mend is not None and mend.mend is not Mend.RETRY:
                ask = partial(self.mending.emit, mend, job)
                offers.append(("mend", mend.label, "wrench", ask))
            offers.append(("dismiss", "Dismiss", "x", lambda: self._coming.dismiss(job)))
        buttons = arrival.buttons
        words_of_all = tuple(words for _, words, _, _ in offers)
        need = buttons.words_need.get(words_of_all, 0)
        small = need + _AROUND > room
        made = (str(small), *words_of_all)
        if made == buttons.offers:
            return
        buttons.offers = made
        while buttons.row.count():
            taken = buttons.row.takeAt(0)
            old = None if taken is None else taken.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for name, words, icon, do in offers:
            button = self._button(name, words, icon, placeholder.prompt, do, small)
            buttons.row.addWidget(button)
            # At once: a button that a layout shows in the next turn has no size in this one.
            button.show()
        if need == 0:
            buttons.words_need[words_of_all] = buttons.sizeHint().width()
            self._offer(arrival, room)

    def _button(
        self,
        name: str,
        words: str,
        icon: str,
        prompt: str,
        do: Callable[[], object],
        small: bool,
    ) -> QAbstractButton:
        button: QAbstractButton
        if small:
            button = IconButton(self._look, f"coming_{name}", icon, words, filled=True)
        else:
            button = PillButton(self._look, f"coming_{name}", words, icon)
        button.setAccessibleName(f"{words}: {prompt}")
        button.clicked.connect(lambda: do())
        return button

    def _take_preview(self, arrival: _Arrival) -> None:
        data = arrival.item.placeholder.progress.preview
        if data is None or data is arrival.shown_preview or arrival.decoding is not None:
            return
        arrival.shown_preview = data
        arrival.decoding = self._tasks.spawn(self._decode(arrival, data), self)

    async def _decode(self, arrival: _Arrival, data: bytes) -> None:
        try:
            image, _ = await asyncio.to_thread(decode, data)
        finally:
            arrival.decoding = None
        if image is not None and arrival.item.placeholder.job in self._arrivals:
            arrival.item.preview = image
            arrival.item.update()
        # A newer one may have come meanwhile.
        self._take_preview(arrival)

    def _remove(self, job: str) -> None:
        arrival = self._arrivals.pop(job)
        self._view.scene().removeItem(arrival.item)
        self._hide(arrival)
        arrival.buttons.deleteLater()
        if arrival.decoding is not None:
            arrival.decoding.cancel()

    def _hide(self, arrival: _Arrival) -> None:
        """The keyboard goes back to the canvas, not to whatever comes next in the window."""
        focused = QApplication.focusWidget()
        if focused is not None and arrival.buttons.isAncestorOf(focused):
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        arrival.buttons.hide()

    def _run_or_rest(self) -> None:
        window = QRectF(self._view.viewport().rect())
        still = self._look.theme.reduce_motion
        wanted = self._view.isVisible() and any(
            arrival.image is not None
            or (arrival.item.running and not still and window.intersects(self._seen(arrival)))
            for arrival in self._arrivals.values()
        )
        if wanted and not self._ticker.isActive():
            self._ticker.start()
        elif not wanted:
            self._ticker.stop()

    def _tick(self) -> None:
        now = monotonic()
        phase = ((now - self._began) / TURN_SECONDS) % 1.0
        for job, arrival in list(self._arrivals.items()):
            arrival.item.phase = phase
            if arrival.image is not None and self._settled(arrival, arrival.image, now):
                self._remove(job)
            else:
                arrival.item.update()
        self._run_or_rest()

    def _settled(self, arrival: _Arrival, image: ImageItem, now: float) -> bool:
        if arrival.settling_since is None:
            if not self._is_sharp(image) and now < arrival.patient_until:
                return False
            arrival.settling_since = now
        span = max(self._look.theme.motion.settle, 1) / 1000
        share = min((now - arrival.settling_since) / span, 1.0)
        arrival.item.fade = 1.0 - float(_EASE.valueForProgress(share))
        return share >= 1

    def _is_sharp(self, image: ImageItem) -> bool:
        scale = self._view.viewportTransform().m11() * self._view.devicePixelRatioF()
        natural = float(max(image.natural_width, image.natural_height, 1))
        level = level_for(whole_edge(image) * scale, natural)
        if level == 0 or image.asset in self._store.problems:
            return True
        return self._store.get(Wanted(image.asset, level, image.grayscale)) is not None
