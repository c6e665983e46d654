"""Who there is: people, the accounts they belong to, and the keys that act for an account."""

import hashlib
import secrets
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Plan(models.TextChoices):
    FREE = "free", _("Free")
    PRO = "pro", _("Pro")
    TEAM = "team", _("Team")

    @property
    def includes_crm(self) -> bool:
        return self != Plan.FREE


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.lower(), **fields)  # as sign-up does: one address in two cases is one person
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by email. `time_zone` is an IANA name."""

    username = None  # type: ignore[assignment]  # Django's documented way to drop the field
    first_name = None  # type: ignore[assignment]  # names are one text: not everybody has two
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[assignment,misc]  # AbstractUser's manager wants a username

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class Account(models.Model):
    """A customer: what is scheduled, connected and paid for belongs to one. `handle` is its address on the web."""

    name = models.CharField(max_length=200)
    handle = models.CharField(max_length=40, unique=True)
    plan = models.CharField(max_length=10, choices=Plan.choices, default=Plan.FREE)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Membership", related_name="accounts")

    def __str__(self) -> str:
        return self.handle


class Brand(models.Model):
    """What an account's booking pages show of its own: `colour` is `#rrggbb` or empty, `picture` WebP or empty."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="brand")
    colour = models.CharField(max_length=7, blank=True)
    picture = models.BinaryField(default=bytes, blank=True)
    picture_digest = models.CharField(max_length=32, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"Brand of {self.account}"


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MEMBER = "member", _("Member")

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user} in {self.account} ({self.role})"


class AccountOwned(models.Model):
    """What belongs to one account; fetched on behalf of somebody through `access.py` alone."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class ApiKey(AccountOwned):
    """A key of the REST API. Shown once, when it is made; only its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        READ_WRITE = "read-write", _("Read and write")

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.READ)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @classmethod
    def issue(cls, *, account: Account, user: User, name: str, scope: str) -> tuple[Self, str]:
        """Make a key and return it with its text, which nobody can read again."""
        text = f"lt_{secrets.token_urlsafe(32)}"
        key = cls.objects.create(
            account=account, user=user, name=name, scope=scope, prefix=text[:10], digest=cls.digest_of(text)
        )
        return key, text

    @staticmethod
    def digest_of(text: str) -> str:
        """Hash a key; a plain SHA-256 is enough for 256 random bits."""
        return hashlib.sha256(text.encode()).hexdigest()


class Letter(models.Model):
    """A mail about somebody's login (confirm, reset, ...) that has not gone out yet.

    A row and not a job's argument: it may hold a link that lets in whoever reads it, and arguments end in logs.
    """

    recipient = models.EmailField()
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"
