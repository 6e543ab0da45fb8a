from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Not a domain: it only brings the management commands that run the house."""

    name = "config"
    label = "comanda_config"
    verbose_name = "Comanda"
