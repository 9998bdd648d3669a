"""What everybody may know of a user: name, picture, further fields."""
