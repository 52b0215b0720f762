from django.apps import AppConfig


class CanvasConfig(AppConfig):
    name = "canvas"

    def ready(self) -> None:
        from accounts.signals import leaving
        from canvas import services

        leaving.connect(services.on_leaving)
