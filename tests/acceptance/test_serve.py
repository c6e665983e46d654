"""`linktime serve` as a real process."""

import signal
import urllib.request

import psutil
import pytest

from tests.acceptance.test_demo import free_port, left
from tests.processes import LINKTIME, eventually, running

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_its_processes_end_with_it(number):
    """Told to end it exits with 0; killed, its children stop listening all the same."""
    port = free_port()

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    with running(*LINKTIME, "serve", "--port", str(port), "--workers", "1") as process:
        eventually(answers, within=40)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        assert process.wait(20) == (0 if number == signal.SIGTERM else -number)
        eventually(lambda: left(children) == [])
    assert not answers()
