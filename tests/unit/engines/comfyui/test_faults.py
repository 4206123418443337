"""Refusals that were recorded become sentences that name the node, the field and the folder."""

import json

import pytest

from kupuri_desktop.core.errors import GraphRejected, PartMissing
from kupuri_desktop.engines.comfyui.faults import crash, rejection
from tests.fakes.comfyui import DATA

REFUSALS = json.loads((DATA / "refusals.json").read_text())


def said(name: str, prompt: str = "a cat"):
    return rejection(REFUSALS[name]["answer"], prompt)


def test_missing_checkpoint_is_named_with_its_folder():
    error = said("bad_ckpt")
    assert isinstance(error, PartMissing)
    assert "“nope.safetensors”" in error.message
    assert "models/checkpoints" in error.hint


def test_missing_node_is_named():
    error = said("unknown_node")
    assert isinstance(error, PartMissing)
    assert "NoSuchNode" in error.message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing_input", "EmptyImage needs “width”."),
        ("bad_sampler_long_list", "KSampler does not know “nosuch” for “sampler_name”."),
        ("range", "of KSampler."),
        ("seed_abc", "“seed” of KSampler is of the wrong kind."),
        ("type_mismatch", "“vae” of VAEDecode is joined to the wrong thing."),
        ("bad_link_len", "“vae” of VAEDecode is joined to the wrong thing."),
        ("loadimage_missing", "LoadImage has a problem with “image”"),
    ],
)
def test_refusal_names_node_and_field(name, words):
    error = said(name)
    assert isinstance(error, GraphRejected)
    assert words in error.message


@pytest.mark.parametrize("name", ["empty_prompt", "no_class_type", "no_outputs", "json_array"])
def test_refusal_of_the_whole_graph_is_an_error_in_words(name):
    assert said(name).message.startswith("ComfyUI does not accept the workflow")


def test_text_that_was_refused_is_not_repeated():
    fault = {
        "type": "custom_validation_failed",
        "message": "no",
        "details": "text - a cat is forbidden",
        "extra_info": {"input_name": "text", "received_value": "a cat"},
    }
    answer = {
        "error": {"message": "a cat"},
        "node_errors": {"1": {"errors": [fault, fault], "class_type": "CLIPTextEncode"}},
    }
    assert "a cat" not in json.dumps(rejection(answer, "a cat").problem.to_json())


def test_recorded_crash_names_the_node():
    history = json.loads((DATA / "histories.json").read_text())["error"]
    data = dict(history["status"]["messages"])["execution_error"]
    error = crash(data, "", "a cat")
    assert "VAEDecode" in error.message
    assert "16 channels" in error.details
    assert "tensor" not in json.dumps(error.problem.to_json())
