"""A request and what is installed give one graph; ComfyUI's own validation accepts each."""

import dataclasses
from typing import Any

import pytest

from kupuri_desktop.core.errors import GraphRejected, PartMissing
from kupuri_desktop.core.generation import MAX_SEED
from kupuri_desktop.engines.comfyui.catalogue import Catalogue
from kupuri_desktop.engines.comfyui.graphs import Graph, Uploads, build
from kupuri_desktop.engines.comfyui.models import Inventory
from kupuri_desktop.engines.comfyui.nodes import Installed
from tests.fakes import comfyui_models as shelves
from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.comfyui_graph import validate
from tests.unit.engines.comfyui.wishes import wish

CATALOGUE = Catalogue.load()
KINDS = {
    "sd15": shelves.SD15,
    "sdxl": shelves.SDXL,
    "sd35": shelves.SD35,
    "sd35 split": shelves.SD35_SPLIT,
    "flux": shelves.FLUX_SPLIT,
    "flux checkpoint": shelves.FLUX_CHECKPOINT,
    "qwen": shelves.QWEN,
}
PLAIN: dict[str, Any] = {"steps": None}


def graph_of(
    shelf: shelves.Shelf,
    uploads: Uploads | None = None,
    missing: tuple[str, ...] = (),
    **changes: Any,
) -> Graph:
    installed = Installed(FakeComfyUI(shelf)._object_info(""))
    inventory = Inventory(CATALOGUE, installed, {})
    model = inventory.models[0].ref.model
    candidate = inventory.get(model)
    assert candidate is not None
    left = {name: node for name, node in installed.classes.items() if name not in missing}
    return build(wish(model=model, **changes), candidate, CATALOGUE, Installed(left), uploads)


def inputs(graph: Graph, class_type: str) -> dict[str, Any]:
    (node,) = (node for node in graph.nodes.values() if node["class_type"] == class_type)
    return dict(node["inputs"])


def classes(graph: Graph) -> list[str]:
    return [node["class_type"] for node in graph.nodes.values()]


@pytest.mark.parametrize("uploads", [None, Uploads("a.png [temp]"), Uploads("a.png", "m.png")])
@pytest.mark.parametrize("kind", KINDS)
def test_every_graph_passes_comfyuis_validation(kind, uploads):
    graph = graph_of(KINDS[kind], uploads, **PLAIN)
    nodes = FakeComfyUI(KINDS[kind])._object_info("")
    verdict = validate(graph.nodes, nodes, {"a.png [temp]", "a.png", "m.png"})
    assert (verdict.error, verdict.node_errors) == (None, {})
    assert verdict.outputs == [graph.output]
    assert graph.notes == ()


@pytest.mark.parametrize(
    ("kind", "steps", "cfg", "sampler", "scheduler"),
    [
        ("sd15", 25, 7.0, "dpmpp_2m", "karras"),
        ("sdxl", 25, 6.0, "dpmpp_2m", "karras"),
        ("sd35", 28, 4.0, "euler", "sgm_uniform"),
        ("flux", 4, 1.0, "euler", "simple"),
        ("flux checkpoint", 20, 1.0, "euler", "simple"),
        ("qwen", 20, 2.5, "euler", "simple"),
    ],
)
def test_each_family_has_its_own_defaults(kind, steps, cfg, sampler, scheduler):
    found = inputs(graph_of(KINDS[kind], **PLAIN), "KSampler")
    assert (found["steps"], found["cfg"]) == (steps, cfg)
    assert (found["sampler_name"], found["scheduler"]) == (sampler, scheduler)
    assert found["denoise"] == 1.0


def test_what_is_asked_for_comes_before_the_defaults():
    graph = graph_of(
        shelves.SDXL,
        prompt="a fox",
        negative_prompt="blurry",
        seed=MAX_SEED,
        steps=7,
        guidance=3.0,
        sampler="euler",
        scheduler="normal",
        width=1000,
        height=500,
    )
    sampler = inputs(graph, "KSampler")
    assert sampler["seed"] == MAX_SEED
    assert (sampler["steps"], sampler["cfg"]) == (7, 3.0)
    assert (sampler["sampler_name"], sampler["scheduler"]) == ("euler", "normal")
    latent = inputs(graph, "EmptyLatentImage")
    assert (latent["width"], latent["height"]) == (1000, 496)
    texts = [node["inputs"].get("text") for node in graph.nodes.values()]
    assert [text for text in texts if text is not None] == ["a fox", "blurry"]
    assert sampler["positive"] != sampler["negative"]


def test_style_is_added_to_the_words():
    for kind in KINDS.values():
        graph = graph_of(kind, prompt="a fox", style="watercolour")
        texts = [node["inputs"].get("text") for node in graph.nodes.values()]
        assert "a fox, watercolour" in texts


def test_guidance_of_flux_goes_to_its_own_node():
    graph = graph_of(shelves.FLUX_SPLIT, guidance=2.0)
    assert inputs(graph, "FluxGuidance")["guidance"] == 2.0
    assert inputs(graph, "KSampler")["cfg"] == 1.0


