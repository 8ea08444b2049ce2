"""Who may, what may pass, what is written down: access, admission of questions and filters."""
