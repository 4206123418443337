"""Verbs that change how words are set and how lines run."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Literal

from kupuri_desktop.core.connections import joined
from kupuri_desktop.core.items import Item, LineForm, LineItem, TextItem
from kupuri_desktop.core.routes import ends, routed
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.gestures import Board
from kupuri_desktop.ui.canvas.hands.writing import Emphasis, emphasised
from kupuri_desktop.ui.canvas.painting.vectors import as_tall_as_words
from kupuri_desktop.ui.canvas.verbs import Verbs

_FORMS = {
    LineForm.STRAIGHT: ("Straight line", "slash"),
    LineForm.ELBOW: ("Elbow line", "route"),
    LineForm.CURVE: ("Curved line", "spline"),
}


class Styling:
    """Edits of the texts and lines among what is selected."""

    def __init__(self, board: Board, verbs: Verbs) -> None:
        self._board = board
        self._verbs = verbs

    def verbs(self) -> list[Verb]:
        one, section = Needs.ONE, Section.CANVAS
        return [
            Verb("bold", "Bold", ("Ctrl+B",), "bold", one,
                 lambda: self.emphasise(Emphasis.BOLD), section, fits=self._has_text),
            Verb("italic", "Italic", ("Ctrl+I",), "italic", one,
                 lambda: self.emphasise(Emphasis.ITALIC), section, fits=self._has_text),
            Verb("underline", "Underline", ("Ctrl+U",), "underline", one,
                 lambda: self.emphasise(Emphasis.UNDERLINE), section, fits=self._has_text),
            *(
                Verb(f"line_{form.value}", words, (), icon, one,
                     functools.partial(self.form, form), section, fits=self._has_line)
                for form, (words, icon) in _FORMS.items()
            ),
            Verb("head_start", "Arrowhead at the start", (), "arrow-left", one,
                 lambda: self.head("arrow_start"), section, fits=self._has_line),
            Verb("head_end", "Arrowhead at the end", (), "arrow-right", one,
                 lambda: self.head("arrow_end"), section, fits=self._has_line),
        ]  # fmt: skip

    def emphasise(self, how: Emphasis) -> None:
        """Sets it in all texts, or takes it away where all have it."""
        texts = [i for i in self._board.selection.movable() if isinstance(i, TextItem)]
        wanted = not all(how.held_by(text) for text in texts)
        words = how.words if wanted else f"Not {how.words.lower()}"
        new = [as_tall_as_words(emphasised(text, how, wanted)) for text in texts]
        self._verbs.put(words, new)

    def form(self, form: LineForm) -> None:
        known = self._board.canvas.items
        new: list[Item] = []
        for line in self._lines():
            there = routed(replace(line, form=form), *ends(line))
            new.append(joined(there, known))
        self._verbs.put(f"{form.value.capitalize()}", new)

    def head(self, end: Literal["arrow_start", "arrow_end"]) -> None:
        lines = self._lines()
        wanted = not all(getattr(line, end) for line in lines)
        words = "Add head to" if wanted else "Take head from"
        self._verbs.put(
            words,
            [
                replace(line, arrow_start=wanted)
                if end == "arrow_start"
                else replace(line, arrow_end=wanted)
                for line in lines
            ],
        )

    def _lines(self) -> list[LineItem]:
        return [i for i in self._board.selection.movable() if isinstance(i, LineItem)]

    def _has_text(self) -> bool:
        return TextItem in self._board.selection.kinds

    def _has_line(self) -> bool:
        return LineItem in self._board.selection.kinds
