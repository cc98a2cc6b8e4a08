"""The one settings file. What differs between installations comes from the environment:
the variables are listed, read and checked in `motcua/environment.py`."""

from pathlib import Path
from urllib.parse import urlsplit

from motcua.environment import LOOPBACK, Environment, as_admins

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = env.folder("MOTCUA_VAR", BASE_DIR / "var")

# Where and for whom

DEBUG = env.flag("MOTCUA_DEBUG")
SECRET_KEY = env.secret_key("SECRET_KEY", VAR)

LISTEN = env.listen("MOTCUA_LISTEN")
PORT = env.port("MOTCUA_PORT", 8000)
EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104  (an address to listen on, none to visit)
VISIT = LOOPBACK if LISTEN in EVERYWHERE else LISTEN
BASE_URL_IS_SET = bool(env.text("MOTCUA_BASE_URL"))
MOTCUA_BASE_URL = env.address("MOTCUA_BASE_URL", default=f"http://{VISIT}:{PORT}")
OVER_HTTPS = MOTCUA_BASE_URL.startswith("https://")

ALLOWED_HOSTS = env.hosts("MOTCUA_ALLOWED_HOSTS") or [
    LOOPBACK,
    "localhost",
    "[::1]",
    VISIT,
    urlsplit(MOTCUA_BASE_URL).netloc.removesuffix(f":{urlsplit(MOTCUA_BASE_URL).port}"),
]
CSRF_TRUSTED_ORIGINS = env.addresses("MOTCUA_CSRF_TRUSTED_ORIGINS") or (
    [MOTCUA_BASE_URL] if BASE_URL_IS_SET else []
)
# How many addresses at the end of X-Forwarded-For were written by proxies of one's own.
MOTCUA_PROXIES = env.number("MOTCUA_PROXIES", 0, 0, 9)
MOTCUA_UPLOAD_MB = env.number("MOTCUA_UPLOAD_MB", 100, 40, 1_000_000)
MOTCUA_WAITING_MB = env.number("MOTCUA_WAITING_MB", 1_000, 40, 1_000_000)
MOTCUA_LOOKUPS_PER_MINUTE = env.number("MOTCUA_LOOKUPS_PER_MINUTE", 30, 1, 100_000)
MOTCUA_LOOKUP_CODES_PER_DAY = env.number("MOTCUA_LOOKUP_CODES_PER_DAY", 100, 1, 10_000)
MOTCUA_HALL_NETWORKS = env.networks("MOTCUA_HALL_NETWORKS")
MOTCUA_SMS_URL = env.service("MOTCUA_SMS_URL")
MOTCUA_SMS_TOKEN = env.text("MOTCUA_SMS_TOKEN")
vars().update(env.mail("MOTCUA_EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.sender("MOTCUA_EMAIL_FROM") or "motcua@localhost"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who is told by e-mail when the program fails.
MOTCUA_ADMINS = env.people("MOTCUA_ADMINS")
ADMINS = as_admins(MOTCUA_ADMINS)
EMAIL_SUBJECT_PREFIX = "[Một cửa] "
MOTCUA_LOG_JSON = env.flag("MOTCUA_LOG_JSON")

# Apps and middleware

INSTALLED_APPS = [
    "motcua.apps.MotcuaConfig",
    "procedures",
    "dossiers",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "simple_history",
]
MIDDLEWARE = [
    "motcua.operations.logs.Requests",
    "motcua.web.headers.ClosedToStrangers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.web.headers.kept_by_no_browser",
    "motcua.web.public_pages.not_for_search_engines",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "motcua.web.wrong_method.said_in_words",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "motcua.accounts.sessions.EndsWhenIdle",
    "motcua.web.bodies.within_bounds",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "motcua.printing.print_later.SaidLater",
]
ROOT_URLCONF = "motcua.urls"
WSGI_APPLICATION = "motcua.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.web.context.site",
            ],
        },
    }
]
CRISPY_TEMPLATE_PACK = "motcua"
CRISPY_ALLOWED_TEMPLATE_PACKS = [CRISPY_TEMPLATE_PACK]

