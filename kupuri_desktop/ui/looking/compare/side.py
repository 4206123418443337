"""What stands under one of two compared images: its name, its prompt, and what is otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.ui.looking.compare.pair import Fact, facts_of, name_of, prompt_of
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import ElidedLabel
from kupuri_desktop.ui.widgets.naming import tooltip
from kupuri_desktop.ui.widgets.paint import fill_round

_CHIP = 22
_GAP = 4
_PAD = 7


class Chips(QWidget):
    """Parameters in a row; those that differ are marked. What has no room is in the tooltip."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._facts: list[Fact] = []
        self.setFixedHeight(_CHIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def facts(self) -> list[Fact]:
        """What is shown."""
        return list(self._facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """What differs comes first: there is seldom room for all."""
        self._facts = sorted(facts, key=lambda fact: not fact.differs)
        words = [f"{f.name} {f.value}" + (", differs" if f.differs else "") for f in self._facts]
        self.setAccessibleName("; ".join(words))
        self.setToolTip("\n".join(words))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _CHIP)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        font = theme.font(theme.type.label, tabular=True)
        strong = theme.font(theme.type.label, QFont.Weight.Medium, tabular=True)
        painter = QPainter(self)
        x = 0.0
        for fact in self._facts:
            name, value = f"{fact.name} ", fact.value
            first = QFontMetrics(font).horizontalAdvance(name)
            room = self.width() - x
            if room < first + 2 * _PAD + 24:
                break
            metrics = QFontMetrics(strong)
            value = metrics.elidedText(
                value, Qt.TextElideMode.ElideRight, int(min(room - first - 2 * _PAD, 220))
            )
            width = first + metrics.horizontalAdvance(value) + 2 * _PAD
            rect = QRectF(x, 0, width, _CHIP)
            ground = colours.accent_soft if fact.differs else colours.well
            fill_round(painter, rect, theme.radius.control, ground)
            painter.setFont(font)
            painter.setPen(colours.accent_text if fact.differs else colours.text_second)
            centred = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect.adjusted(_PAD, 0, 0, 0), centred, name)
            painter.setFont(strong)
            painter.setPen(colours.accent_text if fact.differs else colours.text)
            painter.drawText(rect.adjusted(_PAD + first, 0, 0, 0), centred, value)
            x += width + _GAP


class Side(QWidget):
    """One column under the stage; `letter` is A or B."""

    keep_asked = Signal()

    def __init__(self, look: Look, letter: str) -> None:
        super().__init__()
        self._look = look
        self._letter = letter
        self.setObjectName(f"compare_{letter.lower()}")
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.m, space.m, space.m, space.m)
        column.setSpacing(space.xs)
        head = QHBoxLayout()
        head.setSpacing(space.s)
        self.name = ElidedLabel(look, weight=QFont.Weight.DemiBold)
        self.keep = PillButton(look, f"compare_keep_{letter.lower()}", f"Keep {letter}", "check")
        hint = "Hides the other one on the canvas; undo shows it again"
        self.keep.setToolTip(tooltip(f"Keep {letter}", letter, hint))
        self.keep.clicked.connect(self.keep_asked)
        head.addWidget(self.name, 1)
        head.addWidget(self.keep)
        column.addLayout(head)
        self.prompt = ElidedLabel(look, tone="second")
        column.addWidget(self.prompt)
        self.chips = Chips(look)
        column.addSpacing(space.xs)
        column.addWidget(self.chips)

    def show_image(self, item: ImageItem, other: ImageItem) -> None:
        """Shows what is known of an image, marked where the other is otherwise."""
        self.setAccessibleName(f"{self._letter}: {name_of(item)}")
        self.name.set_words(f"{self._letter}   {name_of(item)}")
        self.prompt.set_words(" ".join(prompt_of(item).split()) or "Not made here")
        self.chips.show_facts(facts_of(item, other))
