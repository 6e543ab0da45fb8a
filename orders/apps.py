from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        from orders.name_report import refusals, warnings
        from restaurants.services import publish_checks, publish_warnings

        publish_checks.append(refusals)
        publish_warnings.append(warnings)
