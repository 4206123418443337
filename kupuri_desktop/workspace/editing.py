"""Turns a wish about an image with a mask into an edit that changes the masked part alone."""

import asyncio
from dataclasses import replace

from kupuri_desktop.core.assets import Asset
from kupuri_desktop.core.errors import ModelLacksAbility, Refused
from kupuri_desktop.core.generation import MAX_SIDE, MIN_SIDE, GenerationRequest, SourceImage
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.hits import upright
from kupuri_desktop.core.items import ImageItem, describe
from kupuri_desktop.core.models import Capability, ModelKind
from kupuri_desktop.core.picture_space import cropped
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.workspace.masks import effective, put_back
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.wishes import Wish

EDIT_DENOISE = 0.9
"""How far the masked part may leave what was there: all but what ties it to its surroundings."""

_NATIVE_AREAS = 2
"""An image of up to so many times the model's own area is edited in its own size."""


async def edit_of(wish: Wish, item: ImageItem, mask: str, models: Models, assets: Assets) -> Wish:
    """The wish with the picture to start from and its mask as an engine is to be given it.

    The results lie beside the original, as large as its whole picture. Raises ModelLacksAbility,
    Refused where the mask leaves nothing to change, and what reading the images raises.
    """
    abilities = (Capability.INPAINT, Capability.IMAGE_TO_IMAGE)
    if not any(models.can(wish.model, ModelKind.IMAGE, ability) for ability in abilities):
        raise ModelLacksAbility(
            "This model cannot change a part of an image.",
            hint="Choose one that can edit images, or clear the mask.",
            kept="The image and its mask are as they were.",
        )
    natural = max(item.natural_width, 1), max(item.natural_height, 1)
    data, painted = await asyncio.gather(assets.data(item.asset), assets.data(mask))
    allowed = await asyncio.to_thread(
        effective, painted, natural, feather=item.mask_feather, invert=item.mask_invert
    )
    if allowed is None:
        raise Refused(
            "The mask leaves nothing to change.",
            hint="Paint what may change, or invert the mask.",
        )
    whole = cropped(item, None)
    return replace(
        wish,
        prompt=wish.prompt or (item.making.prompt if item.making else describe(item)),
        aspect=f"{natural[0]}x{natural[1]}",
        size=_own_size(wish, natural, models),
        source=SourceImage(data, allowed, item.asset),
        denoise=EDIT_DENOISE,
        parents=(item.id,),
        beside=upright(item),
        shown=(whole.width, whole.height),
    )


async def result_of(request: GenerationRequest, made: bytes) -> bytes:
    """What an engine made, with all that the mask forbids as it was in the original.

    Raises HostileFile for what cannot be read.
    """
    source = request.source
    if source is None or source.mask is None:
        return made
    return await asyncio.to_thread(put_back, source.data, source.mask, made)


def shown_size(request: GenerationRequest, place: Rect, asset: Asset) -> tuple[float, float]:
    """An edit is shown as large as its original, which it is to be compared with."""
    if request.source is not None and request.source.mask is not None:
        return place.width, place.height
    return asset.width, asset.height


def _own_size(wish: Wish, natural: tuple[int, int], models: Models) -> tuple[int, int]:
    """The picture's own size where the model can be expected to work in it."""
    engine = models.engine(wish.model.provider)
    native = engine.native_size(wish.model.model, natural)
    fits = natural[0] * natural[1] <= _NATIVE_AREAS * native[0] * native[1]
    return natural if fits and all(MIN_SIDE <= side <= MAX_SIDE for side in natural) else native
