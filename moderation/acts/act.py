"""The declaration of an act of moderation; `moderation.acts.table` lists them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from canvas.domain.rules import CanvasMeta
from moderation.forms.area import AreaForm
from moderation.models import Operation
from moderation.permissions import View
from moderation.plans.plan import Plan
from moderation.rights import Right


class Button(NamedTuple):
    """A button of the workbench; `name` and `value` go with its form."""

    label: str
    name: str = ""
    value: str = ""
    is_default: bool = False


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: its kind in the audit trail, the right it asks for, its page, and its plan.

    `path` is below `/admin/moderation/operation/`, and the name of the URL `moderation_{name}`;
    an act on a page that Django makes has neither. With `has_form`, the page answers GET with a
    form; the others take POST only. `button` labels it on the workbench of a canvas. `rules` are
    fields of Canvas that this right alone may change: an undo of that asks for it, too.
    """

    kind: Operation.Kind
    right: Right
    name: str = ""
    path: str = ""
    page: View | None = None
    has_form: bool = False
    button: Callable[[CanvasMeta], Button] | None = None
    plan: type[Plan] | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AreaAct(Act):
    """An act on the area that is selected on the workbench, which also shows what is wrong.

    `needs` are the optional fields of AreaForm that it cannot do without. With a `dry_run`, that
    is the answer until the request has `confirm`.
    """

    do: Callable[[User, CanvasMeta, AreaForm], Operation]
    needs: tuple[str, ...] = ("reason",)
    dry_run: Callable[[HttpRequest, CanvasMeta, AreaForm], HttpResponseBase] | None = None
