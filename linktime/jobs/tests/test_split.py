import pytest

from linktime.jobs.worker import FEWEST_THREADS, split


@pytest.mark.parametrize("threads", [FEWEST_THREADS, 4, 5, 9, 10, 20, 100])
def test_every_queue_has_threads_and_all_are_used(threads):
    shares = split(threads)
    assert sum(shares.values()) == threads
    assert min(shares.values()) >= 1
