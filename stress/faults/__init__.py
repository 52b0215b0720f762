"""The faults, one module for each family."""
