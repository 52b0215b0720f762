"""Authentication of programs by their access token, for the HTTP API."""

from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import AccessToken


class BearerAuthentication(BaseAuthentication):
    """Authentication by `Authorization: Bearer px_…`; the request's `auth` is the AccessToken.

    It raises AuthenticationFailed for a token that is unknown or revoked.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        secret = tokens.read_header(request.META.get("HTTP_AUTHORIZATION", ""))
        if secret is None:
            return None
        token = tokens.find(secret)
        if token is None:
            raise AuthenticationFailed("This token is unknown or was revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its metaclass has no types
    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
