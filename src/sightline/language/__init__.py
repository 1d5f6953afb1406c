"""The nouns of Sightline: frozen, without I/O, spoken by every other floor."""
