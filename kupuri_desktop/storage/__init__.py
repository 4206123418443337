"""Keeps everything in one SQLite file, and secrets in the system's keyring."""
