"""Searching in all projects: the panel, its rows, and the way to what was found."""
