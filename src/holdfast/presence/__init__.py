"""Who is there (Client-Server API, "Presence")."""
