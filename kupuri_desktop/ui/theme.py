"""Dresses the application in the chosen theme and tells every widget its colours and sizes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle

from kupuri_desktop.core.paths import resource
from kupuri_desktop.ui.icons import Icons
from kupuri_desktop.ui.tokens import (
    Colours,
    IconSize,
    Metrics,
    Motion,
    Palette,
    Radius,
    Size,
    Space,
    Type,
    read_metrics,
    read_palette,
)

ThemeChoice = Literal["dark", "light", "system"]

_FONT_FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "Inter-Italic.ttf")


@dataclass(frozen=True, slots=True)
class Theme:
    """All that a widget needs to draw itself: `theme.colours.text`, `theme.space.m`, ..."""

    palette: Palette
    metrics: Metrics
    motion: Motion

    @property
    def dark(self) -> bool:
        return self.palette.dark

    @property
    def colours(self) -> Colours:
        return self.palette.colours

    @property
    def gradient(self) -> tuple[QColor, ...]:
        """Coral, magenta, violet: for running work alone."""
        return self.palette.gradient

    @property
    def space(self) -> Space:
        return self.metrics.space

    @property
    def radius(self) -> Radius:
        return self.metrics.radius

    @property
    def type(self) -> Type:
        return self.metrics.type

    @property
    def icon(self) -> IconSize:
        return self.metrics.icon

    @property
    def size(self) -> Size:
        return self.metrics.size

    @property
    def reduce_motion(self) -> bool:
        return self.motion.hover == 0

    def font(
        self,
        size: int | None = None,
        weight: QFont.Weight = QFont.Weight.Normal,
        *,
        tabular: bool = False,
    ) -> QFont:
        """The interface's font; `size` in logical pixels, 13 if not given.

        tabular: digits of one width, for numbers that stand in columns or change in place.
        """
        font = QFont([self.type.family, "system-ui", "sans-serif"])
        font.setPixelSize(size or self.type.body)
        font.setWeight(weight)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font


class Look(QObject):
    """The theme in use, changeable at any time; hands out icons in its colours.

    Setting a new style sheet makes Qt repaint every widget, so a widget that reads
    `look.theme` while painting needs no connection to `changed`.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        choice: ThemeChoice = "dark",
        *,
        reduce_motion: bool = False,
    ) -> None:
        super().__init__()
        self._app = app
        self._metrics = read_metrics()
        self._choice: ThemeChoice = choice
        self._reduce_motion = reduce_motion
        self._sheet = Template(resource("styles", "app.qss").read_text(encoding="utf-8"))
        for file in _FONT_FILES:
            QFontDatabase.addApplicationFont(str(resource("fonts", file)))
        app.setStyle("Fusion")
        self._system_still = (
            app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
        )
        self.theme = self._make()
        self.icons = Icons(self._metrics.icon.stroke)
        self._dress()
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> ThemeChoice:
        """What was asked for; `theme` is what came of it."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Change to a theme, or follow the system's."""
        self._choice = choice
        self._refresh()

    def toggle(self) -> ThemeChoice:
        """Change between dark and light; returns the new choice."""
        self.choose("light" if self.theme.dark else "dark")
        return self._choice

    def set_reduce_motion(self, reduce: bool) -> None:
        """Switch all motion off, or on again (a system without animations has the last word)."""
        self._reduce_motion = reduce
        self._refresh()

    def icon(self, name: str, size: int | None = None, colour: QColor | None = None) -> QIcon:
        """An icon for a menu or a standard button, in the theme's icon colour if not told."""
        colours = self.theme.colours
        return self.icons.icon(
            name, size or self.theme.icon.small, colour or colours.icon, colours.text_off
        )

    def pixmap(
        self, name: str, size: int | None = None, colour: QColor | None = None, dpr: float = 1.0
    ) -> QPixmap:
        """An icon as pixels for a paint event; `dpr` is the widget's `devicePixelRatioF()`."""
        return self.icons.pixmap(
            name, size or self.theme.icon.small, colour or self.theme.colours.icon, dpr
        )

    def _follow_system(self) -> None:
        if self._choice == "system":
            self._refresh()

    def _refresh(self) -> None:
        theme = self._make()
        if theme == self.theme:
            return
        self.theme = theme
        self._dress()
        self.changed.emit()

    def _make(self) -> Theme:
        name = self._choice
        if name == "system":
            scheme = self._app.styleHints().colorScheme()
            name = "light" if scheme == Qt.ColorScheme.Light else "dark"
        still = self._reduce_motion or self._system_still
        motion = Motion(0, 0, 0) if still else self._metrics.motion
        return Theme(read_palette(name), self._metrics, motion)

    def _dress(self) -> None:
        self._app.setFont(self.theme.font())
        self._app.setPalette(_qt_palette(self.theme.colours))
        self._app.setStyleSheet(self._sheet.substitute(_sheet_values(self.theme)))


def _qt_palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for key, colour in (
        (role.Window, colours.surface),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.raised),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.text_third),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.error_text),
        (role.Highlight, colours.accent_fill),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent_text),
        (role.LinkVisited, colours.accent_text),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Light, colours.hover),
        (role.Midlight, colours.hairline),
        (role.Mid, colours.hairline),
        (role.Dark, colours.hairline),
        (role.Shadow, colours.shadow),
    ):
        palette.setColor(key, colour)
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, colours.text_off)
    return palette


def _sheet_values(theme: Theme) -> dict[str, str]:
    values = {
        field.name: _css(getattr(theme.colours, field.name)) for field in fields(theme.colours)
    }
    for group in ("space", "radius", "type", "size"):
        part = getattr(theme.metrics, group)
        values |= {f"{group}_{f.name}": str(getattr(part, f.name)) for f in fields(part)}
    return values


def _css(colour: QColor) -> str:
    if colour.alpha() == 255:
        return colour.name()
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})"
