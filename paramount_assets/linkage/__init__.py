"""Who the people received are in the records of the police and of children's services."""
