"""The search keys as `fold` of motcua/text.py made them in 0.4.0, from the keys before: letters
that look like đ as d, every apostrophe as one, nothing unseen. What they are keys of stays."""

import unicodedata

from django.apps.registry import Apps

BATCH = 2000
_APOSTROPHES = "`\u00b4\u2018\u2019\u201b\u2032\u2035\uff07\uff40\ua78c"
_APOSTROPHES += "\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb"
_UNSEEN = {"\u034f", "\u115f", "\u1160", "\u3164", "\uffa0"}
_UNSEEN |= {chr(code) for code in range(0xFE00, 0xFE10)}
_ONE_WAY = str.maketrans(
    {"\u00d0": "d", "\u00f0": "d", "\u0189": "d", "\u0256": "d"} | dict.fromkeys(_APOSTROPHES, "'")
)


def renewed(key: str) -> str:
    """The key without what the earlier one had left in it."""
    if key.isascii() and "`" not in key:
        return key
    seen = "".join(c for c in key if unicodedata.category(c) != "Cf" and c not in _UNSEEN)
    plain = unicodedata.normalize("NFD", seen.translate(_ONE_WAY))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def renew(apps: Apps, app: str, model: str, batch_size: int = BATCH) -> int:
    """Write the keys that differ, batch by batch in the order of the rows; how many."""
    rows = apps.get_model(app, model)._base_manager.order_by("pk")
    written = 0
    last = 0
    while batch := list(rows.filter(pk__gt=last).only("pk", "search_key")[:batch_size]):
        last = batch[-1].pk
        changed = [row for row in batch if row.search_key != renewed(row.search_key)]
        for row in changed:
            row.search_key = renewed(row.search_key)
        rows.bulk_update(changed, ["search_key"])
        written += len(changed)
    return written
