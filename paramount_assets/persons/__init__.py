"""The people of every source in one standard form: names, birth dates, identifiers, addresses and postcodes."""
