"""Makes images with a ComfyUI server, over its HTTP interface and WebSocket."""

from kupuri_desktop.engines.comfyui.engine import ComfyUI
from kupuri_desktop.engines.comfyui.job import Timing

__all__ = ["ComfyUI", "Timing"]
