"""Which files are taken for which models, and what is said of those that cannot run."""

import json

import pytest

from kupuri_desktop.core.models import Capability
from kupuri_desktop.engines.comfyui.catalogue import Catalogue
from kupuri_desktop.engines.comfyui.models import Inventory
from kupuri_desktop.engines.comfyui.nodes import Installed
from tests.fakes import comfyui_models as shelves
from tests.fakes.comfyui import DATA, FakeComfyUI

CATALOGUE = Catalogue.load()


def inventory(shelf: shelves.Shelf, missing_nodes: tuple[str, ...] = ()) -> Inventory:
    classes = FakeComfyUI(shelf, missing_nodes)._object_info("")
    return Inventory(CATALOGUE, Installed(classes), shelf.sizes or {})


@pytest.mark.parametrize(
    ("file", "family"),
    [
        ("v1-5-pruned-emaonly-fp16.safetensors", "sd15"),
        ("SD1.5/dreamshaper_8.safetensors", "sd15"),
        ("sd_xl_base_1.0.safetensors", "sdxl"),
        ("SDXL\\RealVisXL_V5.0.safetensors", "sdxl"),
        ("ponyDiffusionV6XL.safetensors", "sdxl"),
        ("waiIllustrious_v14.safetensors", "sdxl"),
        ("sd3.5_large_turbo.safetensors", "sd35"),
        ("stable-diffusion-3.5-medium.safetensors", "sd35"),
        ("flux1-dev-fp8.safetensors", "flux"),
        ("FLUX.1-schnell.safetensors", "flux"),
        ("qwen_image_fp8_e4m3fn.safetensors", "qwen_image"),
        ("Qwen-Image-Lightning.safetensors", "qwen_image"),
        ("flux2-dev.safetensors", None),
        ("wan2.1_t2v_14B.safetensors", None),
        ("mystery.ckpt", None),
    ],
)
def test_name_tells_the_architecture(file, family):
    found = CATALOGUE.classify(file)
    assert (found.id if found else None) == family


def test_size_tells_it_where_the_name_does_not():
    sd15, sdxl = CATALOGUE.classify("a.ckpt", 2_132_625_894), CATALOGUE.classify("b", 6_938_078_334)
    assert sd15 is not None and sdxl is not None
    assert (sd15.id, sdxl.id) == ("sd15", "sdxl")
    assert CATALOGUE.classify("c", 9_999_999_999) is None


@pytest.mark.parametrize(
    ("shelf", "family"),
    [
        (shelves.SD15, "Stable Diffusion 1.5"),
        (shelves.SDXL, "Stable Diffusion XL"),
        (shelves.SD35, "Stable Diffusion 3.5"),
        (shelves.SD35_SPLIT, "Stable Diffusion 3.5"),
        (shelves.FLUX_CHECKPOINT, "Flux"),
        (shelves.FLUX_SPLIT, "Flux"),
        (shelves.QWEN, "Qwen-Image"),
    ],
)
def test_each_kind_of_installation_offers_its_model(shelf, family):
    found = inventory(shelf)
    (model,) = found.models
    assert model.usable
    assert model.family == family
    assert model.capabilities == set(Capability) & {
        Capability.TEXT_TO_IMAGE,
        Capability.IMAGE_TO_IMAGE,
        Capability.INPAINT,
    }
    assert not any(note.startswith(family) for note in found.notes)
    assert len(found.notes) == 4


def test_nothing_installed_says_what_each_architecture_needs_and_where():
    found = inventory(shelves.NOTHING)
    assert found.models == ()
    assert len(found.notes) == 5
    (flux,) = (note for note in found.notes if note.startswith("Flux"))
    for words in ("flux1-dev.safetensors", "models/diffusion_models", "clip_l", "models/vae"):
        assert words in flux


def test_missing_text_encoders_are_named_with_their_folder():
    (model,) = inventory(shelves.FLUX_WITHOUT_ENCODERS).models
    assert not model.usable
    assert "CLIP-L text encoder" in str(model.problem)
    assert "T5-XXL" in str(model.problem)
    assert "VAE" not in str(model.problem)
    assert "models/text_encoders" in str(model.problem)


def test_missing_node_is_named():
    found = inventory(shelves.QWEN, missing_nodes=("ModelSamplingAuraFlow",))
    (model,) = found.models
    assert "ModelSamplingAuraFlow" in str(model.problem)
    assert any("ModelSamplingAuraFlow" in note for note in found.notes)


def test_edits_are_offered_only_where_their_nodes_are():
    (model,) = inventory(shelves.SD15, missing_nodes=("SetLatentNoiseMask",)).models
    assert Capability.IMAGE_TO_IMAGE in model.capabilities
    assert Capability.INPAINT not in model.capabilities


def test_whole_shelf_is_listed_with_reasons_for_what_cannot_run():
    models = {model.ref.model: model for model in inventory(shelves.EVERYTHING).models}
    assert len(models) == 11
    unusable = {name for name, model in models.items() if not model.usable}
    assert unusable == {"mystery.ckpt", "wan2.1_t2v_1.3B_fp16.safetensors"}
    assert "does not know" in str(models["mystery.ckpt"].problem)
    assert models["SDXL\\juggernautXL_v9.safetensors"].name == "juggernautXL_v9"
    assert models["dreamshaper_8.safetensors"].size == 2_132_625_894


@pytest.mark.parametrize(
    "file",
    [
        "sd_xl_refiner_1.0.safetensors",
        "sd-v1-5-inpainting.ckpt",
        "flux1-fill-dev.safetensors",
        "flux1-kontext.safetensors",
    ],
)
def test_models_for_special_tasks_are_listed_but_not_offered(file):
    (model,) = inventory(shelves.Shelf(checkpoints=(file,))).models
    assert "special task" in str(model.problem)


def test_smaller_text_encoder_is_preferred():
    shelf = shelves.SD35_SPLIT
    candidate = inventory(shelf).get("sd3.5_medium.safetensors")
    assert candidate is not None
    assert candidate.parts["t5xxl"] == "t5xxl_fp8_e4m3fn_scaled.safetensors"
    assert candidate.parts["clip_g"] == "clip_g.safetensors"


def test_file_in_both_folders_is_listed_once_and_usable():
    shelf = shelves.Shelf(
        checkpoints=("flux1-dev-fp8.safetensors",), diffusion_models=("flux1-dev-fp8.safetensors",)
    )
    (model,) = inventory(shelf).models
    assert model.usable


def test_both_shapes_of_a_choice_are_read():
    classes = json.loads((DATA / "object_info.json").read_text())
    installed = Installed(classes)
    assert "euler" in installed.options("KSampler", "sampler_name")
    classes["KSampler"]["input"]["required"]["sampler_name"] = ["COMBO", {"options": ["new"]}]
    assert installed.options("KSampler", "sampler_name") == ("new",)
    assert installed.options("KSampler", "seed") == ()
    assert installed.options("NoSuch", "seed") == ()


@pytest.mark.parametrize("aspect", [(1, 1), (4, 3), (3, 2), (16, 9), (21, 9), (3, 4), (9, 16)])
@pytest.mark.parametrize("architecture", CATALOGUE.architectures, ids=lambda entry: entry.id)
def test_native_size_fits_aspect_area_and_step(architecture, aspect):
    width, height = architecture.native_size(aspect)
    assert width % architecture.step == height % architecture.step == 0
    assert abs(width / height / (aspect[0] / aspect[1]) - 1) < 0.07
    area = {"qwen_image": 1328 * 1328, "sd15": 262144}.get(architecture.id, 1024 * 1024)
    assert 0.85 < width * height / area < 1.1