def test_flux_takes_its_encoders_and_vae_by_kind():
    graph = graph_of(shelves.FLUX_SPLIT)
    encoders = inputs(graph, "DualCLIPLoader")
    assert encoders["clip_name1"] == "clip_l.safetensors"
    assert encoders["clip_name2"].startswith("t5xxl")
    assert encoders["type"] == "flux"
    assert inputs(graph, "VAELoader")["vae_name"] == "ae.safetensors"


@pytest.mark.parametrize(
    ("kind", "node", "shift"),
    [("sd35 split", "ModelSamplingSD3", 3.0), ("qwen", "ModelSamplingAuraFlow", 3.1)],
)
def test_noise_schedule_is_shifted_where_the_family_wants_it(kind, node, shift):
    graph = graph_of(KINDS[kind])
    assert inputs(graph, node)["shift"] == shift
    (number,) = (n for n, entry in graph.nodes.items() if entry["class_type"] == node)
    assert inputs(graph, "KSampler")["model"] == [number, 0]


def test_prompt_that_looks_like_a_place_in_a_template_is_left_as_it_is():
    for prompt in ("$width", "@model", '["1", 0]'):
        graph = graph_of(shelves.SD15, prompt=prompt)
        assert prompt in [node["inputs"].get("text") for node in graph.nodes.values()]


def test_source_without_mask_is_changed_by_the_familys_strength():
    graph = graph_of(shelves.SD15, Uploads("a.png"))
    assert inputs(graph, "KSampler")["denoise"] == 0.65
    assert (
        inputs(graph_of(shelves.SD15, Uploads("a.png"), denoise=0.3), "KSampler")["denoise"] == 0.3
    )
    assert "EmptyLatentImage" not in classes(graph)


def test_mask_is_painted_in_full_and_the_rest_put_back():
    graph = graph_of(shelves.SD15, Uploads("a.png", "m.png"))
    assert inputs(graph, "KSampler")["denoise"] == 1.0
    assert graph.nodes[graph.output]["inputs"]["images"] == _number(graph, "ImageCompositeMasked")


def _number(graph: Graph, class_type: str) -> list[Any]:
    (number,) = (n for n, node in graph.nodes.items() if node["class_type"] == class_type)
    return [number, 0]


def test_sampler_that_is_not_installed_is_replaced_and_said():
    installed = FakeComfyUI(shelves.SD15)._object_info("")
    installed["KSampler"]["input"]["required"]["sampler_name"][0][:] = ["ddim", "heun"]
    inventory = Inventory(CATALOGUE, Installed(installed), {})
    candidate = inventory.get(inventory.models[0].ref.model)
    assert candidate is not None
    graph = build(wish(), candidate, CATALOGUE, Installed(installed))
    assert inputs(graph, "KSampler")["sampler_name"] == "ddim"
    assert graph.notes == ("ComfyUI has no sampler dpmpp_2m; ddim was used.",)
    with pytest.raises(GraphRejected, match="euler"):
        build(wish(sampler="euler"), candidate, CATALOGUE, Installed(installed))


def test_required_input_of_a_newer_node_gets_its_default():
    installed = FakeComfyUI(shelves.SD15)._object_info("")
    installed["VAEDecode"]["input"]["required"]["tiles"] = ["INT", {"default": 3}]
    inventory = Inventory(CATALOGUE, Installed(installed), {})
    candidate = inventory.get(inventory.models[0].ref.model)
    assert candidate is not None
    graph = build(wish(), candidate, CATALOGUE, Installed(installed))
    assert inputs(graph, "VAEDecode")["tiles"] == 3


def test_edit_without_its_node_says_so():
    with pytest.raises(PartMissing, match="SetLatentNoiseMask"):
        graph_of(shelves.SD15, Uploads("a.png", "m.png"), missing=("SetLatentNoiseMask",))


def test_graph_made_anew_differs_in_its_result_alone():
    graph = graph_of(shelves.SD15)
    again = graph.made_anew("x")
    changed = [n for n in graph.nodes if graph.nodes[n] != again.nodes[n]]
    assert changed == [graph.output]
    assert dataclasses.replace(again, nodes=graph.nodes) == graph


@pytest.mark.parametrize(
    ("file", "steps", "cfg"),
    [
        ("sdxl_lightning_8step.safetensors", 8, 1.0),
        ("sd_xl_turbo_1.0_fp16.safetensors", 4, 1.5),
        ("flux1-schnell-fp8.safetensors", 4, 1.0),
        ("sd3.5_large_turbo_incl_clips.safetensors", 4, 1.2),
    ],
)
def test_distilled_variants_take_few_steps(file, steps, cfg):
    found = inputs(graph_of(shelves.Shelf(checkpoints=(file,)), **PLAIN), "KSampler")
    assert (found["steps"], found["cfg"]) == (steps, cfg)
