"""A batch's gradients on several cores: each goes forward and back with a part of the images.

The cores work in processes of their own, not in threads: a step is hundreds of short calls of NumPy, and
threads would spend their time on handing the interpreter's lock to each other.
"""

import contextlib
import mmap
import multiprocessing
import signal
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Self

import numpy as np

from solutions.reference.engine.threads import cut, share
from solutions.reference.engine.tuning import AWAKE_SECONDS, HELPER_IMAGES, PART_IMAGES
from solutions.reference.layers.chain import Chain
from solutions.reference.layers.layer import views
from solutions.reference.layers.steps import steps_of
from solutions.reference.shapes import Array, Images, Vector

if TYPE_CHECKING:  # `sequential` imports this module
    from solutions.reference.layers.sequential import Sequential


class Crew:
    """This process and helpers that compute the gradients of one model together.

        with Crew(model, images, labels, batch_size, threads) as crew:
            loss, correct = crew.compute_gradients([4, 1, 7])  # of these three images

    Every member has twins of the layers. The gradient of a batch, whose loss is a mean over its images, is
    the mean of its parts' gradients, weighted by their sizes.

    `threads` of None means as many as this process has cores, or one where a batch is soon done. Helpers are
    forks of this process, which have the images without a copy; other systems than Linux do not fork safely,
    and there it works alone. `winograd`: see `steps`.
    """

    def __init__(
        self,
        model: "Sequential",
        images: Images,
        labels: Vector,
        batch_size: int,
        threads: int | None = None,
        winograd: bool = False,
    ):
        work = batch_size * sum(getattr(layer, "multiplications", 0) for layer in model.layers)
        self._threads = share(threads, work) if _may_fork() else 1
        self._model = model
        self._me = Member(model, images, labels, winograd)
        members = min(self._threads, len(self._parts(batch_size)))
        self._helpers = [Helper(model, images, labels, winograd) for _ in range(members - 1)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for helper in self._helpers:
            helper.end()

    def compute_gradients(self, places: Sequence[int] | Vector) -> tuple[float, int]:
        """Set the model's gradients to those of the loss of a batch, the images at these places.

        Return the (loss, correct answers).
        """
        numbers = np.asarray(places)
        parts = [numbers[part.start : part.stop] for part in self._parts(len(numbers))]
        mine, *others = cut(parts, 1 + len(self._helpers))
        helpers = self._helpers[: len(others)]
        for helper, some in zip(helpers, others, strict=True):
            helper.begin(self._model.values, some, len(places))
        loss, correct = self._me.compute_gradients(mine, len(places))
        self._model.gradients[...] = self._me.total
        for helper in helpers:
            its_loss, its_correct = helper.finish()
            loss, correct = loss + its_loss, correct + its_correct
            self._model.gradients += helper.total
        return loss, correct

    def _parts(self, images: int) -> list[range]:
        if self._threads == 1:
            return [range(images)]
        return cut(range(images), max(-(-images // PART_IMAGES), min(self._threads, images // HELPER_IMAGES)))


class Member:
    """Twins of a model's layers, and in `total` the weighted sums of their gradients over parts of a batch."""

    def __init__(
        self, model: "Sequential", images: Images, labels: Vector, winograd: bool, total: Vector | None = None
    ):
        self._images, self._labels = images, labels
        steps = steps_of(model.layers, winograd)
        self.parameters = [parameter for step in steps for parameter in step.parameters]
        self._chain, self._part = Chain(steps, model.loss), np.zeros_like(model.gradients)
        for parameter, place in views(self._part, self.parameters):
            parameter.gradient = place
        self.total = np.zeros_like(model.gradients) if total is None else total

    def compute_gradients(self, parts: Sequence[Vector], size: int) -> tuple[float, int]:
        """Add up the parts of a batch of so many images; return their share in its (loss, correct answers)."""
        self.total[...] = 0
        loss, correct = 0.0, 0
        for places in parts:
            weight = len(places) / size
            its_loss, its_correct = self._chain.compute_gradients(self._images[places], self._labels[places])
            self._part *= weight
            self.total += self._part
            loss, correct = loss + weight * its_loss, correct + its_correct
        return loss, correct


class Helper:
    """A process with a Member. It reads the weights from memory that it shares with this one, and writes `total` there."""

    def __init__(self, model: "Sequential", images: Images, labels: Vector, winograd: bool):
        self._weights, self.total = _shared(model.values), _shared(model.gradients)
        # How often it was asked, counted here, and how often it has answered, counted by the helper.
        self._asked, self._answered = _shared(np.zeros(1, int)), _shared(np.zeros(1, int))
        self._member = Member(model, images, labels, winograd, self.total)
        for parameter, place in views(self._weights, self._member.parameters):
            parameter.value = place
        context = multiprocessing.get_context("fork")
        self._pipe, its_pipe = context.Pipe()
        self._process = context.Process(target=self._help, args=(its_pipe,), daemon=True)
        # Python 3.12 and later warn of a fork beside threads: a lock that one of them holds stays locked in
        # the fork. The helper takes no lock of another thread.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        its_pipe.close()

    def begin(self, values: Vector, parts: Sequence[Vector], size: int) -> None:
        """Let it compute the gradients of these parts of a batch of so many images."""
        self._weights[...] = values
        with _noticing_its_end():
            self._pipe.send((parts, size))
        self._asked += 1

    def finish(self) -> tuple[float, int]:
        """Wait until `total` is there; return the parts' share in the batch's (loss, correct answers)."""
        _wait_awake(self._answered, self._asked[0])
        with _noticing_its_end():
            answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def end(self) -> None:
        """End the process, whatever it does: nothing that it still has to say is wanted."""
        self._pipe.close()
        self._process.kill()
        self._process.join()

    def _help(self, pipe: Connection) -> None:
        """What the process does."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends `fit`, and that ends the helpers
        self._pipe.close()
        with contextlib.suppress(EOFError, OSError):  # `fit` is gone
            while True:
                _wait_awake(self._asked, self._answered[0] + 1)
                parts, size = pipe.recv()
                answer: tuple[float, int] | Exception
                try:
                    answer = self._member.compute_gradients(parts, size)
                except Exception as error:
                    answer = error
                pipe.send(answer)
                self._answered += 1


def _may_fork() -> bool:
    """Whether this process may have helpers: elsewhere libraries do not survive a fork; a daemon has no children."""
    return sys.platform == "linux" and not multiprocessing.current_process().daemon


def _wait_awake(counter: Vector, number: int) -> None:
    """Return when the counter has reached the number, or after AWAKE_SECONDS.

    The processes meet twice a batch, and a process that sleeps at a pipe needs as long to wake up as a small
    layer to go forward. So each first looks again and again at a number in shared memory, which the other one
    raises after it has written to the pipe. What it then reads comes from the pipe in any case: after
    AWAKE_SECONDS it goes to sleep there, so that a process that is stopped, slow or dead costs no more
    processor time than this. The counter needs no lock, since one process alone writes it, and a value that
    is seen too late only means to wait at the pipe.
    """
    patience = time.perf_counter() + AWAKE_SECONDS
    while counter[0] < number and time.perf_counter() < patience:
        pass


def _shared(array: Array) -> Vector:
    """A new array like this one, in memory that forks of this process share with it."""
    return np.frombuffer(mmap.mmap(-1, max(1, array.nbytes)), array.dtype, array.size)


@contextlib.contextmanager
def _noticing_its_end() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError):
        raise RuntimeError(
            "a process that shared the work of `fit` has ended, perhaps for want of memory; `threads=1` does without"
        ) from None
