from django.db import models


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A secret as `vault.seal` made it. `rotation.rotate` finds every column of this kind by itself."""
