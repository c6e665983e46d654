"""What tests look at in Attio."""


def titles(emulator):
    return [note["title"] for note in emulator.state()["notes"]]


def texts(person, slug, key):
    return [row[key] for row in person["values"][slug]]
