"""What each office keeps of the catalogue: who solves what, its offer, and how a new one begins."""
