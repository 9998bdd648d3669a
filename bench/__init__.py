"""Load scenarios against any homeserver, and two homeservers side by side."""
