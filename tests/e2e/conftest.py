"""The whole app: on the app's own loop, and nothing may be left behind."""

from tests.tidiness import tidy

__all__ = ["tidy"]
