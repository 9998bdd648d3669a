"""Messages from device to device (Client-Server API, "Send-to-Device messaging")."""
