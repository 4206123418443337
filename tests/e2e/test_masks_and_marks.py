"""A mask painted in the window reaches the image server, and what is drawn reaches the model."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kupuri_desktop.core.chat import ImagePart
from kupuri_desktop.core.items import ImageItem, LineItem, NoteItem
from kupuri_desktop.core.picture_space import to_canvas
from kupuri_desktop.workspace.incoming import Picture
from kupuri_desktop.workspace.run import TurnOptions
from tests.e2e.desk import Desk, desk, until
from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.comfyui_models import EVERYTHING
from tests.fakes.ollama import Call, FakeOllama, Model, words


def picture(width: int = 512, height: int = 384) -> bytes:
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x % 256, y % 256, (x * y) % 256], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


async def with_picture(studio: Desk) -> ImageItem:
    before = studio.face._project
    studio.face.actions["new_project"].trigger()
    await until(lambda: studio.face._project not in (None, before))
    await studio.app.models.ready()
    await studio.workspace.incoming.add_pictures([Picture(picture(), "Roofs")])
    [item] = studio.images
    studio.room.canvas.fit_all()
    studio.room.canvas.selection.set([item.id])
    studio.room.canvas.setFocus()
    return item


def drag(studio: Desk, item: ImageItem, *points: tuple[float, float]) -> None:
    """Draws with the left button through points of the picture."""
    view = studio.room.canvas
    target = view.viewport()
    kinds = [QEvent.Type.MouseButtonPress]
    kinds += [QEvent.Type.MouseMove] * (len(points) - 1) + [QEvent.Type.MouseButtonRelease]
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, (u, v) in zip(kinds, (*points, points[-1]), strict=True):
        at = view.camera.to_view(QPointF(*to_canvas(item)(u, v)))
        moving = kind == QEvent.Type.MouseMove
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        button = none if moving else left
        event = QMouseEvent(
            kind, at, target.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(target, event)


async def mask_the_middle(studio: Desk, item: ImageItem) -> None:
    """By keys and mouse: M, R for a rectangle, and a drag."""
    view = studio.room.canvas
    view.action("tool_mask").trigger()
    QTest.keyClick(view, Qt.Key.Key_R)
    drag(studio, item, (128, 96), (200, 150), (384, 288))
    await until(lambda: studio.images[0].mask is not None)


def uploaded(comfyui: FakeComfyUI, graph: dict[str, Any]) -> tuple[bytes, bytes]:
    """The source and the mask that the posted graph loads."""
    loads = [node for node in graph.values() if node["class_type"] == "LoadImage"]
    by_title = {node["_meta"]["title"]: node["inputs"]["image"] for node in loads}
    return (
        comfyui.uploads[by_title["Load the image to start from"]],
        comfyui.uploads[by_title["Load the mask"]],
    )


async def test_edit_with_ai_sends_the_painted_mask_and_leaves_the_rest_as_it_was(tmp_path):
    comfyui = FakeComfyUI(EVERYTHING)
    async with FakeOllama() as ollama, comfyui, desk(tmp_path, ollama.url, comfyui.url) as studio:
        item = await with_picture(studio)
        await mask_the_middle(studio, item)
        studio.click(studio.find(QAbstractButton, "mask_edit"))
        composer = studio.room.chat.composer
        await until(lambda: composer.attachments.parts)
        [part] = composer.attachments.parts
        assert (part.item, part.masked) == (item.id, True)
        assert studio.room.canvas.modes.mode is None
        assert studio.find(QAbstractButton, "attachment_mask").isVisible()
        ollama.script([Call("generate_image", {"prompt": "a red roof"})], words("Done."))
        studio.wish("a red roof")
        await studio.answered()
        told = ollama.chats[0]["messages"][-1]["content"]
        assert "its masked part only" in told
        [post] = comfyui.posts()
        source, mask = uploaded(comfyui, post["prompt"])
        assert source == picture()
        grey = np.asarray(Image.open(io.BytesIO(mask)))
        wanted = np.zeros((384, 512), np.uint8)
        wanted[96:288, 128:384] = 255
        assert grey.shape == wanted.shape
        assert np.abs(grey.astype(int) - wanted).mean() < 2.0
        made = next(image for image in studio.images if image.id != item.id)
        assert made.making is not None
        assert made.making.parents == (item.id,)
        assert made.x == item.x + item.width + 32
        data = await studio.workspace.assets.data(made.asset)
        result = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        before = np.asarray(Image.open(io.BytesIO(picture())))
        assert np.array_equal(result[grey == 0], before[grey == 0])
        assert not np.array_equal(result[grey == 255], before[grey == 255])


async def test_the_builtin_engines_edit_the_masked_part_too_and_the_mask_survives_a_restart(
    tmp_path,
):
    async with desk(tmp_path) as studio:
        item = await with_picture(studio)
        await mask_the_middle(studio, item)
        studio.room.canvas.action("edit_with_ai").trigger()
        await until(lambda: studio.room.chat.composer.attachments.parts)
        studio.wish("watercolor")
        await studio.answered()
        made = next(image for image in studio.images if image.id != item.id)
        data = await studio.workspace.assets.data(made.asset)
        result = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        before = np.asarray(Image.open(io.BytesIO(picture())))
        assert np.array_equal(result[:96], before[:96])
        assert not np.array_equal(result[100:280, 140:370], before[100:280, 140:370])
        mask = next(image.mask for image in studio.images if image.id == item.id)
    async with desk(tmp_path) as studio:
        await studio.open_first_project()
        assert {image.mask for image in studio.images} == {mask, None}
        studio.workspace.canvas.undo()
        assert studio.workspace.canvas.undo_label == "Mask: rectangle"
        studio.workspace.canvas.undo()
        assert [image.mask for image in studio.images] == [None]


async def test_direct_mode_edits_the_attached_image(tmp_path):
    comfyui = FakeComfyUI(EVERYTHING)
    async with comfyui, desk(tmp_path, comfyui=comfyui.url) as studio:
        item = await with_picture(studio)
        await mask_the_middle(studio, item)
        studio.room.canvas.action("edit_with_ai").trigger()
        composer = studio.room.chat.composer
        await until(lambda: composer.attachments.parts)
        composer.choose(TurnOptions(direct=True))
        studio.wish("a red roof")
        await studio.answered()
        [post] = comfyui.posts()
        source, _ = uploaded(comfyui, post["prompt"])
        assert source == picture()


async def test_send_to_chat_shows_the_model_what_was_drawn_or_the_plain_picture(tmp_path):
    model = Model("gemma3:4b", ("completion", "vision"), 131072)
    async with FakeOllama(models=[model]) as ollama, desk(tmp_path, ollama.url) as studio:
        item = await with_picture(studio)
        x, y = item.x, item.y
        canvas = studio.workspace.canvas
        note = NoteItem(id="n", x=x + 600, y=y, width=160, height=160, z=9, text="bluer here")
        arrow = LineItem(
            id="l", x=x + 256, y=y + 80, width=344, height=112, z=9, start=(344, 0),
            end=(0, 112), start_item="n", stroke="#ff0000", stroke_width=12,
        )  # fmt: skip
        canvas.add("Draw", [note, arrow])
        studio.room.canvas.selection.set([item.id])
        studio.room.canvas.action("send_to_chat").trigger()
        attachments = studio.room.chat.composer.attachments
        await until(lambda: attachments.parts)
        [part] = attachments.parts
        assert (part.asset, part.item) == (item.asset, item.id)
        assert part.marked is not None
        assert "arrow from the words “bluer here” to (50 %, 50 %)" in part.words
        ollama.script(words('{"reply": "I see.", "action": "none"}'))
        studio.wish("Do that")
        await studio.answered()
        asked = ollama.chats[0]["messages"][-1]
        [shown] = asked["images"]
        seen = Image.open(io.BytesIO(base64.b64decode(shown))).convert("RGB")
        assert max(seen.size) <= 1536
        assert seen.width > seen.height * 1.5
        assert "bluer here" in asked["content"]
        stored = studio.messages[0].parts[0]
        assert isinstance(stored, ImagePart)
        assert stored.marked == part.marked
        studio.room.canvas.action("send_to_chat").trigger()
        await until(lambda: attachments.parts)
        toggle = studio.find(QAbstractButton, "attachment_marks")
        studio.click(toggle)
        assert toggle.accessibleName() == "Without your annotations"
        ollama.script(words('{"reply": "I see.", "action": "none"}'))
        studio.wish("And plain")
        await studio.answered(2)
        asked = ollama.chats[1]["messages"][-1]
        [plain] = asked["images"]
        assert base64.b64decode(plain) == picture()
        assert "bluer here" not in asked["content"]
