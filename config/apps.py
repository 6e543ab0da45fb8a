from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Not a domain: it only brings the management commands that run the house."""

    name = "config"
    label = "comanda_config"
    verbose_name = "Comanda"

    def ready(self) -> None:
        """Every process that queues a task must know the broker, not only the worker."""
        from config import celery  # noqa: F401
