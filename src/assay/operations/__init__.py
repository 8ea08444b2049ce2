"""Running a library: measuring, watching, sizing. Uses the public API only."""
