"""The models' page: every provider, how it stands, what mends it, and what it offers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kupuri_desktop.core.models import ModelInfo, ModelKind, ProviderStatus
from kupuri_desktop.ui.models.listing import BADGES, PLACE_WORDS, facts
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.card import Card
from kupuri_desktop.ui.widgets.chip import Level
from kupuri_desktop.ui.widgets.labels import ElidedLabel, label

_WIDEST = 760
_NAME = 200
_KINDS = {ModelKind.TEXT: "Models that think", ModelKind.IMAGE: "Models that make images"}


class ModelsPage(QScrollArea):
    """Read only: which model a project uses is chosen in the project."""

    refresh_asked = Signal()
    mend_chosen = Signal(object, object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[tuple[ProviderStatus, ...], ...] = ()
        self.setObjectName("models_page")
        self.setAccessibleName("Models")
        self.setProperty("room", "canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = _Ground(look)
        self._column = QVBoxLayout(body)
        self._column.setSpacing(look.theme.space.s)
        head = QHBoxLayout()
        head.addWidget(label("Models", size="title", weight="strong"))
        head.addStretch()
        self._again = PillButton(look, "models_again", "Look again", "refresh-cw")
        self._again.clicked.connect(self.refresh_asked)
        head.addWidget(self._again)
        self._column.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(look.theme.space.s)
        self._column.addLayout(self._list)
        self._column.addStretch()
        self.setWidget(body)

    def show_refreshing(self, busy: bool) -> None:
        """Say that the providers are being asked."""
        self._again.setEnabled(not busy)
        self._again.setText("Looking…" if busy else "Look again")
        self._again.updateGeometry()

    def show_statuses(
        self, text: Sequence[ProviderStatus], image: Sequence[ProviderStatus]
    ) -> None:
        """Show what the providers said last."""
        shown = (tuple(text), tuple(image))
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for kind, statuses in zip(ModelKind, shown, strict=True):
            heading = label(_KINDS[kind], tone="second", size="label", weight="medium")
            heading.setContentsMargins(2, self._look.theme.space.m, 0, 0)
            self._list.addWidget(heading)
            for status in statuses:
                self._list.addWidget(self._card(status, kind))

    def resizeEvent(self, event: QResizeEvent) -> None:
        space = self._look.theme.space
        side = max(space.xxl, (self.viewport().width() - _WIDEST) // 2)
        self._column.setContentsMargins(side, space.xxl, side, space.xxl)
        super().resizeEvent(event)

    def _card(self, status: ProviderStatus, kind: ModelKind) -> QWidget:
        look, space = self._look, self._look.theme.space
        card = Card(look, f"{kind.value}_provider_{status.provider}")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(space.l, space.m, space.l, space.m)
        inside.setSpacing(space.xs)
        head = QHBoxLayout()
        head.setSpacing(space.s)
        head.addWidget(_Dot(look, Level.READY if status.ok else Level.OFF))
        head.addWidget(label(status.name, weight="strong"))
        where = " · ".join(
            part
            for part in (PLACE_WORDS[status.place], status.version, status.address)
            if part and part != status.name
        )
        head.addWidget(ElidedLabel(look, where, tone="second", size=look.theme.type.label), 1)
        problem = status.problem
        if problem is not None and problem.action is not None:
            action = problem.action
            mend = PillButton(look, f"mend_{status.provider}", action.label)
            mend.clicked.connect(lambda: self.mend_chosen.emit(action, problem))
            head.addWidget(mend)
        inside.addLayout(head)
        if problem is not None:
            words = f"{problem.message} {problem.hint}".strip()
            inside.addWidget(label(words, tone="second", size="label", wrap=True))
        for model in status.models:
            if model.kind is kind:
                inside.addWidget(_ModelRow(look, model))
        told = {model.detail for model in status.models}
        for note in (note for note in status.notes if note not in told):
            inside.addWidget(label(note, tone="third", size="label", wrap=True))
        return card


class _ModelRow(QWidget):
    def __init__(self, look: Look, model: ModelInfo) -> None:
        super().__init__()
        space = look.theme.space
        row = QHBoxLayout(self)
        row.setContentsMargins(space.l, 3, 0, 3)
        row.setSpacing(space.s)
        name = ElidedLabel(look, model.name, tone="first" if model.usable else "third", middle=True)
        name.setFixedWidth(_NAME)
        row.addWidget(name)
        second = model.problem or facts(model)
        row.addWidget(ElidedLabel(look, second, tone="second", size=look.theme.type.label), 1)
        words = [text for kind, (_, text) in BADGES.items() if kind in model.capabilities]
        badges = label(", ".join(words), tone="third", size="label")
        row.addWidget(badges)
        self.setAccessibleName(f"{model.name}, {second}, {', '.join(words)}")


class _Dot(QWidget):
    def __init__(self, look: Look, level: Level) -> None:
        super().__init__()
        self._look = look
        self._level = level
        self.setFixedSize(QSize(10, 20))
        self.setAccessibleName(level.name.lower())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(getattr(self._look.theme.colours, self._level.value))
        painter.drawEllipse(QPointF(4.5, self.height() / 2), 3.5, 3.5)


class _Ground(QWidget):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(event.rect()), self._look.theme.colours.canvas)
