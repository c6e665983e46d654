"""Processes that do not outlive the one that started them, even when that one is killed."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not import. Other systems have no such thing.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """Have the kernel send this process a signal when `parent` is gone; to be called in the child."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it went before we asked
            os.kill(os.getpid(), number)
