"""Holds two images together: a slider, side by side, or what differs."""
