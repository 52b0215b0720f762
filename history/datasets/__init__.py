"""The past as data sets: ours, and those of the field."""
