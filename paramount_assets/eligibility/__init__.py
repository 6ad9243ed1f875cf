"""Whether a child is in scope, by ordered coded rules; a person's ruling outlives them."""
