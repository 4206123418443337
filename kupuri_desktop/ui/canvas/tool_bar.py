"""The tools on the left: those that draw alike share a button, the others lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.canvas.view_verbs import TOOL_ICONS, TOOL_KEYS
from kupuri_desktop.ui.widgets.buttons import IconButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.naming import describe

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_EDGE = 34
_HOLD_MS = 350
_CORNER = 4.0
_WORDS = {
    Tool.SELECT: "Select",
    Tool.HAND: "Hand",
    Tool.FRAME: "Frame",
    Tool.TEXT: "Text",
    Tool.NOTE: "Sticky note",
    Tool.RECTANGLE: "Rectangle",
    Tool.ELLIPSE: "Ellipse",
    Tool.LINE: "Line",
    Tool.ARROW: "Arrow",
    Tool.CONNECTOR: "Connector",
    Tool.PEN: "Pen",
    Tool.MASK: "Mask",
}
_FAMILIES = {
    "shapes": (Tool.RECTANGLE, Tool.ELLIPSE),
    "lines": (Tool.LINE, Tool.ARROW, Tool.CONNECTOR),
}


class ToolBar(FloatingBar):
    """The tools, in the order of their row on the left."""

    def __init__(self, view: CanvasView) -> None:
        column = QVBoxLayout()
        super().__init__(view.look, "canvas_tools", "Tools", column, view)
        self._buttons: dict[Tool, IconButton] = {}
        heads = {family[0]: name for name, family in _FAMILIES.items()}
        for tool in TOOL_KEYS:
            if tool in self._buttons:
                continue
            if tool in heads:
                button: IconButton = FamilyButton(view, heads[tool], _FAMILIES[heads[tool]])
                self._buttons.update(dict.fromkeys(_FAMILIES[heads[tool]], button))
            else:
                button = _button(view, tool)
                self._buttons[tool] = button
            column.addWidget(button)
        self.show_tool(view.hands.tool)

    def show_tool(self, tool: Tool) -> None:
        for button in dict.fromkeys(self._buttons.values()):
            if isinstance(button, FamilyButton):
                button.show_tool(tool)
            else:
                button.setChecked(button is self._buttons[tool])


class FamilyButton(IconButton):
    """Chooses the tool of the family that was used last.

    Held, clicked again, clicked right, or with the right arrow key it lays out the others.
    """

    def __init__(self, view: CanvasView, name: str, family: tuple[Tool, ...]) -> None:
        self._tool = family[0]
        self._family = family
        super().__init__(
            view.look, f"canvas_tools_{name}", TOOL_ICONS[self._tool], "", size=_EDGE,
            checkable=True,
        )  # fmt: skip
        self._view = view
        self.flyout = _Flyout(view, name, family)
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(_HOLD_MS)
        self._hold.timeout.connect(self.lay_out)
        self.clicked.connect(self._choose)
        self._name = f"canvas_tools_{name}"
        self._take(self._tool)

    def show_tool(self, tool: Tool) -> None:
        """Follows the tool in hand."""
        self.flyout.close_()
        self.setChecked(tool in self._family)
        if tool in self._family:
            self._take(tool)

    def lay_out(self) -> None:
        """Shows all tools of the family beside the button."""
        self._hold.stop()
        self.setDown(False)
        self.flyout.open_by(self, self._tool)

    def _take(self, tool: Tool) -> None:
        self._tool = tool
        others = ", ".join(
            f"{_WORDS[other]} {TOOL_KEYS[other]}" for other in self._family if other is not tool
        )
        self.set_icon(TOOL_ICONS[tool])
        describe(self, self._name, _WORDS[tool], TOOL_KEYS[tool], f"Hold for {others}")

    def _choose(self) -> None:
        if self._view.hands.tool is self._tool:
            self.setChecked(True)
            self.lay_out()
        else:
            self._view.action(f"tool_{self._tool.value}").trigger()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.lay_out()
            return
        self._hold.start()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hold.stop()
        if event.button() != Qt.MouseButton.RightButton:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self.lay_out()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink())
        far = self._edge - _CORNER
        painter.drawPolygon(
            QPolygonF([QPointF(far, far), QPointF(far - _CORNER, far), QPointF(far, far - _CORNER)])
        )


class _Flyout(FloatingBar):
    """The tools of a family in a row; one is chosen, or Escape leaves it."""

    def __init__(self, view: CanvasView, name: str, family: tuple[Tool, ...]) -> None:
        row = QHBoxLayout()
        super().__init__(view.look, f"canvas_flyout_{name}", name.capitalize(), row, view)
        self._from: FamilyButton | None = None
        self._buttons = {tool: _button(view, tool) for tool in family}
        for button in self._buttons.values():
            row.addWidget(button)
            button.clicked.connect(self.close_)
        view.selection.changed.connect(lambda _: self.close_())
        self.hide()

    def open_by(self, button: FamilyButton, tool: Tool) -> None:
        for key, each in self._buttons.items():
            each.setChecked(key is tool)
        self._from = button
        view, bar = self.parentWidget(), button.parentWidget()
        assert view is not None and bar is not None
        at = button.mapTo(view, QPoint(0, (button.height() - self.sizeHint().height()) // 2))
        right = bar.geometry().right() - SHADOW.right() + self._look.theme.space.s
        self.resize(self.sizeHint())
        self.move(right - SHADOW.left(), at.y())
        self.show()
        self.raise_()
        self._buttons[tool].setFocus(Qt.FocusReason.PopupFocusReason)

    def close_(self) -> None:
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        buttons = list(self._buttons.values())
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        at = next((n for n, each in enumerate(buttons) if each.hasFocus()), None)
        if step is not None and at is not None:
            buttons[(at + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self._from is not None:
            self._from.setFocus(Qt.FocusReason.TabFocusReason)
            self.close_()
        else:
            super().keyPressEvent(event)


def _button(view: CanvasView, tool: Tool) -> IconButton:
    button = IconButton(
        view.look, f"canvas_tool_{tool.value}", TOOL_ICONS[tool], _WORDS[tool], TOOL_KEYS[tool],
        size=_EDGE, checkable=True,
    )  # fmt: skip
    button.clicked.connect(view.action(f"tool_{tool.value}").trigger)
    return button
