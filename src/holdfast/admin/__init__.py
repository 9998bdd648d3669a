"""What administrators do over HTTP, and what users report to them."""
