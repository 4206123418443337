"""The same turn with no window: the command over real sockets, through the same rooms."""

import asyncio
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.fakes.ollama import Call, words

NOBODY = "http://127.0.0.1:9"


async def kupuri(root: Path, *arguments: str, ollama: str = NOBODY, comfyui: str = NOBODY):
    """Runs the command in a process of its own, while this loop serves the fakes."""
    environment = {
        **os.environ,
        "KUPURI_DATA": str(root),
        "KUPURI_OLLAMA_URL": ollama,
        "KUPURI_COMFYUI_URL": comfyui,
    }
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "kupuri_desktop", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


async def test_a_whole_turn_writes_its_images(tmp_path, ollama, comfyui):
    ollama.script(
        [*words("On it."), Call("generate_image", {"prompt": "a fox", "count": 2})],
        words("Two foxes."),
    )
    out = tmp_path / "out"
    done = await kupuri(
        tmp_path / "data",
        *("generate", "two foxes", "--out", str(out), "--project", "Foxes", "--json"),
        ollama=ollama.url,
        comfyui=comfyui.url,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert set(result) == {"project", "session", "text", "images", "seconds"}
    assert "Two foxes." in result["text"]
    assert len(result["images"]) == 2
    for image in result["images"]:
        data = Path(image["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == image["sha256"]
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (image["width"], image["height"])
            assert json.loads(picture.info["prompt"])
            assert json.loads(picture.info["kupuri"])["prompt"] == "a fox"
        assert image["model"].startswith("comfyui:")
    listed = await kupuri(tmp_path / "data", "projects", "--json")
    assert "Foxes" in listed.stdout
    exported = await kupuri(tmp_path / "data", "export", "Foxes", "--out", str(tmp_path / "again"))
    assert exported.returncode == 0
    assert len(list((tmp_path / "again").glob("*.png"))) == 2


async def test_a_server_that_is_away_fails_with_one_line(tmp_path):
    done = await kupuri(
        tmp_path / "data", "generate", "a fox", "--llm", "ollama:qwen3:8b", "--out", str(tmp_path)
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Ollama" in done.stderr
    assert "Traceback" not in done.stderr


async def test_doctor_tells_what_comfyui_can_run_and_what_ollama_has(tmp_path, ollama, comfyui):
    done = await kupuri(tmp_path, "doctor", "--json", ollama=ollama.url, comfyui=comfyui.url)
    found = json.loads(done.stdout)
    assert {"database", "keyring", "llm", "image"} <= set(found)
    by_name = {each["provider"]: each for each in (*found["llm"], *found["image"])}
    assert by_name["ollama"]["ok"] and by_name["comfyui"]["ok"]
    assert by_name["comfyui"]["version"]
    assert set(by_name["ollama"]) >= {"provider", "address", "ok", "version", "models", "problem"}
