"""Messages of the WebSocket become events; nonsense becomes nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.engines.comfyui import wire
from tests.fakes.comfyui import DATA


def text(kind: str, **data) -> str:
    return json.dumps({"type": kind, "data": data})


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (text("execution_start", prompt_id="p", timestamp=1), wire.Started()),
        (text("execution_cached", nodes=["1"], prompt_id="p"), wire.Cached(frozenset("1"))),
        (text("executing", node="3", display_node="3", prompt_id="p"), wire.NodeStarted("3")),
        (text("executing", node=None, prompt_id="p"), wire.Idle()),
        (text("progress", value=1, max=4, node="3", prompt_id="p"), wire.Sampled("3", 1, 4)),
        (text("execution_success", prompt_id="p"), wire.Succeeded()),
        (text("execution_interrupted", prompt_id="p", node_id="3"), wire.Interrupted()),
        (text("executed", node="9", output=None, prompt_id="p"), wire.Executed("9", ())),
    ],
)
def test_text_becomes_its_event(message, event):
    assert wire.read(message) == wire.Heard("p", event)


def test_progress_state_tells_values_and_what_is_finished():
    nodes = {
        "1": {"value": 1.0, "max": 1.0, "state": "finished"},
        "3": {"value": 2, "max": 4, "state": "running"},
    }
    heard = wire.read(text("progress_state", prompt_id="p", nodes=nodes))
    values = {"1": (1.0, 1.0), "3": (2.0, 4.0)}
    assert heard == wire.Heard("p", wire.NodesMoved(values, frozenset("1")))


def test_executed_names_its_images():
    image = {"filename": "a.png", "subfolder": "", "type": "temp"}
    heard = wire.read(text("executed", node="9", output={"images": [image]}, prompt_id="p"))
    assert heard == wire.Heard("p", wire.Executed("9", (wire.StoredImage("a.png", "", "temp"),)))


def test_executing_after_a_reconnect_names_no_job():
    assert wire.read(text("executing", node="3")) == wire.Heard("", wire.NodeStarted("3"))


def test_recorded_frame_without_metadata_is_a_preview_of_nobody():
    frame = (DATA / "type1.bin").read_bytes()
    assert wire.read(frame) == wire.Heard("", wire.Preview(frame[8:], "image/png"))


def test_recorded_frame_with_metadata_names_job_and_node():
    frame = (DATA / "type4.bin").read_bytes()
    heard = wire.read(frame)
    assert heard is not None
    assert heard.job == "ede9adb7-8743-4374-9d8e-b7f85633c712"
    assert isinstance(heard.event, wire.Preview)
    assert (heard.event.node, heard.event.mime) == ("2", "image/png")
    assert heard.event.image.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        "null",
        text("status", status={"exec_info": {"queue_remaining": 0}}),
        text("crystools.monitor", cpu=1),
        text("executing"),
        text("progress", value="x", max=1),
        text("progress_state", nodes=[1]),
        b"",
        b"\0\0\0\4",
        b"\0\0\0\1\0\0\0\7abc",
        b"\0\0\0\4\0\0\0\2{}",
        b"\0\0\0\3\0\0\0\0",
    ],
)
def test_what_is_not_understood_is_dropped(message):
    assert wire.read(message) is None


@given(st.one_of(st.text(), st.binary()))
def test_no_message_raises(message):
    wire.read(message)


def test_failure_does_not_print_the_persons_words():
    heard = wire.read(text("execution_error", prompt_id="p", current_inputs={"text": ["secret"]}))
    assert "secret" not in repr(heard)
