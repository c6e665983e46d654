"""The emulators as a process, and how an independent client is pointed at them."""

from linktime.emulators.conftest import emulator, process

__all__ = ["emulator", "process"]
