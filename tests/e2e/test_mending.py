"""Each mending button does what it says, and then again what had failed."""

import asyncio
import os
import shlex
import socket
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from kupuri_desktop.core.chat import MessageState, ToolState
from kupuri_desktop.core.errors import Action, GraphRejected, Mend, NotFound, StorageError
from kupuri_desktop.core.models import BUILTIN, ModelKind, ModelRef
from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.ui.mending import Trouble
from tests.e2e.desk import NOBODY, desk, until
from tests.e2e.test_bad_days import DRAW, FAILED, QWEN, chosen
from tests.fakes.ollama import Model, Pull, PullStep, whole_pull, words
from tests.fakes.wire import Gate, Wait

SD15_FILE = "v1-5-pruned-emaonly-fp16.safetensors"

SERVER = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        body = {"/api/version": {"version": "0.33.0"}, "/api/tags": {"models": []}}
        data = json.dumps(body.get(self.path, {})).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass

host, port = os.environ["OLLAMA_HOST"].rsplit(":", 1)
server = HTTPServer((host, int(port)), Answers)
server.timeout = 60
for _ in range(200):
    server.handle_request()
"""


def button_in_chat(studio) -> QAbstractButton:
    found = studio.room.chat.findChildren(QAbstractButton, "mend")
    return found[-1]


async def failed_once(studio) -> None:
    studio.wish("a fox")
    await studio.answered()
    assert studio.answer.state is MessageState.FAILED
    await until(lambda: studio.room.chat.findChildren(QAbstractButton, "mend"))


@FAILED
async def test_a_missing_model_is_downloaded_and_the_wish_asked_again(tmp_path, ollama):
    ollama.pulls["gone:1b"] = whole_pull(Model("gone:1b"))
    ollama.script(words("Here I am."))
    async with desk(tmp_path, ollama.url) as studio:
        await chosen(studio, ModelRef("ollama", "gone:1b"))
        await failed_once(studio)
        fractions: list[float | None] = []
        studio.face._mending.downloading.connect(lambda _, fraction: fractions.append(fraction))
        button_in_chat(studio).click()
        await until(lambda: studio.answer.text == "Here I am.")
        await studio.answered()
        assert [message.text for message in studio.messages] == ["a fox", "Here I am."]
        assert 1.0 in fractions
        assert not studio.find(QWidget, "download_bar").isVisible()


@FAILED
async def test_a_download_can_be_cancelled_and_nothing_is_asked_again(tmp_path, ollama):
    label, digest = "pulling abab", "sha256:" + "ab" * 32
    held = Gate()
    ollama.pulls["gone:1b"] = Pull([PullStep(label, digest, 1000, 400), Wait(held)])
    async with desk(tmp_path, ollama.url) as studio:
        await chosen(studio, ModelRef("ollama", "gone:1b"))
        await failed_once(studio)
        button_in_chat(studio).click()
        bar = studio.find(QWidget, "download_bar")
        await until(lambda: bar.isVisible() and bar.fraction == 0.4)
        studio.click(studio.find(QAbstractButton, "download_cancel"))
        await until(lambda: not bar.isVisible())
        assert len(studio.messages) == 2
        assert studio.answer.state is MessageState.FAILED


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def install_ollama(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program named ollama that answers as a server without models."""
    program = folder / "ollama"
    program.write_text(f"#!{sys.executable}\n{textwrap.dedent(SERVER)}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@FAILED
async def test_a_server_that_is_not_running_is_started_where_it_is_looked_for(
    tmp_path, monkeypatch, free_port
):
    install_ollama(tmp_path, monkeypatch)
    async with desk(tmp_path / "data", f"http://127.0.0.1:{free_port}") as studio:
        await chosen(studio, QWEN)
        await failed_once(studio)
        assert studio.problem.action and studio.problem.action.mend is Mend.START_SERVER
        button_in_chat(studio).click()
        try:
            # The server has no such model: that it says so shows that the wish was asked again.
            await until(lambda: studio.answer.parts and studio.problem.kind == "ModelMissing")
            await studio.answered()
        finally:
            process = studio.app.servers.started["ollama"]
            process.kill()
            await asyncio.to_thread(process.wait)


@FAILED
async def test_comfyui_is_started_by_the_command_of_the_settings_and_makes_the_image(
    tmp_path, ollama, free_port
):
    ollama.script(DRAW, words("I could not."), DRAW, words("Here it is."))
    async with desk(tmp_path, ollama.url, f"http://127.0.0.1:{free_port}") as studio:
        await chosen(studio, ModelRef("comfyui", SD15_FILE), ModelKind.IMAGE)
        server = [sys.executable, "-m", "tests.fakes.comfyui", "--port", str(free_port)]
        await studio.app.change_settings(comfyui_command=shlex.join(server))
        studio.wish("a fox")
        await studio.answered()
        button_in_chat(studio).click()
        try:
            await until(lambda: studio.answer.text == "Here it is.")
            await studio.answered()
            assert len(studio.workspace.canvas.items) == 1
        finally:
            process = studio.app.servers.started["comfyui"]
            process.kill()
            await asyncio.to_thread(process.wait)


async def test_a_server_is_told_by_its_id_or_its_address_and_never_by_words(tmp_path, ollama):
    async with desk(tmp_path, ollama.url, NOBODY) as studio:
        app = studio.app
        assert app.server_of("comfyui") == "comfyui"
        assert app.server_of("ollama") == "ollama"
        assert app.server_of(ollama.url) == "ollama"
        assert app.server_of(NOBODY + "/") == "comfyui"
        with pytest.raises(NotFound):
            app.server_of("http://127.0.0.1:1/ollama")


@FAILED
async def test_what_is_built_in_takes_over_for_this_project(tmp_path):
    async with desk(tmp_path) as studio:
        await chosen(studio, QWEN)
        await failed_once(studio)
        studio.find(QAbstractButton, "mend_otherwise").click()
        await until(lambda: studio.workspace.text_model().provider == BUILTIN)
        await until(lambda: studio.answer.state is MessageState.COMPLETE)
        await studio.answered()
        [project] = await studio.app.projects.list()
        assert project.text_model and project.text_model.provider == BUILTIN


@FAILED
async def test_another_model_is_chosen_among_those_of_the_right_kind(tmp_path, ollama):
    ollama.script(DRAW, words("No."))
    async with desk(tmp_path, ollama.url) as studio:
        await chosen(studio, ModelRef("comfyui", "none.safetensors"), ModelKind.IMAGE)
        studio.wish("a fox")
        await studio.answered()
        [call] = studio.answer.tool_calls
        assert call.state is ToolState.FAILED
        assert call.problem and call.problem.action
        asked: list[ModelKind] = []
        studio.face._mending.choose_asked.connect(asked.append)
        choose = Action(Mend.CHOOSE_MODEL, "Choose another model")
        studio.room._mend_in_chat(call.problem.action, studio.answer.id)
        studio.face._mend(choose, Trouble(GraphRejected("No.").problem))
        studio.face._mend(choose, Trouble(call.problem, ModelKind.IMAGE))
        studio.face._mend(choose, Trouble(NotFound("No.").problem))
        assert asked == [ModelKind.IMAGE, ModelKind.IMAGE, ModelKind.TEXT]


async def test_trying_again_on_the_notice_bar_does_the_thing_again(tmp_path, monkeypatch):
    async with desk(tmp_path) as studio:
        create, refused = studio.app.projects.create, []

        async def refuse(*names):
            refused.append(names)
            raise StorageError("The disk hiccupped.")

        monkeypatch.setattr(studio.app.projects, "create", refuse)
        studio.face.actions["new_project"].trigger()
        await until(lambda: studio.face.notices.problems)
        assert len(refused) == 1
        monkeypatch.setattr(studio.app.projects, "create", create)
        studio.click(studio.find(QAbstractButton, "notice_mend"))
        await until(lambda: studio.face._project is not None)
        assert studio.face.notices.problems == ()


async def test_trying_again_is_not_offered_where_nothing_can_be_done_again(tmp_path):
    async with desk(tmp_path) as studio:
        studio.face.show_error(StorageError("The disk hiccupped."))
        assert not studio.find(QAbstractButton, "notice_mend").isVisible()


async def test_folders_are_opened_and_copies_and_backups_have_their_places(tmp_path, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile())
    )
    async with desk(tmp_path) as studio:
        studio.face._mend(Action(Mend.OPEN_FOLDER, "Open", str(tmp_path / "logs")), Trouble())
        studio.face._mend(Action(Mend.OPEN_FOLDER, "Open"), Trouble())
        assert opened == [str(tmp_path / "logs"), str(tmp_path)]
        studio.face._mend(Action(Mend.SAVE_COPY, "Save a copy elsewhere"), Trouble())
        studio.find(QFileDialog, "copy_dialog").reject()
        asked: list[object] = []
        studio.face.restore_asked.connect(asked.append)
        problem = NotFound("Gone.").problem
        studio.face._mend(Action(Mend.RESTORE_BACKUP, "Restore a backup"), Trouble(problem))
        assert asked == [problem]
        assert len(opened) == 2


async def test_backups_are_made_verified_and_chosen_in_the_settings(tmp_path):
    async with desk(tmp_path) as studio:
        studio.face.actions["new_project"].trigger()
        await until(lambda: studio.face._project is not None)
        studio.window.show_room(Room.SETTINGS)
        studio.find(QAbstractButton, "backup_make").click()
        await until(lambda: studio.window.findChild(QAbstractButton, "backup_verify"))
        [backup] = await studio.app.storage.backups.list()
        chosen_ones: list[str] = []
        studio.face.restore_chosen.connect(chosen_ones.append)
        studio.find(QAbstractButton, "backup_verify").click()
        assert studio.face._settings._backups is not None
        section = studio.face._settings._backups.section.list
        await until(lambda: section._reports)
        assert section._reports[backup.id].good
        studio.find(QAbstractButton, "backup_restore").click()
        assert chosen_ones == [], "it is confirmed first"
        studio.find(QAbstractButton, "backup_confirm").click()
        assert chosen_ones == [backup.id]
