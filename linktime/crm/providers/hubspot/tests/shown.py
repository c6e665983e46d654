"""What tests look at in HubSpot."""


def meetings_of(emulator, contact_id):
    rows = emulator.state()["associations"]
    return [row["from"]["id"] for row in rows if contact_id in {one["toObjectId"] for one in row["to"]}]
