"""Who lives where as at the reception, and which children have a reason to be considered, with the evidence."""
