"""A first start, and a generation with servers: at work, asking, and not there."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.models import ModelKind, ModelRef
from kupuri_desktop.workspace.incoming import Picture
from sittings.camera import Camera, new_project, seat
from sittings.pictures import SUNSET, PaintingComfyUI, painted, png
from tests.e2e.desk import until
from tests.fakes.ollama import Call, FakeOllama, Model, words

MODELS = (
    Model("qwen3:8b", ("completion", "tools", "thinking"), 40960),
    Model("gemma3:4b", ("completion", "vision"), 131072, 3_300_000_000, "", "gemma3", "4.3B"),
    Model("llama3.2:3b", ("completion", "tools"), 131072, 2_000_000_000, "", "llama", "3.2B"),
)


async def without_servers(root: Path, camera: Camera) -> None:
    """A first start: home, an empty project, and the built-in engines at work."""
    async with seat(root / "first") as studio:
        await camera.shoot(studio, "home-empty")
        await new_project(studio)
        await camera.shoot(studio, "project-empty")
        random.seed(4)
        studio.wish("Generate a sunset landscape, three variants, 3:4")
        await studio.answered()
        await camera.shoot(studio, "done-three-sunsets")
        items = list(studio.workspace.canvas.items)
        studio.room.canvas.selection.set(items[:1])
        studio.room.canvas.setFocus()
        await camera.shoot(studio, "done-one-selected")
        studio.room.canvas.selection.set(items)
        await camera.shoot(studio, "done-all-selected")
        studio.face.actions["palette"].trigger()
        await camera.shoot(studio, "command-palette")


async def with_servers(root: Path, camera: Camera) -> None:
    """Ollama and ComfyUI at work: the picker, a generation under way, a question."""
    comfyui = PaintingComfyUI()
    async with (
        FakeOllama(models=list(MODELS)) as ollama,
        comfyui,
        seat(root / "servers", ollama.url, comfyui.url) as studio,
    ):
        await new_project(studio)
        composer = studio.room.chat.composer
        studio.click(composer.model)
        await camera.shoot(studio, "model-picker-text")
        picker = studio.face._models.picker
        picker.close_()
        studio.face.actions["choose_image_model"].trigger()
        await camera.shoot(studio, "model-picker-image")
        picker.close_()
        comfyui.hold_steps()
        wish = {"prompt": SUNSET, "aspect": "16:9"}
        ollama.script(
            [*words("A wide one, sun just above the ridge."), Call("generate_image", wish)]
        )
        studio.wish("Generate a sunset landscape")
        await comfyui.sampling()
        comfyui.allow(9)
        places = studio.workspace.generations
        await until(lambda: any(each.progress.preview for each in places.placeholders))
        await camera.shoot(studio, "generating-with-preview")
        ollama.script(words("Done: a calm ridge line."))
        comfyui.allow()
        await studio.answered()
        await new_project(studio)
        await studio.workspace.incoming.add_pictures(
            [Picture(png(painted(SUNSET, seed, 1024, 576)), f"Ridge {seed}") for seed in (3, 4)]
        )
        ids = [item[:6] for item in studio.workspace.canvas.items]
        ollama.script([*words("I would delete these two."), Call("delete_items", {"ids": ids})])
        studio.wish("Delete the weak ones")
        await until(lambda: studio.window.findChild(QWidget, "approve_once"))
        await camera.shoot(studio, "approval")


async def comfyui_away(root: Path, camera: Camera) -> None:
    """The image server does not answer any more."""
    async with FakeOllama(models=list(MODELS)) as ollama, seat(root / "away", ollama.url) as studio:
        await new_project(studio)
        await studio.workspace.choose(ModelKind.IMAGE, ModelRef("comfyui", "sd_xl_base_1.0"))
        wish = {"prompt": SUNSET, "aspect": "16:9"}
        ollama.script(
            [*words("A wide one, sun just above the ridge."), Call("generate_image", wish)],
            words("ComfyUI is not running, so there is no image yet."),
        )
        studio.wish("Generate a sunset landscape")
        await studio.answered()
        await camera.shoot(studio, "error-comfyui-away")
        await studio.app.models.refresh()
        studio.click(studio.room.bar.engines.chip(ModelKind.IMAGE))
        await camera.shoot(studio, "engine-chip-explains")
