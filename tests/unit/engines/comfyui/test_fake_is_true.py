"""The fake ComfyUI says what a real one was recorded to say, message by message."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect

from tests.fakes.comfyui import DATA, FakeComfyUI
from tests.fakes.comfyui_jobs import Crash
from tests.fakes.comfyui_models import Shelf

TRANSCRIPTS = json.loads((DATA / "transcripts.json").read_text())
REFUSALS = json.loads((DATA / "refusals.json").read_text())
HELLO = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
EMPTY: dict[str, Any] = {
    "1": {
        "class_type": "EmptyImage",
        "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 3368652},
    },
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "lab"}},
}


def tiny(steps: int = 4, seed: int = 1, batch: int = 1) -> dict[str, Any]:
    """The graph of the recordings."""
    text = {"clip": ["4", 1]}
    sampler: dict[str, Any] = {"seed": seed, "steps": steps, "cfg": 7.0, "denoise": 1.0}
    sampler |= {"sampler_name": "euler", "scheduler": "normal"}
    links = {"model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0]}
    size = {"width": 64, "height": 64, "batch_size": batch}
    file = {"ckpt_name": "tiny-sd15.safetensors"}
    return {
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": file},
        "5": {"class_type": "EmptyLatentImage", "inputs": size},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat", **text}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", **text}},
        "3": {"class_type": "KSampler", "inputs": {**sampler, **links, "latent_image": ["5", 0]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {
            "class_type": "SaveImage",
            "inputs": {"filename_prefix": "lab_sd", "images": ["8", 0]},
        },
    }


def brief(message: str | bytes) -> list[Any]:
    """A message as the transcripts write it."""
    if isinstance(message, bytes):
        return ["binary", int.from_bytes(message[:4], "big")]
    kind, data = json.loads(message)["type"], json.loads(message)["data"]
    match kind:
        case "status":
            return [kind, data["status"]["exec_info"]["queue_remaining"]]
        case "execution_cached":
            return [kind, sorted(data["nodes"])]
        case "executing" | "executed":
            return [kind, data["node"]]
        case "progress":
            return [kind, data["value"], data["max"]]
        case "progress_state":
            nodes = data["nodes"].items()
            return [kind, {key: [n["value"], n["max"], n["state"]] for key, n in nodes}]
        case "execution_error" | "execution_interrupted":
            return [kind, data["node_id"]]
    return [kind]


async def heard(socket: ClientConnection, count: int) -> list[list[Any]]:
    return [brief(await socket.recv()) for _ in range(count)]


async def until_idle(socket: ClientConnection) -> list[list[Any]]:
    found: list[list[Any]] = []
    while not found or found[-1] != ["executing", None]:
        found.append(brief(await socket.recv()))
    return found


@pytest.fixture
async def comfy() -> AsyncIterator[FakeComfyUI]:
    files = ("tiny-sd15.safetensors", "tiny-sd15-inpaint.safetensors", "tiny-sdxl.safetensors")
    async with FakeComfyUI(Shelf(checkpoints=("rand-sd15-full.safetensors", *files))) as server:
        yield server


@pytest.fixture
async def http(comfy: FakeComfyUI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=comfy.url, trust_env=False) as client:
        yield client


def listen(comfy: FakeComfyUI, client: str = "me", **options: Any) -> Any:
    url = f"ws{comfy.url[4:]}/ws?clientId={client}"
    return connect(url, proxy=None, max_queue=None, **options)


async def post(http: httpx.AsyncClient, graph: Any, client: str | None = "me") -> str:
    body = {"prompt": graph} | ({"client_id": client} if client else {})
    answer = await http.post("/prompt", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["prompt_id"])


async def test_first_run_is_told_as_recorded(comfy, http):
    async with listen(comfy) as socket:
        await socket.send(HELLO)
        before = await heard(socket, 2)
        await post(http, EMPTY)
        assert before + await until_idle(socket) == TRANSCRIPTS["first run"]


async def test_same_graph_again_is_told_as_recorded_and_names_the_old_file(comfy, http):
    first = await post(http, EMPTY)
    await comfy.until(lambda: first in comfy.history)
    async with listen(comfy) as socket:
        await heard(socket, 1)
        second = await post(http, EMPTY)
        told = await until_idle(socket)
    recorded = TRANSCRIPTS["cached run"]
    assert told == recorded
    assert comfy.history[first]["outputs"] == comfy.history[second]["outputs"]


async def test_previews_without_the_handshake_are_told_as_recorded(comfy, http):
    done = await post(http, tiny(seed=1))
    await comfy.until(lambda: done in comfy.history)
    async with listen(comfy) as socket:
        await heard(socket, 1)
        await post(http, tiny(seed=2))
        assert await until_idle(socket) == TRANSCRIPTS["previews without flags"]


async def test_previews_after_the_handshake_are_told_as_recorded(comfy, http):
    done = await post(http, tiny(seed=1))
    await comfy.until(lambda: done in comfy.history)
    async with listen(comfy) as socket:
        await socket.send(HELLO)
        await heard(socket, 2)
        await post(http, tiny(seed=2, steps=2, batch=2))
        assert await until_idle(socket) == TRANSCRIPTS["two previews with flags"]


async def test_interruption_is_told_as_recorded(comfy, http):
    done = await post(http, tiny(seed=1, steps=60))
    await comfy.until(lambda: done in comfy.history)
    async with listen(comfy) as socket:
        await socket.send(HELLO)
        await heard(socket, 2)
        comfy.hold_steps()
        job = await post(http, tiny(seed=2, steps=60))
        comfy.allow(6)
        recorded = TRANSCRIPTS["interrupted"]
        told = await heard(socket, recorded.index(["progress", 6, 60]) + 1)
        await http.post("/interrupt", json={"prompt_id": job})
        assert told + await until_idle(socket) == recorded
    assert comfy.history[job]["status"]["messages"][-1][0] == "execution_interrupted"


async def test_failure_is_told_as_recorded(comfy, http):
    comfy.crash = Crash("SaveImage", "Exception", "Saving image outside the output folder")
    async with listen(comfy) as socket:
        await heard(socket, 1)
        await post(http, EMPTY)
        assert await until_idle(socket) == TRANSCRIPTS["failed"]


async def test_reconnecting_in_mid_job_is_told_as_recorded(comfy, http):
    comfy.hold_steps()
    async with listen(comfy) as socket:
        await post(http, tiny(steps=30))
        await comfy.sampling()
    comfy.allow(15)
    job = comfy.running
    await comfy.until(lambda: job.states["3"]["value"] == 15)
    async with listen(comfy) as socket:
        await socket.send(HELLO)
        before = await heard(socket, 3)
        comfy.allow()
        after = await heard(socket, 3)
    recorded = TRANSCRIPTS["connected again"]
    assert before == recorded[:3]
    assert [message[0] for message in after] == [message[0] for message in recorded[3:]]
    assert after[0][1]["3"] == recorded[3][1]["3"]


async def test_newer_socket_of_the_same_client_hears_nothing_once_the_older_one_ends(comfy, http):
    older = await listen(comfy)
    newer = await listen(comfy)
    await heard(newer, 1)
    await older.close()
    await comfy.until(lambda: "me" not in comfy.sockets)
    job = await post(http, EMPTY)
    await comfy.until(lambda: job in comfy.history)
    await newer.close()
    assert [message async for message in newer] == []


async def test_job_without_a_client_is_told_to_everyone(comfy, http):
    async with listen(comfy, "me") as mine, listen(comfy, "you") as yours:
        await heard(mine, 1)
        await heard(yours, 1)
        await post(http, EMPTY, client=None)
        told = await heard(mine, 13)
        assert told[-2:] == [["execution_success"], ["status", 0]]
        assert told == await heard(yours, 13)


async def test_images_through_the_socket_are_framed_as_recorded(comfy, http):
    graph = copy.deepcopy(EMPTY)
    graph["2"] = {"class_type": "SaveImageWebsocket", "inputs": {"images": ["1", 0]}}
    for hello, kind in ((None, 1), (HELLO, 4)):
        graph["1"]["inputs"]["color"] = kind
        async with listen(comfy) as socket:
            if hello:
                await socket.send(hello)
                await heard(socket, 1)
            await heard(socket, 1)
            await post(http, graph)
            frames = [m async for m in _until_success(socket) if isinstance(m, bytes)]
        recorded = (DATA / f"type{kind}.bin").read_bytes()
        assert len(frames) == 1
        assert frames[0][:4] == recorded[:4]
        assert _metadata_keys(frames[0]) == _metadata_keys(recorded)
        assert frames[0][_image_start(frames[0]) :][:4] == b"\x89PNG"


async def _until_success(socket: ClientConnection) -> AsyncIterator[str | bytes]:
    while True:
        message = await socket.recv()
        yield message
        if brief(message) == ["execution_success"]:
            return


def _image_start(frame: bytes) -> int:
    return 8 if frame[3] == 1 else 8 + int.from_bytes(frame[4:8], "big")


def _metadata_keys(frame: bytes) -> list[str]:
    return list(json.loads(frame[8 : _image_start(frame)] or b"{}"))


@pytest.mark.parametrize("name", REFUSALS)
async def test_refusal_is_worded_as_recorded(comfy, http, name):
    recorded = REFUSALS[name]
    request = recorded["request"]
    content = request if isinstance(request, str) else json.dumps(request)
    answer = await http.post("/prompt", content=content)
    assert answer.status_code == recorded["status"]
    if isinstance(recorded["answer"], str):
        assert answer.text == recorded["answer"]
        return
    expected, told = recorded["answer"], answer.json()
    assert told.get("error") == expected.get("error")
    assert _without_config(told["node_errors"]) == _without_config(expected["node_errors"])


def _without_config(node_errors: dict[str, Any]) -> dict[str, Any]:
    """Errors of one node come in the order of its inputs, which the trimmed nodes keep."""
    for node in node_errors.values():
        for error in node["errors"]:
            error["extra_info"].pop("input_config", None)
            # The shelf of the recording had its files in another order.
            error["details"] = error["details"].partition(" not in [")[0]
        node["errors"].sort(key=lambda error: error["details"])
    return node_errors


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/view?filename=zz.png&type=input", 404),
        ("/view", 404),
        ("/view?filename=zz.png&type=models", 400),
        ("/view?filename=../main.py&type=output", 400),
        ("/view?filename=%2e%2e%2fmain.py&type=output", 400),
        ("/view?filename=/etc/passwd&type=output", 400),
        ("/view?filename=main.py&subfolder=..&type=output", 403),
        ("/models/nosuch", 404),
        ("/models/checkpoints", 200),
        ("/api/system_stats", 200),
        ("/history/nope", 200),
        ("/object_info/NoSuch", 200),
        ("/nope", 404),
    ],
)
async def test_paths_answer_as_recorded(http, path, status):
    assert (await http.get(path)).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("http://127.0.0.1", 200),
        ("http://127.0.0.1:9", 403),
        ("http://localhost:8188", 403),
        ("http://evil.example", 403),
    ],
)
async def test_foreign_origin_is_refused(comfy, http, origin, status):
    headers = {"Origin": origin} if origin else {}
    assert (await http.get("/queue", headers=headers)).status_code == status


async def test_upload_of_other_bytes_gets_another_name(http):
    names = []
    for data in (b"one", b"one", b"two"):
        answer = await http.post("/upload/image", files={"image": ("u.png", data)})
        names.append(answer.json()["name"])
    assert names == ["u.png", "u.png", "u (1).png"]


async def test_killed_server_says_no_goodbye(comfy):
    async with listen(comfy) as socket:
        await heard(socket, 1)
        await comfy.kill()
        with pytest.raises(Exception) as caught:
            await socket.recv()
        assert getattr(caught.value, "rcvd", "a frame") is None


async def test_saved_png_carries_prompt_and_workflow(comfy, http, tmp_path: Path):
    body = {"prompt": EMPTY, "extra_data": {"extra_pnginfo": {"workflow": {"a": 1}}}}
    job = (await http.post("/prompt", json=body)).json()["prompt_id"]
    await comfy.until(lambda: job in comfy.history)
    (image,) = comfy.history[job]["outputs"]["2"]["images"]
    answer = await http.get("/view", params=image)
    path = tmp_path / "saved.png"
    await asyncio.to_thread(path.write_bytes, answer.content)
    with Image.open(path) as opened:
        assert opened.size == (64, 64)
        assert opened.getpixel((5, 5)) == (51, 102, 204)
        assert json.loads(opened.info["prompt"]) == EMPTY
        assert json.loads(opened.info["workflow"]) == {"a": 1}
