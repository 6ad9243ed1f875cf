"""What the prison service delivers every day, and who was newly received into custody."""
