"""Who may do what in a room (Room Versions, "Authorization rules")."""
