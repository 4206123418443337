"""What a turn is made of, and what the agent may do to the open project; light to import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from kupuri_desktop.core.chat import Message
from kupuri_desktop.core.errors import Problem
from kupuri_desktop.core.models import ModelRef


@dataclass(frozen=True, slots=True)
class ImageWish:
    """What `generate_image` asks for, already checked.

    count: 1 to core.generation.MAX_COUNT. aspect: text that core.generation.parse_aspect takes;
    None leaves it to the image model. seed: 0 to MAX_SEED; None draws one; with a count the
    following images take the following seeds. variation_of: the id of an image on the canvas.
    """

    prompt: str
    count: int = 1
    aspect: str | None = None
    style: str = ""
    negative_prompt: str = ""
    seed: int | None = None
    variation_of: str | None = None


@dataclass(frozen=True, slots=True)
class WishProgress:
    """How far the whole wish is: `fraction` 0 to 1 over all its images; `image` counts from 1."""

    fraction: float
    image: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """One image that was put on the canvas and is committed. Sizes in pixels."""

    item: str
    width: int
    height: int
    seed: int
    model: str


@dataclass(frozen=True, slots=True)
class GeneratedSummary:
    """What came of a wish. `problem` says why there are fewer images than were wished for."""

    images: tuple[PlacedImage, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """One thing on the canvas in a few words; `x`, `y`, `width`, `height` in canvas units.

    kind: the item's own (`image`, `text`, `note`, `frame` ...). words: its prompt, text or name.
    masked: an edit of this image changes its masked part alone.
    """

    id: str
    kind: str
    words: str
    x: float
    y: float
    width: float
    height: float
    selected: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True)
class CanvasSummary:
    """The canvas as the agent may know it, the newest item last."""

    project: str
    items: tuple[ItemSummary, ...] = ()


class Layout(Enum):
    """How `arrange_items` lays things out."""

    GRID = "grid"
    ROW = "row"
    COLUMN = "column"


class ToolContext(Protocol):
    """The open project as the agent's tools reach it; the workspace implements it.

    Every method raises KupuriError only. What it changes is committed when it returns.
    `call` is the id of the tool call: a side effect is keyed by it.
    """

    async def generate(
        self, wish: ImageWish, *, call: str, on_progress: Callable[[WishProgress], None]
    ) -> GeneratedSummary:
        """Makes the images and puts them on the canvas. Cancelling stops the jobs as well.

        Raises the first image's error where not one was made.
        """
        ...

    def canvas_summary(self) -> CanvasSummary: ...

    async def arrange(self, items: Sequence[str], layout: Layout, *, call: str) -> None:
        """Moves the items, in this order, into a layout. Raises NotFound."""
        ...

    async def delete_items(self, items: Sequence[str], *, call: str) -> None:
        """Takes the items off the canvas, undoably. Raises NotFound."""
        ...

    async def rename_project(self, name: str, *, call: str) -> None: ...


@dataclass(frozen=True, slots=True)
class AttachedImage:
    """A picture that goes along with the user's message; `item` where it lies on the canvas.

    masked: only the masked part is to be changed. words: what the user drew and wrote on it.
    """

    data: bytes
    mime: str = "image/png"
    item: str | None = None
    masked: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """What was chosen in the composer, and by policy.

    aspect and count stand in where the model names none. ask_before: names of tools that need a
    yes of the user before each use.
    """

    aspect: str | None = None
    count: int | None = None
    style: str = ""
    ask_before: frozenset[str] = frozenset({"delete_items"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One wish of the user with all that is needed to answer it.

    history: the session's messages before this one, oldest first, without it.
    """

    session: str
    run: str
    model: ModelRef
    text: str
    context: ToolContext
    history: tuple[Message, ...] = ()
    images: tuple[AttachedImage, ...] = ()
    settings: TurnSettings = field(default_factory=TurnSettings)

    @property
    def edited(self) -> str | None:
        """The one image whose masked part the message is about; None where there is no such."""
        masked = [image.item for image in self.images if image.item and image.masked]
        return masked[0] if len(masked) == 1 else None
