"""The data folder: what is made in it once, and what is never touched."""

from pathlib import Path

import pytest

from linktime.cli import folder
from linktime.cli.problems import Stop
from linktime.config import secrets


def test_secrets_are_made_once_and_are_nobody_elses_business(tmp_path):
    first = folder.keys(folder.opened(tmp_path / "data"))
    assert folder.keys(tmp_path / "data") == first
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o077 == 0
    assert secrets.parse_keys(first["LINKTIME_ENCRYPTION_KEYS"])


def test_processes_that_start_together_have_the_same_secrets(tmp_path, monkeypatch):
    """Between our look and our writing another process has made them: its secrets count."""
    theirs = folder.keys(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert folder.keys(tmp_path) == theirs
    assert {path.name for path in tmp_path.iterdir()} == {"secrets.json"}


def test_a_new_key_comes_first_and_the_old_one_stays(tmp_path):
    old = folder.keys(tmp_path)["LINKTIME_ENCRYPTION_KEYS"]
    folder.add_key(tmp_path, "second")
    ring = secrets.parse_keys(folder.keys(tmp_path)["LINKTIME_ENCRYPTION_KEYS"])
    assert list(ring) == ["second", "local"]
    assert ring["local"] == secrets.parse_keys(old)["local"]


def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(Stop, match="not LinkTime's"):
        folder.opened(tmp_path)


def test_emptying_keeps_what_it_is_told_to_and_follows_no_link(tmp_path):
    """A link in the folder is removed; what it points to is not."""
    outside, data = tmp_path / "outside", folder.opened(tmp_path / "data")
    outside.mkdir()
    (outside / "letter.txt").touch()
    (data / "link").symlink_to(outside)
    (data / "mail").mkdir()
    (data / "demo.lock").touch()
    folder.empty(data, keep=("demo.lock",))
    assert {path.name for path in data.iterdir()} == {"linktime-data", "demo.lock"}
    assert (outside / "letter.txt").exists()
