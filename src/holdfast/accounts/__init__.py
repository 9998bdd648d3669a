"""Having an account: register, change its account password and addresses, deactivate it."""
