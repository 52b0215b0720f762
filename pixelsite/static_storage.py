"""Static files for production: hashed and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Hashed names that the page's ES modules follow in their imports."""

    support_js_module_import_aggregation = True
    # At worst each pass settles one module more of the longest chain of imports; Django stops at 5.
    max_post_process_passes = 20
