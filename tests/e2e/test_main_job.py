"""The main job in the window: a wish becomes an image on the canvas and stays there."""

import io
from dataclasses import replace

from PIL import Image
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from kupuri_desktop.core.chat import MessageState, ToolState
from kupuri_desktop.core.generation import JobState, Placeholder
from tests.e2e.desk import desk, until
from tests.fakes.ollama import Call, Text, Wait, words
from tests.fakes.wire import Gate


async def test_with_no_server_the_builtin_engines_answer_and_say_so(tmp_path):
    async with desk(tmp_path) as studio:
        await studio.wish_from_home("Generate a sunset landscape, wide, three variants")
        await studio.answered()
        items = studio.images
        assert len(items) == 3
        assert studio.answer.state is MessageState.COMPLETE
        assert {making.model for making in studio.makings} == {"builtin:painter"}
        assert str(studio.workspace.text_model()).startswith("builtin:")
        assert "Built-in (no AI)" in studio.app.models.text[-1].name
        assert all(item.width > item.height for item in items)


async def test_with_servers_it_uses_them(tmp_path, ollama, comfyui):
    ollama.script(
        [*words("I will draw it."), Call("generate_image", {"prompt": "a sunset landscape"})],
        words("There it is."),
    )
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("Generate a sunset landscape")
        await studio.answered()
        [item] = studio.images
        assert studio.answer.text == "I will draw it.There it is."
        assert studio.answer.model.startswith("ollama:")
        [making] = studio.makings
        assert making.model.startswith("comfyui:")
        [call] = studio.answer.tool_calls
        assert (call.state, call.items) == (ToolState.DONE, (item.id,))
        [post] = comfyui.posts()
        assert post["prompt_id"] == making.job
        data = await studio.app.storage.assets.data(item.asset)
        assert Image.open(io.BytesIO(data)).info["prompt"]


async def test_the_answer_streams_and_the_placeholder_shows_progress_and_previews(
    tmp_path, ollama, comfyui
):
    comfyui.hold_steps()
    ollama.script([Call("generate_image", {"prompt": "a fox"})], words("Done."))
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        seen: list[Placeholder] = []
        await studio.wish_from_home("a fox")
        studio.workspace.generations.changed.connect(seen.append)
        await comfyui.sampling()
        [placeholder] = studio.workspace.generations.placeholders
        assert placeholder.place.width > 0
        comfyui.allow(3)
        await until(lambda: any(each.progress.preview for each in seen))
        comfyui.allow()
        await studio.answered()
        fractions = [each.progress.fraction for each in seen]
        assert fractions == sorted(fractions)
        assert studio.workspace.generations.placeholders == []
        [item] = studio.images
        assert item.rect == placeholder.place


async def test_two_turns_make_one_history(tmp_path, ollama, comfyui):
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a red fox")
        await studio.answered()
        studio.wish("and a blue one")
        await studio.answered(2)
        assert len(studio.workspace.canvas.items) == 2
        told = [(m["role"], m.get("content", "")) for m in ollama.chats[2]["messages"]]
        roles = [role for role, _ in told]
        assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]
        assert "and a blue one" in told[-1][1]
        rects = studio.workspace.canvas.rects()
        assert not rects[0].meets(rects[1])


async def test_stop_ends_the_stream_and_the_job_on_the_server(tmp_path, ollama, comfyui):
    comfyui.hold_steps()
    ollama.script([Text("On it."), Call("generate_image", {"prompt": "a fox"})])
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a fox")
        await comfyui.sampling()
        job = comfyui.running
        studio.click(studio.room.chat.composer.stop)
        await comfyui.until(job.interrupted.is_set)
        comfyui.allow()
        await studio.answered()
        await comfyui.until(lambda: job.ended.is_set())
        assert comfyui.posts("/interrupt") == [{"prompt_id": job.id}]
        assert (studio.answer.state, studio.answer.text) == (MessageState.STOPPED, "On it.")
        assert studio.answer.tool_calls[0].state is ToolState.CANCELLED
        assert studio.workspace.canvas.items == {}
        stored = await studio.app.storage.jobs.get(job.id)
        assert stored and stored.state is JobState.CANCELLED
        studio.wish("another one")
        await studio.answered(2)
        assert studio.answer.state is MessageState.COMPLETE
        assert len(studio.workspace.canvas.items) == 1


