"""Accounts with open sessions, and the Cookie header of each.

As a program (`python -m bench.people COUNT`, with DATABASE_URL set) it makes them and prints the
headers, one a line.
"""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.support.processes import ROOT


def logged_in(count: int, environment: Mapping[str, str]) -> list[str]:
    """Make so many logged-in people in that database; return their Cookie headers."""
    result = subprocess.run(
        [sys.executable, "-m", "bench.people", str(count)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return result.stdout.splitlines()


def main(count: int) -> None:
    import django

    django.setup()
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    people = [User(username=f"visitor-{number}", password="!") for number in range(count)]
    User.objects.bulk_create(people)
    store = SessionStore()
    ends = timezone.now() + timedelta(days=1)
    sessions = []
    for person in people:
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        key = f"{person.pk:032d}"
        sessions.append(Session(pk=key, session_data=store.encode(data), expire_date=ends))
        print(f"Cookie: sessionid={key}")
    Session.objects.bulk_create(sessions)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixelsite.settings")
    main(int(sys.argv[1]))
