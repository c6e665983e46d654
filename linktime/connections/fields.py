from django.db import models


class SealedField(models.BinaryField):
    """A secret as `vault.seal` made it. `vault.reencrypt_all` finds every column of this kind by itself."""
