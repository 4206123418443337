"""The painter as an engine: progress, previews, stopping, edits of a given picture."""

import asyncio
import io
from contextlib import aclosing
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from kupuri_desktop.core.errors import (
    GenerationError,
    HostileFile,
    ModelLacksAbility,
    ModelMissing,
    UsageError,
)
from kupuri_desktop.core.generation import (
    GenerationRequest,
    MadeImage,
    Progress,
    SourceImage,
    Whereabouts,
)
from kupuri_desktop.core.models import ModelRef, Place
from kupuri_desktop.engines.builtin import BuiltinEngine

WISH = GenerationRequest(
    "job", "sunset landscape", ModelRef("builtin", "painter"), width=320, height=288, seed=4
)


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def photo() -> Image.Image:
    across = np.linspace(0, 255, 64, dtype=np.uint8)[None, :].repeat(48, axis=0)
    return Image.fromarray(np.stack([across, across.T[:48, :1].repeat(64, 1), across], axis=2))


async def events(request: GenerationRequest) -> list[Progress | MadeImage]:
    return [event async for event in BuiltinEngine().generate(request)]


async def made(request: GenerationRequest) -> MadeImage:
    last = (await events(request))[-1]
    assert isinstance(last, MadeImage)
    return last


def pixels(image: MadeImage) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(image.data)).convert("RGB"), dtype=float)


async def test_it_says_plainly_that_it_is_no_ai_and_is_always_ready():
    status = await BuiltinEngine().status()
    assert (status.ok, status.name, status.place) == (True, "Built-in (no AI)", Place.BUILTIN)
    assert [str(model.ref) for model in status.models] == ["builtin:painter"]


async def test_progress_comes_with_previews_and_then_one_png_of_the_asked_size():
    *before, last = await events(WISH)
    previews = [event.preview for event in before if isinstance(event, Progress) and event.preview]
    assert previews
    assert Image.open(io.BytesIO(previews[0])).format == "JPEG"
    assert all(isinstance(event, Progress) and event.fraction < 1 for event in before)
    assert isinstance(last, MadeImage)
    assert (last.mime, last.width, last.height, last.seed) == ("image/png", 320, 288, 4)
    assert Image.open(io.BytesIO(last.data)).size == (320, 288)
    assert last.workflow == {}


async def test_the_same_request_gives_the_same_bytes_and_another_seed_others():
    first, again, other = await asyncio.gather(made(WISH), made(WISH), made(replace(WISH, seed=5)))
    assert first.data == again.data != other.data


async def test_cancelling_between_passes_ends_it_at_once():
    seen: list[object] = []

    async def paint() -> None:
        async with aclosing(BuiltinEngine().generate(WISH)) as passes:
            async for event in passes:
                seen.append(event)
                task.cancel()

    task = asyncio.create_task(paint())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any(isinstance(event, MadeImage) for event in seen)


async def test_the_loop_is_free_while_it_paints():
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await made(WISH)
    counting.cancel()
    assert turns > 10


async def test_another_model_and_an_impossible_size_are_refused():
    with pytest.raises(ModelMissing):
        await events(replace(WISH, model=ModelRef("builtin", "dalle")))
    with pytest.raises(UsageError):
        await events(replace(WISH, width=0))
    with pytest.raises(UsageError):
        await events(replace(WISH, height=100_000))


async def test_missing_palettes_are_said_in_one_sentence(tmp_path):
    with pytest.raises(GenerationError, match="palettes cannot be read"):
        async for _ in BuiltinEngine(tmp_path).generate(WISH):
            pass


async def test_a_style_counts_like_a_word_and_a_negative_prompt_takes_words_away():
    plain, styled = await asyncio.gather(made(WISH), made(replace(WISH, style="noir")))
    spread = np.ptp(pixels(styled), axis=2).mean()
    assert spread < 20 < np.ptp(pixels(plain), axis=2).mean()
    assert (await made(replace(WISH, negative_prompt="sunset"))).data != plain.data


async def test_a_given_picture_gets_another_style_at_its_own_shape():
    source = SourceImage(png(photo()))
    image = await made(replace(WISH, prompt="as noir", source=source, width=64, height=48))
    assert pixels(image).shape == (48, 64, 3)
    assert np.ptp(pixels(image), axis=2).mean() < 20


async def test_the_mask_keeps_the_rest_of_the_picture():
    mask = Image.new("L", (64, 48), 0)
    mask.paste(255, (0, 0, 32, 48))
    source = SourceImage(png(photo()), png(mask))
    image = await made(replace(WISH, prompt="in red", source=source, width=64, height=48))
    change = np.abs(pixels(image) - np.asarray(photo(), dtype=float)).mean(axis=2)
    assert change[:, 40:].max() <= 1
    assert change[:, :24].mean() > 10


async def test_no_strength_leaves_the_picture_as_it_is():
    source = SourceImage(png(photo()))
    wish = replace(WISH, prompt="watercolor", source=source, width=64, height=48, denoise=0.0)
    assert np.abs(pixels(await made(wish)) - np.asarray(photo(), dtype=float)).max() <= 1


async def test_an_edit_it_cannot_do_is_said_honestly():
    with pytest.raises(ModelLacksAbility, match="cannot change a picture in that way"):
        await events(replace(WISH, prompt="add a hat", source=SourceImage(png(photo()))))


@pytest.mark.parametrize("data", [b"", b"no picture", png(photo())[:60], b"<svg/>"])
async def test_a_source_that_cannot_be_read_is_refused(data):
    with pytest.raises(HostileFile):
        await events(replace(WISH, prompt="noir", source=SourceImage(data)))


async def test_nothing_of_an_earlier_life_is_claimed():
    assert (await BuiltinEngine().collect(WISH)).whereabouts is Whereabouts.UNKNOWN
