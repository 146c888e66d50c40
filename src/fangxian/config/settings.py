"""Django settings, all from the environment; the embedded default needs only a data folder.

FANGXIAN_DATA     folder of all state (SQLite, visit log, exports)
FANGXIAN_KEYS     key file, outside the data folder (default: beside it, `<data>.keys.json`)
DATABASE_URL      PostgreSQL in production; empty means SQLite inside the data folder, as does the copy of a drill
FANGXIAN_CLOCK    ISO time at which this server's clock starts (drills, demo); empty means the real one
FANGXIAN_HOSTS    host names answered to, comma separated
FANGXIAN_HTTPS    1 behind TLS: secure cookies, HSTS
"""

from pathlib import Path
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from fangxian.core import drilling, keys

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR = Path(env.str("FANGXIAN_DATA", "data")).resolve()
KEY_FILE = Path(env.str("FANGXIAN_KEYS", f"{DATA_DIR}.keys.json")).resolve()
if not KEY_FILE.exists():
    raise ImproperlyConfigured(f"No key file at {KEY_FILE}. Run `fangxian init --data {DATA_DIR}` first.")
keys.use(keys.KeyRing.load(KEY_FILE))

SECRET_KEY = keys.current().secret_key
DEBUG = False
HTTPS = env.bool("FANGXIAN_HTTPS", False)
ALLOWED_HOSTS = env.list("FANGXIAN_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
CLOCK_START = env.str("FANGXIAN_CLOCK", "")
IS_DRILL = (DATA_DIR / drilling.FILE).exists()  # the copy of a drill: its clock is written there, nothing leaves it

ROOT_URLCONF = "fangxian.config.urls"
ASGI_APPLICATION = "fangxian.config.asgi.application"
AUTH_USER_MODEL = "core.Officer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SYSTEMS = [
    "people", "command", "screening", "risk_areas", "checkpoints", "arrivals", "testing", "cases", "letters",
    "quarantine", "medical", "goods", "pharmacies", "environment", "immunization", "community", "publicity",
    "surveillance", "bulletins", "directives", "inspection",
    "supplies", "workforce", "drills", "readiness", "situation",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "csp",
    "axes",
    "fangxian.faces.web",  # before allauth: its templates replace allauth's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "fangxian.core",
    "fangxian.registers",
    *[f"fangxian.systems.{name}" for name in SYSTEMS],
    "fangxian.workflows",
    "fangxian.faces.api",
    "fangxian.faces.field",
    "fangxian.faces.backoffice",
]

MIDDLEWARE = [
    "fangxian.faces.ingest.shedding.SheddingMiddleware",  # before all others: what is shed must cost nothing
    "django.middleware.security.SecurityMiddleware",
    "fangxian.faces.web.static_files.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fangxian.faces.web.drill_copy.DrillMiddleware",
    "fangxian.faces.web.middleware.ModesMiddleware",
    "fangxian.faces.web.middleware.SessionClockMiddleware",
    "fangxian.faces.web.middleware.SecondFactorMiddleware",
    "fangxian.faces.web.middleware.PolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fangxian.faces.web.context.shell",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- storage: durable by default; core.storage asserts these pragmas at start ---
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA busy_timeout=20000;"
)
if env.str("DATABASE_URL", "") and not IS_DRILL:  # a copy has no way to the database of the original
    DATABASES = {"default": env.db("DATABASE_URL")}
    DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket folder is written %2F…
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "fangxian.sqlite",
            # IMMEDIATE: a transaction that will write takes its lock at once instead of failing half way
            "OPTIONS": {"init_command": SQLITE_PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    }

# --- sign-in ---
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "fangxian.faces.web.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# an office shares one address; wrong tries on one name are counted by axes, durably
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "fangxian.faces.web.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Fangxian 防线"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours: a delay, never a hard lock (that would be a way to shut people out)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_ENABLE_ADMIN = False
AXES_USERNAME_CALLABLE = "fangxian.faces.web.accounts.typed_username"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_IDLE_SECONDS = 30 * 60
SESSION_IDLE_SECONDS_ADMIN = 15 * 60

# --- browser hardening ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send Origin: null with forms, which CSRF refuses
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- languages and time ---
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("FANGXIAN_TIME_ZONE", "Asia/Shanghai")
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]

# --- static files: found inside the package, no collectstatic needed ---
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = DATA_DIR / "files"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("FANGXIAN_LOG", "WARNING")},
}
