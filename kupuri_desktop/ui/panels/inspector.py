"""The inspector: what is selected in numbers, colours and words, to read and to change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Change
from kupuri_desktop.core.items import ImageItem, Item, TextItem, describe, kind_of
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.colour.ports import ColourAsker
from kupuri_desktop.ui.panels.appearance import Appearance
from kupuri_desktop.ui.panels.edits import Edits, place_of, shared, turns
from kupuri_desktop.ui.panels.empty import Nothing
from kupuri_desktop.ui.panels.image_details import Assets, ImageDetails
from kupuri_desktop.ui.panels.panel import Panel
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.lines import NameField
from kupuri_desktop.ui.widgets.numbers import NumberField

Shows = Callable[[ImageItem], bool]
"""Shows what there is of an image; False for nothing."""


class Inspector(Panel):
    """Follows a board's selection while it is seen. `close_canvas` before it is thrown away."""

    item_asked = Signal(str)
    """An item that the canvas is to show."""

    message_asked = Signal(str, str)
    """The chat and the run whose message the chat is to show."""

    select_all_asked = Signal()

    def __init__(
        self,
        look: Look,
        board: Board,
        assets: Assets,
        tasks: Tasks,
        colours: ColourAsker,
        styles: Styles | None = None,
    ) -> None:
        super().__init__(look, "inspector", "Inspector")
        self._board = board
        self._assets = assets
        self._tasks = tasks
        self._asked = ""
        self._for_images: list[tuple[Shows, QWidget]] = []
        edits = self._edits = Edits(board, styles)
        # Many changes within one turn of the loop, as a rubber band makes, are shown once.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        self.name = NameField(look, "inspector_name", "Name")
        self.name.taken.connect(edits.rename)
        self._what = label("", tone="second", size="label", name="inspector_kind")
        self._place = self._place_fields()
        self.looks = Appearance(look, edits, colours, board)
        self.details = ImageDetails(look, board.layer.store)
        self.details.parent_asked.connect(self.item_asked)
        self.details.message_asked.connect(self.message_asked)
        self._nothing = Nothing(
            look, "inspector_nothing", "Select something on the canvas to see and change it here.",
            "Select all", "square-dashed-mouse-pointer",
        )  # fmt: skip
        self._nothing.button.clicked.connect(self.select_all_asked)
        self._arrange()
        self._links = [
            board.selection.changed.connect(lambda _: self._selected()),
            board.canvas.changed.connect(self._canvas_changed),
        ]
        self.refresh()

    @property
    def canvas(self) -> Canvas:
        return self._board.canvas

    def close_canvas(self) -> None:
        """Lets go of the board's signals."""
        self._edits.give_up()
        for unlink in self._links:
            unlink()
        self._links = []
        self.details.close_canvas()
        self._soon.stop()

    def refresh(self) -> None:
        """Shows the selection as it is now."""
        items = self._board.selection.items()
        self._nothing.setVisible(not items)
        self._area.setVisible(bool(items))
        if not items:
            return
        self._show_name(items)
        self._show_place(items)
        self._looks_part.setVisible(self.looks.show_items(items))
        only = items[0] if len(items) == 1 else None
        self._details_part.setVisible(isinstance(only, ImageItem))
        for show, part in self._for_images:
            part.setVisible(isinstance(only, ImageItem) and show(only))
        if isinstance(only, ImageItem):
            self.details.show_image(only, self.canvas.items)
            self._ask(only.asset)

    def add_for_images(self, title: str, content: QWidget, show: Shows) -> None:
        """Adds a part that is shown for one image, where it has something to say."""
        part = self._part(title, content)
        part.hide()
        self._for_images.append((show, part))
        self._image_parts.addWidget(part)
        self.refresh()

    def show_details(self) -> None:
        """Brings the part on the image into view."""
        self.refresh()
        # Its height is known once the part has been laid out.
        QTimer.singleShot(0, self, self._scroll_to_details)

    def _scroll_to_details(self) -> None:
        self._area.verticalScrollBar().setValue(self._details_part.y())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _arrange(self) -> None:
        space = self._look.theme.space
        inside = QWidget()
        inside.setObjectName("inspector_inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(space.m, 0, space.m, space.l)
        column.setSpacing(space.m)
        column.addWidget(self.name)
        column.addWidget(self._what)
        column.addWidget(self._place)
        self._looks_part = self._part("Appearance", self.looks)
        column.addWidget(self._looks_part)
        self._image_parts = QVBoxLayout()
        self._image_parts.setSpacing(space.m)
        column.addLayout(self._image_parts)
        self._details_part = self._part("Image", self.details)
        column.addWidget(self._details_part)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        # What lies in it is reached one by one, and scrolls itself into sight.
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.column.addWidget(self._area, 1)
        self.column.addWidget(self._nothing, 1)

    def _part(self, title: str, content: QWidget) -> QWidget:
        space = self._look.theme.space
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space.s)
        line = QFrame()
        line.setProperty("line", True)
        line.setFixedHeight(1)
        column.addWidget(line)
        column.addSpacing(space.xs)
        column.addWidget(label(title, weight="strong"))
        column.addWidget(content)
        return part

    def _place_fields(self) -> QWidget:
        look, edits = self._look, self._edits
        self.left = NumberField(look, "inspector_x", "Left", "X")
        self.top = NumberField(look, "inspector_y", "Top", "Y")
        self.wide = NumberField(look, "inspector_width", "Width", "W", low=1)
        self.high = NumberField(look, "inspector_height", "Height", "H", low=1)
        self.angle = NumberField(
            look, "inspector_rotation", "Rotation", "R", unit="°", low=-360, high=360
        )
        self.opacity = NumberField(
            look, "inspector_opacity", "Opacity", "O", unit=" %", low=0, high=100
        )
        for field, edit in (
            (self.left, lambda x, preview: edits.move(x=x, preview=preview)),
            (self.top, lambda y, preview: edits.move(y=y, preview=preview)),
            (self.wide, lambda width, preview: edits.resize(width=width, preview=preview)),
            (self.high, lambda height, preview: edits.resize(height=height, preview=preview)),
            (self.angle, lambda angle, preview: edits.turn(angle, preview=preview)),
            (self.opacity, lambda v, preview: edits.set(
                "opacity", v / 100, "Change opacity", preview=preview)),
        ):  # fmt: skip
            field.taken.connect(partial(edit, preview=False))
            field.sought.connect(partial(edit, preview=True))
            field.given_up.connect(edits.give_up)
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.theme.space.s)
        for n, field in enumerate(
            (self.left, self.top, self.wide, self.high, self.angle, self.opacity)
        ):
            grid.addWidget(field, n // 2, n % 2)
        return fields

    def _show_name(self, items: Sequence[Item]) -> None:
        name, mixed = shared(items, "name")
        hint = "Mixed names" if mixed else " ".join(describe(items[0]).split())
        self.name.put("" if mixed else name, hint)
        what = kind_of(items[0]).capitalize() if len(items) == 1 else f"{len(items)} items"
        if all(item.locked for item in items):
            what += ", locked"
        self._what.setText(what)

    def _show_place(self, items: Sequence[Item]) -> None:
        free = [item for item in items if not item.locked]
        place = place_of(free or items)
        assert place is not None
        self.left.show_number(place.x)
        self.top.show_number(place.y)
        self.wide.show_number(place.width)
        self.high.show_number(place.height)
        self.angle.show_number(*shared(items, "rotation"))
        opacity, mixed = shared(items, "opacity")
        self.opacity.show_number(opacity * 100, mixed)
        for field in (self.left, self.top, self.wide, self.opacity):
            field.setEnabled(bool(free))
        # A text's box is as tall as its words; a path has no angle but that of its points.
        words_only = len(free) == 1 and isinstance(free[0], TextItem)
        self.high.setEnabled(bool(free) and not words_only)
        self.angle.setEnabled(any(turns(item) for item in free))

    def _ask(self, asset: str) -> None:
        if asset != self._asked:
            self._asked = asset
            self._tasks.spawn(self._learn(asset), self, name="image details")

    async def _learn(self, asset: str) -> None:
        known = await self._assets.info([asset])
        if asset in known:
            self.details.show_asset(known[asset])

    def _selected(self) -> None:
        self._edits.give_up()
        self._changed()

    def _changed(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _canvas_changed(self, change: Change) -> None:
        self._edits.follow(change.edit.after)
        if any(key in self._board.selection for key in change.edit.after):
            self._changed()
