"""Who is writing just now (Client-Server API, "Typing Notifications")."""
