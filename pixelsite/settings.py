"""Django settings, all from the environment (`.env.example` lists every one)."""

import os
import secrets
import socket
from pathlib import Path

from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from pixelsite.conf.database import database
from pixelsite.conf.env import Environment
from pixelsite.conf.networks import networks
from pixelsite.conf.redis import redis_host
from pixelsite.conf.safety import (
    check_debug_hosts,
    check_hosts,
    check_https,
    check_origins,
    check_secret_key,
    check_site_url,
    site_url,
)
from pixelsite.conf.traces import traces_endpoint

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- Safety: a production process refuses to start with a guessable secret.
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", default="only-for-development" if DEBUG else "")
SECRET_KEY_FALLBACKS = env.secret("SECRET_KEY_FALLBACKS").split()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
SITE_NAME = env.text("SITE_NAME", default=ALLOWED_HOSTS[0] if ALLOWED_HOSTS else "localhost")
ALLOWED_ORIGINS = env.words("ALLOWED_ORIGINS")
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", default=0)
PROXY_HEADER = env.choice("PROXY_HEADER", ("X-Forwarded-For", "Forwarded"))
HTTPS_ONLY = env.flag("HTTPS_ONLY", default=not DEBUG)
if DEBUG:
    check_debug_hosts(ALLOWED_HOSTS)
else:
    for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS):
        check_secret_key(key, ALLOWED_HOSTS)
    check_hosts(ALLOWED_HOSTS)
check_https(HTTPS_ONLY, TRUSTED_PROXIES)
check_origins(ALLOWED_ORIGINS, https_only=HTTPS_ONLY)
SITE_URL = env.text("SITE_URL", default=site_url(ALLOWED_HOSTS, https=HTTPS_ONLY, debug=DEBUG))
check_site_url(SITE_URL, https_only=HTTPS_ONLY)
# Without a proxy of ours any client could claim to come over https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

# --- Application
INSTALLED_APPS = [
    "daphne",  # before staticfiles: it makes runserver speak ASGI
    "pixelsite.apps.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "moderation",
    "history",
    "blueprints",
    "canvas",
    "presence",
    "pixelsite.apps.PixelsiteConfig",
]
MIDDLEWARE = [
    "pixelsite.middleware.connections.give_back",
    "pixelsite.middleware.https.HttpsRedirect",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pixelsite.middleware.shared_answers.SharedAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "pixelsite.middleware.origins.SameOriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.session_user.SessionUserMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.devices.DeviceMiddleware",
    "pixelsite.admin_site.gate.AdminGate",
    "pixelsite.middleware.refusal_responses.RefusalMiddleware",
]
ROOT_URLCONF = "pixelsite.urls"
ASGI_APPLICATION = "pixelsite.asgi.application"
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
                "accounts.way_back.way_back",
            ],
        },
    }
]

# --- The canvas
GUESTS_ALLOWED = env.flag("GUESTS_ALLOWED", default=DEBUG)
CANVAS_COOLDOWN_SECONDS = env.number("CANVAS_COOLDOWN_SECONDS", default=5)
LIMIT_PLACES_PER_MINUTE = env.integer("LIMIT_PLACES_PER_MINUTE", default=600)
LIMIT_SOCKETS_PER_ADDRESS = env.integer("LIMIT_SOCKETS_PER_ADDRESS", default=100)
LIMIT_PICTURES_PER_MINUTE = env.integer("LIMIT_PICTURES_PER_MINUTE", default=120)
LIMIT_SIGNUPS_PER_HOUR = env.integer("LIMIT_SIGNUPS_PER_HOUR", default=20)
LIMIT_BLUEPRINTS_PER_HOUR = env.integer("LIMIT_BLUEPRINTS_PER_HOUR", default=120)
BLUEPRINTS_PER_PERSON = env.integer("BLUEPRINTS_PER_PERSON", default=50, maximum=1000)
POD_ID = env.text("POD_ID", f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}")

# --- Database: the single source of truth
DATABASES = {"default": database(env, BASE_DIR)}
DATABASE_POD_ROLE = env.text("DATABASE_POD_ROLE")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: carries messages between pods; without it a pod is alone
REDIS_HOST = redis_host(env)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "pixelsite.redis.layers.RedisLayer"
        if REDIS_HOST
        else "pixelsite.redis.layers.MemoryLayer",
        "CONFIG": {"hosts": [REDIS_HOST]} if REDIS_HOST else {},
    }
}

PIXEL_MESSAGES = env.choice("PIXEL_MESSAGES", ("each", "commit"))

# --- People
ADMIN_HOSTS = [host.lower() for host in env.words("ADMIN_HOSTS")]
ADMIN_NETWORKS = networks("ADMIN_NETWORKS", env.words("ADMIN_NETWORKS"))
STAFF_TWO_FACTOR = env.flag("STAFF_TWO_FACTOR", default=False)
OTP_TOTP_ISSUER = SITE_NAME
OTP_ADMIN_HIDE_SENSITIVE_DATA = True  # a key is shown when it is made, and never again
AUTHENTICATION_BACKENDS = ["accounts.backends.PasswordBackend"]
PASSWORD_HASHERS = ["accounts.hashers.QueuedPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "accounts.session_store"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
CANVAS_PAGES = ("page", "canvas-page", "canvases")  # where the account's pages lead back to

# --- Mail, for forgotten passwords
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", default=587)
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="webmaster@localhost")
EMAIL_TIMEOUT = 10  # seconds
if DEBUG and not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# --- HTTP
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "canvas.http.base.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "pixelsite",
    "DESCRIPTION": "One shared canvas: place pixels, read the board and its history.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "pixelsite.openapi.error_codes.list_error_codes",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes: no form or API body of ours is larger
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20  # bytes: no body of ours is written to a disk
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading is for the owner of the domain to decide

# --- Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
WHITENOISE_USE_FINDERS = DEBUG
# Maps of other projects' bundles take Brotli 15 s, and only a debugger asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
WHITENOISE_ALLOW_ALL_ORIGINS = False  # other sites use no file of ours: 3 kB of headers a page
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "pixelsite.static_storage.HashedStaticFiles"
        )
    },
}

# --- Operation
METRICS_PORT = env.integer("METRICS_PORT", default=0)
DRAIN_SECONDS = env.number("DRAIN_SECONDS", default=20)
TRACES_ENDPOINT = traces_endpoint(env)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {
            "()": "pixelsite.observe.redaction.RedactingFormatter",
            "fmt": "%(levelname)s %(name)s %(message)s",
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": True,
        },
    },
    "filters": {
        "context": {"()": "pixelsite.observe.request_ids.ContextFilter", "pod": POD_ID},
        "suspicions": {"()": "pixelsite.observe.suspicions.SuspicionFilter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr" if DEBUG else "ext://sys.stdout",
            "formatter": "line" if DEBUG else "json",
            "filters": ["context", "suspicions"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Naming Django's removes its own handler, which would log every line a second time.
        **{name: {"level": "INFO"} for name in ("canvas", "django", "presence", "pixelsite")},
        # The development server itself logs the refused requests, so these lines would repeat.
        "django.request": {"level": "ERROR" if DEBUG else "INFO"},
    },
}

# --- Time and language
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
