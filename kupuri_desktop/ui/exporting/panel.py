"""The panel that asks what leaves, as what, how large, under which names and where to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSpinBox, QWidget

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.file_names import FIELDS
from kupuri_desktop.ui.colour.colour_field import ColourField
from kupuri_desktop.ui.colour.ports import ColourAsker
from kupuri_desktop.ui.exporting.naming import files_of, stems
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.wish import (
    SCALES,
    Format,
    What,
    Wish,
    check_size,
    parse_scale,
    written_scale,
)
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.fields import Choice, Segmented, Switch
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.popover import Popover

WIDTH = 384
_TITLE_WIDTH = 92
_PREVIEWS = 3
_CLEAR, _WHITE, _OTHER = "clear", "white", "other"

Cutter = Callable[[What], Sequence[Piece]]


class ExportPanel(Popover):
    """Shows a wish and says what the person makes of it; it keeps none itself."""

    changed = Signal(object)
    """The Wish as it is now."""

    export_asked = Signal()
    folder_asked = Signal()
    png_asked = Signal()
    svg_asked = Signal()

    def __init__(self, look: Look, owner: QWidget, colours: ColourAsker | None = None) -> None:
        super().__init__(look, "export_panel", "Export", owner, width=WIDTH)
        self._wish = Wish()
        self._colours = colours
        self._cut: Cutter = lambda _: ()
        self._pieces: Sequence[Piece] = ()
        self._project = ""
        space = look.theme.space
        self.body.setContentsMargins(space.l, space.m, space.l, space.l)
        self.body.setSpacing(space.s)
        head = QHBoxLayout()
        head.addWidget(label("Export", weight="strong"))
        head.addStretch(1)
        self._size = label("", tone="second", size="label", name="export_size")
        head.addWidget(self._size)
        self.body.addLayout(head)
        self._make_what()
        self._make_size()
        self._make_look()
        self._make_names()
        self._make_buttons()

    def show_wish(self, wish: Wish, cutter: Cutter, project: str) -> None:
        """Show what is chosen. cutter: gives the pieces of each choice there is."""
        self._cut, self._project = cutter, project
        self._offer()
        self._pieces = cutter(wish.what)
        self._show(wish)

    # --- made once

    def _make_what(self) -> None:
        self.what = Choice(self._look)
        describe(self.what, "export_what", "What to export")
        self.what.activated.connect(lambda _: self._set(what=self.what.currentData()))
        self._row("What", self.what)
        self.format = Choice(self._look)
        describe(self.format, "export_format", "Format")
        for format_ in Format:
            self.format.addItem(format_.words, format_)
        self.format.activated.connect(lambda _: self._set(format=self.format.currentData()))
        self._row("Format", self.format)

    def _make_size(self) -> None:
        self.scale = Choice(self._look)
        describe(self.scale, "export_scale", "Size", hint="0.25x to 8x")
        self.scale.setEditable(True)
        self.scale.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        line = self.scale.lineEdit()
        assert line is not None
        line.setProperty("bare", True)
        for scale in SCALES:
            self.scale.addItem(written_scale(scale), scale)
        self.scale.activated.connect(lambda _: self._take_scale())
        line.editingFinished.connect(self._take_scale)
        self._row("Size", self.scale)

    def _make_look(self) -> None:
        look = self._look
        options = ((_CLEAR, "Transparent"), (_WHITE, "White"), (_OTHER, "Colour"))
        self.ground = Segmented(look, "export_ground", "Background", options, _CLEAR)
        self.ground.chosen.connect(self._take_ground)
        self._ground_row = self._row("Background", self.ground)
        self.colour = ColourField(self._look, "export_colour", "Background colour", self._colours)
        self.colour.taken.connect(lambda text: self._set(background=str(text)[:7]))
        self._colour_row = self._row("", self.colour)
        self.quality = QSpinBox()
        describe(self.quality, "export_quality", "Quality, 1 to 100")
        self.quality.setRange(1, 100)
        self.quality.lineEdit().setTextMargins(7, 0, 7, 0)
        self.quality.valueChanged.connect(lambda value: self._set(quality=value))
        self._quality_row = self._row("Quality", self.quality)
        self.keep = Switch(look, "export_keep", "Keep prompt, model and seed in the file")
        self.keep.clicked.connect(lambda on: self._set(keep=on))
        words = label("Keep prompt, model and seed", size="label")
        self._row("Details", self.keep, words, stretch=False)

    def _make_names(self) -> None:
        look = self._look
        self.pattern = QLineEdit()
        describe(self.pattern, "export_pattern", "Pattern of the files' names")
        self.pattern.setMaxLength(200)
        self.pattern.textEdited.connect(lambda text: self._set(pattern=text))
        self.fields = IconButton(look, "export_fields", "plus", "Put in a fact")
        self.fields.clicked.connect(self._open_fields)
        self._row("Names", self.pattern, self.fields)
        self.preview = label("", tone="second", size="label", name="export_preview")
        self._row("", self.preview)
        self.folder = ElidedLabel(look, middle=True)
        self.folder.setObjectName("export_folder")
        choose = PillButton(look, "export_choose_folder", "Choose…")
        choose.clicked.connect(self.folder_asked)
        self._row("Folder", self.folder, choose)

    def _make_buttons(self) -> None:
        look = self._look
        self.trouble = label("", tone="error", size="label", wrap=True, name="export_trouble")
        self.body.addWidget(self.trouble)
        self.body.addSpacing(look.theme.space.xs)
        row = QHBoxLayout()
        row.setSpacing(look.theme.space.xs)
        png = PillButton(look, "export_copy_png", "Copy as PNG", kind="quiet")
        svg = PillButton(look, "export_copy_svg", "Copy as SVG", kind="quiet")
        self.go = PillButton(look, "export_go", "Export", kind="primary")
        for button, signal in (
            (png, self.png_asked), (svg, self.svg_asked), (self.go, self.export_asked)
        ):  # fmt: skip
            button.clicked.connect(self.close_)
            button.clicked.connect(signal)
        row.addWidget(png)
        row.addWidget(svg)
        row.addStretch(1)
        row.addWidget(self.go)
        self.body.addLayout(row)

    def _row(self, title: str, *widgets: QWidget, stretch: bool = True) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._look.theme.space.s)
        words = label(title, tone="second", size="label")
        words.setFixedWidth(_TITLE_WIDTH)
        row.addWidget(words)
        for index, widget in enumerate(widgets):
            row.addWidget(widget, 1 if stretch and index == 0 else 0)
        if not stretch:
            row.addStretch(1)
        self.body.addWidget(held)
        return held

    # --- shown anew

    def _offer(self) -> None:
        self.what.clear()
        titles = {
            What.SELECTION: ("Selection", "item"),
            What.EACH_ITEM: ("Each selected item", "item"),
            What.EACH_FRAME: ("Each frame", "frame"),
            What.EVERYTHING: ("Everything", "item"),
        }
        for what, (title, noun) in titles.items():
            pieces = self._cut(what)
            several = what in (What.EACH_ITEM, What.EACH_FRAME)
            count = len(pieces) if several else sum(len(piece.shown) for piece in pieces)
            if pieces and not (what is What.EACH_ITEM and count < 2):
                self.what.addItem(f"{title} · {count} {noun}{'s' * (count != 1)}", what)

    def _set(self, **news: object) -> None:
        wish = replace(self._wish, **news)  # type: ignore[arg-type]
        if wish == self._wish:
            return
        if wish.what is not self._wish.what:
            self._pieces = self._cut(wish.what)
        self._show(wish)
        self.changed.emit(wish)

    def _show(self, wish: Wish) -> None:
        self._wish = wish
        self.what.setCurrentIndex(self.what.findData(wish.what))
        self.format.setCurrentIndex(self.format.findData(wish.format))
        self.scale.setEditText(written_scale(wish.scale))
        grounds = {None: _CLEAR, "#ffffff": _WHITE}
        if not wish.format.clear and wish.background is None:
            self.ground.choose(_WHITE)
        else:
            self.ground.choose(grounds.get(wish.background, _OTHER))
        self._colour_row.setVisible(self.ground.value == _OTHER)
        self.colour.show_colour(wish.background)
        self._quality_row.setVisible(wish.format.lossy)
        self.quality.setValue(wish.quality)
        self.keep.setChecked(wish.keep)
        if self.pattern.text() != wish.pattern:
            self.pattern.setText(wish.pattern)
            self.pattern.setCursorPosition(0)
        self.folder.set_words(wish.folder)
        self._show_outcome()

    def _show_outcome(self) -> None:
        wish, pieces = self._wish, self._pieces
        count = files_of(pieces, wish)
        trouble = ""
        try:
            for piece in pieces:
                check_size(*piece.size(wish.scale), wish.format)
        except UsageError as error:
            trouble = f"{error.message} {error.hint}"
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        sizes = {piece.size(wish.scale) for piece in pieces}
        self._size.setText(_sizes(sizes))
        shown = stems(pieces, wish, self._project, datetime.now().astimezone(), _PREVIEWS)
        names = [f"{stem}.{wish.format.value}" for stem in shown]
        if count > len(names):
            names.append(f"and {count - len(names)} more")
        self.preview.setText("\n".join(_short(name) for name in names))
        self.go.setText(f"Export {count} files" if count > 1 else "Export")
        self.go.updateGeometry()
        self.go.setEnabled(count > 0 and not trouble)

    def _take_scale(self) -> None:
        scale = parse_scale(self.scale.currentText())
        self._set(scale=scale if scale is not None else self._wish.scale)
        self.scale.setEditText(written_scale(self._wish.scale))

    def _take_ground(self, choice: str) -> None:
        if choice == _CLEAR and not self._wish.format.clear:
            # Shown, and taken back: this format has no transparency.
            self.ground.choose(_WHITE)
            return
        self._set(background={_CLEAR: None, _WHITE: "#ffffff"}.get(choice, "#f3f3f5"))

    def _open_fields(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("export_fields_menu")
        menu.aboutToHide.connect(menu.deleteLater)
        for field, words in FIELDS.items():
            menu.addAction(f"{words}\t{{{field}}}").triggered.connect(
                lambda _=False, field=field: self._put_in(field)
            )
        menu.popup(self.fields.mapToGlobal(QPoint(0, self.fields.height() + 4)))

    def _put_in(self, field: str) -> None:
        self.pattern.insert(f"{{{field}}}")
        self._set(pattern=self.pattern.text())
        self.pattern.setFocus(Qt.FocusReason.OtherFocusReason)


def _sizes(sizes: set[tuple[int, int]]) -> str:
    if not sizes:
        return ""
    width, height = max(sizes)
    words = f"{width} × {height} px"
    return words if len(sizes) == 1 else f"up to {words}"


def _short(name: str) -> str:
    return name if len(name) <= 44 else f"{name[:28]}…{name[-14:]}"
