"""What can lie on the canvas. Items are values: a change is a new item in the old one's place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from kupuri_desktop.core.geometry import Rect


@dataclass(frozen=True, slots=True)
class Making:
    """How an image came to be: enough to make it again, and to find the message that asked.

    The workflow itself is kept with the job. made: the moment, ISO 8601 in UTC.
    """

    prompt: str
    model: str
    seed: int
    width: int
    height: int
    job: str = ""
    run: str = ""
    session: str = ""
    negative_prompt: str = ""
    style: str = ""
    steps: int | None = None
    guidance: float | None = None
    parents: tuple[str, ...] = ()
    made: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What all items have.

    x, y: top left corner before rotation, canvas units. rotation: degrees clockwise about the
    centre. z: greater lies in front. opacity: 0 to 1. frame: the id of the frame that holds it.
    group: the path of the groups that it is in (core/groups.py).
    """

    id: str
    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0
    z: float = 0.0
    opacity: float = 1.0
    name: str = ""
    locked: bool = False
    hidden: bool = False
    group: str | None = None
    frame: str | None = None

    @property
    def rect(self) -> Rect:
        return Rect(self.x, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageItem(Item):
    """A picture. `asset` names its bytes; `crop` is in the picture's own pixels.

    mask: an asset, 8 bits of grey in the picture's own pixels, white where an edit may change it.
    mask_feather: pixels over which its edge goes from one to the other. mask_invert: black may
    change. Neither touches the mask itself.
    """

    kind: Literal["image"] = "image"
    asset: str
    natural_width: int
    natural_height: int
    crop: Rect | None = None
    flip_x: bool = False
    flip_y: bool = False
    grayscale: bool = False
    corner_radius: float = 0.0
    mask: str | None = None
    mask_feather: float = 0.0
    mask_invert: bool = False
    making: Making | None = None


class Align(Enum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextItem(Item):
    """Words in a box that wraps them; font_size in canvas units, colours as #rrggbb[aa].

    line_height: in the font's own. letter_spacing: added to each letter, in font sizes.
    """

    kind: Literal["text"] = "text"
    text: str
    font_family: str = "Inter"
    font_size: float = 24.0
    font_weight: int = 400
    italic: bool = False
    colour: str = "#ececf1"
    align: Align = Align.LEFT
    underline: bool = False
    line_height: float = 1.0
    letter_spacing: float = 0.0
    capitals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteItem(Item):
    """A sticky note."""

    kind: Literal["note"] = "note"
    text: str = ""
    colour: str = "#ffd66b"


class ShapeForm(Enum):
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeItem(Item):
    """A rectangle or an ellipse. No colour (None) means not painted; `dash` in stroke widths."""

    kind: Literal["shape"] = "shape"
    form: ShapeForm = ShapeForm.RECTANGLE
    fill: str | None = None
    stroke: str | None = "#ff6b4a"
    stroke_width: float = 3.0
    dash: tuple[float, ...] = ()
    corner_radius: float = 0.0


class LineForm(Enum):
    """How a line gets from one end to the other."""

    STRAIGHT = "straight"
    ELBOW = "elbow"
    CURVE = "curve"


class Side(Enum):
    """Where on an item the end of a line sticks, in the item's own upright axes."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem(Item):
    """A line, arrow or connector from `start` to `end`, each relative to (x, y).

    bends: relative too: an elbow's corners, or a curve's two control points (cubic Bézier).
    start_item, end_item: what an end sticks to and follows. start_side, end_side: the middle of
    which side; None: wherever the line comes from.
    """

    kind: Literal["line"] = "line"
    start: tuple[float, float] = (0.0, 0.0)
    end: tuple[float, float] = (0.0, 0.0)
    start_item: str | None = None
    end_item: str | None = None
    arrow_start: bool = False
    arrow_end: bool = True
    stroke: str = "#ff6b4a"
    stroke_width: float = 3.0
    dash: tuple[float, ...] = ()
    form: LineForm = LineForm.STRAIGHT
    bends: tuple[tuple[float, float], ...] = ()
    start_side: Side | None = None
    end_side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeItem(Item):
    """A pen stroke: (x, y, pressure 0 to 1) relative to (x, y) of the item."""

    kind: Literal["stroke"] = "stroke"
    points: tuple[tuple[float, float, float], ...] = ()
    stroke: str = "#ff6b4a"
    stroke_width: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameItem(Item):
    """An artboard: a named area that clips and moves what names it as its frame."""

    kind: Literal["frame"] = "frame"
    background: str | None = "#ffffff"
    clip: bool = True


CanvasItem = Annotated[
    ImageItem | TextItem | NoteItem | ShapeItem | LineItem | StrokeItem | FrameItem,
    Field(discriminator="kind"),
]


@cache
def _item_adapter() -> TypeAdapter[Any]:
    return TypeAdapter(CanvasItem)


@cache
def _items_adapter() -> TypeAdapter[Any]:
    return TypeAdapter(list[CanvasItem])


def item_to_json(item: Item) -> str:
    """The item as one line of JSON; `kind` says which it is, and what is at its default is left

    out: ten thousand items are read back in half the time.
    """
    text: bytes = _item_adapter().dump_json(item, exclude_defaults=True)
    return f'{{"kind":"{kind_of(item)}",' + text[1:].decode()


def item_from_json(text: str | bytes) -> Item:
    """Raises ValueError for what is not an item. Unknown fields are left out."""
    item: Item = _item_adapter().validate_json(text)
    return item


def items_from_json(texts: Iterable[str]) -> list[Item]:
    """Many at once: 10,000 take a tenth of a second less than one by one."""
    items: list[Item] = _items_adapter().validate_json("[" + ",".join(texts) + "]")
    return items


def describe(item: Item) -> str:
    """A few words for a label, a file name or a screen reader: the name, the prompt, the text."""
    if item.name:
        return item.name
    match item:
        case ImageItem(making=Making(prompt=prompt)) if prompt:
            return prompt
        case TextItem(text=text) | NoteItem(text=text) if text:
            return text
        case ShapeItem(form=form):
            return form.value.capitalize()
        case _:
            return kind_of(item).capitalize()


def kind_of(item: Item) -> str:
    """`image`, `text`, `note`, `shape`, `line`, `stroke` or `frame`."""
    kind: str = getattr(item, "kind", "item")
    return kind
