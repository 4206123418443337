"""Choosing a model, and seeing how the engines stand."""
