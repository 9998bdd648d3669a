"""What this worker has noted a short while ago, so that it need not be noted again."""

from collections import OrderedDict

from holdfast.kit.clock import Clock

MOST_REMEMBERED = 100_000


class Recent:
    """Names of things, each with the time at which it was new last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._noted: OrderedDict[object, int] = OrderedDict()

    def is_new(self, name: object, for_ms: int) -> bool:
        """Whether something was not noted within the last `for_ms`; from now on it is noted."""
        now = self._clock.now_ms()
        noted = self._noted.get(name)
        if noted is not None and now - noted < for_ms:
            return False
        self._noted.pop(name, None)
        self._noted[name] = now
        while len(self._noted) > MOST_REMEMBERED:
            self._noted.popitem(last=False)
        return True
