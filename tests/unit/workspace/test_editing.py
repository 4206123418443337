"""An image with a mask is edited where the mask allows it, and nowhere else."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from kupuri_desktop.agent.context import ImageWish
from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.errors import ModelLacksAbility, Refused
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.models import Capability, ModelInfo
from kupuri_desktop.engines.builtin.engine import PAINTER, BuiltinEngine
from kupuri_desktop.engines.registry import EngineRegistry
from kupuri_desktop.llm.registry import LlmRegistry
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.run import TurnOptions
from kupuri_desktop.workspace.tools import ProjectTools
from kupuri_desktop.workspace.workspace import Workspace
from tests.fakes.scripted import ScriptedEngine, png
from tests.unit.workspace.conftest import Studio


def picture(width: int = 64, height: int = 48, seed: int = 1) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def left_half(width: int = 64, height: int = 48) -> bytes:
    grey = np.zeros((height, width), np.uint8)
    grey[:, : width // 2] = 255
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "PNG")
    return out.getvalue()


def pixels(data: bytes, mode: str = "RGB") -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert(mode))


class Editing(ScriptedEngine):
    """The scripted engine with a model that starts from images."""

    async def models(self) -> Sequence[ModelInfo]:
        (info,) = await super().models()
        return [replace(info, capabilities=frozenset({Capability.INPAINT}))]


async def can_edit(studio: Studio) -> None:
    studio.engine = Editing()
    studio.models = Models(LlmRegistry([]), EngineRegistry([studio.engine]))
    await studio.models.refresh()


def tools_of(studio: Studio, workspace: Workspace) -> ProjectTools:
    async def model():
        return workspace.image_model()

    async def rename(name: str) -> None:
        await workspace.rename(name)

    return ProjectTools(
        session="s",
        run="r",
        canvas=workspace.canvas,
        generations=workspace.generations,
        models=studio.models,
        assets=workspace.assets,
        image_model=model,
        project_name=lambda: "",
        rename=rename,
        selection=frozenset,
        saved=workspace.saved,
    )


async def masked(workspace: Workspace, **more) -> ImageItem:
    asset = await workspace.assets.add(picture())
    mask = await workspace.assets.add(left_half())
    given = {"x": 100.0, "y": 50.0, "width": 128.0, "height": 96.0} | more
    item = ImageItem(
        id="a", asset=asset.id, natural_width=64, natural_height=48, mask=mask.id, **given
    )
    workspace.canvas.add("Add", [item])
    return item


async def edited(studio: Studio, workspace: Workspace, wish: ImageWish, made: bytes | None):
    """The request that the engine got, and the item that came of it."""

    tools = tools_of(studio, workspace)
    task = asyncio.create_task(tools.generate(wish, call="c", on_progress=lambda _: None))
    job = await studio.engine.next_job()
    job.finish(made)
    summary = await task
    item = workspace.canvas.items[summary.images[0].item]
    assert isinstance(item, ImageItem)
    return job.request, item


async def test_the_engine_gets_the_mask_as_it_is_meant_and_the_result_lies_beside(studio):
    await can_edit(studio)
    workspace = await studio.workspace()
    original = await masked(workspace, mask_invert=True)
    wish = ImageWish("a red roof", variation_of="a")
    request, item = await edited(studio, workspace, wish, picture(seed=2))
    assert request.source is not None
    assert request.source.data == picture()
    assert np.array_equal(pixels(request.source.mask, "L"), 255 - pixels(left_half(), "L"))
    assert (request.width, request.height) == (64, 48)
    assert item.rect == Rect(100 + 128 + 32, 50, 128, 96)
    assert item.making is not None
    assert item.making.parents == (original.id,)
    made = pixels(await workspace.assets.data(item.asset))
    assert np.array_equal(made[:, :32], pixels(picture())[:, :32])
    assert np.array_equal(made[:, 32:], pixels(picture(seed=2))[:, 32:])
    await studio.close(workspace)


async def test_feather_reaches_the_engine_and_an_engine_of_another_size_leaves_the_rest(studio):
    await can_edit(studio)
    workspace = await studio.workspace()
    await masked(workspace, mask_feather=16.0)
    wish = ImageWish("a red roof", variation_of="a")
    request, item = await edited(studio, workspace, wish, picture(32, 24, 2))
    assert request.source is not None and request.source.mask is not None
    row = pixels(request.source.mask, "L")[24]
    assert 0 < row[30] < 255 and row[0] == 255 and row[63] == 0
    made = pixels(await workspace.assets.data(item.asset))
    assert made.shape == (48, 64, 3)
    assert np.array_equal(made[:, 50:], pixels(picture())[:, 50:])
    assert not np.array_equal(made[:, :20], pixels(picture())[:, :20])
    await studio.close(workspace)


async def test_a_model_that_cannot_edit_says_so_and_no_image_is_made(studio, workspace):
    await studio.models.refresh()
    await masked(workspace)
    with pytest.raises(ModelLacksAbility):
        await tools_of(studio, workspace).generate(
            ImageWish("a red roof", variation_of="a"), call="c", on_progress=lambda _: None
        )
    assert studio.engine.jobs == []


async def test_a_mask_that_leaves_nothing_to_change_is_said(studio):
    await can_edit(studio)
    workspace = await studio.workspace()
    item = await masked(workspace, mask_invert=True)
    white = io.BytesIO()
    Image.new("L", (64, 48), 255).save(white, "PNG")
    mask = await workspace.assets.add(white.getvalue())
    workspace.canvas.apply("Fill", {"a": replace(item, mask=mask.id)})
    with pytest.raises(Refused):
        await tools_of(studio, workspace).generate(
            ImageWish("x", variation_of="a"), call="c", on_progress=lambda _: None
        )
    await studio.close(workspace)


async def test_the_agent_is_told_which_images_have_a_mask(studio, workspace):
    await masked(workspace)
    [summary] = tools_of(studio, workspace).canvas_summary().items
    assert summary.masked


async def test_direct_mode_edits_the_attached_image(studio):
    await can_edit(studio)
    workspace = await studio.workspace()
    item = await masked(workspace)
    part = ImagePart(item.asset, item.id, masked=True)
    await workspace.conversation.send("a red roof", (part,), TurnOptions(direct=True))
    job = await studio.engine.next_job()
    assert job.request.source is not None
    assert np.array_equal(pixels(job.request.source.mask, "L"), pixels(left_half(), "L"))
    job.finish(picture(seed=2))
    await workspace.conversation.idle()
    assert len(workspace.canvas.items) == 2
    await studio.close(workspace)


async def test_what_the_user_drew_goes_to_the_agent_in_a_size_for_eyes(studio, workspace):
    plain = await workspace.assets.add(png(2000, 1000))
    marked = await workspace.assets.add(png(3000, 1500, "#cc0000"))
    part = ImagePart(plain.id, marked=marked.id, words="arrow from here to there")
    await workspace.conversation.send("Do that", (part, replace(part, shows_marks=False)))
    turn = await studio.agent.next_turn()
    first, second = turn.turn.images
    assert first.words == "arrow from here to there"
    assert Image.open(io.BytesIO(first.data)).size == (1536, 768)
    assert Image.open(io.BytesIO(first.data)).getpixel((5, 5)) == (204, 0, 0)
    assert second.words == ""
    assert Image.open(io.BytesIO(second.data)).getpixel((5, 5)) != (204, 0, 0)
    turn.end()
    await workspace.conversation.idle()
    assert first.mime == "image/png"


async def test_the_painter_changes_nothing_outside_the_mask():
    from kupuri_desktop.core.generation import GenerationRequest, MadeImage, SourceImage

    engine = BuiltinEngine()
    request = GenerationRequest(
        job_id="j", prompt="watercolor", model=PAINTER, width=64, height=48,
        source=SourceImage(picture(), left_half()), denoise=0.9,
    )  # fmt: skip
    made = [event async for event in engine.generate(request) if isinstance(event, MadeImage)]
    result = pixels(made[0].data)
    assert np.array_equal(result[:, 32:], pixels(picture())[:, 32:])
    assert not np.array_equal(result[:, :32], pixels(picture())[:, :32])
