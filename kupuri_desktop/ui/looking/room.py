"""Joins the ways of looking to the canvas of an open project and to the window's actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.items import FrameItem, ImageItem
from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.ports import Coming, Pictures
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.looking.compare.comparison import Comparison
from kupuri_desktop.ui.looking.compare.pair import images_in
from kupuri_desktop.ui.looking.minimap import Minimap
from kupuri_desktop.ui.looking.present.show import Show
from kupuri_desktop.ui.looking.present.slides import slides_of


class LookingRoom(QObject):
    """The map, comparing and presenting of one canvas. `leave` before it is thrown away.

    house: what holds the canvas; a comparison lies in it, over the canvas.
    """

    details_asked = Signal()
    """The button Info: the inspector is to show how the selected image was made."""

    def __init__(
        self,
        canvas: CanvasView,
        pictures: Pictures,
        coming: Coming,
        actions: Actions,
        house: QWidget,
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._pictures = pictures
        self._actions = actions
        self._house = house
        self.comparison: Comparison | None = None
        self.show: Show | None = None
        self.minimap = Minimap(canvas, coming)
        self.minimap.want(actions["toggle_minimap"].isChecked())
        actions.on("toggle_minimap", self._toggle_map)
        canvas.add_verbs(
            [
                Verb("compare", "Compare images", ("Shift+C",), "square-split-horizontal",
                     Needs.TWO, self.compare, Section.VIEW, self._can_compare),
                Verb("image_info", "Image details", ("Alt+I",), "info",
                     Needs.ONE, self.details_asked.emit, Section.VIEW, self._is_image),
            ]
        )  # fmt: skip
        actions.on("present", self.present)
        self._unlink = canvas.canvas.changed.connect(lambda _: self._offer_show())
        self._offer_show()
        canvas.bars.pop.offer_icons(("compare", "image_info"))
        canvas.bars.place()

    def leave(self) -> None:
        """Lets go of the canvas."""
        self._unlink()
        if self.comparison is not None:
            self.comparison.close_()
        if self.show is not None:
            self.show.end()
        self.minimap.close_canvas()

    def compare(self) -> None:
        """Holds the selected images together, the first two first."""
        ids = [image.id for image in images_in(self._canvas.selection.items())]
        if len(ids) < 2 or self.comparison is not None:
            return
        canvas = self._canvas
        canvas.hands.cancel()
        self.comparison = Comparison(
            self._house, canvas, canvas.canvas, self._pictures, canvas.tasks, canvas.look,
            self._actions, ids,
        )  # fmt: skip
        self.comparison.closed.connect(self._compared)

    def present(self) -> None:
        """Shows the frames on the whole screen, or the images where there is no frame."""
        canvas = self._canvas
        slides, first = slides_of(canvas.canvas.in_order(), canvas.selection.ids)
        if not slides or self.show is not None:
            return
        canvas.hands.cancel()
        self.show = Show(
            canvas, slides, first, self._pictures, canvas.tasks, canvas.look, self._actions
        )
        self.show.ended.connect(self._presented)
        self.show.begin()

    def _presented(self) -> None:
        self.show = None
        self._canvas.window().activateWindow()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_show(self) -> None:
        items = self._canvas.canvas.items.values()
        something = any(isinstance(i, FrameItem | ImageItem) and not i.hidden for i in items)
        self._actions["present"].setEnabled(something)

    def _compared(self, select: Sequence[str]) -> None:
        self.comparison = None
        self._canvas.selection.set(select)

    def _can_compare(self) -> bool:
        images = (isinstance(item, ImageItem) for item in self._canvas.selection.items())
        # Two are enough to know; ten thousand may be selected.
        return next((True for is_image in images if is_image), False) and any(images)

    def _is_image(self) -> bool:
        items = self._canvas.selection.items() if len(self._canvas.selection) == 1 else []
        return bool(items) and isinstance(items[0], ImageItem)

    def _toggle_map(self) -> None:
        self.minimap.want(self._actions["toggle_minimap"].isChecked(), at_once=True)
