from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class PixelsiteConfig(AppConfig):
    name = "pixelsite"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate, pre_migrate

        from accounts.signals import expelled
        from blueprints import signals as blueprints
        from blueprints.pod.service import open_blueprints
        from canvas import signals
        from canvas.ws import commands
        from pixelsite import announce, checks, errors  # noqa: F401 - they register themselves
        from pixelsite.observe import query_timer
        from pixelsite.postgres import rights

        connection_created.connect(query_timer.on_connected)
        once = apps.get_app_config("canvas")  # Django sends them for each app that has models
        pre_migrate.connect(rights.before_migrating, sender=once)
        post_migrate.connect(rights.after_migrating, sender=once)
        commands.register("blueprint_open", open_blueprints)

        if settings.REDIS_HOST:
            signals.committed.connect(announce.on_committed)
            signals.changed.connect(announce.on_changed)
            expelled.connect(announce.on_expelled)
            blueprints.changed.connect(announce.on_blueprints_changed)


class AdminSiteConfig(AdminConfig):
    default_site = "pixelsite.admin_site.site.Site"
