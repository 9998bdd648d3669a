"""Telling clients what changed, in windows they choose (MSC4186)."""
