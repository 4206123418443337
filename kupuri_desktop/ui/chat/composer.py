"""The composer: the text, the pictures that go along, and the row of choices under it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.generation import ASPECTS
from kupuri_desktop.ui.chat.attachments import Attachments
from kupuri_desktop.ui.chat.composer_text import ComposerText
from kupuri_desktop.ui.chat.options import GoButton, OptionButton, open_choices
from kupuri_desktop.ui.chat.protocol import Pictures, TurnOptions
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.labels import label
from kupuri_desktop.ui.widgets.paint import fill_round
from kupuri_desktop.ui.widgets.thumbnails import Thumbnails

COUNTS = (1, 2, 3, 4, 6, 8)

# The first button's words line up with the text above them.
_INSET = 7

_RESTING = "Describe what you would like to see"
_RUNNING = "Type the next wish"


@dataclass(frozen=True, slots=True)
class Draft:
    """A wish that is not sent yet."""

    text: str = ""
    parts: tuple[ImagePart, ...] = ()


class Composer(QWidget):
    """Tells what is to be sent; what becomes of it is the dock's business.

    While a run is on, stop and send are both there: what is sent then waits, and it says so.
    """

    submitted = Signal(str, tuple, TurnOptions)
    stop_requested = Signal()
    models_requested = Signal(QWidget)
    options_changed = Signal(TurnOptions)
    edited = Signal(Draft)

    def __init__(
        self, look: Look, tasks: Tasks, pictures: Pictures, thumbnails: Thumbnails
    ) -> None:
        super().__init__()
        self._look = look
        self._running = False
        self._options = TurnOptions()
        self.setObjectName("composer")
        self.text = ComposerText(look)
        self.attachments = Attachments(look, tasks, pictures, thumbnails)
        self.model = OptionButton(look, "model_picker", "Models", shrinks=True)
        self.aspect = OptionButton(look, "aspect", "Shape", "ratio")
        self.count = OptionButton(look, "count", "How many", "images")
        self.mode = OptionButton(look, "mode", "Mode")
        self.stop = GoButton(look, "stop", "", "Stop   Esc", loud=False)
        self.send = GoButton(look, "send", "arrow-up", "Send   Enter", loud=True)
        self._hint = label("", tone="second", size="label", name="queue_hint")
        self._arrange()
        self._connect()
        self.show_models("Choose models")
        self._show_options()
        self.show_running(False)

    @property
    def options(self) -> TurnOptions:
        return self._options

    @property
    def draft(self) -> Draft:
        return Draft(self.text.toPlainText(), self.attachments.parts)

    def put(self, draft: Draft) -> None:
        """Shows a draft in place of what is there."""
        self.text.put(draft.text)
        self.attachments.put(draft.parts)

    def attach(self, part: ImagePart, thumbnail: QPixmap | None = None) -> None:
        """Adds a picture that goes along with the next wish."""
        self.attachments.attach(part, thumbnail)

    def choose(self, options: TurnOptions) -> None:
        """Sets the row of choices."""
        if options != self._options:
            self._options = options
            self._show_options()
            self.options_changed.emit(options)

    def show_models(self, words: str, *, spoken: str = "", problem: str = "") -> None:
        """What the model button says; `problem`: why the choice cannot be used."""
        self.model.show_choice(words, spoken=problem or spoken, trouble=bool(problem))

    def show_running(self, running: bool) -> None:
        """Whether a run is on: stop is there, and what is sent waits."""
        self._running = running
        self.stop.setVisible(running)
        self.text.setPlaceholderText(_RUNNING if running else _RESTING)
        self._weigh()

    def _arrange(self) -> None:
        space = self._look.theme.space
        outer = QVBoxLayout(self)
        outer.setContentsMargins(space.m, 0, space.m, space.m)
        outer.setSpacing(space.xs)
        self._hint.setIndent(space.xs)
        outer.addWidget(self._hint)
        self._box = QWidget()
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(space.m - _INSET, space.m - 2, space.s - 2, space.s - 2)
        inner.setSpacing(space.s - 2)
        words = QVBoxLayout()
        words.setContentsMargins(_INSET, 0, space.xs, 0)
        words.setSpacing(space.s - 2)
        words.addWidget(self.attachments)
        words.addWidget(self.text)
        inner.addLayout(words)
        row = QHBoxLayout()
        row.setSpacing(0)
        for button in (self.model, self.aspect, self.count, self.mode):
            row.addWidget(button)
        row.addSpacing(space.xs)
        row.addStretch()
        row.addWidget(self.stop)
        row.addSpacing(6)
        row.addWidget(self.send)
        inner.addLayout(row)
        outer.addWidget(self._box)

    def _connect(self) -> None:
        self.text.submitted.connect(self.submit)
        self.text.stop_wanted.connect(self._stop)
        self.text.focus_changed.connect(self.update)
        self.text.textChanged.connect(self._changed)
        self.text.pictures_came.connect(self.attachments.take_in)
        self.attachments.changed.connect(self._changed)
        self.send.clicked.connect(self.submit)
        self.stop.clicked.connect(self._stop)
        self.model.clicked.connect(lambda: self.models_requested.emit(self.model))
        self.aspect.clicked.connect(self._choose_aspect)
        self.count.clicked.connect(self._choose_count)
        self.mode.clicked.connect(self._choose_mode)

    def submit(self) -> None:
        """Tells what is typed and attached, if there is anything."""
        draft = self.draft
        if draft.text.strip() or draft.parts:
            self.submitted.emit(draft.text.strip(), draft.parts, self._options)

    def _stop(self) -> None:
        if self._running:
            self.stop_requested.emit()

    def _changed(self) -> None:
        self._weigh()
        self.edited.emit(self.draft)

    def _weigh(self) -> None:
        something = bool(self.text.toPlainText().strip() or self.attachments.parts)
        self.send.setEnabled(something)
        words = "Send when this answer is done" if self._running else "Send"
        self.send.setToolTip(f"{words}   Enter")
        self.send.setAccessibleName(words)
        self._hint.setText("A wish is being worked on; this one will wait its turn.")
        self._hint.setVisible(self._running and something)

    def _show_options(self) -> None:
        options = self._options
        self.aspect.show_choice(options.aspect or "", spoken=options.aspect or "as the model likes")
        self.count.show_choice(
            str(options.count) if options.count else "",
            spoken=str(options.count) if options.count else "as you write it",
        )
        self.mode.show_choice(
            "Direct" if options.direct else "Agent",
            spoken="your words go straight to the image model"
            if options.direct
            else "a language model thinks first and uses tools",
        )

    def _choose_aspect(self) -> None:
        choices = [("", "Auto"), *((aspect, aspect) for aspect in ASPECTS)]
        open_choices(
            self.aspect,
            choices,
            self._options.aspect or "",
            lambda value: self.choose(replace(self._options, aspect=value or None)),
        )

    def _choose_count(self) -> None:
        choices = [("", "Auto"), *((str(n), f"{n}") for n in COUNTS)]
        open_choices(
            self.count,
            choices,
            str(self._options.count or ""),
            lambda value: self.choose(replace(self._options, count=int(value) if value else None)),
        )

    def _choose_mode(self) -> None:
        choices = [
            ("agent", "Agent: thinks first, uses tools"),
            ("direct", "Direct: your words to the image model"),
        ]
        open_choices(
            self.mode,
            choices,
            "direct" if self._options.direct else "agent",
            lambda value: self.choose(replace(self._options, direct=value == "direct")),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.text.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._look.theme.colours
        focused = self.text.hasFocus()
        line = colours.accent if focused else colours.field_line
        box = QRectF(self._box.geometry())
        ground = colours.raised if self._look.theme.dark else colours.surface
        fill_round(QPainter(self), box, self._look.theme.radius.bar, ground, line)
