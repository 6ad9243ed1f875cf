"""Linking records of people, in four words: compare, block, score, decide; training and frozen models beside them.

Only this package imports splink. It knows nothing of prisons, police or days: a left and a right table of people in standard
form go in, weighed pairs and decisions with their reasons come out.
"""
