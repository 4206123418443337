"""Kupuri: an AI design studio on an infinite canvas, on the designer's own machine."""

__version__ = "0.1.0"
