"""The built-in painter: pictures from words and a seed, with no model and no server."""

from kupuri_desktop.engines.builtin.engine import BuiltinEngine

__all__ = ["BuiltinEngine"]
