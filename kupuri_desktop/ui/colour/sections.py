"""The picker's lower part: colours to take up again, each kind under its own heading."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.colours import Colour, harmonies
from kupuri_desktop.core.palette import Palette, SavedColour
from kupuri_desktop.ui.colour.ports import ColourShelf
from kupuri_desktop.ui.colour.swatches import COLUMNS, Swatches
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.lines import NameField

MOST_USED = 2 * COLUMNS


class Section(QWidget):
    """A heading over a grid of colours; without colours it is not there."""

    chosen = Signal(str)

    def __init__(self, look: Look, name: str, words: str, *, ordered: bool = False) -> None:
        super().__init__()
        self.swatches = Swatches(look, name, words, ordered=ordered)
        self.swatches.chosen.connect(self.chosen)
        self.head = QHBoxLayout()
        self.head.addWidget(label(words, tone="second", size="label"))
        self.head.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look.theme.space.xs)
        self.column.addLayout(self.head)
        self.column.addWidget(self.swatches)

    def put(self, colours: Sequence[str], marked: str | None = None) -> None:
        """Shows colours as #rrggbb[aa]."""
        self.swatches.put([SavedColour(colour) for colour in colours], marked)
        self.setVisible(bool(colours))


class PaletteSection(Section):
    """The project's saved colours: it is always there, for that is where they are saved."""

    def __init__(self, look: Look, shelf: ColourShelf) -> None:
        super().__init__(look, "colour_saved", "Saved with the project", ordered=True)
        self._shelf = shelf
        self._now: str | None = None
        self._renamed: str | None = None
        self.add = IconButton(look, "colour_save", "plus", "Save this colour", size=22,
                              icon_size=14)  # fmt: skip
        self.add.clicked.connect(self._add)
        self.head.addWidget(self.add)
        self._none = label("Press + to keep a colour here.", tone="third", size="label")
        self.column.addWidget(self._none)
        self.name = NameField(look, "colour_name", "Name of the colour")
        self.name.setPlaceholderText("A name for this colour")
        self.name.taken.connect(self._rename)
        self.name.editingFinished.connect(self.name.hide)
        self.name.hide()
        self.column.addWidget(self.name)
        grid = self.swatches
        grid.moved.connect(lambda colour, place: shelf.put(shelf.palette.moved(colour, place)))
        grid.removed.connect(lambda colour: shelf.put(shelf.palette.removed(colour)))
        grid.rename_asked.connect(self._begin_naming)
        self._show(shelf.palette)

    def show_palette(self, palette: Palette) -> None:
        """Shows the palette as it is now."""
        self._show(palette)

    def mark(self, colour: str | None) -> None:
        """Says which colour is chosen now."""
        self._now = colour
        self._show(self._shelf.palette)

    def _show(self, palette: Palette) -> None:
        self.swatches.put(palette.saved, self._now)
        self.swatches.setVisible(bool(palette.saved))
        self._none.setVisible(not palette.saved)
        self.add.setEnabled(self._now is not None and self._now not in palette)

    def _add(self) -> None:
        if self._now is not None:
            self._shelf.put(self._shelf.palette.added(self._now))

    def _begin_naming(self, colour: str) -> None:
        self._renamed = colour
        known = next((e for e in self._shelf.palette.saved if e.colour == colour), None)
        self.name.keep(known.name if known is not None else "")
        self.name.show()
        self.name.setFocus()
        self.name.selectAll()

    def _rename(self, name: str) -> None:
        if self._renamed is not None:
            self._shelf.put(self._shelf.palette.renamed(self._renamed, name))
        self.swatches.setFocus()


class Sections(QWidget):
    """All of them, in the order of use."""

    chosen = Signal(str)

    def __init__(self, look: Look, shelf: ColourShelf) -> None:
        super().__init__()
        self._shelf = shelf
        self.saved = PaletteSection(look, shelf)
        self.used = Section(look, "colour_used", "On this canvas")
        self.image = Section(look, "colour_image", "From this image")
        self.recent = Section(look, "colour_recent", "Recent")
        self.harmony = Section(look, "colour_harmony", "Goes with it")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.space.m)
        for section in (self.saved, self.image, self.used, self.recent, self.harmony):
            section.chosen.connect(self.chosen)
            column.addWidget(section)
        column.addStretch(1)
        self._unlink = shelf.changed.connect(self.saved.show_palette)

    def close_shelf(self) -> None:
        """Lets go of the project's palette."""
        self._unlink()

    def mark(self, colour: Colour | None) -> None:
        """Shows which of them is the colour, and what goes with it."""
        text = None if colour is None else colour.text()
        self.saved.mark(text)
        for section in (self.used, self.image, self.recent):
            grid = section.swatches
            grid.put(grid.shown, text)
        grey = colour is None or colour.hsv[1] < 0.08
        found = [] if grey or colour is None else [each.text() for each in harmonies(colour)]
        self.harmony.put(found)
