"""Frames in the sizes that posts, screens and papers have: a list beside the tools, and menus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.core.frames import FrameSize, FrameSizes, sized, sizes_in, swapped
from kupuri_desktop.core.geometry import Rect, find_room
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import FrameItem, Item
from kupuri_desktop.core.paths import resource
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.floating import FloatingBar
from kupuri_desktop.ui.canvas.hands.drawing import Tool, with_adopted
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.card import SHADOW
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.naming import describe
from kupuri_desktop.ui.widgets.paint import clear, fill_round, focus_ring, mix

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView

_WIDTH, _ROW = 236, 28
_MARGIN = 12


class Framing:
    """Makes frames in a size, and gives a size to those that are there."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        text = (resource("frames") / "sizes.json").read_text(encoding="utf-8")
        self.groups: tuple[FrameSizes, ...] = sizes_in(text)
        self._names = {size.name for group in self.groups for size in group.sizes}

    def verbs(self) -> list[Verb]:
        one = Needs.ONE
        return [
            Verb("frame_swap", "Portrait or landscape", (), "rotate-cw", one, self._swap,
                 fits=self._any),
            Verb("frame_clip", "Clip what the frame holds", (), "crop", one, self._clip,
                 fits=self._any),
            Verb("frame_rename", "Rename frame", ("Ctrl+R",), "pencil", one, self._rename,
                 fits=self._any),
        ]  # fmt: skip

    def make(self, size: FrameSize) -> None:
        """A new frame in the middle of what is seen, or the nearest place with room for it."""
        view = self._view
        middle = view.camera.centre()
        x, y = round(middle.x() - size.width / 2), round(middle.y() - size.height / 2)
        here = Rect(x, y, size.width, size.height)
        taken = [frame.rect for frame in self._frames(view.canvas.items.values())]
        if any(here.meets(rect) for rect in taken):
            x, y = (round(v) for v in find_room(view.canvas.rects(), size.width, size.height))
        behind = min((i.z for i in view.canvas.items.values()), default=1.0) - 1.0
        frame = FrameItem(
            id=new_id(), x=x, y=y, width=size.width, height=size.height, name=size.name, z=behind
        )
        view.canvas.apply("Add frame", with_adopted(view.canvas, frame))
        view.hands.choose(Tool.SELECT)
        view.selection.set([frame.id])
        view.fit_selection()

    def give(self, size: FrameSize) -> None:
        """The selected frames in another size."""
        frames = self._frames(self._view.selection.movable())
        self._view.verbs.put("Resize", [sized(frame, size, self._names) for frame in frames])

    def menu(self, parent: QMenu) -> None:
        """Adds the sizes to a menu, a submenu for each purpose."""
        whole = parent.addMenu("Frame size")
        for group in self.groups:
            part = whole.addMenu(group.name)
            for size in group.sizes:
                action = part.addAction(f"{size.name}\t{_numbers(size)}")
                action.triggered.connect(lambda _=False, size=size: self.give(size))

    def _any(self) -> bool:
        return FrameItem in self._view.selection.kinds

    def _swap(self) -> None:
        frames = self._frames(self._view.selection.movable())
        self._view.verbs.put("Turn", [swapped(frame) for frame in frames])

    def _clip(self) -> None:
        frames = self._frames(self._view.selection.movable())
        wanted = not all(frame.clip for frame in frames)
        words = "Clip" if wanted else "Do not clip"
        self._view.verbs.put(words, [replace(frame, clip=wanted) for frame in frames])

    def _rename(self) -> None:
        frames = self._frames(self._view.selection.items())
        if frames:
            self._view.editing.naming.begin(frames[0])

    @staticmethod
    def _frames(items: Iterable[Item]) -> list[FrameItem]:
        return [item for item in items if isinstance(item, FrameItem)]


class SizeList(FloatingBar):
    """The sizes beside the row of tools, while the frame tool is chosen."""

    def __init__(self, view: CanvasView, framing: Framing) -> None:
        column = QVBoxLayout()
        look = view.look
        super().__init__(look, "frame_sizes", "Frame sizes", column, view)
        self._view = view
        head = QHBoxLayout()
        head.setContentsMargins(look.theme.space.s, 0, 0, 0)
        head.addWidget(label("Frame", weight="strong"), 1)
        self.turned = IconButton(
            look, "frame_sizes_turn", "rotate-cw", "Portrait or landscape", checkable=True
        )
        self.turned.toggled.connect(lambda _: self._turn())
        head.addWidget(self.turned)
        column.addLayout(head)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.rows: list[_Row] = []
        for group in framing.groups:
            title = label(group.name, tone="third", size="label")
            title.setContentsMargins(look.theme.space.s, look.theme.space.s, 0, 2)
            rows.addWidget(title)
            for size in group.sizes:
                row = _Row(self, size)
                row.clicked.connect(lambda _=False, row=row: framing.make(row.format))
                rows.addWidget(row)
                self.rows.append(row)
        rows.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("frame_sizes_scroll")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column.addWidget(self._scroll, 1)
        self._inside = inside
        self.hide()

    def place(self) -> None:
        """Right of the tools, as tall as it must be and may be."""
        view = self._view
        shown = view.hands.tool is Tool.FRAME and not view.hands.busy
        self.setVisible(shown)
        if not shown:
            return
        room = view.viewport().height() - 2 * _MARGIN
        around = SHADOW.top() + SHADOW.bottom()
        wanted = self._inside.sizeHint().height() + _ROW + 2 * self._look.theme.space.s
        height = min(wanted, room)
        tools = view.bars.tools.geometry().marginsRemoved(SHADOW)
        top = max(_MARGIN, tools.center().y() - height // 2)
        self.resize(QSize(_WIDTH + SHADOW.left() + SHADOW.right(), height + around))
        self.move(QPoint(tools.right() + 8 - SHADOW.left(), top - SHADOW.top()))

    def _turn(self) -> None:
        for row in self.rows:
            row.format = replace(row.format, width=row.format.height, height=row.format.width)
            row.tell()


class _Row(PaintedButton):
    def __init__(self, bar: SizeList, size: FrameSize) -> None:
        super().__init__(bar._look, bar)
        self.format = size
        self.setFixedHeight(_ROW)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.tell()

    def tell(self) -> None:
        size = self.format
        key = "".join(c if c.isalnum() else "_" for c in size.name.lower())
        describe(self, f"frame_size_{key}", f"{size.name}, {_numbers(size)}")
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH - 24, _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        rect = QRectF(self.rect())
        hot = mix(clear(colours.hover), colours.hover, self._hover.value)
        fill_round(painter, rect, theme.radius.control, colours.pressed if self.isDown() else hot)
        words = rect.adjusted(theme.space.s, 0, -theme.space.s, 0)
        painter.setFont(theme.font(theme.type.body))
        painter.setPen(colours.text)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.format.name)
        painter.setFont(theme.font(theme.type.label, tabular=True))
        painter.setPen(colours.text_third)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(words, right, _numbers(self.format))
        if self.shows_ring():
            focus_ring(painter, rect, theme.radius.control, theme)


def _numbers(size: FrameSize) -> str:
    return f"{size.width:.0f} × {size.height:.0f}"
