"""The account itself: its row, its account password, the addresses that lead to it."""
