"""Coming back into an account: a new account password, by mail."""
