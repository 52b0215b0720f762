"""The past as a moving picture."""
