"""A stand-in for Attio: people and their notes."""
