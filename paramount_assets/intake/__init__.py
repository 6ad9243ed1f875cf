"""What else comes in: police records, children's services, decisions by people, and feedback; before anything uses it."""
