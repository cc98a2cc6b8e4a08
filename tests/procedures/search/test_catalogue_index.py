"""The index follows every change of the catalogue, in every process, for one statement."""

from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from motcua.models import Level
from procedures.catalogue import load_catalogue
from procedures.life_events import load_life_events
from procedures.models import (
    CatalogueStamp,
    HandledElsewhere,
    LifeEvent,
    Procedure,
    ProcedureWords,
    SearchTerm,
    Sector,
)
from procedures.search import catalogue_index
from procedures.search.answers import search
from procedures.search.ranking import Hit
from procedures.search.shipped_words import load_search_words
from tests.cast import Cast, make_cast, make_procedure
from tests.dossiers.test_concurrency import at_once

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    """The keys of what answers, in its order."""
    return keys_of(search(text, Procedure.objects.filter(is_active=True)).hits)


def keys_of(hits: Iterable[Hit]) -> list[str]:
    keys = dict(Procedure.objects.values_list("pk", "key"))
    return [keys[hit.key] for hit in hits]


def test_index_renamed_procedure_is_found_by_its_new_name(cast: Cast) -> None:
    assert found("nuôi cá sấu") == []

    cast.birth.name = "Cấp giấy chứng nhận nuôi cá sấu"
    cast.birth.save()

    assert found("nuôi cá sấu") == ["X902"]
    assert found("đăng ký lại khai sinh") == []


def test_index_new_procedure_is_found(cast: Cast) -> None:
    assert found("nuôi cá sấu") == []

    make_procedure("X903", "Đăng ký nuôi cá sấu", "Thủy sản", Level.COMMUNE, 5, "working_day")

    assert found("nuôi cá sấu") == ["X903"]


def test_index_deactivated_procedure_is_not_found(cast: Cast) -> None:
    assert found("đăng ký lại khai sinh") == ["X902"]

    cast.birth.is_active = False
    cast.birth.save()

    assert found("đăng ký lại khai sinh") == []


def test_index_new_term_holds_until_it_is_deleted(cast: Cast) -> None:
    assert found("zzkhai") == []

    term = SearchTerm.objects.create(word="zzkhai", means="đăng ký lại khai sinh")
    assert found("zzkhai") == ["X902"]

    term.delete()
    assert found("zzkhai") == []


def test_index_words_of_a_procedure_hold_until_they_are_changed_or_deleted(cast: Cast) -> None:
    words = ProcedureWords.objects.create(procedure=cast.birth, names="nuôi cá sấu")
    assert found("nuôi cá sấu") == ["X902"]

    words.names = "trồng sâm"
    words.save()
    assert (found("nuôi cá sấu"), found("trồng sâm")) == ([], ["X902"])

    ProcedureWords.objects.all().delete()
    assert found("trồng sâm") == []


def test_index_procedure_is_found_by_its_sector_as_it_is_called_now(cast: Cast) -> None:
    assert found("khí tượng") == []

    sector = Sector.objects.get(name="Hộ tịch")
    sector.name = "Khí tượng"
    sector.save()

    assert found("khí tượng") == ["X902"]


def test_index_tag_of_an_event_counts_until_it_is_taken_away(cast: Cast) -> None:
    event = LifeEvent.objects.create(key="thien-tai", name="Thiên tai")
    assert found("thiên tai") == []

    cast.birth.life_events.add(event)
    assert found("thiên tai") == ["X902"]

    event.procedures.clear()
    assert found("thiên tai") == []


def test_index_changed_result_is_found(cast: Cast) -> None:
    assert found("giấy phép nuôi cá sấu") != ["X902"]

    version = cast.birth.versions.get()
    version.result = "Giấy phép nuôi cá sấu"
    version.save()

    assert found("giấy phép nuôi cá sấu")[0] == "X902"


