"""A network of layers, one after the other, that learns to classify."""

import numpy as np

from solutions.reference.arguments import integer, thread_count
from solutions.reference.layers import arguments, losses, optimizers
from solutions.reference.layers.chain import Chain
from solutions.reference.layers.crew import Crew
from solutions.reference.layers.layer import Layer, set_weights, views
from solutions.reference.layers.progress import Progress
from solutions.reference.layers.summary import summary
from solutions.reference.layers.training import History, Measures, batches


class Sequential:
    """As `keras.Sequential`, without `compile`: loss and optimizer have defaults.

    >>> from solutions.reference.layers import Conv2D, Dense, Flatten, MaxPooling2D
    >>> model = Sequential([
    ...     Conv2D(32, (5, 5), activation="relu", input_shape=(28, 28, 1)),
    ...     MaxPooling2D((2, 2)),
    ...     Flatten(),
    ...     Dense(10, activation="softmax"),
    ... ], seed=1)
    >>> images, labels = np.random.default_rng(1).random((60, 28, 28, 1)), np.arange(60) % 10
    >>> history = model.fit(images, labels, epochs=2, verbose=0)
    >>> loss, accuracy = model.evaluate(images, labels)
    >>> len(history.history["loss"]), loss > 0, 0 <= accuracy <= 1
    (2, True, True)

    `seed` (an int, or a NumPy Generator) makes the first weights and the order of the images the same every
    time. The model is built when a first layer with `input_shape` is there, by `build`, or for the first
    images that it sees.

    All weights lie in one vector, `values`, and their gradients in another, `gradients`; the layers' Parameters
    are views into them. ValueError where layers do not fit together.
    """

    def __init__(self, layers=(), *, loss="sparse_categorical_crossentropy", seed=None):
        self.loss = losses.get(loss)
        self.layers = []
        self.input_shape = None
        self.values = self.gradients = np.zeros(0)
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        for layer in layers:
            self._append(layer)
        self._build_if_shape_is_known()

    def add(self, layer):
        """Put a layer at the end. All layers then begin anew."""
        self._append(layer)
        self._build_if_shape_is_known()

    def build(self, input_shape):
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
    def parameters(self):
        """The Parameters of all layers, in order."""
        return [parameter for layer in self.layers for parameter in layer.parameters]

    @property
    def losses(self):
        """What the regularizers of all layers add to the loss."""
        return [loss for layer in self.layers for loss in layer.losses]

    def summary(self):
        """Print each layer's output shape and number of parameters."""
        if self.input_shape is None:
            raise RuntimeError("the model is not built yet: give its first layer input_shape, or call build")
        print(summary(self.layers))

    def count_params(self):
        """Return how many numbers the model learns."""
        return sum(layer.count_params() for layer in self.layers)

    def get_weights(self):
        """Return copies of all weights: for each layer kernel and bias, as far as it has them."""
        return [parameter.value.copy() for parameter in self.parameters]

    def set_weights(self, weights):
        """Set all weights, in the order of `get_weights`; ValueError where a shape differs."""
        set_weights(self.parameters, weights)

    def predict(self, images, batch_size=32):
        """Return the outputs for all images; images may be integers."""
        images = self._as_inputs(images)
        batch_size = integer("batch_size", batch_size, 1)
        outputs = [self._chain.forward(images[piece]) for piece in batches(len(images), batch_size)]
        if not outputs:
            return np.zeros((0, *self.layers[-1].output_shape), self.layers[-1].dtype)
        return np.concatenate(outputs)

    def evaluate(self, images, labels, batch_size=32):
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
        images,
        labels,
        batch_size=32,
        epochs=1,
        verbose="auto",
        *,
        optimizer="adam",
        validation_data=None,
        shuffle=True,
        threads=None,
        winograd=False,
    ):
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

    def train_on_batch(self, images, labels, optimizer, epoch=0):
        """Take one step of the optimizer; return the (loss, correct answers) from before it."""
        loss, correct = self.compute_gradients(images, labels)
        self._update(optimizer, epoch)
        return loss, correct

    def compute_gradients(self, images, labels):
        """Set `gradients` to those of a batch's loss; return the (loss, correct answers)."""
        return self._chain.compute_gradients(images, labels)

    @property
    def _chain(self):
        return Chain(self.layers, self.loss)

    def _append(self, layer):
        if not isinstance(layer, Layer):
            raise TypeError(f"a model is made of layers such as Dense(10), but one is {layer!r}")
        if any(layer is other for other in self.layers):
            raise ValueError(
                f"the same {type(layer).__name__} object is in the model twice; make two objects"
            )
        self.layers.append(layer)

    def _build_if_shape_is_known(self):
        self.input_shape = None
        if self.layers and self.layers[0].input_shape is not None:
            self.build(self.layers[0].input_shape)

    def _build_layer(self, number, layer, input_shape):
        try:
            layer.build(input_shape, self._rng)
        except (ValueError, TypeError) as error:
            raise type(error)(f"layer {number} of the model, {type(layer).__name__}: {error}") from None
        return layer.output_shape

    def _gather_parameters(self):
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

    def _as_inputs(self, images):
        """Return the images as an array of the model's shape; one of no channels gets its one channel."""
        images = np.asarray(images)
        if self.input_shape is None:
            self.build(images.shape[1:])
        shape = self.input_shape
        if images.shape[1:] == shape[:-1] and shape[-1] == 1:
            images = images[..., np.newaxis]  # as Keras does
        if images.shape[1:] != shape:
            raise ValueError(
                f"the model was built for inputs of shape {('count', *shape)}, but the shape is {images.shape}"
            )
        return images

    def _as_examples(self, images, labels):
        images = self._as_inputs(images)
        if not len(images):
            raise ValueError("there must be at least one image, but there are none")
        return images, losses.class_numbers(labels, (len(images), *self.layers[-1].output_shape))

    def _fit_epoch(self, crew, pieces, optimizer, epoch, progress):
        """Take one step for each of the batches, given as images' places; return the epoch's measures."""
        measures = Measures()
        for step, piece in enumerate(pieces, 1):
            loss, correct = crew.compute_gradients(piece)
            self._update(optimizer, epoch)
            measures.add(len(piece), loss, correct)
            progress.step(step, len(pieces), measures.means())
        return measures.means()

    def _update(self, optimizer, epoch):
        """Let the optimizer take its step, then bring the weights back into their constraints."""
        optimizer.update(self.values, self.gradients, epoch)
        for parameter in self.parameters:
            parameter.constrain()
