"""The rights of each group of moderators, the least that it needs.

Migrations make the groups (`moderation.migrations._groups`); a test holds them to this.
"""

from moderation.rights import Right, Role

GROUPS: dict[str, tuple[Right, ...]] = {
    Role.MODERATOR: tuple(right for right in Right if right.role is Role.MODERATOR),
    Role.ADMINISTRATOR: tuple(Right),
}
