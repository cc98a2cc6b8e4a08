"""The words that the project ships: all of the two catalogues, within their limits, and
laid so that what an administrator keeps stays."""

import csv
from collections import Counter

import pytest

from procedures.catalogue import DATA, load_catalogue
from procedures.life_events import load_life_events
from procedures.models import (
    CatalogueStamp,
    HandledElsewhere,
    LifeEventStep,
    Procedure,
    ProcedureWords,
    SearchTerm,
)
from procedures.search.shipped_words import load_search_words
from procedures.shipped.catalogue_2026 import load_catalogue_2026
from tests.cast import Cast, make_procedure


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keys_of_2016() -> set[str]:
    files = ("catalogue_commune.csv", "catalogue_district.csv")
    return {row["id"] for file in files for row in rows(file)}


def keys_of_2026() -> set[str]:
    return {row["national_code"] for row in rows("catalogue_commune_2026.csv")}


def doubles(texts: list[str]) -> list[str]:
    return [text for text, count in Counter(map(str.lower, texts)).items() if count > 1]


# What the files hold


def test_shipped_words_are_of_procedures_that_are_there() -> None:
    known = keys_of_2016() | keys_of_2026()
    assert [row["key"] for row in rows("common_names.csv") if row["key"] not in known] == []
    for file, column in (
        ("handled_elsewhere.csv", "neighbours"),
        ("life_event_steps.csv", "keys"),
    ):
        named = {key for row in rows(file) for key in row[column].split()}
        assert named - known == set(), file


def test_shipped_words_reach_every_procedure_of_both_catalogues() -> None:
    named = {row["key"] for row in rows("common_names.csv")}
    same = {
        row["national_code"] for row in rows("catalogue_2016_to_2026.csv") if row["key"] in named
    }

    assert (len(keys_of_2016()), len(keys_of_2026())) == (372, 385)
    assert sorted(keys_of_2016() - named) == []
    assert sorted(keys_of_2026() - named - same) == []


def test_shipped_words_name_each_procedure_once() -> None:
    assert doubles([row["key"] for row in rows("common_names.csv")]) == []


def test_shipped_words_are_short_and_differ_within_a_procedure() -> None:
    for row in rows("common_names.csv"):
        names = row["names"].split(" | ")
        assert 1 <= len(names) <= 30, row["key"]
        assert all(name == name.strip() and 0 < len(name) <= 80 for name in names), row["key"]
        assert doubles(names) == [], row["key"]
        assert 0 < len(row["when"]) <= 100, row["key"]
        assert row["often"] in set("012345"), row["key"]


def test_shipped_words_terms_and_matters_fit_their_fields() -> None:
    terms = rows("search_terms.csv")
    assert all(0 < len(row["word"]) <= 80 and 0 < len(row["means"]) <= 200 for row in terms)
    assert all(len(row["source"]) <= 120 for row in terms)
    assert doubles([f"{row['word']}|{row['means']}" for row in terms]) == []
    matters = rows("handled_elsewhere.csv")
    assert doubles([row["matter"] for row in matters]) == []
    for row in matters:
        assert len(row["matter"]) <= 80 and len(row["where"]) <= 160, row["matter"]
        assert len(row["advice"]) <= 300, row["matter"]
        assert all(len(name) <= 80 for name in row["words"].split(" | ")), row["matter"]
    for row in rows("life_event_steps.csv"):
        assert len(row["name"]) <= 120 and len(row["when"]) <= 160, row["name"]
        assert len(row["elsewhere"]) <= 300, row["name"]
        assert bool(row["keys"]) or bool(row["elsewhere"]), row["name"]


# How they are laid


@pytest.fixture
def birth(db: None) -> Procedure:
    """One of the catalogue of 2016, one that it became in 2026, one that nobody ships."""
    make_procedure("X901", "Đăng ký nuôi cá sấu", "Thủy sản", "commune", 5, "working_day")
    return make_procedure("X002", "Một thủ tục", "Bảo trợ xã hội", "commune", 5, "working_day")


@pytest.mark.django_db
def test_load_search_words_is_safe_to_repeat(birth: Procedure) -> None:
    assert load_search_words() > 1000
    before = CatalogueStamp.current()
    counted = [
        model.objects.count()
        for model in (ProcedureWords, SearchTerm, HandledElsewhere, LifeEventStep)
    ]

    assert load_search_words() == 0

    assert CatalogueStamp.current() == before
    assert counted == [
        model.objects.count()
        for model in (ProcedureWords, SearchTerm, HandledElsewhere, LifeEventStep)
    ]
    assert ProcedureWords.objects.get().procedure == birth


@pytest.mark.django_db
def test_load_search_words_leaves_what_an_administrator_changed(birth: Procedure) -> None:
    load_search_words()
    words = ProcedureWords.objects.get()
    words.names = "cách gọi của xã"
    words.save()
    term = SearchTerm.objects.order_by("pk")[0]
    term.means = "nghĩa của xã"
    term.save()

    load_search_words()

    assert ProcedureWords.objects.get().names == "cách gọi của xã"
    assert SearchTerm.objects.get(pk=term.pk).means == "nghĩa của xã"


@pytest.mark.django_db
def test_load_search_words_leaves_out_what_an_administrator_deleted(birth: Procedure) -> None:
    load_search_words()
    ProcedureWords.objects.get().delete()
    SearchTerm.objects.all().delete()
    HandledElsewhere.objects.all().delete()

    load_search_words()

    assert not ProcedureWords.objects.exists()
    assert not SearchTerm.objects.exists()
    assert not HandledElsewhere.objects.exists()


@pytest.mark.django_db
def test_load_search_words_gives_a_procedure_that_came_later_its_words(birth: Procedure) -> None:
    load_search_words()
    later = make_procedure("1.001731", "Một thủ tục", "Bảo trợ", "commune", 5, "working_day")

    assert load_search_words() == 1

    assert later.words.names == birth.words.names
    assert later.words.when == birth.words.when


@pytest.mark.django_db
def test_load_search_words_begins_no_table_that_an_administrator_began(birth: Procedure) -> None:
    SearchTerm.objects.create(word="cá sấu", means="thủy sản")

    load_search_words()

    assert SearchTerm.objects.get().word == "cá sấu"


@pytest.mark.django_db
def test_load_search_words_leaves_every_shipped_procedure_with_words() -> None:
    load_catalogue()
    load_catalogue_2026()
    load_life_events()

    load_search_words()

    assert list(Procedure.objects.filter(words__isnull=True).values_list("key", flat=True)) == []
    assert ProcedureWords.objects.count() == 757
    assert not HandledElsewhere.objects.filter(words="").exists()


def test_load_search_words_reaches_the_index(cast: Cast) -> None:
    before = CatalogueStamp.current()

    load_search_words()

    assert CatalogueStamp.current() != before
