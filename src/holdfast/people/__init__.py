"""What users see of each other: profiles told in rooms, and the user directory."""
