"""Buttons that paint themselves: an icon, or a pill of words."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.motion import Glide
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

Kind = Literal["plain", "primary", "quiet", "danger"]


class PaintedButton(QAbstractButton):
    """A button that fades when the pointer comes and shows a ring when the keyboard does."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._hover = Glide(self, look)
        self._by_keyboard = False
        self._action: QAction | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover.to(1.0)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.to(0.0)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # A click also brings the focus, but the ring is for those who cannot see a pointer.
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
            Qt.FocusReason.OtherFocusReason,
        )
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def shows_ring(self) -> bool:
        """Whether the focus ring is to be drawn."""
        return self.hasFocus() and self._by_keyboard

    def follow(self, action: QAction) -> None:
        """Be the button of `action`: same words, state and effect."""

        self._action = action
        # A method of the button, so that Qt undoes the connection when either of them goes.
        action.changed.connect(self._copy_action)
        self.clicked.connect(action.trigger)
        self._copy_action()

    def _copy_action(self) -> None:
        action = self._action
        if action is None:
            return
        self.setEnabled(action.isEnabled())
        self.setCheckable(action.isCheckable())
        self.setChecked(action.isChecked())
        self.setToolTip(action.toolTip())
        self.setAccessibleName(action.text().replace("&", ""))


class IconButton(PaintedButton):
    """A square button with one icon.

    danger: turns red under the pointer. filled: sits on its own ground even at rest.
    primary: the one thing to do here, on the accent.
    """

    def __init__(
        self,
        look: Look,
        name: str,
        icon: str,
        words: str,
        shortcut: str = "",
        *,
        size: int | None = None,
        icon_size: int | None = None,
        checkable: bool = False,
        filled: bool = False,
        danger: bool = False,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._icon = icon
        self._edge = size or look.theme.size.control
        self._icon_size = icon_size or look.theme.icon.small
        self._filled = filled
        self._danger = danger
        self._primary = primary
        self.setCheckable(checkable)
        self.setFixedSize(self._edge, self._edge)
        describe(self, name, words, shortcut)

    def set_icon(self, icon: str) -> None:
        """Change the icon (sun to moon, send to stop)."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = colours.raised if self._filled else clear(colours.hover)
        hot = colours.error_soft if self._danger else colours.hover
        ground = mix(ground, hot, self._hover.value if self.isEnabled() else 0.0)
        if self.isChecked():
            ground = colours.accent_soft
        if self.isDown():
            ground = colours.pressed
        if self._primary:
            ground = self._primary_ground()
        fill_round(painter, rect, theme.radius.control, ground)
        pixmap = self._look.pixmap(
            self._icon, self._icon_size, self._ink(), self.devicePixelRatioF()
        )
        inset = (self._edge - self._icon_size) / 2
        painter.drawPixmap(QPointF(inset, inset), pixmap)
        if self.shows_ring():
            colour = colours.text if self._primary else None
            focus_ring(painter, rect, theme.radius.control, theme, colour)

    def _primary_ground(self) -> QColor:
        colours = self._look.theme.colours
        if not self.isEnabled():
            return colours.hover
        if self.isDown():
            return colours.accent_pressed
        return mix(colours.accent_fill, colours.accent_hover, self._hover.value)

    def _ink(self) -> QColor:
        colours = self._look.theme.colours
        if not self.isEnabled():
            return colours.text_off
        if self._primary:
            return colours.on_accent
        if self.isChecked():
            return colours.accent_text
        warm = colours.error_text if self._danger else colours.text
        return mix(colours.icon, warm, self._hover.value)


class PillButton(PaintedButton):
    """Words with an optional icon on a rounded ground.

    kind: `primary` is the one thing to do here, `quiet` has no ground at rest, `danger` cannot be
    taken back.
    round_: half-circle ends instead of the usual corners.
    """

    def __init__(
        self,
        look: Look,
        name: str,
        words: str,
        icon: str = "",
        *,
        kind: Kind = "plain",
        round_: bool = False,
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._icon = icon
        self._kind: Kind = kind
        self._round = round_
        self.setText(words)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setObjectName(name)
        self.setAccessibleName(words)

    def set_icon(self, icon: str) -> None:
        """Change the icon; an empty name takes it away."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        width = QFontMetrics(self._font()).horizontalAdvance(self.text()) + 2 * theme.space.m
        if self._icon:
            width += theme.icon.small + theme.space.s - 2
        return QSize(width, theme.size.control)

    def _font(self) -> QFont:
        weight = QFont.Weight.DemiBold if self._kind == "primary" else QFont.Weight.Medium
        return self._look.theme.font(self._look.theme.type.body, weight)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2 if self._round else theme.radius.control
        ground, line, ink = self._dress()
        fill_round(painter, rect, radius, ground, line)
        x = float(theme.space.m)
        if self._icon:
            pixmap = self._look.pixmap(self._icon, theme.icon.small, ink, self.devicePixelRatioF())
            x -= 2
            painter.drawPixmap(QPointF(x, (rect.height() - theme.icon.small) / 2), pixmap)
            x += theme.icon.small + theme.space.s
        painter.setFont(self._font())
        painter.setPen(ink)
        text = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(rect.width() - x - theme.space.s)
        )
        painter.drawText(
            QRectF(x, 0, rect.width() - x, rect.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        if self.shows_ring():
            colour = colours.text if self._kind == "primary" else None
            focus_ring(painter, rect, radius, theme, colour)

    def _dress(self) -> tuple[QColor, QColor | None, QColor]:
        colours = self._look.theme.colours
        hot = self._hover.value
        if not self.isEnabled():
            return clear(colours.raised), colours.hairline, colours.text_off
        if self._kind == "primary":
            ground = mix(colours.accent_fill, colours.accent_hover, hot)
            return (colours.accent_pressed if self.isDown() else ground), None, colours.on_accent
        if self.isChecked():
            return colours.accent_soft, None, colours.accent_text
        if self._kind == "danger":
            rest = mix(clear(colours.error_soft), colours.error_soft, 0.6)
            return mix(rest, colours.error_soft, hot), colours.hairline, colours.error_text
        if self.isDown():
            return colours.pressed, None, colours.text
        if self._kind == "quiet":
            ink = mix(colours.text_second, colours.text, hot)
            return mix(clear(colours.hover), colours.hover, hot), None, ink
        return mix(colours.raised, colours.hover, hot), colours.hairline, colours.text
