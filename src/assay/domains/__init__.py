"""Domain packs: five questions about a source, asked in the manner of a field. Packs do not know each other."""
