"""Answers of the API about a blueprint and an image."""

from collections.abc import Sequence
from urllib.parse import quote

from django.contrib.auth.models import User
from django.urls import reverse

from blueprints import reads
from blueprints.domain.template import Template
from blueprints.http import shapes
from blueprints.models import Blueprint, Version
from canvas.domain.parsing import DEFAULT_SLUG
from canvas.ledger.reads import milliseconds

VIEW = 600  # CSS pixels that a template is shown in where a link opens it
CLOSEST = 24  # CSS pixels a cell


def blueprint(found: Blueprint, user: User | None) -> shapes.Blueprint:
    """Tell of a blueprint as this user may see it."""
    picture = found.picture
    return {
        "id": found.pk,
        "canvas": found.canvas.slug,
        "version": found.version,
        "title": found.title,
        "description": found.description,
        "link": found.link,
        "x": found.x,
        "y": found.y,
        "image": picture.pk,
        "width": picture.width,
        "height": picture.height,
        "cells": picture.painted,
        "owner": found.owner.get_username(),
        "coeditors": [each.user.get_username() for each in found.coeditors.all()],
        "edited_by": name_of(found.edited_by),
        "edited_at": milliseconds(found.edited_at),
        "created_at": milliseconds(found.created_at),
        "copied_from": found.copied_from or None,
        "is_mine": user is not None and user.pk == found.owner_id,
        "may_edit": reads.may_edit(found, user),
        "hidden": found.hidden and reads.may_edit(found, user),
        "links": links(found),
    }


def links(found: Blueprint) -> shapes.BlueprintLinks:
    picture = found.picture
    feed, png, wplace = (
        reverse(f"blueprint-{kind}", args=[found.pk]) for kind in ("feed", "png", "wplace")
    )
    place = f"ox={found.x}&oy={found.y}&tw={picture.width}&title={quote(found.title, safe='')}"
    return {
        "page": page_link(found),
        "feed": feed,
        "png": png,
        "wplace": wplace,
        "pxls": f"{canvas_path(found)}#template={quote(png, safe='')}&{place}",
    }


def page_link(found: Blueprint) -> str:
    """Return the path of the page that shows it, with its middle in the middle."""
    picture = found.picture
    zoom = max(1, min(CLOSEST, VIEW // max(picture.width, picture.height)))
    x, y = found.x + picture.width // 2, found.y + picture.height // 2
    return f"{canvas_path(found)}?t={found.pk}#{max(0, x)},{max(0, y)},{zoom}"


def canvas_path(found: Blueprint) -> str:
    slug = found.canvas.slug
    return reverse("page") if slug == DEFAULT_SLUG else reverse("canvas-page", args=[slug])


def versions(found: Sequence[Version]) -> shapes.BlueprintVersions:
    return {"versions": [version(each) for each in found]}


def version(found: Version) -> shapes.BlueprintVersion:
    return {
        "version": found.number,
        "title": found.title,
        "x": found.x,
        "y": found.y,
        "image": found.picture_id,
        "by": name_of(found.by),
        "at": milliseconds(found.at),
    }


def image(template: Template) -> shapes.BlueprintImage:
    counts = template.counts
    return {
        "sha256": template.sha256,
        "width": template.width,
        "height": template.height,
        "cells": template.painted,
        "colors": [
            {"index": index, "color": color, "cells": counts[index]}
            for index, color in template.colors.items()
        ],
    }


def name_of(user: User | None) -> str | None:
    return None if user is None else user.get_username()
