"""Cardfile, a made-up CRM: a newcomer's folder. Its service takes everything by a name of the caller's own."""
