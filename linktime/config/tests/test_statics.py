"""Static files: found without a build, and under lasting names once collected."""

import pytest
from django.templatetags.static import static

from linktime.config import statics


@pytest.fixture
def storage(settings, tmp_path):
    """A storage for a folder of its own; Django keeps one storage for the whole process."""
    settings.STATIC_ROOT = tmp_path / "static"
    return statics.Storage(location=settings.STATIC_ROOT)


def test_nothing_collected_means_plain_names(storage):
    assert storage.stored_name("app.css") == "app.css"
    assert static("app.css") == "/static/app.css"


def test_collecting_happens_once_and_again_after_a_change(settings, storage, tmp_path, monkeypatch):
    """What is collected bears its digest; a second start has nothing to do until a file changes."""
    calls = []
    monkeypatch.setattr(statics, "call_command", lambda *words, **_options: calls.append(words[0]))
    statics.collect()
    statics.collect()
    assert calls == ["collectstatic"]
    monkeypatch.setattr(statics, "_state", lambda: "changed")
    statics.collect()
    assert calls == ["collectstatic"] * 2
