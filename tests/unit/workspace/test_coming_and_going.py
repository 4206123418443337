"""Images from outside, images to outside, and the choice of a model."""

import asyncio
import io
from collections.abc import Sequence

import pytest
from PIL import Image

from kupuri_desktop.core.errors import NotFound, UsageError
from kupuri_desktop.core.models import (
    Capability,
    ModelInfo,
    ModelKind,
    ModelRef,
    Place,
    ProviderStatus,
)
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.engines.registry import EngineRegistry
from kupuri_desktop.llm.registry import LlmRegistry
from kupuri_desktop.workspace.incoming import Picture
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.outgoing import write_new
from kupuri_desktop.workspace.wishes import Origin, Wish
from tests.fakes.scripted import GRAPH, ScriptedEngine, png
from tests.unit.workspace.conftest import IMAGE_MODEL


async def made(workspace, studio, prompt="A lake, at dawn"):
    making = asyncio.create_task(
        workspace.generations.make(Wish(prompt, IMAGE_MODEL, seed=5), Origin(), lambda *_: None)
    )
    (await studio.engine.next_job()).finish()
    [item] = (await making).items
    return item


async def test_files_and_folders_come_in_one_step_that_can_be_undone(workspace, tmp_path):
    folder = tmp_path / "pictures"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "one.png").write_bytes(png(20, 10))
    (folder / "two.jpg").write_bytes(_jpeg())
    (folder / "notes.txt").write_text("no picture")
    arrived = await workspace.incoming.add_files([folder], at=(100, 100))
    assert sorted(item.name for item in arrived.items) == ["one", "two"]
    assert workspace.canvas.undo_label == "Add 2 images"
    data = await workspace.assets.data(arrived.items[1].asset)
    assert data == (folder / "two.jpg").read_bytes()
    workspace.canvas.undo()
    assert workspace.canvas.items == {}


async def test_a_picture_that_cannot_be_read_has_a_place_and_keeps_its_bytes(workspace):
    arrived = await workspace.incoming.add_pictures([Picture(b"\x89PNG broken", "odd.png")])
    [item] = arrived.items
    assert item.width > 0
    known = await workspace.assets.info([item.asset])
    assert known[item.asset].problem
    assert await workspace.assets.data(item.asset) == b"\x89PNG broken"


async def test_no_image_among_the_files_is_said(workspace, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        await workspace.incoming.add_files([tmp_path / "empty"])


async def test_a_file_that_leaves_says_how_it_was_made(workspace, studio):
    item = await made(workspace, studio)
    [path] = await workspace.outgoing.files_for([item.id])
    assert path.name == "a-lake-at-dawn.png"
    with Image.open(path) as picture:
        assert picture.info["prompt"] == GRAPH
        assert '"seed": 5' in picture.info["kupuri"] or '"seed":5' in picture.info["kupuri"]


async def test_a_setting_leaves_that_out(workspace, studio):
    item = await made(workspace, studio)
    studio.settings = Settings(strip_metadata=True)
    [path] = await workspace.outgoing.files_for([item.id])
    with Image.open(path) as picture:
        assert "kupuri" not in picture.info and "prompt" not in picture.info


async def test_an_image_that_came_in_leaves_byte_for_byte(workspace):
    data = _jpeg()
    [item] = (await workspace.incoming.add_pictures([Picture(data, "sea.jpg")])).items
    [path] = await workspace.outgoing.files_for([item.id])
    assert (path.suffix, path.read_bytes()) == (".jpg", data)


async def test_what_is_gone_cannot_leave(workspace):
    with pytest.raises(NotFound):
        await workspace.outgoing.files_for(["gone"])


def test_no_file_is_overwritten_and_none_is_half_written(tmp_path):
    first = write_new(tmp_path, "a", "png", b"1")
    second = write_new(tmp_path, "a", "png", b"2")
    assert (first.name, second.name) == ("a.png", "a-2.png")
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a-2.png", "a.png"]


class Shelf(ScriptedEngine):
    """An image engine that has these models."""

    def __init__(self, provider: str, *models: ModelInfo) -> None:
        super().__init__()
        self.provider = provider
        self._models = models

    async def models(self) -> Sequence[ModelInfo]:
        return self._models

    async def status(self) -> ProviderStatus:
        return ProviderStatus(self.provider, "", Place.LOCAL, "", True, models=self._models)


def model(provider, name, place=Place.LOCAL, size=0, problem=None):
    return ModelInfo(
        ModelRef(provider, name),
        name,
        ModelKind.IMAGE,
        place,
        frozenset({Capability.TEXT_TO_IMAGE}),
        size=size,
        problem=problem,
    )


async def test_the_choice_goes_from_the_project_to_the_settings_to_the_best_local_one():
    local = Shelf(
        "comfyui",
        model("comfyui", "small", size=1),
        model("comfyui", "large", size=9),
        model("comfyui", "broken", size=99, problem="No text encoder."),
    )
    builtin = Shelf("builtin", model("builtin", "painter", Place.BUILTIN))
    models = Models(LlmRegistry([]), EngineRegistry([local, builtin]))
    await models.ready()
    named = ModelRef("comfyui", "small")
    settings = Settings(image_model="comfyui:small")
    assert models.pick(ModelKind.IMAGE, None, Settings()).ref.model == "large"
    assert models.pick(ModelKind.IMAGE, None, settings).ref == named
    away = ModelRef("comfyui", "deleted")
    assert models.pick(ModelKind.IMAGE, away, settings).ref == away
    await models.replace([], [builtin])
    assert str(models.pick(ModelKind.IMAGE, None, Settings()).ref) == "builtin:painter"
    await models.aclose()


def _jpeg():
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    return out.getvalue()
