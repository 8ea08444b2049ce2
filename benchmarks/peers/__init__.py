"""Runner scripts of other systems. They are run with the Python of environments of their own, never imported."""
