"""Rooms: none can be made yet, and clients that ask are told so."""
