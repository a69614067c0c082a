"""A batch's gradients on several cores: each goes forward and back with a part of the images."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from solutions.reference.engine.threads import cut, share
from solutions.reference.layers.chain import Chain
from solutions.reference.layers.layer import views
from solutions.reference.layers.steps import steps_of

FEWEST_IMAGES = 8  # worth a thread's while
MOST_IMAGES = 16  # of the article's network these fill a core's own cache


class Crew:
    """Threads that compute the gradients of one model together.

        with Crew(model.layers, model.loss, model.gradients, batch_size, threads) as crew:
            loss, correct = crew.compute_gradients(images, labels)

    Every member has twins of the layers: the weights are common, all that is computed is its own. The gradient of
    a batch, whose loss is a mean over its images, is the mean of its parts' gradients, weighted by their sizes.

    `threads` of None means as many as this process has cores, or one where a batch is soon done. `winograd`: see
    `steps`.
    """

    def __init__(self, layers, loss, gradients, batch_size, threads=None, winograd=False):
        work = batch_size * sum(getattr(layer, "multiplications", 0) for layer in layers)
        self._gradients, self._threads = gradients, share(threads, work)
        self._members = [_Member(layers, loss, gradients, winograd) for _ in range(self._threads)]
        self._pool = ThreadPoolExecutor(max(1, self._threads - 1))  # the caller works too

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown()

    def compute_gradients(self, images, labels):
        """Set the model's gradients to those of a batch's loss; return the (loss, correct answers)."""
        parts = [slice(part.start, part.stop) for part in self._parts(len(images))]
        members = self._members[: len(parts)]
        for member in members:
            member.begin()

        def work(member, some):
            for part in some:
                member.add(images[part], labels[part], len(labels[part]) / len(images))

        shares = cut(parts, len(members))
        waiting = [self._pool.submit(work, *each) for each in zip(members[1:], shares[1:], strict=True)]
        work(members[0], shares[0])
        for each in waiting:
            each.result()
        self._gradients[...] = members[0].total
        for member in members[1:]:
            self._gradients += member.total
        return sum(member.loss for member in members), sum(member.correct for member in members)

    def _parts(self, images):
        if self._threads == 1:
            return [range(images)]
        return cut(range(images), max(-(-images // MOST_IMAGES), min(self._threads, images // FEWEST_IMAGES)))


class _Member:
    """One thread's layers, and the weighted sums over its parts of a batch."""

    def __init__(self, layers, loss, gradients, winograd):
        steps = steps_of(layers, winograd)
        self._chain, self._part = Chain(steps, loss), np.zeros_like(gradients)
        parameters = [parameter for step in steps for parameter in step.parameters]
        for parameter, place in views(self._part, parameters):
            parameter.gradient = place
        self.total = np.zeros_like(gradients)

    def begin(self):
        self.total[...] = self.loss = self.correct = 0

    def add(self, images, labels, weight):
        loss, correct = self._chain.compute_gradients(images, labels)
        self._part *= weight
        self.total += self._part
        self.loss += weight * loss
        self.correct += correct
