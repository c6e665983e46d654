"""Many clients of the REST API at once, each with a connection of its own that it keeps open."""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from queue import SimpleQueue
from typing import Any

from tests.acceptance.test_demo import free_port
from tests.processes import LINKTIME, eventually, running


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    seconds: float


class Crowd:
    """Sends requests over a number of connections and returns the answers, in the order of the requests."""

    def __init__(self, port: int, key: str, connections: int = 16) -> None:
        self.port, self.key, self.connections = port, key, connections

    def post(self, path: str, bodies: Iterable[Any]) -> list[Answer]:
        idle: SimpleQueue[HTTPConnection] = SimpleQueue()
        for _ in range(self.connections):
            idle.put(HTTPConnection("127.0.0.1", self.port, timeout=60))
        with ThreadPoolExecutor(self.connections) as threads:
            answers = list(threads.map(lambda body: self._post(idle, path, body), bodies))
        for _ in range(self.connections):
            idle.get().close()
        return answers

    def _post(self, idle: SimpleQueue[HTTPConnection], path: str, body: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        connection = idle.get()
        begun = time.perf_counter()
        connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        idle.put(connection)
        return Answer(answer.status, json.loads(text), time.perf_counter() - begun)


@contextmanager
def serving(workers: int = 2, **variables: str) -> Iterator[int]:
    """Run the web server on the test's database; return its port."""
    port = free_port()
    command = (*LINKTIME, "serve", "--port", str(port), "--workers", str(workers))
    with running(*command, LINKTIME_RATE_LIMIT="1000000", **variables):
        eventually(lambda: answers(port), within=60, what="the web server")
        yield port


def answers(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
