"""What the services tell the rest of the process, after the commit and only then."""

from django.dispatch import Signal

# kwargs: message (dict), the hint for the other pods that sockets must close
expelled = Signal()

# kwargs: person (str), whose account is being deleted; within that transaction
leaving = Signal()
