"""A small made-up world with its answer key, delivered by the landing contracts.

Population -> what happens -> what each source holds of it -> noise. It imports nothing of the chain but the words, the clock and
the settings: the generator and the cleaner must not share a bug, so check letters, postcodes and CSV are done here once more.
Every name and number is made up; only postcodes are real.
"""
