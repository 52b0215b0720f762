"""Static files for production: hashed and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Hashed names that the page's ES modules follow in their imports."""

    support_js_module_import_aggregation = True
