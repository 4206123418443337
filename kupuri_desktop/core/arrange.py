"""Lays items out: aligned, spread, in rows, columns, grids or packed; in front or behind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from kupuri_desktop.core.geometry import GAP, Rect, bounds, in_grid
from kupuri_desktop.core.groups import renewal, taken
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, LineItem
from kupuri_desktop.core.transforms import around, moved

T = TypeVar("T")


class Edge(Enum):
    LEFT = "left"
    CENTRE = "centres"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middles"
    BOTTOM = "bottom"


class Axis(Enum):
    HORIZONTAL = "horizontally"
    VERTICAL = "vertically"


class Layout(Enum):
    GRID = "grid"
    ROW = "row"
    COLUMN = "column"
    PACKED = "packed"


class Depth(Enum):
    FRONT = "Bring to front"
    FORWARD = "Bring forward"
    BACKWARD = "Send backward"
    BACK = "Send to back"


@dataclass(frozen=True, slots=True)
class Block:
    """What is laid out as one: an item, or all items of a group that are selected."""

    items: tuple[Item, ...]
    rect: Rect

    def moved_to(self, x: float, y: float) -> list[Item]:
        return [moved(item, x - self.rect.x, y - self.rect.y) for item in self.items]


def blocks(items: Iterable[Item], entered: str | None = None) -> list[Block]:
    """Items of one group together, in the order they came. entered: the group worked in."""
    held: dict[str, list[Item]] = {}
    for item in items:
        held.setdefault(taken(item.group, entered) or item.id, []).append(item)
    result = []
    for members in held.values():
        rect = bounds(upright(item) for item in members)
        if rect is not None:
            result.append(Block(tuple(members), rect))
    return result


def align(items: Sequence[Item], edge: Edge, entered: str | None = None) -> list[Item]:
    """Every block with its edge or middle on that of all together."""
    whole = around(items)
    if whole is None:
        return []
    result: list[Item] = []
    for block in blocks(items, entered):
        x, y, rect = block.rect.x, block.rect.y, block.rect
        match edge:
            case Edge.LEFT:
                x = whole.x
            case Edge.CENTRE:
                x = whole.x + (whole.width - rect.width) / 2
            case Edge.RIGHT:
                x = whole.right - rect.width
            case Edge.TOP:
                y = whole.y
            case Edge.MIDDLE:
                y = whole.y + (whole.height - rect.height) / 2
            case Edge.BOTTOM:
                y = whole.bottom - rect.height
        result += block.moved_to(x, y)
    return result


def distribute(items: Sequence[Item], axis: Axis, entered: str | None = None) -> list[Item]:
    """The same gap between neighbours; the outer two stay. Fewer than three stay as they are."""
    across = axis is Axis.HORIZONTAL
    row = sorted(blocks(items, entered), key=lambda b: b.rect.x if across else b.rect.y)
    if len(row) < 3:
        return list(items)

    def length(block: Block) -> float:
        return block.rect.width if across else block.rect.height

    first, last = row[0].rect, row[-1].rect
    span = last.right - first.x if across else last.bottom - first.y
    gap = (span - sum(length(block) for block in row)) / (len(row) - 1)
    at = first.x if across else first.y
    result: list[Item] = []
    for block in row:
        x, y = (at, block.rect.y) if across else (block.rect.x, at)
        result += block.moved_to(x, y)
        at += length(block) + gap
    return result


def tidy(
    items: Sequence[Item], layout: Layout, gap: float = GAP, entered: str | None = None
) -> list[Item]:
    """Blocks laid out from their common top left corner, in the order they are read.

    PACKED: the tallest first, in shelves of about 16:10.
    """
    whole = around(items)
    if whole is None:
        return []
    row = in_reading_order(blocks(items, entered), lambda block: block.rect)
    sizes = [(block.rect.width, block.rect.height) for block in row]
    match layout:
        case Layout.GRID:
            places = in_grid(sizes, gap=gap)
        case Layout.ROW:
            places = in_grid(sizes, columns=len(sizes), gap=gap)
        case Layout.COLUMN:
            places = in_grid(sizes, columns=1, gap=gap)
        case Layout.PACKED:
            row.sort(key=lambda block: (-block.rect.height, -block.rect.width))
            places = shelves([(block.rect.width, block.rect.height) for block in row], gap)
    result: list[Item] = []
    for block, place in zip(row, places, strict=True):
        result += block.moved_to(whole.x + place.x, whole.y + place.y)
    return result


def shelves(sizes: Sequence[tuple[float, float]], gap: float) -> list[Rect]:
    """Rectangles, given from the tallest to the lowest, in rows of one width."""
    area = sum((w + gap) * (h + gap) for w, h in sizes)
    width = max([(area * 1.6) ** 0.5, *(w for w, _ in sizes)])
    placed: list[Rect] = []
    x = y = tallest = 0.0
    for w, h in sizes:
        if x > 0 and x + w > width:
            x, y, tallest = 0.0, y + tallest + gap, 0.0
        placed.append(Rect(x, y, w, h))
        x += w + gap
        tallest = max(tallest, h)
    return placed


def in_reading_order(things: Iterable[T], rect: Callable[[T], Rect]) -> list[T]:
    """Row by row from the top, each from the left. A row is what overlaps its first in height."""
    waiting = sorted(((rect(thing), thing) for thing in things), key=lambda p: (p[0].y, p[0].x))
    result: list[T] = []
    start = 0
    while start < len(waiting):
        first = waiting[start][0]
        end = start + 1
        while end < len(waiting) and waiting[end][0].y < first.y + first.height / 2:
            end += 1
        row = sorted(waiting[start:end], key=lambda pair: pair[0].x)
        result += [thing for _, thing in row]
        start = end
    return result


def same_size(items: Sequence[Item], axis: Axis) -> list[Item]:
    """Every item as wide, or as tall, as the first; images keep their proportions."""
    if not items:
        return []
    first, result = items[0], []
    for item in items:
        width, height = item.width, item.height
        if axis is Axis.HORIZONTAL:
            width = first.width
            if isinstance(item, ImageItem) and item.width:
                height = item.height * width / item.width
        else:
            height = first.height
            if isinstance(item, ImageItem) and item.height:
                width = item.width * height / item.height
        result.append(replace(item, width=width, height=height))
    return result


def reorder(everything: Sequence[Item], ids: Iterable[str], depth: Depth) -> list[Item]:
    """The items whose z must change; `everything` is in order from back to front.

    FORWARD and BACKWARD pass the next item that overlaps, for others look the same.
    """
    chosen = set(ids)
    mine = [item for item in everything if item.id in chosen]
    rest = [item for item in everything if item.id not in chosen]
    if not mine or not rest:
        return []
    match depth:
        case Depth.FRONT:
            return _stacked(mine, rest[-1].z, None)
        case Depth.BACK:
            return _stacked(mine, None, rest[0].z)
        case Depth.FORWARD:
            at = max(i for i, item in enumerate(everything) if item.id in chosen)
            over = [i for i in everything[at + 1 :] if i.id not in chosen]
            passed = next((i for i in over if _overlaps(i, mine)), over[0] if over else None)
            if passed is None:
                return []
            spot = rest.index(passed) + 1
        case Depth.BACKWARD:
            at = min(i for i, item in enumerate(everything) if item.id in chosen)
            under = [i for i in reversed(everything[:at]) if i.id not in chosen]
            passed = next((i for i in under if _overlaps(i, mine)), under[0] if under else None)
            if passed is None:
                return []
            spot = rest.index(passed)
    low = rest[spot - 1].z if spot > 0 else None
    high = rest[spot].z if spot < len(rest) else None
    return _stacked(mine, low, high)


def gathered(items: Sequence[Item], everything: Iterable[Item]) -> list[Item]:
    """The items right behind the front one of them, in their order, nothing between them.

    everything: all there is. Frames stay: they lie behind what they hold. What lies in order
    already keeps its z.
    """
    loose = sorted(
        (item for item in items if not isinstance(item, FrameItem)),
        key=lambda item: (item.z, item.id),
    )
    if len(loose) < 2:
        return list(items)
    front, mine = loose[-1], {item.id for item in items}
    behind = [item.z for item in everything if item.id not in mine and _under(item, front)]
    low = max(behind, default=None)
    if low is None or loose[0].z > low:
        return list(items)
    new = {item.id: item for item in _stacked(loose[:-1], low, front.z)}
    return [new.get(item.id, item) for item in items]


def _under(item: Item, front: Item) -> bool:
    return (item.z, item.id) < (front.z, front.id)


def _overlaps(item: Item, others: Iterable[Item]) -> bool:
    here = upright(item)
    return any(here.meets(upright(other)) for other in others)


def _stacked(items: Sequence[Item], low: float | None, high: float | None) -> list[Item]:
    if low is None and high is None:
        return list(items)
    if low is None:
        assert high is not None
        low = high - len(items) - 1
    if high is None:
        high = low + len(items) + 1
    step = (high - low) / (len(items) + 1)
    return [replace(item, z=low + step * (n + 1)) for n, item in enumerate(items)]


def copies(
    items: Iterable[Item], dx: float, dy: float, top: float, inside: str | None = None
) -> list[Item]:
    """Copies under new ids, in front of `top` in the same order, groups and frames among them.

    inside: the group whose members' copies are members too.
    """
    originals = sorted(items, key=lambda item: (item.z, item.id))
    ids = {item.id: new_id() for item in originals}
    renewed = renewal((item.group for item in originals), inside)
    result: list[Item] = []
    for n, item in enumerate(originals):
        there = replace(
            moved(item, dx, dy),
            id=ids[item.id],
            z=top + n,
            group=renewed(item.group) if item.group else None,
            frame=ids.get(item.frame, item.frame) if item.frame else None,
            locked=False,
        )
        if isinstance(there, LineItem):
            there = replace(
                there,
                start_item=ids.get(there.start_item or ""),
                end_item=ids.get(there.end_item or ""),
            )
        result.append(there)
    return result


def carried(moved_items: Sequence[Item], known: Mapping[str, Item]) -> list[Item]:
    """Items in their new places, and with each frame what it holds, moved as far as the frame."""
    steps: dict[str, tuple[float, float]] = {}
    for item in moved_items:
        old = known.get(item.id)
        if isinstance(item, FrameItem) and old is not None and (item.x, item.y) != (old.x, old.y):
            steps[item.id] = (item.x - old.x, item.y - old.y)
    if not steps:
        return list(moved_items)
    there = {item.id for item in moved_items}
    held = [
        moved(item, *steps[item.frame])
        for item in known.values()
        if item.frame in steps and item.id not in there
    ]
    return [*moved_items, *held]


def rehomed(items: Iterable[Item], frames: Sequence[FrameItem]) -> list[Item]:
    """Items with the frame that holds their centre; the front one where frames overlap."""
    result: list[Item] = []
    for item in items:
        if isinstance(item, FrameItem):
            result.append(item)
            continue
        x, y = item.x + item.width / 2, item.y + item.height / 2
        home = None
        for frame in sorted(frames, key=lambda f: f.z):
            rect = frame.rect
            if rect.x <= x <= rect.right and rect.y <= y <= rect.bottom:
                home = frame.id
        result.append(item if item.frame == home else replace(item, frame=home))
    return result
