"""Files that people send each other (Client-Server API, "Content Repository")."""
