from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class PixelsiteConfig(AppConfig):
    name = "pixelsite"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from accounts.signals import expelled
        from blueprints import signals as blueprints
        from blueprints.pod.service import open_blueprints
        from canvas import signals
        from canvas.ws import commands
        from pixelsite import announce, errors  # noqa: F401 - the documents list its codes
        from pixelsite.observe import query_timer

        connection_created.connect(query_timer.on_connected)
        commands.register("blueprint_open", open_blueprints)

        if settings.REDIS_HOST:
            signals.committed.connect(announce.on_committed)
            signals.changed.connect(announce.on_changed)
            expelled.connect(announce.on_expelled)
            blueprints.changed.connect(announce.on_blueprints_changed)


class AdminSiteConfig(AdminConfig):
    default_site = "pixelsite.admin_site.Site"
