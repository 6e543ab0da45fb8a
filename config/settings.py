"""Comanda's settings: one file for every place it runs. What differs comes from the environment (see .env.example)."""

import os
import sys
from pathlib import Path
from typing import Any

from config import connections
from config.embedded import addresses
from config.env import env_bool, env_int, env_list, env_path, env_secret, env_str, load_dotenv
from config.recordings import recordings_storage
from config.secret_key import kept_secret_key
from config.unfold import UNFOLD  # noqa: F401  # django-unfold reads it from here

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")

VAR_DIR = env_path("VAR_DIR", BASE_DIR / "var")

# --- The server -------------------------------------------------------------------------------------------------------
HOST = env_str("HOST", "127.0.0.1")
PORT = env_int("PORT", 8000, minimum=1, maximum=65535)
ASGI_SERVER = env_str("ASGI_SERVER", "uvicorn", choices=("uvicorn", "daphne"))
ASGI_APPLICATION = "config.asgi.application"
ROOT_URLCONF = "config.urls"

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_secret("SECRET_KEY") or kept_secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{HOST}")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0, minimum=0, maximum=8)  # in front of us, each adding to X-Forwarded-For

# --- Voice: what the customer's operations set ------------------------------------------------------------------------
ENABLE_REALTIME_STREAMING = env_bool("ENABLE_REALTIME_STREAMING", True)
STREAMING_ROLLOUT_PERCENTAGE = env_int("STREAMING_ROLLOUT_PERCENTAGE", 100, minimum=0, maximum=100)
FALLBACK_TO_BATCH_ON_ERROR = env_bool("FALLBACK_TO_BATCH_ON_ERROR", True)
STREAMING_FIRST_WORDS_DEADLINE_MS = env_int("STREAMING_FIRST_WORDS_DEADLINE_MS", 4000, minimum=500, maximum=30_000)
BATCH_WORDS_DEADLINE_SECONDS = env_int("BATCH_WORDS_DEADLINE_SECONDS", 45, minimum=5, maximum=55)
OVERLOAD_LOOP_LAG_MS = env_int("OVERLOAD_LOOP_LAG_MS", 300, minimum=20, maximum=10_000)
AUDIO_CHUNK_SIZE_MS = env_int("AUDIO_CHUNK_SIZE_MS", 20, minimum=10, maximum=100)
VOICE_ENGINE = env_str("VOICE_ENGINE", "embedded", choices=("embedded", "scripted"))
RECOGNISER_WORKERS = env_int("RECOGNISER_WORKERS", max(1, (os.cpu_count() or 1) - 1), minimum=1, maximum=256)
SESSION_TOKEN_SECONDS = env_int("SESSION_TOKEN_SECONDS", 900, minimum=30, maximum=86_400)
CALL_MAX_SECONDS = env_int("CALL_MAX_SECONDS", 1800, minimum=60, maximum=14_400)
CALL_IDLE_SECONDS = env_int("CALL_IDLE_SECONDS", 180, minimum=10, maximum=3600)
CALLS_PER_ADDRESS = env_int("CALLS_PER_ADDRESS", 20, minimum=1, maximum=400)
CALLS_PER_ADDRESS_A_MINUTE = env_int("CALLS_PER_ADDRESS_A_MINUTE", 40, minimum=1, maximum=10_000)
OPENAI_API_KEY = env_secret("OPENAI_API_KEY")
OPENAI_BASE_URL = env_str("OPENAI_BASE_URL")
UNDERSTANDER_MODEL = env_str("UNDERSTANDER_MODEL", "gpt-6-luna")
UNDERSTANDER_MODEL_DEADLINE_MS = env_int("UNDERSTANDER_MODEL_DEADLINE_MS", 1500, minimum=100, maximum=2500)
UNDERSTANDER_MODEL_REASONING = env_str("UNDERSTANDER_MODEL_REASONING", choices=("", "none", "minimal", "low"))

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # Daphne replaces `runserver` with an ASGI one; elsewhere it would only cost every process its import of Twisted.
    *(["daphne"] if ASGI_SERVER == "daphne" or sys.argv[1:2] == ["runserver"] else []),
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "waffle",
    "restaurants",
    "orders",
    "flags",
    "voice",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.browser_policy.BrowserPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "restaurants.admin_scope.AdminScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
