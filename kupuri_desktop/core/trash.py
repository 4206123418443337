"""What lies in the trash, how long it stays there, and where an item goes when it comes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from kupuri_desktop.core.geometry import Rect, bounds, find_room
from kupuri_desktop.core.groups import inside, parent
from kupuri_desktop.core.items import FrameItem, Item, LineItem
from kupuri_desktop.core.transforms import moved

TRASH_DAYS = timedelta(days=30)
"""How long what was deleted can be had back."""

COVERED = 0.5
"""An item counts as covered where more than this share of it would lie under one other."""


class Discarded(Enum):
    """The kinds of things that go to the trash."""

    PROJECT = "project"
    SESSION = "session"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """One thing in the trash.

    project, project_name: what it belongs to (itself, for a project). item_kind: of an item, as
    `kind_of` has it. asset: the picture that shows it. count: images of a project, messages of a
    chat.
    """

    kind: Discarded
    id: str
    name: str
    project: str
    project_name: str
    trashed: datetime
    item_kind: str = ""
    asset: str | None = None
    count: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Names it among all: items of two projects may share an id."""
        return (self.kind.value, self.project, self.id)

    def days_left(self, now: datetime | None = None) -> int:
        """Days until it goes for good, a begun one as a whole; 0 once its time is over."""
        left = self.trashed + TRASH_DAYS - (now or datetime.now(UTC))
        return max(0, -(-min(left, TRASH_DAYS) // timedelta(days=1)))


def put_back(
    items: Sequence[Item], present: Iterable[Item], middle: tuple[float, float] | None = None
) -> list[Item]:
    """Deleted items as they are to stand on the canvas again: where they lay.

    Where one of them would be covered, all go together, in front of everything: around `middle`
    (canvas units), or where there is room. What held them and is gone holds them no more.
    """
    there = list(present)
    frames = {item.id for item in (*there, *items) if isinstance(item, FrameItem)}
    known = {item.id for item in (*there, *items)}
    paths = {item.id: item.group for item in (*there, *items) if item.group}
    back = [_freed(item, frames, paths, known) for item in items]
    taken = [item for item in there if not item.hidden and not isinstance(item, FrameItem)]
    if not any(_covered(item, taken) for item in back):
        return back
    whole = bounds(item.rect for item in back)
    if whole is None:
        return back
    if middle is None:
        x, y = find_room([item.rect for item in there], whole.width, whole.height)
    else:
        x, y = middle[0] - whole.width / 2, middle[1] - whole.height / 2
    top = max((item.z for item in there), default=0.0) + 1.0
    in_order = sorted(back, key=lambda item: (item.z, item.id))
    return [
        replace(moved(item, x - whole.x, y - whole.y), z=top + number)
        for number, item in enumerate(in_order)
    ]


def _freed(item: Item, frames: set[str], paths: Mapping[str, str], known: set[str]) -> Item:
    group = item.group
    while group and not any(inside(paths[key], group) for key in paths if key != item.id):
        group = parent(group)
    item = replace(
        item,
        frame=item.frame if item.frame in frames else None,
        group=group,
        hidden=False,
    )
    if isinstance(item, LineItem):
        item = replace(
            item,
            start_item=item.start_item if item.start_item in known else None,
            end_item=item.end_item if item.end_item in known else None,
        )
    return item


def _covered(item: Item, others: Iterable[Item]) -> bool:
    """A frame and a line lie under or over other things by their nature."""
    if isinstance(item, FrameItem | LineItem):
        return False
    area = max(item.width, 1.0) * max(item.height, 1.0)
    return any(
        other.z >= item.z
        and not isinstance(other, LineItem)
        and _shared(item.rect, other.rect) > COVERED * area
        for other in others
    )


def _shared(one: Rect, other: Rect) -> float:
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(width, 0.0) * max(height, 0.0)
