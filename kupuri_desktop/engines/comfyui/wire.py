"""Reads what ComfyUI says on its WebSocket: texts and binary frames become typed events.

The shapes are those of ComfyUI 0.3.64; whatever does not fit them is dropped, not raised.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MIMES = {1: "image/jpeg", 2: "image/png"}
HELLO = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
"""The first text on every connection: asks for previews that name their job."""


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image on the server, as GET /view asks for it."""

    filename: str
    subfolder: str
    type: str


@dataclass(frozen=True, slots=True)
class Started:
    """The job left the queue."""


@dataclass(frozen=True, slots=True)
class Cached:
    """Nodes that need not run again."""

    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NodeStarted:
    node: str


@dataclass(frozen=True, slots=True)
class NodesMoved:
    """How far each node is: (value, max), and which ones are finished."""

    values: Mapping[str, tuple[float, float]]
    finished: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sampled:
    """One step of a node, as older servers say it too."""

    node: str
    value: float
    most: float


@dataclass(frozen=True, slots=True)
class Executed:
    """An output node is done."""

    node: str
    images: tuple[StoredImage, ...]


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The whole job is done."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A node raised. `data` holds the person's words among others: never show or log it whole."""

    data: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Somebody stopped the job."""


@dataclass(frozen=True, slots=True)
class Idle:
    """The worker left the job, however it ended; history knows how."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the image looks like by now. `node` is empty in the older frame without metadata."""

    image: bytes = field(repr=False)
    mime: str
    node: str = ""


JobEvent = (
    Started
    | Cached
    | NodeStarted
    | NodesMoved
    | Sampled
    | Executed
    | Succeeded
    | Failed
    | Interrupted
    | Idle
    | Preview
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An event and the job that it is about; `job` is empty where the frame does not say."""

    job: str
    event: JobEvent


def read(message: str | bytes) -> Heard | None:
    """The event in a message; None for what is about no job, or is not understood."""
    try:
        return _read_binary(message) if isinstance(message, bytes) else _read_text(message)
    except (ValueError, KeyError, TypeError, AttributeError, struct.error):
        return None


def stored_images(output: Mapping[str, Any]) -> tuple[StoredImage, ...]:
    """The images of an output node, from `executed` or from history.

    Raises KeyError or TypeError for another shape.
    """
    return tuple(
        StoredImage(str(i["filename"]), str(i.get("subfolder", "")), str(i.get("type", "output")))
        for i in output.get("images") or ()
    )


def _read_text(text: str) -> Heard | None:
    message = json.loads(text)
    data = message["data"]
    job = data.get("prompt_id", "")
    event: JobEvent
    match message["type"]:
        case "execution_start":
            event = Started()
        case "execution_cached":
            event = Cached(frozenset(data["nodes"]))
        case "executing":
            event = Idle() if data["node"] is None else NodeStarted(data["node"])
        case "progress_state":
            nodes = data["nodes"]
            values = {key: (float(n["value"]), float(n["max"])) for key, n in nodes.items()}
            done = frozenset(key for key, n in nodes.items() if n["state"] == "finished")
            event = NodesMoved(values, done)
        case "progress":
            event = Sampled(data.get("node") or "", float(data["value"]), float(data["max"]))
        case "executed":
            event = Executed(data["node"], stored_images(data.get("output") or {}))
        case "execution_success":
            event = Succeeded()
        case "execution_error":
            event = Failed(data)
        case "execution_interrupted":
            event = Interrupted()
        case _:
            return None
    return Heard(job, event)


def _read_binary(frame: bytes) -> Heard | None:
    kind, second = struct.unpack_from(">II", frame)
    match kind:
        case 1:
            return Heard("", Preview(frame[8:], MIMES[second]))
        case 4:
            metadata = json.loads(frame[8 : 8 + second])
            node = metadata.get("real_node_id") or metadata["node_id"]
            image = frame[8 + second :]
            return Heard(metadata["prompt_id"], Preview(image, metadata["image_type"], node))
        case _:
            return None
