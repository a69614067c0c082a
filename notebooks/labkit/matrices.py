"""Pictures of whole matrices: a convolutional layer as a matrix product, and layers as matrices of weights."""

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from notebooks.labkit.parts import MARK, SIGNED, WIDTH, colour_bar, finish, limit_of


def draw_layer(image, patches, filters, product, shape, chosen):
    """Draw a layer as a matrix product: picture, patches @ flattened filters = product, one response.

    image: (H, W, 1), of values 0..1; patches: (windows, weights); filters: (weights, N); product: (windows, N)
    shape: (H', W') of a response; the column `chosen` of filters and product is framed, and the one of the
    product is drawn as the picture that it is.
    """
    figure = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    axes = figure.subplots(1, 5, width_ratios=[3, 2, 1.7, 1.7, 3])
    response = product[:, chosen].reshape(shape)
    _matrix(axes[0], image[:, :, 0], f"one picture\n{_size(image)}", gray=True)
    _matrix(axes[1], patches, f"its patches\n{_size(patches)}", gray=True, tall=True)
    _matrix(axes[2], filters, f"@  filters\n{_size(filters)}", tall=True)
    _matrix(axes[3], product, f"=  product\n{_size(product)}", tall=True)
    _matrix(axes[4], response, f"column {chosen} of the product\nas {_size(response)}")
    for ax, length in ((axes[2], len(filters)), (axes[3], len(product))):
        looks = {"fill": False, "edgecolor": MARK, "linewidth": 2, "clip_on": False}
        ax.add_patch(Rectangle((chosen - 0.5, -0.5), 1, length, **looks))
    axes[1].set(xlabel="weights of a window", ylabel="windows")
    axes[2].set(xlabel="filters", ylabel="weights of a filter")
    axes[3].set(xlabel="filters", ylabel="windows")
    return figure


def draw_matrices(matrices, names):
    """Draw matrices (outputs, pixels) of one shape side by side; each has its own scale, and a 0 is white."""
    figure = Figure(figsize=(WIDTH, 2.5), layout="constrained")
    axes = figure.subplots(1, len(matrices), squeeze=False)[0]
    for ax, matrix, name in zip(axes, matrices, names, strict=True):
        _matrix(ax, matrix, name)
        ax.set_xlabel(f"{matrix.shape[1]} pixels", fontsize=9)
    axes[0].set_ylabel(f"{matrices[0].shape[0]} outputs", fontsize=9)
    colour_bar(figure, axes, None, "weight")
    return figure


def _matrix(ax, values, name, gray=False, tall=False):
    """Draw a matrix: gray for pixels 0..1, else signed; a tall one fills its axes, others have square cells."""
    limit = limit_of(values)
    looks = (
        {"cmap": "gray", "vmin": 0, "vmax": 1} if gray else {"cmap": SIGNED, "vmin": -limit, "vmax": limit}
    )
    ax.imshow(values, interpolation="nearest", aspect="auto" if tall else "equal", **looks)
    ax.set_title(name, fontsize=9)
    finish(ax, ticks=False)


def _size(values):
    return f"{values.shape[0]} × {values.shape[1]}"
