"""What a client asks before it knows anybody: versions, addresses, what is offered."""
