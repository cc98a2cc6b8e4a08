"""From where on the leaders' page says something, and of what it is silent. Pure Python, no Django
models."""

from motcua.templatetags.motcua_tags import LEAST_OF_A_RATE

ENOUGH = LEAST_OF_A_RATE
"""Dossiers: of fewer no share is said and no rate compared."""
FEW_LATE = 5
"""Late dossiers: with fewer no units are compared, and nothing is laid to volume."""
HOLDS = 0.4
"""The share of what is late or overdue that a kind of work must hold to be named."""
CHANCE = 0.05
CHANGED = 0.003
"""The stocks of two month ends are not independent: a change must be this improbable."""
SOON = 5
"""Working days within which a dossier falls due soon."""
