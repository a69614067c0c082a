"""Downloads from servers that work, fail, break off and lie; all of them on this computer."""

import socket
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from tiny_sets import (
    archive,
    cifar10_contents,
    mnist_contents,
    packed,
    pixels,
    place,
    tiny_cifar10,
    tiny_mnist,
)

import data
from data.__main__ import main
from data.catalogue import CATALOGUE
from data.download import FetchError, fetch

FILES = {f"{name}.gz": packed(content) for name, content in mnist_contents().items()}
IMAGES = "train-images-idx3-ubyte.gz"
BATCHES = cifar10_contents()
ARCHIVE = archive(BATCHES)
ARCHIVE_NAME = "cifar-10-python.tar.gz"


class Handler(BaseHTTPRequestHandler):
    """Answers from the server's `answers`: name -> a list of answers, of which the last one stays."""

    def do_GET(self):
        name = self.path.removeprefix("/")
        self.server.asked.append(name)
        answers = self.server.answers.get(name, [])
        if not answers:
            self.send_error(404)
            return
        status, promised, content = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        """Quiet."""


def whole(content: bytes) -> tuple[int, int, bytes]:
    return 200, len(content), content


def cut(content: bytes) -> tuple[int, int, bytes]:
    """As many bytes are promised as there are, and half of them sent."""
    return 200, len(content), content[: len(content) // 2]


@contextmanager
def serving(answers: dict[str, list]):
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answers, server.asked = {name: list(each) for name, each in answers.items()}, []
        server.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def good():
    """A server that sends every file of the tiny sets."""
    names = FILES | {ARCHIVE_NAME: ARCHIVE}
    with serving({name: [whole(content)] for name, content in names.items()}) as server:
        yield server


@pytest.fixture
def nobody():
    """The address of a port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"


def files_in(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_come_and_nothing_else_stays(good, tmp_path):
    fetch(tiny_mnist(mirrors=(good.url,)), tmp_path)
    assert files_in(tmp_path / "mnist") == FILES
    assert good.asked == list(FILES)


def test_what_is_whole_is_not_downloaded_again_and_what_is_damaged_is_replaced(good, tmp_path):
    place(tmp_path / "mnist", FILES | {IMAGES: b"<html>"})
    fetch(tiny_mnist(mirrors=(good.url,)), tmp_path)
    assert good.asked == [IMAGES] and files_in(tmp_path / "mnist") == FILES


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_class_can_read_what_its_instructor_downloaded(good, tmp_path):
    fetch(tiny_mnist(mirrors=(good.url,)), tmp_path)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "mnist").iterdir()}
    assert modes == {0o644}


WRONG = {  # what a server may send for train-images-idx3-ubyte.gz, and what is said of it
    "nothing at all": ([], "answered “404 Not Found”"),
    "an error": ([(503, 5, b"sorry")], "answered “503 Service Unavailable”"),
    "a login page with status 200": ([whole(b"<!doctype html>Log in")], "sent a file that is a web page"),
    "an empty file": ([whole(b"")], "sent a file that is empty"),
    "another file": ([whole(FILES["t10k-images-idx3-ubyte.gz"])], "sent a file that has"),
    "a file of the right size": (
        [whole(FILES[IMAGES][:-1] + b"!")],
        "sent a file that is not the publisher's",
    ),
    "a file that never ends": ([whole(FILES[IMAGES] + bytes(10**6))], "sent more than the file's"),
    "a part, each time": ([cut(FILES[IMAGES])], "cut the transfer off"),
}


@pytest.mark.parametrize(("answers", "said"), WRONG.values(), ids=WRONG)
def test_the_next_server_is_asked_when_one_sends(answers, said, good, tmp_path):
    with serving({IMAGES: answers}) as wrong:
        fetch(tiny_mnist(mirrors=(wrong.url, good.url)), tmp_path)
        assert IMAGES in wrong.asked and IMAGES in good.asked
    assert files_in(tmp_path / "mnist") == FILES


@pytest.mark.parametrize(("answers", "said"), WRONG.values(), ids=WRONG)
def test_no_file_is_kept_and_the_reason_told_when_the_only_server_sends(answers, said, tmp_path):
    with serving({IMAGES: answers}) as wrong, pytest.raises(FetchError) as failure:
        fetch(tiny_mnist(mirrors=(wrong.url,)), tmp_path)
    server = wrong.url.split("/")[2]
    assert f"{IMAGES} could not be downloaded: {server} {said}" in str(failure.value)
    assert "\n" not in str(failure.value)
    assert files_in(tmp_path / "mnist") == {}


def test_a_server_that_is_down_is_passed_over(nobody, good, tmp_path):
    fetch(tiny_mnist(mirrors=(nobody, good.url)), tmp_path)
    assert files_in(tmp_path / "mnist") == FILES


def test_a_transfer_that_was_cut_off_is_tried_again(tmp_path):
    answers = {name: [whole(content)] for name, content in FILES.items()}
    answers[IMAGES] = [cut(FILES[IMAGES]), cut(FILES[IMAGES]), whole(FILES[IMAGES])]
    with serving(answers) as flaky:
        fetch(tiny_mnist(mirrors=(flaky.url,)), tmp_path)
    assert flaky.asked == [IMAGES, IMAGES, *FILES] and files_in(tmp_path / "mnist") == FILES


def test_a_server_that_has_no_such_file_is_not_asked_three_times(tmp_path):
    with serving({}) as other, pytest.raises(FetchError):
        fetch(tiny_mnist(mirrors=(other.url,)), tmp_path)
    assert other.asked == [IMAGES]


def test_a_failure_leaves_the_old_file_and_keeps_what_came_whole(tmp_path):
    answers = {name: [whole(content)] for name, content in FILES.items() if name != IMAGES}
    place(tmp_path / "mnist", {"t10k-labels-idx1-ubyte.gz": b"damaged"})
    images, labels, test_images, test_labels = FILES
    answers[images] = [whole(FILES[images])]
    answers[test_labels] = []
    with serving(answers) as server, pytest.raises(FetchError, match=test_labels):
        fetch(tiny_mnist(mirrors=(server.url,)), tmp_path)
    kept = {name: FILES[name] for name in (images, labels, test_images)}
    assert files_in(tmp_path / "mnist") == kept | {test_labels: b"damaged"}


def test_a_folder_that_cannot_be_written_to_is_told(good, tmp_path):
    (tmp_path / "mnist").write_text("a file in the folder's place")
    with pytest.raises(FetchError, match=r"mnist cannot be written to \(Not a directory\)"):
        fetch(tiny_mnist(mirrors=(good.url,)), tmp_path)


def test_cifar10s_batches_are_taken_out_of_the_archive_which_does_not_stay(good, tmp_path):
    fetch(tiny_cifar10(BATCHES, ARCHIVE, (good.url,)), tmp_path)
    assert files_in(tmp_path / "cifar-10-batches-py") == BATCHES


def test_an_archive_put_there_by_hand_needs_no_network(nobody, tmp_path):
    place(tmp_path / "cifar-10-batches-py", {ARCHIVE_NAME: ARCHIVE, "data_batch_1": b"damaged"})
    fetch(tiny_cifar10(BATCHES, ARCHIVE, (nobody,)), tmp_path)
    assert files_in(tmp_path / "cifar-10-batches-py") == BATCHES


def test_an_archive_without_all_batches_is_told(tmp_path):
    content = archive(dict(list(BATCHES.items())[:-1]))
    told = pytest.raises(FetchError, match=r"cifar-10-python.tar.gz does not contain test_batch")
    with serving({ARCHIVE_NAME: [whole(content)]}) as server, told:
        fetch(tiny_cifar10(BATCHES, content, (server.url,)), tmp_path)


def test_progress_reaches_exactly_the_size_of_each_file(good, tmp_path):
    heard = []
    fetch(tiny_mnist(mirrors=(good.url,)), tmp_path, lambda *progress: heard.append(progress))
    assert {name: so_far for name, so_far, size in heard if so_far == size} == {
        name: len(content) for name, content in FILES.items()
    }


def test_stopping_a_download_leaves_nothing_unfinished(good, tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(tiny_mnist(mirrors=(good.url,)), tmp_path, stop)
    assert files_in(tmp_path / "mnist") == {}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A function that puts a tiny MNIST with these mirrors in the real one's place; an empty folder."""
    monkeypatch.setenv("CONV2D_DATA", str(tmp_path))
    return lambda *mirrors: monkeypatch.setitem(CATALOGUE, "mnist", tiny_mnist(mirrors=mirrors))


def test_load_downloads_only_when_told_to_and_only_once(tiny, good):
    tiny(good.url)
    assert not data.load("mnist", "train").full and good.asked == []
    train = data.load("mnist", "train", download=True)
    assert train.full and np.array_equal(train.images, pixels(6, 5, 7, 1))
    assert data.load("mnist", "test", download=True).full and good.asked == list(FILES)


def test_load_without_a_network_gives_the_sample_and_says_where_files_go(tiny, nobody, tmp_path, capsys):
    tiny(nobody)
    train = data.load("mnist", "train", download=True)
    assert not train.full and train.images.shape == (400, 28, 28, 1)
    assert f"{IMAGES} could not be downloaded: 127.0.0.1:" in train.notice
    assert "cannot be reached (ConnectionError)" in train.notice
    assert f"Try again later, or put the publisher's files into {tmp_path / 'mnist'} by hand." in train.notice
    assert capsys.readouterr().err.splitlines()[-1] == train.notice


def test_the_command_downloads_and_says_so(tiny, good, tmp_path, capsys):
    tiny(good.url)
    assert main(["fetch", "mnist"]) == 0
    assert f"mnist: complete in {tmp_path}" in capsys.readouterr().out
    assert main(["--folder", str(tmp_path), "fetch", "mnist"]) == 0 and good.asked == list(FILES)


def test_the_command_fails_in_one_line_without_a_network(tiny, nobody, tmp_path, capsys):
    tiny(nobody)
    assert main(["fetch", "mnist"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "Traceback" not in err
    assert err.splitlines()[-1].endswith(f"put the publisher's files into {tmp_path / 'mnist'} by hand.")


def test_the_samples_need_neither_network_nor_requests():
    code = "import sys; sys.modules['requests'] = None; import data; print(len(data.load('mnist').images))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("500\n", "")
