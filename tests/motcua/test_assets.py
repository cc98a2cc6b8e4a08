"""The addresses of static files."""

from pathlib import Path

from motcua.web.assets import RememberingStorage


def test_address_is_hashed_and_worked_out_once(tmp_path: Path, settings: object) -> None:
    settings.DEBUG = False
    (tmp_path / "a.css").write_text("a { color: #000 }")
    storage = RememberingStorage(location=tmp_path, base_url="/static/")
    list(storage.post_process({"a.css": (storage, "a.css")}))

    first = storage.url("a.css")
    (tmp_path / "staticfiles.json").unlink()
    storage.hashed_files.clear()

    assert first.startswith("/static/a.")
    assert first != "/static/a.css"
    assert storage.url("a.css") == first
