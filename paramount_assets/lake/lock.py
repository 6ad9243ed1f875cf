"""The lake's writer lock: whoever writes tables, or needs that nobody does meanwhile, holds it."""

from pathlib import Path

from filelock import FileLock, Timeout

from paramount_assets.lake.faults import LakeBusy


class WriterLock:
    """The lock of one lake. Use it as a context manager.

    Args:
        folder: the lake's folder, made where there is none.
        wait_seconds: how long to wait for whoever holds it.

    Raises:
        LakeBusy: it was held for longer than that.
    """

    def __init__(self, folder: Path, wait_seconds: float) -> None:
        self._folder = folder
        self._wait = wait_seconds
        self._lock = FileLock(folder / ".writer.lock")

    def acquire(self) -> None:
        """Takes the lock.

        Raises:
            LakeBusy: another kept it for longer than the wait.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=self._wait)
        except Timeout:
            raise LakeBusy(
                f"another run has been writing the lake for {self._wait:g} seconds; try again when it is done"
            ) from None

    def release(self) -> None:
        """Lets the next one in."""
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
