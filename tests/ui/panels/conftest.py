"""The canvas's views, for the panels beside them."""

from tests.ui.canvas.conftest import make, tasks

__all__ = ["make", "tasks"]
