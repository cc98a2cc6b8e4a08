"""What deploy/ ships fits the program: its variables, commands and limits, and what it logs."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from io import StringIO
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command, get_commands
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from motcua.environment import VARIABLES, Environment, as_admins
from motcua.operations.checks import no_example_is_left
from motcua.web import bodies

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))


def example() -> dict[str, str]:
    """The variables of the example, unquoted as systemd does."""
    lines = (DEPLOY / "motcua.env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def test_deploy_example_of_variables_is_accepted_as_it_stands(tmp_path: Path) -> None:
    variables = example()
    assert set(variables) <= set(VARIABLES)
    env = Environment(variables)
    assert env.database("DATABASE_URL", tmp_path)["NAME"] == "motcua"
    assert env.address("MOTCUA_BASE_URL", "").startswith("https://")
    assert env.people("MOTCUA_ADMINS")
    assert env.mail("MOTCUA_EMAIL_URL")["EMAIL_USE_TLS"]
    assert env.sender("MOTCUA_EMAIL_FROM")
    assert env.flag("MOTCUA_LOG_JSON")
    assert env.number("MOTCUA_PROXIES", 0, 0, 9) == NGINX.count("X-Forwarded-For $proxy_add")


def test_check_before_going_public_names_what_was_left_of_the_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert no_example_is_left(None) == []
    for name, value in example().items():
        monkeypatch.setenv(name, value)
    (found,) = no_example_is_left(None)
    assert "MOTCUA_BASE_URL, MOTCUA_ADMINS, MOTCUA_EMAIL_URL" in found.msg
    assert "MOTCUA_BACKUP_KEY" in found.msg


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_deploy_every_unit_runs_a_command_that_exists(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for command in re.findall(r"manage\.py (\w+)", text):
        assert command in get_commands()
    assert "EnvironmentFile=/etc/motcua/motcua.env" in text
    assert "User=motcua" in text
    for path in re.findall(r"--config (\S+)", text):
        assert (DEPLOY.parent / path).is_file()


def test_deploy_every_timer_has_its_service_and_every_task_its_timer() -> None:
    timers = {path.stem for path in DEPLOY.glob("*.timer")}
    assert timers == {path.stem for path in UNITS} - {"motcua", "motcua-failed@"}
    for timer in timers:
        service = (DEPLOY / f"{timer}.service").read_text(encoding="utf-8")
        assert "OnFailure=motcua-failed@%n.service" in service
    tasks = ("notices", "remind", "calendar", "backup", "prune", "figures", "papers")
    assert timers == {f"motcua-{task}" for task in tasks}


def lines_of(unit: Path) -> list[str]:
    return unit.read_text(encoding="utf-8").splitlines()


def hardening(unit: Path) -> list[str]:
    """From UMask to the end of the section: what every unit has alike."""
    lines = lines_of(unit)
    rest = lines[lines.index("UMask=0077") :]
    return rest[: rest.index("")] if "" in rest else rest


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_deploy_every_unit_is_as_closed_as_the_server(unit: Path) -> None:
    found = hardening(unit)
    assert found == hardening(DEPLOY / "motcua.service")
    assert {"CapabilityBoundingSet=", "SystemCallFilter=@system-service"} < set(found)
    assert len([line for line in lines_of(unit) if re.fullmatch(r"MemoryMax=\d+G", line)]) == 1


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_deploy_systemd_understands_every_unit_and_finds_little_open(
    unit: Path, tmp_path: Path
) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/motcua/.venv/bin/", "/bin/true ")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    name = unit.name.replace("@", "@one")
    told = systemd("verify", "--man=no", str(tmp_path / name), folder=tmp_path)
    assert not [line for line in told.stderr.splitlines() if line.startswith((unit.stem, "/tmp"))]
    security = ("security", "--offline=yes", "--no-pager", "--threshold=25")
    told = systemd(*security, str(tmp_path / name), folder=tmp_path)
    assert told.returncode == 0, told.stdout.splitlines()[-1:] + told.stderr.splitlines()


def systemd(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_deploy_restart_of_the_server_ends_no_job() -> None:
    lines = lines_of(DEPLOY / "motcua.service")
    assert {"KillMode=process", "RuntimeDirectoryPreserve=restart", "OOMPolicy=continue"} < set(
        lines
    )
    # gunicorn ends its workers itself, before systemd would end gunicorn.
    stop = int(next(line for line in lines if line.startswith("TimeoutStopSec"))[15:])
    gunicorn = (DEPLOY.parent / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert stop > int(re.search(r"graceful_timeout = (\d+)", gunicorn)[1])


@pytest.mark.parametrize(("fails", "code"), [("nothing", 0), ("prune_logins", 1)])
def test_deploy_what_is_over_goes_every_night_also_when_one_part_fails(
    fails: str, code: int
) -> None:
    service = (DEPLOY / "motcua-prune.service").read_text(encoding="utf-8")
    script = re.search(r"^ExecStart=/bin/sh -c '(.*)'$", service, re.M)[1].replace("$$", "$")
    python = "/opt/motcua/.venv/bin/python manage.py"
    assert python in script
    stand_in = f'sh -c \'echo "$1"; test "$1" != {fails}\' sh'
    done = subprocess.run(
        ["sh", "-c", script.replace(python, stand_in)], capture_output=True, text=True, check=False
    )
    swept = ["prune_logins", "clearsessions", "prune_files", "prune_exports", "prune_questions"]
    swept.append("prune_drafts")
    assert (done.stdout.split(), done.returncode) == (swept, code)


def test_deploy_nginx_writes_down_nobody() -> None:
    form = re.search(r"log_format motcua(.*?);", NGINX, re.S)
    assert form
    for variable in ("$request ", "$request_uri", "$args", "$http_referer", "$remote_addr", "$uri"):
        assert variable not in form[1]
    logs = set(re.findall(r"access_log (.*?);", NGINX))
    assert logs == {"off", "/var/log/nginx/motcua.log motcua"}


def nginx_takes() -> dict[str, int]:
    """The largest body at each location of nginx, in bytes; "" is everywhere else."""
    units = {"k": 1024, "m": 1024 * 1024}
    server, *rest = re.split(r"location (?:\^~ |= )?", NGINX)
    sizes = {"": server} | {place.split()[0]: place for place in rest}
    found = {
        place: re.search(r"client_max_body_size (\d+)([km]);", s) for place, s in sizes.items()
    }
    return {place: int(size[1]) * units[size[2]] for place, size in found.items() if size}


def largest_bodies(patterns: list[URLPattern | URLResolver], before: str = "") -> dict[str, int]:
    """The largest body at each address whose view takes more than a form."""
    found: dict[str, int] = {}
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            found |= largest_bodies(pattern.url_patterns, route)
            continue
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if largest := getattr(view, "largest_body", None):
            found[f"/{route}".partition("<")[0]] = largest
    return found


def test_deploy_nginx_lets_through_what_the_program_takes_and_little_more() -> None:
    program = {"": bodies.LARGEST_FORM} | largest_bodies(get_resolver().url_patterns)
    nginx = nginx_takes()
    assert set(nginx) == set(program)
    for place, size in program.items():
        assert size <= nginx[place] <= 1.3 * size, place


def test_deploy_nginx_knows_the_socket() -> None:
    socket = re.search(r"server unix:(\S+)", NGINX)[1]
    assert f"--bind unix:{socket}" in (DEPLOY / "motcua.service").read_text(encoding="utf-8")


def test_deploy_nginx_counts_by_the_networks_that_the_program_counts_by() -> None:
    """Every limit; the addresses written as nginx writes them, as short as they can be."""
    assert set(re.findall(r"limit_(?:req|conn)_zone (\S+)", NGINX)) == {"$motcua_visitor"}
    pattern = re.search(r'map \$remote_addr \$motcua_visitor {\s+"~(.*)" \$motcua_net;', NGINX)
    assert pattern is not None
    network = re.compile(pattern[1].replace("(?<", "(?P<", 1))
    for text in ("2001:db8:1:2ab::5", "2001:db8:1:2::5", "2001:db8:1::5", "2001:db8:0:ff00::5"):
        for step in (0, 1, 2**68, 2**71, 2**72, 2**80):
            pair = (ip_address(text), ip_address(int(ip_address(text)) + step))
            first, second = (ip_network((address, 56), strict=False) for address in pair)
            one, other = (network.match(str(address)) for address in pair)
            assert one is not None and other is not None
            assert (one[0] == other[0]) is (first == second), pair
    assert network.match("2001:db8::5")[0] == network.match("2001:db8::1:2:3:4")[0]
    assert network.match("203.0.113.7") is None


def test_deploy_nginx_limits_every_paper_that_a_stranger_may_have_drawn() -> None:
    pattern, limits = re.search(r"location ~ (\S*niem-yet\S*) \{(.*?)\}", NGINX, re.S).groups()
    for address in (
        reverse("procedure_list_paper", args=["a4"]),
        reverse("procedure_paper", args=["H901"]),
        reverse("open_data_file", args=["csv"]),
    ):
        assert re.search(pattern, address)
    assert not re.search(pattern, reverse("open_data"))
    assert not re.search(pattern, reverse("procedure_detail", args=["H901"]))
    for kind in ("limit_req", "limit_conn"):
        zone = re.search(rf"{kind} (?:zone=)?(\w+)", limits)[1]
        assert re.search(rf"^{kind}_zone \$motcua_visitor zone={zone}:", NGINX, re.M)
        assert f"\n{kind}_status 429;" in NGINX


def test_deploy_what_nginx_answers_itself_is_a_page_in_words_that_fetches_nothing() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in DEPLOY.glob("pages/*.html")}
    answered = re.findall(r"error_page ([\d ]+) /motcua-loi/(\S+);", NGINX)
    assert {page for _, page in answered} == set(pages)
    assert " ".join(codes for codes, _ in answered).split() == ["413", "429", "502", "503", "504"]
    for name, page in pages.items():
        assert 'lang="vi"' in page, name
        assert not re.search(r"<(script|link|img|iframe)|https?:|url\(|@import", page), name
    assert f"{max(nginx_takes().values()) // 1024**2} MB" in pages["413.html"]


def test_deploy_workers_are_forked_with_all_loaded_and_no_database_open() -> None:
    began = (
        "import runpy, sys; import motcua.wsgi; from django.db import connections\n"
        "runpy.run_path('gunicorn.conf.py')['on_starting'](None)\n"
        "assert {'dossiers.views.lookup', 'weasyprint'} <= set(sys.modules)\n"
        "assert not [one for one in connections.all() if one.connection]\n"
    )
    subprocess.run([sys.executable, "-c", began], cwd=DEPLOY.parent, check=True)


def test_deploy_administrators_are_told_of_a_job_that_failed(settings: object) -> None:
    with pytest.raises(CommandError, match="MOTCUA_ADMINS"):
        call_command("tell_administrators", "motcua-backup.service")
    settings.ADMINS = as_admins(["quantri@thoibinh.example"])
    call_command("tell_administrators", "motcua-backup.service", stdout=StringIO())
    (letter,) = mail.outbox
    assert letter.to == ["quantri@thoibinh.example"]
    assert letter.subject == "[Một cửa] việc tự động motcua-backup.service không chạy được"
    assert "journalctl -u motcua-backup.service" in letter.body


def without_internet(folder: Path, lock: str) -> subprocess.CompletedProcess[str]:
    """script/setup in a copy of the program that has wheels/ and this lock."""
    shutil.copytree(ROOT / "script", folder / "script", dirs_exist_ok=True)
    (folder / "requirements.lock").write_text(lock)
    return subprocess.run(
        [folder / "script" / "setup"],
        env={
            **os.environ,
            "CI": "",
            "PYTHON": sys.executable,
            "PIP_INDEX_URL": "http://127.0.0.1:1/",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_deploy_setup_without_internet_installs_from_wheels_alone_and_checks_them(tmp_path):
    (tmp_path / "wheels").mkdir()
    wheel = tmp_path / "wheels" / "motcua_probe-1.0-py3-none-any.whl"
    about = "motcua_probe-1.0.dist-info"
    files = {
        "motcua_probe.py": "",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: motcua-probe\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()

    refused = without_internet(tmp_path, f"motcua-probe==1.0 --hash=sha256:{'0' * 64}\n")
    assert refused.returncode == 1, refused.stderr
    assert "Thư mục wheels/ không có đủ gói của bản này cho Python" in refused.stderr
    assert "script/wheels 3." in refused.stderr

    made = without_internet(tmp_path, f"motcua-probe==1.0 --hash=sha256:{right}\n")
    assert made.returncode == 0, made.stderr
    subprocess.run([tmp_path / ".venv/bin/python", "-c", "import motcua_probe"], check=True)
