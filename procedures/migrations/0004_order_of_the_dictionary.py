import re
import unicodedata
from string import ascii_lowercase, digits

from django.db import migrations, models

_TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}"
_TONES += "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"
_MARKS = {
    "\N{COMBINING BREVE}": "1",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "2",
    "\N{COMBINING HORN}": "3",
}
_LETTERS = {"đ": "d1"}
_LETTERS |= {digit: f"1{digit}" for digit in digits}
_LETTERS |= {letter: f"{letter}0" for letter in ascii_lowercase}


def alphabetical(text: str) -> str:
    """The key of the dictionary's order as it was when this was released."""
    key: list[str] = []
    for word in re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text.lower())).split():
        letters: list[str] = []
        tone = 0
        for character in unicodedata.normalize("NFD", word):
            if character in _TONES:
                tone = 1 + _TONES.index(character)
            elif character in _MARKS and letters:
                letters[-1] = letters[-1][0] + _MARKS[character]
            elif character in _LETTERS:
                letters.append(_LETTERS[character])
        key += [*letters, f"0{tone}"]
    return "".join(key)


def sort_what_is_there(apps, schema_editor):
    for name in ("Sector", "Procedure"):
        rows = list(apps.get_model("procedures", name).objects.all())
        for row in rows:
            row.sort_key = alphabetical(row.name)
        apps.get_model("procedures", name).objects.bulk_update(rows, ["sort_key"], 200)


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_filing_online")]

    operations = [
        migrations.AddField(
            model_name="sector",
            name="sort_key",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="procedure",
            name="sort_key",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(sort_what_is_there, migrations.RunPython.noop, elidable=True),
        migrations.AlterModelOptions(
            name="sector",
            options={
                "ordering": ["sort_key"],
                "verbose_name": "lĩnh vực",
                "verbose_name_plural": "lĩnh vực",
            },
        ),
        migrations.AlterModelOptions(
            name="procedure",
            options={
                "ordering": ["level", "sector__sort_key", "sort_key"],
                "verbose_name": "thủ tục hành chính",
                "verbose_name_plural": "thủ tục hành chính",
            },
        ),
    ]
