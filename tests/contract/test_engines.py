"""What every engine keeps to, whoever makes the images.

With `--live` the same against a real ComfyUI that KUPURI_LIVE_COMFYUI names; it needs one model
that can run.
"""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PIL import Image

from kupuri_desktop.core.errors import KupuriError, ModelMissing
from kupuri_desktop.core.generation import (
    MAX_SEED,
    Engine,
    GenerationRequest,
    MadeImage,
    Progress,
    SourceImage,
    Whereabouts,
)
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import Capability, ModelInfo, ModelKind, ModelRef
from kupuri_desktop.engines.builtin import BuiltinEngine
from kupuri_desktop.engines.comfyui import ComfyUI
from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.comfyui_models import EVERYTHING

LIVE = os.environ.get("KUPURI_LIVE_COMFYUI", "")


@dataclass
class Subject:
    """An engine, a usable model of it, and what makes each wish of a run its own."""

    engine: Engine
    model: ModelInfo
    seed: int

    def wish(self, **changes: Any) -> GenerationRequest:
        request = GenerationRequest(
            new_id(), "a quiet sunset over the sea", self.model.ref, 128, 64, self.seed, steps=3
        )
        return replace(request, **changes)


@asynccontextmanager
async def builtin() -> AsyncIterator[Engine]:
    yield BuiltinEngine()


@asynccontextmanager
async def comfyui() -> AsyncIterator[Engine]:
    async with FakeComfyUI(EVERYTHING) as server:
        yield ComfyUI(server.url)


@asynccontextmanager
async def live_comfyui() -> AsyncIterator[Engine]:
    yield ComfyUI(LIVE)


@pytest.fixture(
    params=[builtin, comfyui]
    + ([pytest.param(live_comfyui, marks=pytest.mark.live)] if LIVE else []),
    ids=lambda opened: opened.__name__,
)
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    async with request.param() as engine:
        model = next(model for model in await engine.models() if model.usable)
        # A real server remembers earlier runs: their images would come at once.
        seed = int.from_bytes(os.urandom(4), "big") if request.param is live_comfyui else 5
        yield Subject(engine, model, seed)
        await engine.aclose()


async def make(engine: Engine, request: GenerationRequest) -> tuple[list[Progress], MadeImage]:
    course: list[Progress] = []
    images: list[MadeImage] = []
    async for event in engine.generate(request):
        if isinstance(event, Progress):
            assert not images, "progress after an image"
            course.append(event)
        else:
            images.append(event)
    assert images, "no image"
    return course, images[0]


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


async def test_status_says_who_it_is_and_lists_its_models(subject):
    status = await subject.engine.status()
    assert status.ok
    assert status.problem is None
    assert status.provider == subject.engine.provider
    assert status.name
    assert subject.model.ref in [model.ref for model in status.models]


async def test_every_model_is_an_image_model_of_this_provider_and_named_once(subject):
    models = await subject.engine.models()
    refs = [model.ref for model in models]
    assert len(set(refs)) == len(refs)
    for model in models:
        assert model.ref.provider == subject.engine.provider
        assert ModelRef.parse(str(model.ref)) == model.ref
        assert model.kind is ModelKind.IMAGE
        assert model.name
        assert model.usable == (Capability.TEXT_TO_IMAGE in model.capabilities)


@pytest.mark.parametrize("aspect", [(1, 1), (16, 9), (2, 3)])
async def test_native_size_has_the_aspect(subject, aspect):
    width, height = subject.engine.native_size(subject.model.ref.model, aspect)
    assert width % 8 == height % 8 == 0
    assert abs(width / height / (aspect[0] / aspect[1]) - 1) < 0.07


async def test_image_comes_last_and_is_what_it_says(subject):
    _, image = await make(subject.engine, subject.wish())
    assert image.mime == "image/png"
    assert image.seed == subject.seed
    with Image.open(io.BytesIO(image.data)) as opened:
        opened.load()
        assert (opened.format, opened.size) == ("PNG", (image.width, image.height))
    assert (image.width, image.height) == (128, 64)


async def test_progress_rises_below_one_and_previews_are_pictures(subject):
    course, _ = await make(subject.engine, subject.wish(seed=subject.seed + 1))
    fractions = [progress.fraction for progress in course]
    assert fractions
    assert fractions == sorted(fractions)
    assert fractions[0] >= 0
    assert fractions[-1] < 1
    for progress in course:
        if progress.preview is not None:
            with Image.open(io.BytesIO(progress.preview)) as preview:
                preview.load()


