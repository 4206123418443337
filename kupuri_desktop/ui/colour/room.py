"""Joins picker, eyedropper, palette and styles to one canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.colours import colour_in
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.next_styles import Styles
from kupuri_desktop.core.palette import used_colours
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.colour.dropper import Dropper
from kupuri_desktop.ui.colour.picker import ColourPicker
from kupuri_desktop.ui.colour.ports import ColourShelf, LooseShelf, Wish

_MOST_RECENT = 9
_INKED = (("shape", "stroke"), ("line", "stroke"), ("stroke", "stroke"), ("text", "colour"))


class ColourRoom(QObject):
    """Owned by the view. `close_canvas` before the view is thrown away."""

    picked = Signal(str)
    """The eyedropper took a colour for nobody in particular: it is in the clipboard."""

    def __init__(
        self, view: CanvasView, shelf: ColourShelf | None = None, styles: Styles | None = None
    ) -> None:
        super().__init__(view)
        self._view = view
        self.shelf: ColourShelf = shelf or LooseShelf()
        self.styles = styles or Styles()
        self._wish: Wish | None = None
        self._anchor: QWidget | None = None
        self._recent: list[str] = []
        self._image: tuple[str, Sequence[str]] = ("", ())
        self.picker = ColourPicker(view.look, self.shelf, view)
        self.picker.sought.connect(self._seek)
        self.picker.taken.connect(self._take)
        self.picker.given_up.connect(self._give_up)
        self.picker.pick_asked.connect(self.pick)
        self.picker.closed.connect(self._closed)
        self.dropper = Dropper(view)
        self.dropper.taken.connect(self._picked)
        self.dropper.saved.connect(self._save)
        self.dropper.left.connect(self._let_go)
        view.hands.styles = self.styles
        view.add_verbs(
            [
                Verb("pick_colour", "Pick a colour", ("Shift+I",), "pipette", Needs.NOTHING,
                     self.pick, Section.TOOLS)
            ]
        )  # fmt: skip

    def put_down(self) -> None:
        """Closes the picker; the colour under a hand is taken."""
        self.dropper.leave()
        self.picker.close_()

    def close_canvas(self) -> None:
        """Lets go of the canvas and of the project's palette."""
        self.put_down()
        self.picker.sections.close_shelf()

    def ask(self, anchor: QWidget, wish: Wish) -> None:
        """Opens the picker beside `anchor`."""
        if self.picker.isVisible() and anchor is self._anchor:
            self.picker.close_()
            return
        self.picker.close_()
        self._wish, self._anchor = wish, anchor
        colour = None if wish.colour is None else colour_in(wish.colour)
        self.picker.begin(anchor, colour, empty=wish.empty, ground=wish.ground)
        self._offer()

    def follow(self, anchor: QWidget, colour: str | None) -> None:
        """Tells what the colour of `anchor` is now, as after an undo."""
        if anchor is self._anchor and self.picker.isVisible() and not self.picker.busy:
            self.picker.show_colour(None if colour is None else colour_in(colour))

    def pick(self) -> None:
        """Begins to pick from the canvas, for the open picker or for what is drawn next."""
        self.picker.held = self.picker.isVisible()
        self._view.hands.cancel()
        self.dropper.begin()

    # --- inside

    def _offer(self) -> None:
        used = used_colours(self._view.canvas.items.values())
        asset = self._selected_image()
        drawn = self._image[1] if asset and asset == self._image[0] else ()
        self.picker.offer(used=used, recent=self._recent, image=drawn)
        if asset and asset != self._image[0]:
            self._view.tasks.spawn(self._draw(asset), self, name="draw colours from an image")

    async def _draw(self, asset: str) -> None:
        self._image = (asset, await self.shelf.drawn_from(asset))
        if self.picker.isVisible():
            self._offer()

    def _selected_image(self) -> str:
        """Of the one image that is selected, or that lies under what is."""
        items = self._view.selection.items()
        images = [item for item in items if isinstance(item, ImageItem)]
        if not images and items:
            middle = items[0].rect
            found = self._view.layer.sheet.at(
                middle.x + middle.width / 2, middle.y + middle.height / 2, 0
            )
            images = [item for item in found if isinstance(item, ImageItem)]
        return images[0].asset if images else ""

    def _seek(self, colour: str | None) -> None:
        if self._wish is not None:
            self._wish.sought(colour)

    def _take(self, colour: str | None) -> None:
        if colour is not None:
            self._remember(colour)
        if self._wish is not None:
            self._wish.taken(colour)

    def _give_up(self) -> None:
        wish = self._wish
        if wish is not None:
            wish.given_up()
            self.picker.show_colour(None if wish.colour is None else colour_in(wish.colour))

    def _picked(self, colour: str) -> None:
        if self.picker.isVisible():
            self.picker.show_colour(colour_in(colour))
            self._take(colour)
            return
        self._remember(colour)
        QGuiApplication.clipboard().setText(colour)
        for kind, name in _INKED:
            self.styles.remember(kind, name, colour)
        self.picked.emit(colour)

    def _save(self, colour: str) -> None:
        self.shelf.put(self.shelf.palette.added(colour))

    def _let_go(self) -> None:
        self.picker.held = False

    def _closed(self) -> None:
        self.dropper.leave()
        self._wish = self._anchor = None

    def _remember(self, colour: str) -> None:
        self._recent = [colour, *(each for each in self._recent if each != colour)][:_MOST_RECENT]
