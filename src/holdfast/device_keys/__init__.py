"""What devices publish for others to encrypt: their keys, and the identity of their user."""
