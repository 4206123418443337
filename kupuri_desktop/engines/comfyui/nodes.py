"""What a ComfyUI has installed, as far as Kupuri's workflows ask: node classes and their inputs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FOLDER_FIELDS = {
    "checkpoints": ("CheckpointLoaderSimple", "ckpt_name"),
    "diffusion_models": ("UNETLoader", "unet_name"),
    "text_encoders": ("CLIPLoader", "clip_name"),
    "vae": ("VAELoader", "vae_name"),
}
"""Where the files of a models folder are listed: node class and field."""

FIELD_FOLDERS = {
    "ckpt_name": "checkpoints",
    "unet_name": "diffusion_models",
    "clip_name": "text_encoders",
    "clip_name1": "text_encoders",
    "clip_name2": "text_encoders",
    "clip_name3": "text_encoders",
    "vae_name": "vae",
    "lora_name": "loras",
    "control_net_name": "controlnet",
    "model_name": "upscale_models",
}
"""Which folder below ComfyUI's `models/` a field's value is a file of."""


@dataclass(frozen=True)
class Installed:
    """The answers of GET /object_info/{class}; a class that is not installed is not a key."""

    classes: Mapping[str, Mapping[str, Any]]

    def has(self, name: str) -> bool:
        return name in self.classes

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are not installed, in order, each once."""
        return list(dict.fromkeys(name for name in names if name not in self.classes))

    def options(self, name: str, field: str) -> tuple[str, ...]:
        """The choices of an input; empty where it is no choice or not there.

        ComfyUI writes them in two shapes: `[[...], {}]` and `["COMBO", {"options": [...]}]`.
        """
        spec = self._inputs(name).get(field)
        if not isinstance(spec, list) or not spec:
            return ()
        found = spec[0]
        if found == "COMBO" and len(spec) > 1 and isinstance(spec[1], dict):
            found = spec[1].get("options")
        if not isinstance(found, list):
            return ()
        return tuple(option for option in found if isinstance(option, str))

    def files(self, folder: str) -> tuple[str, ...]:
        """The model files of one of the folders in FOLDER_FIELDS, as ComfyUI names them."""
        # VAELoader lists this one although there is no such file (ComfyUI 0.3.64).
        return tuple(f for f in self.options(*FOLDER_FIELDS[folder]) if f != "pixel_space")

    def defaults(self, name: str) -> dict[str, Any]:
        """The required inputs that have a default: ComfyUI does not fill them in by itself."""
        required = self.classes.get(name, {}).get("input", {}).get("required", {})
        return {
            field: spec[1]["default"]
            for field, spec in required.items()
            if isinstance(spec, list)
            and len(spec) > 1
            and isinstance(spec[1], dict)
            and "default" in spec[1]
        }

    def _inputs(self, name: str) -> dict[str, Any]:
        inputs = self.classes.get(name, {}).get("input", {})
        return {**inputs.get("optional", {}), **inputs.get("required", {})}
