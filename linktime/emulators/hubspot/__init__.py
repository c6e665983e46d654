"""The HubSpot emulator: OAuth, contacts, meetings and their associations, as the real service answers."""
