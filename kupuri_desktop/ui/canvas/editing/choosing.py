"""Verbs that select: by kind, by style, by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kupuri_desktop.core.items import FrameItem, Item
from kupuri_desktop.core.styles import same_kind, same_style
from kupuri_desktop.ui.actions.catalogue import Section
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.gestures import Board


class Choosing:
    """Selections that follow from what is selected."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def verbs(self) -> list[Verb]:
        one, section = Needs.ONE, Section.CANVAS
        return [
            Verb("select_kind", "Select the same kind", ("Ctrl+Alt+A",), "shapes", one,
                 lambda: self._alike(same_kind), section),
            Verb("select_style", "Select the same style", ("Ctrl+Alt+S",), "paintbrush", one,
                 lambda: self._alike(same_style), section),
            Verb("select_held", "Select what the frame holds", ("Ctrl+Alt+Return",), "frame", one,
                 self._held, section, fits=self._in_frame),
            Verb("select_frame", "Select its frame", ("Shift+Return",), "square-dashed", one,
                 self._frame, section, fits=self._in_frame),
        ]  # fmt: skip

    def _alike(self, rule: Callable[[Iterable[Item], Iterable[Item]], list[Item]]) -> None:
        free = [
            item
            for item in self._board.canvas.in_order()
            if not item.hidden and (not item.locked or item.id in self._board.selection)
        ]
        found = rule(free, self._board.selection.items())
        self._board.selection.set(item.id for item in found)

    def _held(self) -> None:
        """All in the frames that are selected, or in those of what is selected."""
        frames = self._frames()
        self._board.selection.set(
            item.id
            for item in self._board.canvas.in_order()
            if item.frame in frames and not (item.hidden or item.locked)
        )

    def _frame(self) -> None:
        known = self._board.canvas.items
        frames = {item.frame for item in self._board.selection.items()}
        self._board.selection.set(key for key in frames if key is not None and key in known)

    def _frames(self) -> set[str]:
        items = self._board.selection.items()
        own = {item.id for item in items if isinstance(item, FrameItem)}
        return own or {item.frame for item in items if item.frame is not None}

    def _in_frame(self) -> bool:
        selection = self._board.selection
        return FrameItem in selection.kinds or any(item.frame for item in selection.items())