def test_index_matter_of_another_agency_is_told_as_soon_as_it_is_kept(cast: Cast) -> None:
    asked = Procedure.objects.all()
    assert search("nuôi cá sấu", asked).elsewhere is None

    matter = HandledElsewhere.objects.create(
        matter="Nuôi cá sấu", words="nuôi cá sấu", where="Kiểm lâm"
    )
    assert search("nuôi cá sấu", asked).elsewhere == matter

    matter.delete()
    assert search("nuôi cá sấu", asked).elsewhere is None


def test_index_imported_catalogue_is_found(cast: Cast, tmp_path: Path) -> None:
    assert found("nuôi cá sấu") == []
    table = tmp_path / "danh-muc.csv"
    titles = "Mã TTHC,Tên thủ tục,Lĩnh vực,Cấp tiếp nhận,Thời hạn,Đơn vị tính,Áp dụng từ"
    line = "1.999901,Đăng ký nuôi cá sấu,Thủy sản,Xã,5,ngày làm việc,01/01/2016"
    table.write_text(f"{titles}\n{line}\n", encoding="utf-8")

    call_command("import_catalogue", str(table), stdout=StringIO())

    assert found("nuôi cá sấu") == ["1.999901"]


def test_index_asks_one_statement_when_nothing_changed(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    catalogue_index.catalogue_index()

    with django_assert_num_queries(1):
        catalogue_index.catalogue_index()


def test_index_saving_costs_one_statement_more(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        CatalogueStamp.renew()
    assert CatalogueStamp.objects.count() == 1


def test_index_change_in_another_process_is_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here stands what this process held before the other one wrote."""
    assert found("nuôi cá sấu") == []
    before = catalogue_index._held
    cast.birth.name = "Đăng ký nuôi cá sấu"
    cast.birth.save()
    assert found("nuôi cá sấu") == ["X902"]

    monkeypatch.setattr(catalogue_index, "_held", before)

    assert found("nuôi cá sấu") == ["X902"]


def test_index_change_that_was_rolled_back_is_not_found(cast: Cast) -> None:
    assert found("đăng ký lại khai sinh") == ["X902"]

    with transaction.atomic():
        cast.birth.name = "Đăng ký nuôi cá sấu"
        cast.birth.save()
        assert found("nuôi cá sấu") == ["X902"]
        transaction.set_rollback(True)

    assert found("nuôi cá sấu") == []
    assert found("đăng ký lại khai sinh") == ["X902"]


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Cast]:
    yield make_cast()


def test_index_change_through_another_connection_is_found(committed: Cast) -> None:
    assert found("nuôi cá sấu") == []

    def rename() -> None:
        committed.birth.name = "Đăng ký nuôi cá sấu"
        committed.birth.save()

    assert at_once(rename) == []
    assert found("nuôi cá sấu") == ["X902"]


def test_index_is_made_once_for_two_who_ask_at_once(committed: Cast) -> None:
    CatalogueStamp.renew()
    made: list[object] = []

    def ask() -> None:
        made.append(catalogue_index.catalogue_index())

    assert at_once(ask, ask, ask) == []
    assert len(made) == 3
    assert len({id(index) for index in made}) == 1


def test_index_shipped_events_reach_an_index_that_was_made_before(cast: Cast) -> None:
    before = catalogue_index.catalogue_index()

    load_life_events()

    after = catalogue_index.catalogue_index()
    assert after is not before
    (birth,) = (entry for entry in after.entries if entry.key == cast.birth.pk)
    tagged = cast.birth.life_events.values_list("name", flat=True)
    assert tagged
    assert set(tagged) <= {written for _, written in birth.texts}


def test_index_order_of_hits_is_one_on_every_database(db: None) -> None:
    load_catalogue()
    load_search_words()

    assert {text: found(text)[:4] for text in ("sổ đỏ", "khai sinh", "gpxd")} == {
        "sổ đỏ": ["H233", "H215", "H198", "H227"],
        "khai sinh": ["X048", "X044", "X056", "X045"],
        "gpxd": ["H054", "H055", "H056", "H052"],
    }
