from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    name = "blueprints"

    def ready(self) -> None:
        from accounts.signals import leaving
        from blueprints import services

        leaving.connect(services.on_leaving)
