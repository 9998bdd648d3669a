"""Where somebody is signed in: login, tokens, devices; keeping, locking, removing them."""