async def test_stop_in_mid_sentence_keeps_the_sentence(tmp_path, ollama):
    gate = Gate()
    ollama.script([Text("Once upon a time"), Wait(gate), Text(" there was")])
    async with desk(tmp_path, ollama.url) as studio:
        await studio.wish_from_home("Tell me a story")
        await until(lambda: studio.answer.text)
        studio.click(studio.room.chat.composer.stop)
        await studio.answered()
        assert studio.answer.text == "Once upon a time"
        assert studio.answer.state is MessageState.STOPPED


async def test_the_next_wish_can_be_typed_while_one_runs(tmp_path, ollama):
    gate = Gate()
    ollama.script([Text("One"), Wait(gate)], words("Two"))
    async with desk(tmp_path, ollama.url) as studio:
        await studio.wish_from_home("first")
        await until(lambda: studio.answer.text)
        studio.wish("second")
        await until(lambda: len(studio.workspace.conversation.queue) == 1)
        gate.open()
        await studio.answered(2)
        assert [message.text for message in studio.messages] == ["first", "One", "second", "Two"]


async def test_everything_is_as_it_was_after_a_restart(tmp_path, ollama, comfyui):
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a red fox")
        await studio.answered()
        [item] = studio.images
        studio.workspace.canvas.apply("Move", {item.id: _moved(item)})
        before = dict(studio.workspace.canvas.items)
        chat = studio.messages
        name = studio.workspace.project.name
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.open_first_project()
        assert dict(studio.workspace.canvas.items) == before
        assert studio.messages == chat
        assert studio.workspace.project.name == name
        assert studio.workspace.canvas.undo_label == "Move"
        studio.workspace.canvas.undo()
        assert studio.workspace.canvas.items[item.id] == item
        studio.workspace.canvas.undo()
        assert studio.workspace.canvas.items == {}


async def test_closing_in_mid_run_leaves_the_job_to_comfyui_and_collects_it_later(
    tmp_path, ollama, comfyui
):
    comfyui.hold_steps()
    ollama.script([Text("On it."), Call("generate_image", {"prompt": "a fox"})])
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a fox")
        await comfyui.sampling()
        job = comfyui.running
    assert not job.interrupted.is_set()
    comfyui.allow()
    await comfyui.until(lambda: job.ended.is_set())
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.open_first_project()
        await until(lambda: len(studio.workspace.canvas.items) == 1)
        assert list(studio.workspace.canvas.items) == [job.id]
        assert (studio.answer.state, studio.answer.text) == (MessageState.INTERRUPTED, "On it.")
        assert studio.answer.tool_calls[0].items == (job.id,)
        assert len(comfyui.posts()) == 1


async def test_a_run_goes_on_while_another_room_is_looked_at(tmp_path, ollama, comfyui):
    comfyui.hold_steps()
    ollama.script([Call("generate_image", {"prompt": "a fox"})], words("Done."))
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a fox")
        workspace = studio.workspace
        await comfyui.sampling()
        studio.face.actions["go_home"].trigger()
        comfyui.allow()
        await workspace.idle()
        assert len(workspace.canvas.items) == 1
        await studio.open_first_project()
        assert studio.answer.text == "Done."


def _moved(item):
    return replace(item, x=item.x + 100, y=item.y - 50)


async def test_stopping_the_only_image_gives_the_keyboard_back_to_an_empty_canvas(
    tmp_path, ollama, comfyui
):
    comfyui.hold_steps()
    ollama.script([Call("generate_image", {"prompt": "a fox"})], words("You stopped it."))
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a fox")
        await comfyui.sampling()
        stop = studio.find(QAbstractButton, "coming_stop")
        stop.setFocus()
        studio.click(stop)
        comfyui.allow()
        await studio.answered()
        assert studio.answer.text == "You stopped it."
        assert studio.workspace.canvas.items == {}
        assert studio.find(QWidget, "canvas_empty").isVisible()
        focused = QApplication.focusWidget()
        assert focused is None or focused.objectName() != "top_home"
