"""What is due to be told, and the hand-over of it to the ledger."""
