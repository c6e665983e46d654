"""Django's settings, made from the environment (`environ.py`) and from nothing else."""

import os
import zoneinfo
from base64 import b64encode
from pathlib import Path

from django.utils.csp import CSP

from linktime.config import addresses, databases, logs, mail, secrets, statics, tracing
from linktime.config.environ import Environment, count
from linktime.core import languages
from linktime.crm.registry import PROVIDERS

# The pinned tzdata package wins over the system's files, which are often years old.
zoneinfo.reset_tzpath(to=[])

env = Environment()
PACKAGE = Path(__file__).resolve().parent.parent

BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = secrets.secret_key(env)
ENCRYPTION_KEYS = secrets.encryption_keys(env)
DATABASES = databases.from_environment(env)
DEBUG = False
ALLOWED_HOSTS = secrets.allowed_hosts(BASE_URL)
DATA_DIR = Path(env.text("DATA_DIR", ".linktime")).resolve()
HTTPS = BASE_URL.startswith("https:")

DEFAULT_PLAN = env.choice("DEFAULT_PLAN", ("free", "pro", "team"), "pro")
ALLOW_SIGNUP = env.flag("ALLOW_SIGNUP", True)
ALLOW_PRIVATE_ADDRESSES = env.flag("ALLOW_PRIVATE_ADDRESSES", False)
EGRESS_IPS = env.parsed("EGRESS_IPS", addresses.parse_addresses, default="", example=addresses.EXAMPLE)
SUPPORT_URL = env.text("SUPPORT_URL")
RETENTION_DAYS = env.parsed("RETENTION_DAYS", count, default="90", example="90")
INVITEE_RETENTION_DAYS = env.parsed("INVITEE_RETENTION_DAYS", count, default="0", example="365")
METRICS_TOKEN = env.text("METRICS_TOKEN")
OTLP_ENDPOINT = env.parsed("OTLP_ENDPOINT", tracing.parse_endpoint, default="", example="http://collector:4318")
TRACING = tracing.wanted(OTLP_ENDPOINT, os.environ)
RATE_LIMIT = env.parsed("RATE_LIMIT", int, default="120", example="120")
TRUSTED_PROXIES = env.parsed("TRUSTED_PROXIES", count, default="0", example="1")

# The operator's own apps at other services, by service; an account may bring its own instead.
SERVICES = {
    name: {
        "client_id": env.text(f"{name.upper()}_CLIENT_ID"),
        "client_secret": env.text(f"{name.upper()}_CLIENT_SECRET"),
        "base_url": env.text(f"{name.upper()}_BASE_URL").rstrip("/"),
    }
    for name in PROVIDERS
}

INSTALLED_APPS = [
    "linktime.accounts",
    "linktime.jobs",
    "linktime.connections",
    "linktime.scheduling",
    "linktime.bookings",
    "linktime.crm",
    "linktime.notifications",
    "linktime.api",
    "linktime.web",
    "linktime.config",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "linktime.config.requests.Traced",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linktime.web.compression.CompressPages",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "linktime.api.edge.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "linktime.web.visitor.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "linktime.web.public.embed.EmbedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linktime.web.errors.pages.DomainErrors",
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CSRF_FAILURE_VIEW = "linktime.web.errors.pages.csrf_failure"

ROOT_URLCONF = "linktime.config.urls"
WSGI_APPLICATION = "linktime.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web", PACKAGE / "web" / "accounts"],  # templates lie beside their views
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linktime.web.context.site",
                "linktime.web.public.embed.context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "linktime.web.templatetags.ui"],
        },
    },
]
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # a booking with all its answers is a few kilobytes

MAILERS = {"default": env.parsed("EMAIL_URL", mail.parse_email_url, default="console:", example=mail.EXAMPLE)}
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "LinkTime <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
REAL_MAIL = MAILERS["default"]["BACKEND"].endswith(".smtp.EmailBackend")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "linktime.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "signup": "linktime.accounts.forms.SignupForm",
    "add_email": "linktime.accounts.forms.ChangeEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Only with confirmation can a sign-up keep silent about who has signed up before; without a mail server (a trial on a
# laptop) nobody could confirm anything.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REAL_MAIL else "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
LOGIN_REDIRECT_URL = "/dashboard/"
LOGIN_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "LinkTime"
MFA_ADAPTER = "linktime.connections.second_factor.SealingAdapter"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = languages.ENGLISH
LANGUAGES = list(languages.NAMES.items())
LOCALE_PATHS = [PACKAGE / "locale"]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "linktime.config.statics.Storage"},
}
WHITENOISE_ADD_HEADERS_FUNCTION = statics.add_headers
WHITENOISE_USE_FINDERS = True  # what was not collected is served as it lies in the apps
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = logs.logging_config(
    env.choice("LOG_FORMAT", ("text", "json"), "text"),
    [
        SECRET_KEY,
        METRICS_TOKEN,
        DATABASES["default"]["PASSWORD"],
        *(b64encode(key).decode() for key in ENCRYPTION_KEYS.values()),
        *(service["client_secret"] for service in SERVICES.values()),
    ],
)
