"""What became of each notification: the ledger's cases and deliveries, with what officers reported."""
