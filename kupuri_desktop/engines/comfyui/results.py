"""Reads what ComfyUI keeps of an ended job, and turns stored images into ours."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kupuri_desktop.core.errors import JobInterrupted, JobLost, KupuriError, ServerAnsweredBadly
from kupuri_desktop.core.generation import GenerationRequest, MadeImage
from kupuri_desktop.engines.comfyui.client import ComfyClient
from kupuri_desktop.engines.comfyui.faults import crash
from kupuri_desktop.engines.comfyui.wire import StoredImage, stored_images

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Ended:
    """A job that is done: where its images are, or why there are none."""

    images: tuple[StoredImage, ...] = ()
    error: KupuriError | None = None


def interrupted() -> JobInterrupted:
    return JobInterrupted(
        "The job was stopped in ComfyUI.", hint="Somebody stopped it in ComfyUI's own window."
    )


def lost() -> JobLost:
    return JobLost(
        "ComfyUI does not know the job any more.",
        hint="It was restarted, or somebody took the job off its queue. Try again.",
    )


def ended(entry: Mapping[str, Any], prompt: str) -> Ended:
    """What an entry of /history says. An interrupted job reads "error" there; messages tell."""
    try:
        messages = dict(entry["status"]["messages"])
        outputs = entry["outputs"].values()
        if "execution_interrupted" in messages:
            return Ended(error=interrupted())
        if "execution_error" in messages:
            data = messages["execution_error"]
            nodes = entry["prompt"][2]
            meta = nodes.get(str(data.get("node_id")), {}).get("_meta", {})
            return Ended(error=crash(data, str(meta.get("title", "")), prompt))
        images = tuple(image for output in outputs for image in stored_images(output))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        problem = ServerAnsweredBadly("ComfyUI's record of the job cannot be read.")
        problem.__cause__ = error
        return Ended(error=problem)
    return Ended(images) if images else Ended(error=lost())


async def fetch(client: ComfyClient, images: tuple[StoredImage, ...]) -> tuple[bytes, ...] | None:
    """The bytes of every image; None where a file is gone."""
    found = []
    for image in images:
        data = await client.view(image)
        if data is None:
            return None
        found.append(data)
    return tuple(found)


def made(
    data: bytes,
    request: GenerationRequest,
    nodes: Mapping[str, Any],
    notes: tuple[str, ...] = (),
) -> MadeImage:
    """`data` as it came. Raises ServerAnsweredBadly where it is no PNG."""
    if data[:8] != PNG or data[12:16] != b"IHDR":
        raise ServerAnsweredBadly("What ComfyUI sent is not the image that it promised.")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    workflow = {"prompt": json.dumps(nodes, ensure_ascii=False)} if nodes else {}
    return MadeImage(data, "image/png", width, height, request.seed, workflow, notes)
