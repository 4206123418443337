"""The open canvas in memory: its items, what was done to them, and the one door for changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from operator import attrgetter
from types import MappingProxyType

from kupuri_desktop.core.edits import Actor, Cause, Change, Edit, Items, Step
from kupuri_desktop.core.errors import Conflict
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import Item
from kupuri_desktop.core.signals import Signal

JOINED_WITHIN = timedelta(seconds=2)
"""A run of arrow keys with no longer pause is one step to undo."""


@dataclass(frozen=True, slots=True)
class CanvasState:
    """A canvas as it is loaded: items, and the undo list with the steps undone at its end."""

    items: tuple[Item, ...] = ()
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = field(default=())


def _goes_on(last: Step, step: Step) -> bool:
    """Whether a step does more of what the one before it did."""
    return (
        (last.label, last.actor, last.run) == (step.label, step.actor, step.run)
        and step.created - last.created < JOINED_WITHIN
        and last.edit.after.keys() == step.edit.after.keys()
    )


class Canvas:
    """Items by id, changed by edits alone, the user's and the agent's alike.

    `record` is called with each change before `changed` is emitted and must only queue it: the
    order of the calls is the order on the disk. Nothing here waits.
    """

    def __init__(self, state: CanvasState, record: Callable[[Change], None]) -> None:
        self._items: dict[str, Item] = {item.id: item for item in state.items}
        self._done: list[Step] = list(state.done)
        self._undone: list[Step] = list(state.undone)
        self._record = record
        self.changed: Signal[Change] = Signal()

    @property
    def items(self) -> Mapping[str, Item]:
        return MappingProxyType(self._items)

    def in_order(self) -> list[Item]:
        """From the back to the front; ties by id, so that the order is the same each time."""
        return sorted(self._items.values(), key=attrgetter("z", "id"))

    def rects(self) -> list[Rect]:
        return [item.rect for item in self._items.values()]

    def top(self) -> float:
        """A z in front of everything."""
        return max((item.z for item in self._items.values()), default=0.0) + 1.0

    @property
    def undo_label(self) -> str | None:
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        return self._undone[-1].label if self._undone else None

    def apply(
        self,
        label: str,
        after: Items,
        *,
        actor: Actor = Actor.USER,
        run: str | None = None,
        join: bool = False,
    ) -> Step | None:
        """Puts `after` in place (None deletes). Nothing new in it: no step, and None.

        join: the newest step grows, where it was the same to the same items a moment ago.
        """
        new = {key: item for key, item in after.items() if self._items.get(key) != item}
        if not new:
            return None
        edit = Edit({key: self._items.get(key) for key in new}, new)
        step = Step.new(label, edit, actor, run)
        last = self._done[-1] if self._done and not self._undone else None
        if join and last is not None and _goes_on(last, step):
            whole = Edit(dict(last.edit.before), new)
            self._done[-1] = grown = replace(step, id=last.id, edit=whole)
            self._carry_out(Change(Cause.GROW, grown, edit))
            return grown
        self._done.append(step)
        self._undone.clear()
        self._carry_out(Change(Cause.APPLY, step, edit))
        return step

    def add(
        self,
        label: str,
        items: Iterable[Item],
        *,
        actor: Actor = Actor.USER,
        run: str | None = None,
    ) -> Step | None:
        return self.apply(label, {item.id: item for item in items}, actor=actor, run=run)

    def delete(self, ids: Iterable[str], label: str | None = None) -> Step | None:
        gone = [key for key in ids if key in self._items]
        words = label or ("Delete" if len(gone) == 1 else f"Delete {len(gone)} items")
        return self.apply(words, dict.fromkeys(gone))

    def undo(self) -> Step | None:
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._carry_out(Change(Cause.UNDO, step, step.edit.inverse))
        return step

    def redo(self) -> Step | None:
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._carry_out(Change(Cause.REDO, step, step.edit))
        return step

    def can_revert(self, run: str) -> bool:
        return any(step.run == run for step in self._done)

    def revert(self, run: str) -> Step | None:
        """Takes a whole run back as a new step, wherever it lies in the list.

        Raises Conflict where an item of the run has been changed since.
        """
        before: dict[str, Item | None] = {}
        after: dict[str, Item | None] = {}
        for step in self._done:
            if step.run == run:
                for key, item in step.edit.before.items():
                    before.setdefault(key, item)
                after.update(step.edit.after)
        if any(self._items.get(key) != item for key, item in after.items()):
            raise Conflict(
                "These items have been changed since that run.",
                hint="Undo the later changes first, or delete the items by hand.",
                kept="Nothing was changed.",
            )
        return self.apply("Undo run", before)

    def _carry_out(self, change: Change) -> None:
        for key, item in change.edit.after.items():
            if item is None:
                self._items.pop(key, None)
            else:
                self._items[key] = item
        self._record(change)
        self.changed.emit(change)