async def test_same_wish_makes_the_same_picture_and_another_seed_another(subject):
    first = (await make(subject.engine, subject.wish()))[1].data
    again = (await make(subject.engine, subject.wish()))[1].data
    other = (await make(subject.engine, subject.wish(seed=subject.seed + 2)))[1].data
    assert pixels(first) == pixels(again)
    assert pixels(first) != pixels(other)


async def test_largest_seed_and_any_words_are_taken(subject):
    words = 'ñandú 画 "quoted" $width @model \\ {"a": 1} \n second line'
    _, image = await make(subject.engine, subject.wish(seed=MAX_SEED, prompt=words))
    assert image.seed == MAX_SEED


async def test_workflow_that_travels_with_the_image_is_json(subject):
    _, image = await make(subject.engine, subject.wish())
    for text in image.workflow.values():
        json.loads(text)


async def test_unknown_model_is_said(subject):
    missing = ModelRef(subject.engine.provider, "no such model.safetensors")
    with pytest.raises(ModelMissing) as caught:
        await make(subject.engine, subject.wish(model=missing))
    assert caught.value.message
    assert caught.value.action is not None


async def test_cancelling_ends_the_job_and_the_engine_goes_on(subject):
    request = subject.wish(width=256, height=256, steps=40, seed=subject.seed + 3)
    begun = asyncio.Event()

    async def run() -> None:
        async for _ in subject.engine.generate(request):
            begun.set()

    task = asyncio.create_task(run())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # Stopping takes effect at the next step: the next image comes after it.
    _, image = await make(subject.engine, subject.wish(seed=subject.seed + 4))
    assert image.data
    collected = await subject.engine.collect(request)
    assert collected.whereabouts in (Whereabouts.UNKNOWN, Whereabouts.FAILED)
    assert collected.images == ()


async def test_leaving_early_is_as_good_as_cancelling(subject):
    request = subject.wish(width=256, height=256, steps=40, seed=subject.seed + 5)
    async with aclosing(subject.engine.generate(request)) as events:
        async for _ in events:
            break
    _, image = await make(subject.engine, subject.wish(seed=subject.seed + 6))
    assert image.data


async def test_two_wishes_at_once_each_get_their_own_image(subject):
    wishes = [subject.wish(seed=subject.seed + number) for number in (7, 8)]
    results = await asyncio.gather(*(make(subject.engine, wish) for wish in wishes))
    assert [image.seed for _, image in results] == [wish.seed for wish in wishes]
    assert pixels(results[0][1].data) != pixels(results[1][1].data)


async def test_job_that_was_never_given_is_unknown(subject):
    collected = await subject.engine.collect(subject.wish())
    assert collected.whereabouts is Whereabouts.UNKNOWN
    assert collected.images == ()


async def test_finished_job_is_collected_byte_for_byte_or_honestly_unknown(subject):
    request = subject.wish(seed=subject.seed + 9)
    _, image = await make(subject.engine, request)
    collected = await subject.engine.collect(request)
    if collected.whereabouts is Whereabouts.UNKNOWN:
        assert collected.images == ()
    else:
        assert collected.whereabouts is Whereabouts.DONE
        assert [each.data for each in collected.images] == [image.data]


@pytest.mark.parametrize("masked", [False, True])
async def test_edit_that_the_model_claims_gives_an_image_of_the_size_asked_for(subject, masked):
    wanted = Capability.INPAINT if masked else Capability.IMAGE_TO_IMAGE
    if wanted not in subject.model.capabilities:
        return
    _, image = await make(subject.engine, subject.wish())
    edit = subject.wish(source=SourceImage(image.data, half_mask() if masked else None))
    _, changed = await make(subject.engine, replace(edit, denoise=1.0 if masked else 0.5))
    assert (changed.width, changed.height) == (128, 64)
    assert changed.data != image.data


def half_mask() -> bytes:
    mask = Image.new("L", (128, 64), 0)
    mask.paste(255, (0, 0, 64, 64))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    return buffer.getvalue()


async def test_whatever_goes_wrong_is_an_error_for_people(subject):
    with pytest.raises(KupuriError):
        await make(subject.engine, subject.wish(model=ModelRef(subject.engine.provider, " ")))


async def test_closing_twice_is_harmless_and_leaves_no_task(subject):
    await make(subject.engine, subject.wish())
    await subject.engine.aclose()
    await subject.engine.aclose()
    own = {"comfyui socket", "comfyui stop"}
    assert not [task for task in asyncio.all_tasks() if task.get_name() in own and not task.done()]
