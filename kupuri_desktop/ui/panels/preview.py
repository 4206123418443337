"""Shows items as they would become, until the edit is made or given up."""

from __future__ import annotations

from collections.abc import Sequence

from kupuri_desktop.core.items import Item
from kupuri_desktop.ui.canvas.hands.gestures import Board


class Preview:
    """Changes nothing but what is seen."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._ids: frozenset[str] = frozenset()

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def show(self, items: Sequence[Item]) -> None:
        """Shows these in place of what is on the canvas under their ids."""
        known = self._board.canvas.items
        shown = [item for item in items if item.id in known]
        ids = frozenset(item.id for item in shown)
        if ids != self._ids:
            self.end()
            self._ids = ids
            self._board.layer.lift(ids)
        self._board.layer.preview(shown)

    def end(self) -> None:
        """Shows again what is on the canvas."""
        ids, self._ids = self._ids, frozenset()
        if ids:
            known = self._board.canvas.items
            self._board.layer.put(known[key] for key in ids if key in known)
            self._board.layer.drop()
