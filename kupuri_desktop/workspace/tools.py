"""What the agent's tools do to the open project."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from kupuri_desktop.agent.context import (
    CanvasSummary,
    GeneratedSummary,
    ImageWish,
    ItemSummary,
    Layout,
    PlacedImage,
    WishProgress,
)
from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Actor
from kupuri_desktop.core.errors import NotFound, Problem, Refused
from kupuri_desktop.core.generation import SourceImage
from kupuri_desktop.core.geometry import Rect, bounds, in_grid, in_row
from kupuri_desktop.core.items import ImageItem, Item, describe, kind_of
from kupuri_desktop.core.models import Capability, ModelKind, ModelRef
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.workspace.editing import edit_of
from kupuri_desktop.workspace.generations import Generations
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.wishes import Origin, Outcome, Wish

VARIATION_DENOISE = 0.6
"""How far a variation may leave its original where the model can start from an image."""


class ProjectTools:
    """One run's hands: `run` and `session` go into the history of all that it does.

    seed: of the first image, where a wish names none.
    """

    def __init__(
        self,
        *,
        session: str,
        run: str,
        canvas: Canvas,
        generations: Generations,
        models: Models,
        assets: Assets,
        image_model: Callable[[], Awaitable[ModelRef]],
        project_name: Callable[[], str],
        rename: Callable[[str], Awaitable[None]],
        selection: Callable[[], frozenset[str]],
        saved: Callable[[], Awaitable[None]],
        seed: int | None = None,
    ) -> None:
        self._session = session
        self._run = run
        self._canvas = canvas
        self._generations = generations
        self._models = models
        self._assets = assets
        self._image_model = image_model
        self._project_name = project_name
        self._rename = rename
        self._selection = selection
        self._saved = saved
        self._seed = seed

    async def generate(
        self, wish: ImageWish, *, call: str, on_progress: Callable[[WishProgress], None]
    ) -> GeneratedSummary:
        model = await self._image_model()
        full = Wish(
            prompt=wish.prompt,
            model=model,
            count=wish.count,
            aspect=wish.aspect,
            style=wish.style,
            negative_prompt=wish.negative_prompt,
            seed=self._seed if wish.seed is None else wish.seed,
        )
        if wish.variation_of:
            full = await self._as_variation(full, wish.variation_of)
        outcome = await self._generations.make(
            full,
            Origin(self._session, self._run, call),
            lambda fraction, image, note: on_progress(WishProgress(fraction, image, note)),
        )
        if not outcome.items:
            raise Refused("The user stopped it before an image was made.")
        return _summary(outcome, wish.count)

    def canvas_summary(self) -> CanvasSummary:
        selected = self._selection()
        items = tuple(
            ItemSummary(
                id=item.id,
                kind=kind_of(item),
                words=describe(item),
                x=item.x,
                y=item.y,
                width=item.width,
                height=item.height,
                selected=item.id in selected,
                masked=isinstance(item, ImageItem) and item.mask is not None,
            )
            for item in self._canvas.in_order()
            if not item.hidden
        )
        return CanvasSummary(self._project_name(), items)

    async def arrange(self, items: Sequence[str], layout: Layout, *, call: str) -> None:
        known = [self._item(key) for key in items]
        sizes = [(item.width, item.height) for item in known]
        match layout:
            case Layout.GRID:
                places = in_grid(sizes)
            case Layout.ROW:
                places = in_row(sizes)
            case Layout.COLUMN:
                places = in_grid(sizes, columns=1)
        corner = bounds(item.rect for item in known) or Rect(0, 0, 0, 0)
        moved = {
            item.id: replace(item, x=corner.x + place.x, y=corner.y + place.y)
            for item, place in zip(known, places, strict=True)
        }
        self._canvas.apply("Arrange items", moved, actor=Actor.AGENT, run=self._run)
        await self._saved()

    async def delete_items(self, items: Sequence[str], *, call: str) -> None:
        known = [self._item(key) for key in items]
        gone = dict.fromkeys(item.id for item in known)
        words = "Delete item" if len(known) == 1 else f"Delete {len(known)} items"
        self._canvas.apply(words, gone, actor=Actor.AGENT, run=self._run)
        await self._saved()

    async def rename_project(self, name: str, *, call: str) -> None:
        await self._rename(name)

    async def _as_variation(self, wish: Wish, original: str) -> Wish:
        """Starts from the picture where the model can; else from its words and shape alone."""
        item = self._item(original)
        if not isinstance(item, ImageItem):
            raise NotFound("That item is not an image.", hint="Name an image of the canvas.")
        if item.mask is not None:
            return await edit_of(wish, item, item.mask, self._models, self._assets)
        prompt = wish.prompt or (item.making.prompt if item.making else describe(item))
        aspect = wish.aspect or f"{item.natural_width}x{item.natural_height}"
        wish = replace(wish, prompt=prompt, aspect=aspect, parents=(item.id,))
        if self._models.can(wish.model, ModelKind.IMAGE, Capability.IMAGE_TO_IMAGE):
            data = await self._assets.data(item.asset)
            source = SourceImage(data, asset=item.asset)
            return replace(wish, source=source, denoise=VARIATION_DENOISE)
        return wish

    def _item(self, key: str) -> Item:
        item = self._canvas.items.get(key)
        if item is None:
            raise NotFound("There is no such item on the canvas.")
        return item


def _summary(outcome: Outcome, wished: int) -> GeneratedSummary:
    images = tuple(
        PlacedImage(
            item=item.id,
            width=item.natural_width,
            height=item.natural_height,
            seed=item.making.seed if item.making else 0,
            model=item.making.model if item.making else "",
        )
        for item in outcome.items
    )
    problem = outcome.errors[0].problem if outcome.errors else None
    if problem is None and outcome.stopped:
        problem = Problem("Stopped", f"The user stopped {outcome.stopped} of {wished} images.")
    return GeneratedSummary(images, problem)