# Data

DATABASES = {"default": env.database("DATABASE_URL", VAR)}
# Tools that need a session of their own go around a pooler.
MOTCUA_DIRECT = env.direct("DATABASE_DIRECT_URL", DATABASES["default"])
MOTCUA_REPLICA_LAG = env.number("MOTCUA_REPLICA_LAG", 10, 1, 3600)
# What reports may read from a replica: whole apps, and of accounts only offices and divisions,
# since a closed account is closed at once.
MOTCUA_REPLICA_MODELS = {"procedures", "dossiers", "reports", "motcua.Office", "motcua.Division"}
# Tables whose rows are somebody's work: with any of them a database is not empty, and a restore
# replaces it only when told to.
MOTCUA_WORK_MODELS = ("motcua.Staff", "dossiers.Dossier")
replica = env.replica("REPLICA_URL", DATABASES["default"])
if replica:
    DATABASES["replica"] = replica
    DATABASE_ROUTERS = ["motcua.operations.replica.Router"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware"),
        "motcua.operations.replica.OwnWrites",
    )

# Who comes in

AUTH_USER_MODEL = "motcua.Staff"
AUTHENTICATION_BACKENDS = ["motcua.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "motcua.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "motcua.accounts.passwords.NotOnesOwnName"},
    {"NAME": "motcua.accounts.passwords.NotCommon"},
    {"NAME": "motcua.accounts.passwords.NotDigitsAlone"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "login"
# Counters are shared: a session ends with the browser, after hours without a press, and at the
# latest after a working day (motcua/accounts/sessions.py).
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MOTCUA_IDLE_HOURS = env.number("MOTCUA_IDLE_HOURS", 3, 1, 12)
SESSION_COOKIE_AGE = MOTCUA_IDLE_HOURS * 60 * 60
MOTCUA_SECOND_FACTOR = env.choice("MOTCUA_SECOND_FACTOR", ("none", "leaders", "all"), "none")

# Protection; a public address with https means a proxy in front that speaks TLS and says so

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_HTTPS
CSRF_FAILURE_VIEW = "motcua.accounts.resend.ask_whose_it_is"
if OVER_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other names under the office's domain are not ours to bind to https
    "security.W008",  # the proxy that speaks TLS redirects
    "security.W021",  # the browsers' preload list is the domain owner's decision
]

# Việt Nam

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["motcua.formats"]
# Groups of three are asked for where they are wanted (intcomma, number_format): switched on for
# everything, templates would write the year 2016 as 2.016.
USE_THOUSAND_SEPARATOR = False

# Files that browsers fetch

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What citizens send: no address of its own, readable for the server's account alone.
    "uploads": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR / "uploads",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "motcua.web.assets.RememberingStorage"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Pictures and web fonts are compressed as they are; the paper's own fonts reach no browser.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "webp", "woff2", "ttf", "gz", "br"]

# What is written down: sentences and tracebacks on stderr; no form contents, no query strings,
# and nothing that an exception quotes

DEFAULT_EXCEPTION_REPORTER = "motcua.operations.privacy.Report"
TOLD = ["stderr", "administrators"] if ADMINS else ["stderr"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "motcua.operations.privacy.LogLine",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "motcua.operations.logs.JsonLine"},
    },
    "filters": {"not_too_often": {"()": "motcua.operations.logs.NotTooOften"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if MOTCUA_LOG_JSON else "line",
        },
        "administrators": {
            "class": "motcua.operations.privacy.FaultMail",
            "level": "ERROR",
            "filters": ["not_too_often"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": TOLD, "level": "WARNING"},
    "loggers": {
        "django": {"handlers": TOLD, "level": "INFO", "propagate": False},
        "motcua": {"level": "INFO"},
        # Scanners ask for other names all day; they get 400 and no traceback.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
