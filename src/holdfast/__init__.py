"""Holdfast: a Matrix homeserver on which changing a password never costs encrypted history."""

__version__ = "0.1.0.dev0"
"""The one place where the version is written; packaging reads it from here."""
