"""What the services tell the rest of the process, after the commit and only then."""

from django.dispatch import Signal

# kwargs: kind and key (str) of the Expulsion: sockets must close, on every pod
expelled = Signal()

# kwargs: person (str), whose account is being deleted; within that transaction
leaving = Signal()
