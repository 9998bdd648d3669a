"""Telling people by mail what happened to their account, so that an intruder cannot hide it."""
