"""Paints what lies on the canvas: levels, atlas, tiles, and the painter that all share."""
