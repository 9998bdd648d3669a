"""How far everybody has read (Client-Server API, "Receipts" and "Fully read markers")."""
