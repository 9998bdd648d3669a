"""Holding answers against the OpenAPI definitions of the Matrix specification."""
