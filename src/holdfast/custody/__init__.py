"""The custody report: which encrypted messages the key backup covers, and who holds the rest."""
