"""Storage of static files for production: hashed names, compressed content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """A storage whose hashed names also stand in the imports of the page's ES modules."""

    support_js_module_import_aggregation = True
