"""Sets of model files for the fake ComfyUI, named as people's disks have them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shelf:
    """The files of each models folder, with sizes in bytes where they matter."""

    checkpoints: tuple[str, ...] = ()
    diffusion_models: tuple[str, ...] = ()
    text_encoders: tuple[str, ...] = ()
    vae: tuple[str, ...] = ()
    loras: tuple[str, ...] = ()
    upscale_models: tuple[str, ...] = ()
    controlnet: tuple[str, ...] = ()
    sizes: Mapping[str, int] | None = None

    def files(self, folder: str) -> tuple[str, ...] | None:
        """None where ComfyUI would answer 404."""
        if folder == "sizes":
            return None
        found: tuple[str, ...] | None = getattr(self, folder, None)
        return found


NOTHING = Shelf()
SD15 = Shelf(checkpoints=("v1-5-pruned-emaonly-fp16.safetensors",))
SDXL = Shelf(checkpoints=("SDXL/sd_xl_base_1.0.safetensors",))
SD35 = Shelf(checkpoints=("sd3.5_large_fp8_scaled.safetensors",))
SD35_SPLIT = Shelf(
    diffusion_models=("sd3.5_medium.safetensors",),
    text_encoders=(
        "clip_g.safetensors",
        "clip_l.safetensors",
        "t5xxl_fp16.safetensors",
        "t5xxl_fp8_e4m3fn_scaled.safetensors",
    ),
    vae=("sd3_vae.safetensors",),
)
FLUX_CHECKPOINT = Shelf(checkpoints=("flux1-dev-fp8.safetensors",))
FLUX_SPLIT = Shelf(
    diffusion_models=("flux1-schnell.safetensors",),
    text_encoders=("clip_l.safetensors", "t5xxl_fp8_e4m3fn.safetensors"),
    vae=("ae.safetensors",),
)
FLUX_WITHOUT_ENCODERS = Shelf(diffusion_models=("flux1-dev.safetensors",), vae=("ae.safetensors",))
QWEN = Shelf(
    diffusion_models=("qwen_image_fp8_e4m3fn.safetensors",),
    text_encoders=("qwen_2.5_vl_7b_fp8_scaled.safetensors",),
    vae=("qwen_image_vae.safetensors",),
)
EVERYTHING = Shelf(
    checkpoints=(
        "SDXL\\juggernautXL_v9.safetensors",
        "dreamshaper_8.safetensors",
        "flux1-dev-fp8.safetensors",
        "mystery.ckpt",
        "sd3.5_large_fp8_scaled.safetensors",
        "sd_xl_base_1.0.safetensors",
        "v1-5-pruned-emaonly-fp16.safetensors",
    ),
    diffusion_models=(
        "flux1-schnell.safetensors",
        "qwen_image_fp8_e4m3fn.safetensors",
        "sd3.5_medium.safetensors",
        "wan2.1_t2v_1.3B_fp16.safetensors",
    ),
    text_encoders=(
        "clip_g.safetensors",
        "clip_l.safetensors",
        "qwen_2.5_vl_7b_fp8_scaled.safetensors",
        "t5xxl_fp8_e4m3fn_scaled.safetensors",
    ),
    vae=("ae.safetensors", "qwen_image_vae.safetensors", "sd3_vae.safetensors"),
    sizes={"dreamshaper_8.safetensors": 2_132_625_894},
)
