"""What lies on pictures to say something about them: which items, and in words."""

from collections.abc import Iterable, Mapping, Sequence

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import extent, upright
from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
    describe,
)
from kupuri_desktop.core.routes import ends

LONGEST_WORDS = 400
MOST = 40


def annotations_on(images: Sequence[ImageItem], items: Iterable[Item]) -> list[Item]:
    """Arrows, notes, words, shapes and strokes in front of an image that touch it.

    A line also counts where one of its ends sticks to the image, and what its other end sticks to.
    """
    known = {item.id: item for item in items if not item.hidden}
    marks = [i for i in known.values() if not isinstance(i, (ImageItem, FrameItem))]
    held = {image.id for image in images}
    found: dict[str, Item] = {}
    for item in marks:
        tied = isinstance(item, LineItem) and bool({item.start_item, item.end_item} & held)
        if tied or any(
            (item.z, item.id) > (image.z, image.id) and extent(item).meets(upright(image))
            for image in images
        ):
            found[item.id] = item
    for line in [item for item in found.values() if isinstance(item, LineItem)]:
        for key in (line.start_item, line.end_item):
            end = known.get(key or "")
            if end is not None and not isinstance(end, (ImageItem, FrameItem)):
                found[end.id] = end
    return list(found.values())


def in_words(annotations: Sequence[Item], area: Rect, items: Mapping[str, Item]) -> str:
    """The annotations as one line; places in per cent across and down of `area`."""
    said = [_said(item, area, items) for item in annotations[:MOST]]
    if len(annotations) > MOST:
        said.append(f"{len(annotations) - MOST} more")
    return "; ".join(said)


def _said(item: Item, area: Rect, items: Mapping[str, Item]) -> str:
    match item:
        case LineItem():
            (ax, ay), (bx, by) = ends(item)
            name = "arrow" if item.arrow_end or item.arrow_start else "line"
            if item.arrow_start and not item.arrow_end:
                return (
                    f"{name} from {_end(item.end_item, bx, by, area, items)}"
                    f" to {_end(item.start_item, ax, ay, area, items)}"
                )
            return (
                f"{name} from {_end(item.start_item, ax, ay, area, items)}"
                f" to {_end(item.end_item, bx, by, area, items)}"
            )
        case NoteItem(text=text):
            return f"note {_quoted(text)} {_around(upright(item), area)}"
        case TextItem(text=text):
            return f"text {_quoted(text)} {_around(upright(item), area)}"
        case ShapeItem(form=form):
            name = "ellipse" if form is ShapeForm.ELLIPSE else "rectangle"
            return f"{name} {_around(upright(item), area)}"
        case StrokeItem():
            return f"pen stroke {_around(upright(item), area)}"
        case _:
            return f"{describe(item)} {_around(upright(item), area)}"


def _end(key: str | None, x: float, y: float, area: Rect, items: Mapping[str, Item]) -> str:
    """Where an end is; what it sticks to is named, an image by the place alone."""
    item = items.get(key or "")
    match item:
        case NoteItem(text=text) | TextItem(text=text) if text:
            return f"the words {_quoted(text)}"
        case _:
            return f"({_percent(x, area.x, area.width)}, {_percent(y, area.y, area.height)})"


def _around(rect: Rect, area: Rect) -> str:
    left, right = (_percent(x, area.x, area.width) for x in (rect.x, rect.right))
    top, bottom = (_percent(y, area.y, area.height) for y in (rect.y, rect.bottom))
    return f"from ({left}, {top}) to ({right}, {bottom})"


def _percent(value: float, start: float, length: float) -> str:
    share = (value - start) / length * 100 if length > 0 else 0.0
    return f"{min(max(round(share), 0), 100)} %"


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + '…'}”"
