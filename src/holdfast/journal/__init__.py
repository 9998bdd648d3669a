"""What was done to an account, by whom and from where; only ever added to."""
