"""Signals to the rest of the process."""

from django.dispatch import Signal

# Sockets must close on every pod. Sent after the commit; kwargs: kind and key (str) of the
# Expulsion.
expelled = Signal()

# An account is being deleted. Sent within that transaction; kwargs: person (str), its id.
leaving = Signal()
