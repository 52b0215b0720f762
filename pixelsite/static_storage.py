"""Storage of static files for production: hashed names, compressed content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """A storage whose hashed names also stand in the imports of the page's ES modules."""

    support_js_module_import_aggregation = True
    # At worst each pass settles one module more of the longest chain of imports; Django stops at 5.
    max_post_process_passes = 20
