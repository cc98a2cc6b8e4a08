"""The migration that renews search keys: names stay, keys are those that `fold` makes now."""

import unicodedata
from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from dossiers.models import Dossier
from motcua.text import fold
from tests.cast import Cast

keys = import_module("procedures.migrations._search_keys")


def earlier_fold(text: str) -> str:
    """As 0.4.0 was before this migration."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


@given(st.text() | st.text("\u00d0\u00f0\u0189\u2019`\u200b\u00ad\ufe0fĐđa "))
def test_renewed_makes_of_an_earlier_key_what_fold_makes_now(text: str) -> None:
    assert keys.renewed(earlier_fold(text)) == fold(text)


@pytest.mark.django_db
def test_search_keys_renewed_renew_changes_search_keys_alone_in_batches(cast: Cast) -> None:
    names = ["\u00d0ỗ Văn \u00d0ức", "K\u2019Brếp", "Nguyễn\u200b Ân", "Lê Thị Bé", "Ng\u00adô"]
    for name in names:
        dossier = cast.received("2016-09-15T08:00", applicant_name="Một người")
        Dossier.objects.filter(pk=dossier.pk).update(
            applicant_name=name, search_key=earlier_fold(f"{name} 381234567")
        )
    before = list(Dossier.objects.order_by("pk").values())
    assert not Dossier.objects.search("do van duc").exists()
    assert keys.renew(apps, "dossiers", "Dossier", batch_size=2) == 4
    after = list(Dossier.objects.order_by("pk").values())
    assert [row["applicant_name"] for row in after] == names
    for old, new in zip(before, after, strict=True):
        assert new.pop("search_key") == fold(f"{new['applicant_name']} 381234567")
        old.pop("search_key")
        assert old == new
    for text, name in (("Đỗ Văn Đức", names[0]), ("k'brep", names[1]), ("nguyen an", names[2])):
        assert [d.applicant_name for d in Dossier.objects.search(text)] == [name]
    assert keys.renew(apps, "dossiers", "Dossier", batch_size=2) == 0
