"""The canvas's views, for the ways of looking at them."""

from tests.ui.canvas.conftest import make, tasks

__all__ = ["make", "tasks"]
