"""What clients keep on the server: account data (Client-Server API, "Client Config")."""
