"""The rights of moderators: the only place that spells their codenames."""

from collections.abc import Iterator
from enum import StrEnum


class Role(StrEnum):
    """The groups of moderators; each has the rights of the one before it, too."""

    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """A permission, in the form that `has_perm` takes, and the first role that has it.

    Django makes the permissions without a `label` itself, for each model; those with one are of
    our models, and `label` is what people read.
    """

    role: Role
    label: str
    model: str

    VIEW_CANVAS = "canvas.view_canvas", Role.MODERATOR
    VIEW_PLACEMENT = "canvas.view_placement", Role.MODERATOR
    VIEW_BAN = "accounts.view_ban", Role.MODERATOR
    VIEW_OPERATION = "moderation.view_operation", Role.MODERATOR
    VIEW_REPORT = "moderation.view_report", Role.MODERATOR
    VIEW_BLUEPRINT = "blueprints.view_blueprint", Role.MODERATOR
    ADD_CANVAS = "canvas.add_canvas", Role.ADMINISTRATOR

    REVERT = "moderation.revert_pixels", Role.MODERATOR, "Can revert pixels and undo that"
    FILL = "moderation.fill_area", Role.MODERATOR, "Can fill and clear an area and undo that"
    PROTECT = "moderation.protect_area", Role.MODERATOR, "Can protect an area and undo that"
    FREEZE = "moderation.freeze_canvas", Role.MODERATOR, "Can freeze and thaw a canvas"
    CONFIGURE = (
        "moderation.configure_canvas",
        Role.ADMINISTRATOR,
        "Can change size, palette and cooldown of a canvas",
    )
    REDACT = (
        "moderation.redact_past",
        Role.ADMINISTRATOR,
        "Can keep an area of the past from being shown and undo that",
    )
    BAN = "moderation.ban_person", Role.MODERATOR, "Can ban people and networks, and lift bans"
    SHADOW = "moderation.shadow_person", Role.ADMINISTRATOR, "Can put people on the shadow list"
    BLUEPRINTS = (
        "moderation.hide_blueprint",
        Role.MODERATOR,
        "Can hide and show blueprints and undo that",
    )
    EXPORT = "moderation.export_audit", Role.ADMINISTRATOR, "Can export the audit trail"
    OVERVIEW = "moderation.view_overview", Role.MODERATOR, "Can see the overview"
    REPORTS = (
        "moderation.handle_report",
        Role.MODERATOR,
        "Can claim, release and resolve reports",
        "report",
    )

    def __new__(cls, value: str, role: Role, label: str = "", model: str = "operation") -> "Right":
        right = str.__new__(cls, value)
        right._value_ = value
        right.role = role
        right.label = label
        right.model = model
        return right

    @property
    def codename(self) -> str:
        return self.partition(".")[2]


def permissions_of(model: str) -> Iterator[tuple[str, str]]:
    """Yield codename and label of each right on a model of ours, for its `Meta.permissions`."""
    for right in Right:
        if right.label and right.model == model:
            yield right.codename, right.label
