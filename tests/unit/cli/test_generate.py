"""`kupuri generate` as a person and as a program meets it."""

import asyncio
import hashlib
import io
import signal
import sqlite3
import time
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from PIL import Image

from kupuri_desktop.app import App
from kupuri_desktop.cli import generate, turn
from kupuri_desktop.cli.output import Output
from kupuri_desktop.cli.session import opened
from kupuri_desktop.engines import metadata
from tests.durability.full import LimitedPages
from tests.unit.cli.conftest import Terminal

DIRECT = ("--direct", "--image", "builtin:painter", "--aspect", "8:1")


def jobs_in(database: Path) -> int:
    """How many jobs are in the journal; 0 as long as there is none."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM job").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_a_direct_wish_writes_its_image_and_tells_all_about_it(kupuri, tmp_path):
    ran = kupuri("generate", "a sunset over the sea", *DIRECT, "--json", "--out", str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert set(told) == {"project", "session", "text", "images", "seconds"}
    (image,) = told["images"]
    assert set(image) == {"path", "width", "height", "seed", "model", "sha256"}
    data = Path(image["path"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == image["sha256"]
    assert Image.open(io.BytesIO(data)).size == (image["width"], image["height"])
    assert image["model"] == "builtin:painter"
    assert Path(image["path"]).parent == tmp_path


def test_without_json_the_paths_are_the_only_output(kupuri):
    ran = kupuri("generate", "dunes", *DIRECT, "--count", "2")
    assert ran.code == 0
    assert [Path(line).name for line in ran.out.splitlines()] == ["dunes.png", "dunes-2.png"]
    assert all(Path(line).parent == Path.cwd() for line in ran.out.splitlines())


def test_the_same_seed_gives_the_same_pixels_and_it_is_told(kupuri):
    first, again = (
        kupuri("generate", "hills", *DIRECT, "--seed", "77", "--json").json["images"][0]
        for _ in range(2)
    )
    assert first["seed"] == again["seed"] == 77
    pictures = [Image.open(image["path"]).tobytes() for image in (first, again)]
    assert pictures[0] == pictures[1]
    assert first["path"] != again["path"]


def test_the_file_carries_how_it_was_made(kupuri):
    (image,) = kupuri("generate", "tiles", *DIRECT, "--seed", "5", "--json").json["images"]
    making = metadata.making_of(metadata.read(Path(image["path"]).read_bytes()))
    assert making is not None
    assert (making.prompt, making.seed, making.model) == ("tiles", 5, "builtin:painter")


def test_a_turn_by_the_built_in_assistant_answers_and_makes_the_count(kupuri):
    ran = kupuri(
        "generate", "Draw 2 pictures of a lake", "--llm", "builtin:assistant",
        "--image", "builtin:painter", "--aspect", "8:1", "--seed", "9", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.json["text"]
    assert [image["seed"] for image in ran.json["images"]] == [9, 10]


def test_with_no_server_the_built_in_engines_serve_and_say_so(kupuri):
    ran = kupuri("generate", "Draw a lake", "--aspect", "8:1", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["images"][0]["model"] == "builtin:painter"


def test_a_named_project_is_made_once_and_found_again(kupuri):
    first, again = (
        kupuri("generate", "fog", *DIRECT, "--project", "Mist", "--json").json for _ in range(2)
    )
    assert first["project"] == again["project"]
    assert first["project"]["name"] == "Mist"
    assert first["session"] != again["session"]
    (project,) = kupuri("projects", "--json").json["projects"]
    assert (project["name"], project["images"]) == ("Mist", 2)


def test_a_model_for_one_time_is_not_remembered(kupuri):
    kupuri("generate", "fog", *DIRECT)
    ran = kupuri("generate", "fog", "--direct", "--image", "comfyui:none.safetensors")
    assert ran.code == 1
    assert kupuri("generate", "fog", "--direct", "--aspect", "8:1").code == 0


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("x", "--count", "0"),
        ("x", "--count", "many"),
        ("x", "--count", "99"),
        ("x", "--aspect", "9:99"),
        ("x", "--aspect", "round"),
        ("x", "--seed", "-1"),
        ("x", "--llm", "qwen"),
        ("x", "--image", ":"),
        ("x", "--wrong"),
        ("  ",),
    ],
)
def test_a_wrong_use_ends_with_two_and_makes_nothing(kupuri, folder, words):
    ran = kupuri("generate", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--direct", "--image", "comfyui:a.safetensors"), "ComfyUI"),
        (("--direct", "--image", "nobody:a"), "nobody"),
        (("--direct", "--image", "builtin:dalle"), "dalle"),
        (("--llm", "ollama:qwen3"), "Ollama"),
    ],
)
def test_a_server_or_model_that_is_away_fails_with_one_line_that_says_so(kupuri, words, said):
    ran = kupuri("generate", "a lake", *words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert said in ran.err


def test_a_folder_that_cannot_be_written_fails_and_says_what_was_kept(kupuri, tmp_path):
    (tmp_path / "file").write_text("")
    ran = kupuri("generate", "fog", *DIRECT, "--out", str(tmp_path / "file" / "under"))
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "still on the canvas" in ran.err
    assert kupuri("projects", "--json").json["projects"][0]["images"] == 1


def test_a_data_folder_that_cannot_be_used_fails_in_one_line(kupuri, tmp_path):
    (tmp_path / "file").write_text("")
    ran = kupuri("generate", "fog", *DIRECT, "--data", str(tmp_path / "file"))
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_a_reader_that_goes_away_gives_no_traceback(start):
    process = start("generate", "fog", *DIRECT, "--json")
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1
    assert "Traceback" not in said
    assert "Exception ignored" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_keeps_what_was_made_and_says_so(start, kupuri, folder, number):
    process = start("generate", "fog", *DIRECT[:3], "--count", "16")
    while not jobs_in(folder / "kupuri.db") and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    out, said = process.communicate()
    assert process.returncode == 130, said
    assert out == ""
    assert said == "kupuri: Stopped. What was made until now is kept.\n"
    assert kupuri("doctor", "--json").json["database"]["integrity"] == "ok"
    assert kupuri("projects", "--json").json["projects"][0]["name"] == generate.PROJECT


def test_on_a_terminal_text_streams_and_a_bar_moves():
    terminal = Terminal()
    output = Output(False, stdout=io.StringIO(), stderr=terminal)
    output.stream("On it")
    with output.progress("Making images") as progress:
        progress.reach(0.5, "clouds")
    assert "On it" in terminal.getvalue()
    assert "Making images  50%" in terminal.getvalue()
    assert "clouds" in terminal.getvalue()


def test_piped_there_is_neither_bar_nor_stream():
    piped = io.StringIO()
    output = Output(False, stdout=io.StringIO(), stderr=piped)
    output.stream("On it")
    with output.progress("Making images") as progress:
        progress.reach(0.5)
    assert piped.getvalue() == ""


def test_words_that_the_terminal_cannot_show_are_escaped():
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    output = Output(True, stdout=narrow)
    output.result({"text": "夕焼け"}, [])
    output.flush()
    assert b"\\u5915" in raw.getvalue()


def test_a_disk_that_gets_full_is_told_and_waited_for(kupuri, monkeypatch):
    answer = turn._answer
    apps: list[App] = []
    freeing: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def noted(options):
        async with opened(options) as app:
            apps.append(app)
            yield app

    async def make_room():
        await LimitedPages().make(apps[0].storage)
        apps[0].storage.database.retry()

    def told(state):
        if state.problem is not None and not freeing:
            freeing.append(asyncio.ensure_future(make_room()))

    async def on_a_full_disk(*arguments):
        apps[0].storage.database.saving.connect(told)
        await LimitedPages().leave(apps[0].storage, 0)
        return await answer(*arguments)

    monkeypatch.setattr(turn, "opened", noted)
    monkeypatch.setattr(turn, "_answer", on_a_full_disk)
    ran = kupuri("generate", "a sunset", *DIRECT)
    assert ran.code == 0
    assert ran.err.count("no room left on the disk") == 1
    assert "Ctrl+C" in ran.err
    assert [Path(line).name for line in ran.out.splitlines()] == ["a-sunset.png"]
