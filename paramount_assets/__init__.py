"""Finds the children left behind when a parent goes to prison, and gets help offered to them."""