WAFFLE_FLAG_MODEL = "flags.RolloutFlag"
WAFFLE_ENABLE_ADMIN_PAGES = False  # they would edit waffle's own, unused table
WAFFLE_CACHE_NAME = "waffle"  # for switches and samples; flags are asked of flags.snapshot and never cached
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- PostgreSQL -------------------------------------------------------------------------------------------------------
DATABASE_URL = env_secret("DATABASE_URL")
IS_DATABASE_EMBEDDED = not DATABASE_URL
DATABASES = {
    "default": connections.django_database(
        DATABASE_URL or addresses.database_url(VAR_DIR),
        pool_size=env_int("DATABASE_POOL_SIZE", 0, minimum=0, maximum=500),  # the web server takes 16: asgi.py
    )
}

# The demo's sign-ins are public, so your own database gets it only when you ask for it.
LOAD_DEMO = env_bool("LOAD_DEMO", IS_DATABASE_EMBEDDED)

# --- Files ------------------------------------------------------------------------------------------------------------
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "recordings": recordings_storage(
        VAR_DIR / "recordings",
        bucket=env_str("RECORDINGS_S3_BUCKET"),
        endpoint=env_str("RECORDINGS_S3_ENDPOINT"),
        region=env_str("RECORDINGS_S3_REGION"),
        access_key=env_secret("RECORDINGS_S3_ACCESS_KEY"),
        secret_key=env_secret("RECORDINGS_S3_SECRET_KEY"),
    ),
}

# --- Redis: channel layer, cache, Celery, call state ------------------------------------------------------------------
IS_REDIS_EMBEDDED = not env_secret("REDIS_URL")
REDIS_URL = connections.check_redis_url(env_secret("REDIS_URL") or addresses.redis_url(VAR_DIR))
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "comanda:channels"},
    }
}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "comanda:cache",
        "OPTIONS": {"socket_timeout": 1.0, "socket_connect_timeout": 1.0},  # a page never waits for a Redis that hangs
    }
}
CACHES["waffle"] = {**CACHES["default"], "KEY_PREFIX": "comanda:waffle", "TIMEOUT": 30}

# --- Celery (read by config/celery.py as CELERY_*) --------------------------------------------------------------------
CELERY_BROKER_URL = CELERY_RESULT_BACKEND = connections.celery_redis_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": connections.CELERY_PREFIX, "visibility_timeout": 600}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"global_keyprefix": connections.CELERY_PREFIX}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = 3600
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = env_int("CELERY_WORKER_CONCURRENCY", 8, minimum=1, maximum=256)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celery" / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "close-lost-calls": {"task": "voice.tasks.close_lost_calls", "schedule": 300.0},
    "pick-up-recordings": {"task": "voice.tasks.pick_up_recordings", "schedule": 5.0, "options": {"expires": 10.0}},
    "sweep-recordings": {"task": "voice.tasks.sweep_recordings", "schedule": 3600.0},
}

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files: served by the ASGI application itself, straight from the source folders ----------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"

# --- Accounts ---------------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# --- What browsers may do ---------------------------------------------------------------------------------------------
IS_BEHIND_HTTPS = env_bool("BEHIND_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Logs -------------------------------------------------------------------------------------------------------------
LOG_LEVEL = env_str("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env_str("LOG_FORMAT", "text", choices=("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "config.log_format.TextFormatter"},
        "json": {"()": "config.log_format.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn.error": {"level": "INFO"},
        "uvicorn.access": {"level": "WARNING"},
        "celery": {"level": "INFO"},
        "openai": {"level": "WARNING"},  # below that it writes whole requests: what customers said
        "httpx2": {"level": "WARNING"},
    },
}
