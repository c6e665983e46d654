import threading

import pytest

from linktime.core import counting
from linktime.core.counting import SUM, Series, count, give_back, observe, take


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    take()
    yield
    take()


def test_what_is_counted_is_taken_once():
    count("apples", colour="red", size="big")
    count("apples", size="big", colour="red")
    assert take() == {Series("apples", (("colour", "red"), ("size", "big"))): 2}
    assert take() == {}


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0, "0.05"), (0.05, "0.05"), (0.06, "0.1"), (3600, "3600"), (9e9, "+Inf")]
)
def test_seconds_go_to_the_bucket_that_holds_them(seconds, bucket):
    observe("wait", seconds)
    assert take() == {Series("wait", (), bucket): 1, Series("wait", (), SUM): seconds}


def test_what_is_given_back_is_counted_on():
    count("apples")
    taken = take()
    count("apples")
    give_back(taken)
    assert take() == {Series("apples", ()): 2}


def test_many_threads_lose_nothing():
    total = []

    def work():
        for _ in range(1000):
            count("apples")
            total.append(sum(counting.take().values()))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(total) == 8000
