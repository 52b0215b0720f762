"""Canvases, blueprints, the audit trail, bans and reports in Django admin."""

from moderation.admin import bans, blueprints, canvases, operations, reports

__all__ = ["bans", "blueprints", "canvases", "operations", "reports"]  # each registers its model
