"""Edits of a canvas as data: each knows its inverse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import Item

Items = Mapping[str, Item | None]
"""Items by id; None says that there is no such item."""


class Actor(Enum):
    USER = "user"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Edit:
    """The same ids on both sides: how the items were, and how they are then."""

    before: Items
    after: Items

    @property
    def inverse(self) -> "Edit":
        return Edit(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the undo list. `label` is what the menu says: "Undo Move 3 items"."""

    id: str
    label: str
    actor: Actor
    edit: Edit
    run: str | None
    created: datetime

    @classmethod
    def new(cls, label: str, edit: Edit, actor: Actor, run: str | None) -> "Step":
        return cls(new_id(), label, actor, edit, run, datetime.now(UTC))


class Cause(Enum):
    """Why the items changed."""

    APPLY = "apply"
    GROW = "grow"
    """More of the newest step, which takes the place of what it was."""
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Change:
    """What the scene, the panels and the writer hear. `edit` is the one carried out now:

    the step's own for APPLY and REDO, its inverse for UNDO, what was added to it for GROW.
    """

    cause: Cause
    step: Step
    edit: Edit
