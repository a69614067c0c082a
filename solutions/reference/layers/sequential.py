"""A network of layers, one after the other, that learns to classify."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from solutions.reference.arguments import integer, thread_count
from solutions.reference.engine.memory import keep_freed_memory
from solutions.reference.layers import arguments, losses, optimizers
from solutions.reference.layers.chain import Chain
from solutions.reference.layers.crew import Crew
from solutions.reference.layers.initializers import Seed
from solutions.reference.layers.layer import Layer, Parameter, set_weights, views
from solutions.reference.layers.lookup import Option
from solutions.reference.layers.progress import Progress
from solutions.reference.layers.summary import summary
from solutions.reference.layers.training import History, Measures, batches
from solutions.reference.shapes import Array, Images, ImagesLike, Matrix, Shape, Vector


class Sequential:
    """As `keras.Sequential`, without `compile`: loss and optimizer have defaults.

    >>> from solutions.reference.layers import Conv2D, Dense, Flatten, MaxPooling2D
    >>> model = Sequential([
    ...     Conv2D(4, (3, 3), activation="relu", input_shape=(8, 8, 1)),
    ...     MaxPooling2D((2, 2)),
    ...     Flatten(),
    ...     Dense(2, activation="softmax"),
    ... ], seed=1)

    Images that are brighter at the left, and others that are brighter at the right:

    >>> images = np.zeros((64, 8, 8, 1))
    >>> images[:32, :, :4] = images[32:, :, 4:] = 1
    >>> history = model.fit(images, [0] * 32 + [1] * 32, epochs=20, verbose=0, threads=1)
    >>> loss, accuracy = model.evaluate(images, [0] * 32 + [1] * 32)
    >>> accuracy
    1.0

    `seed` (an int, or a NumPy Generator) makes the first weights and the order of the images the same every
    time. The model is built when a first layer with `input_shape` is there, by `build`, or for the first
    images that it sees.

    All weights lie in one vector, `values`, and their gradients in another, `gradients`; the layers' Parameters
    are views into them. ValueError where layers do not fit together.
    """

    def __init__(
        self,
        layers: Sequence[Layer] = (),
        *,
        loss: Option = "sparse_categorical_crossentropy",
        seed: Seed = None,
    ):
        self.loss = losses.get(loss)
        self.layers: list[Layer] = []
        self.input_shape: Shape | None = None
        self.values = self.gradients = np.zeros(0)
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        for layer in layers:
            self._append(layer)
        self._build_if_shape_is_known()

    def add(self, layer: Layer) -> None:
        """Put a layer at the end. All layers then begin anew."""
        self._append(layer)
        self._build_if_shape_is_known()

    def build(self, input_shape: Shape) -> None:
        """Make the first weights for inputs of this shape, given without the batch."""
        if not self.layers:
            raise ValueError("a model needs at least one layer; give Sequential a list of them, or use add")
        shape = arguments.input_shape(input_shape)
        self._rng = np.random.default_rng(self._seed)  # so that building again makes the same weights
        for number, layer in enumerate(self.layers, 1):
            shape = self._build_layer(number, layer, shape)
        self.input_shape = self.layers[0].input_shape
        self._gather_parameters()

    @property
    def parameters(self) -> list[Parameter]:
        """The Parameters of all layers, in order."""
        return [parameter for layer in self.layers for parameter in layer.parameters]

    @property
    def losses(self) -> list[float]:
        """What the regularizers of all layers add to the loss."""
        return [loss for layer in self.layers for loss in layer.losses]

    def summary(self) -> None:
        """Print each layer's output shape and number of parameters."""
        if self.input_shape is None:
            raise RuntimeError("the model is not built yet: give its first layer input_shape, or call build")
        print(summary(self.layers))

    def count_params(self) -> int:
        """Return how many numbers the model learns."""
        return sum(layer.count_params() for layer in self.layers)

    def get_weights(self) -> list[Array]:
        """Return copies of all weights: for each layer kernel and bias, as far as it has them."""
        return [parameter.value.copy() for parameter in self.parameters]

    def set_weights(self, weights: Sequence[npt.ArrayLike]) -> None:
        """Set all weights, in the order of `get_weights`; ValueError where a shape differs."""
        set_weights(self.parameters, weights)

    def predict(self, images: ImagesLike, batch_size: int = 32) -> Matrix:
        """Return the outputs for all images; images may be integers."""
        images = self._as_inputs(images)
        batch_size = integer("batch_size", batch_size, 1)
        outputs = [self._chain.forward(images[piece]) for piece in batches(len(images), batch_size)]
        if not outputs:
            return np.zeros((0, *self._output_shape), self.layers[-1].dtype)
        return np.concatenate(outputs)

    def evaluate(
        self, images: ImagesLike, labels: npt.ArrayLike, batch_size: int = 32
    ) -> tuple[float, float]:
        """Return (loss, accuracy) for all images; the loss includes that of the regularizers."""
        images, labels = self._as_examples(images, labels)
        measures = Measures()
        for piece in batches(len(images), integer("batch_size", batch_size, 1)):
            outputs = self._chain.forward(images[piece])
            measures.add(len(outputs), *self._chain.score(labels[piece], outputs))
        means = measures.means()
        return means["loss"], means["accuracy"]

    def fit(
        self,
        images: ImagesLike,
        labels: npt.ArrayLike,
        batch_size: int = 32,
        epochs: int = 1,
        verbose: str | int = "auto",
        *,
        optimizer: Any = "adam",
        validation_data: tuple[ImagesLike, npt.ArrayLike] | None = None,
        shuffle: bool = True,
        threads: int | None = None,
        winograd: bool = False,
    ) -> History:
        """Learn from `images`, `[count, *input_shape]`, and `labels`, class numbers `[count]`.

        `optimizer` is "adam", "sgd" or an object; `validation_data` a pair (images, labels) to evaluate after
        each epoch; with `shuffle` each epoch takes the images in another order. For `verbose`, see `Progress`.
        `threads` says how many cores may share a batch: None for all that this process has, and for one where a
        batch is soon done. With `winograd`, learning (not `evaluate` or `predict`) takes Winograd's method for
        convolutions of 3 × 3 or 5 × 5, stride 1 and at least 16 channels: much faster, and with larger roundings,
        see `solutions.reference.winograd`. Return the `History`: means over each epoch's batches, as they were
        while learning.
        """
        images, labels = self._as_examples(images, labels)
        batch_size = integer("batch_size", batch_size, 1)
        epochs = integer("epochs", epochs, 1)
        optimizer = optimizers.get(optimizer)
        threads = thread_count("threads", threads)
        if validation_data is not None:
            self._as_examples(*validation_data)  # refuses what does not fit before an epoch is spent
        progress, history = Progress(epochs, verbose), History()
        # Every batch makes and drops the same arrays. Before the crew begins, for its helpers inherit this.
        keep_freed_memory()
        with Crew(self, images, labels, batch_size, threads, winograd) as crew:
            for epoch in range(epochs):
                progress.begin(epoch)
                order = self._rng.permutation(len(images)) if shuffle else np.arange(len(images))
                pieces = [order[piece] for piece in batches(len(images), batch_size)]
                means = self._fit_epoch(crew, pieces, optimizer, epoch, progress)
                if validation_data is not None:
                    loss, accuracy = self.evaluate(*validation_data, batch_size)
                    means |= {"val_loss": loss, "val_accuracy": accuracy}
                progress.end(means)
                history.add(means)
        return history

    def train_on_batch(
        self, images: Images, labels: Vector, optimizer: Any, epoch: int = 0
    ) -> tuple[float, int]:
        """Take one step of the optimizer; return the (loss, correct answers) from before it."""
        loss, correct = self.compute_gradients(images, labels)
        self._update(optimizer, epoch)
        return loss, correct

    def compute_gradients(self, images: Images, labels: Vector) -> tuple[float, int]:
        """Set `gradients` to those of a batch's loss; return the (loss, correct answers)."""
        return self._chain.compute_gradients(images, labels)

    @property
    def _output_shape(self) -> Shape:
        """Of one image's output."""
        return self.layers[-1].built_shapes()[1]

    @property
    def _chain(self) -> Chain:
        return Chain(self.layers, self.loss)

    def _append(self, layer: Layer) -> None:
        if not isinstance(layer, Layer):
            raise TypeError(f"a model is made of layers such as Dense(10), but one is {layer!r}")
        if any(layer is other for other in self.layers):
            raise ValueError(
                f"the same {type(layer).__name__} object is in the model twice; make two objects"
            )
        self.layers.append(layer)

    def _build_if_shape_is_known(self) -> None:
        self.input_shape = None
        if self.layers and self.layers[0].input_shape is not None:
            self.build(self.layers[0].input_shape)

    def _build_layer(self, number: int, layer: Layer, input_shape: Shape) -> Shape:
        try:
            layer.build(input_shape, self._rng)
        except (ValueError, TypeError) as error:
            raise type(error)(f"layer {number} of the model, {type(layer).__name__}: {error}") from None
        return layer.built_shapes()[1]

    def _gather_parameters(self) -> None:
        """Move all parameters into one vector, and their gradients into another."""
        dtypes = {layer.dtype for layer in self.layers}
        if len(dtypes) > 1:
            raise ValueError(
                "all layers of a model must have the same dtype, but some are float32, some float64"
            )
        self.values, self.gradients = np.zeros((2, self.count_params()), dtypes.pop())
        places = zip(views(self.values, self.parameters), views(self.gradients, self.parameters), strict=True)
        for (parameter, value), (_, gradient) in places:
            parameter.move(value, gradient)

    def _as_inputs(self, images: ImagesLike) -> Images:
        """Return the images as an array of the model's shape; one of no channels gets its one channel."""
        images = np.asarray(images)
        if self.input_shape is None:
            self.build(images.shape[1:])
        shape, _ = self.layers[0].built_shapes()
        if images.shape[1:] == shape[:-1] and shape[-1] == 1:
            images = images[..., np.newaxis]  # as Keras does
        if images.shape[1:] != shape:
            raise ValueError(
                f"the model was built for inputs of shape {('count', *shape)}, but the shape is {images.shape}"
            )
        return images

    def _as_examples(self, images: ImagesLike, labels: npt.ArrayLike) -> tuple[Images, Vector]:
        images = self._as_inputs(images)
        if not len(images):
            raise ValueError("there must be at least one image, but there are none")
        return images, losses.class_numbers(labels, (len(images), *self._output_shape))

    def _fit_epoch(
        self, crew: Crew, pieces: Sequence[Vector], optimizer: Any, epoch: int, progress: Progress
    ) -> dict[str, float]:
        """Take one step for each of the batches, given as images' places; return the epoch's measures."""
        measures = Measures()
        for step, piece in enumerate(pieces, 1):
            loss, correct = crew.compute_gradients(piece)
            self._update(optimizer, epoch)
            measures.add(len(piece), loss, correct)
            progress.step(step, len(pieces), measures.means())
        return measures.means()

    def _update(self, optimizer: Any, epoch: int) -> None:
        """Let the optimizer take its step, then bring the weights back into their constraints."""
        optimizer.update(self.values, self.gradients, epoch)
        for parameter in self.parameters:
            parameter.constrain()
