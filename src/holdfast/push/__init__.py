"""Where to send push notifications."""
