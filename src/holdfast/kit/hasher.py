"""Account passwords: Argon2id on threads of its own.

A hash takes a hundredth of a second of a whole core, so it never runs on the event loop, and only
as many run at once as there are cores: more would only make each other, and everything else, slow.
"""

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from holdfast.kit.errors import LimitExceeded

MOST_WAITING = 64
RETRY_AFTER_MS = 2_000
T = TypeVar("T")


class Hasher:
    """Hashes and verifies account passwords."""

    def __init__(self, memory_kib: int, time_cost: int) -> None:
        self._argon2 = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "holdfast-hash")
        self._running = 0
        # Verified for accounts that do not exist, so that they take the same time.
        self._nobody = self._argon2.hash("nobody's account password")

    async def hash(self, password: str) -> str:
        """The Argon2id hash of the whole of `password`.

        Raises:
            LimitExceeded: too many hashes are waiting already.
        """
        return await self._run(lambda: self._argon2.hash(normal_form(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` belongs to the `stored` hash; never when there is none.

        Takes the same time either way.

        Raises:
            LimitExceeded: too many hashes are waiting already.
        """
        matches = await self._run(
            lambda: self._matches(stored or self._nobody, normal_form(password))
        )
        return matches and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than those set now."""
        return self._argon2.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._argon2.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._running >= MOST_WAITING:
            raise LimitExceeded(RETRY_AFTER_MS)
        self._running += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._running -= 1


def normal_form(password: str) -> str:
    """`password` in Unicode's NFKC, so that every keyboard's spelling of it is the same.

    Lone surrogates, which JSON can carry and UTF-8 cannot, are kept apart rather than dropped.
    """
    whole = unicodedata.normalize("NFKC", password)
    return whole.encode("utf-8", "backslashreplace").decode("utf-8")
