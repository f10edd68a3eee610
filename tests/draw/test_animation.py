"""Films: every picture in its place, for the right time, in a file that players understand."""

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.animation import FFMpegWriter
from PIL import Image, ImageSequence

from utils.data import four_blobs, one_hot, two_classes
from utils.draw.animation import can_write_mp4, progress, write_gif, write_mp4
from utils.draw.film import Film
from utils.draw.picture import Picture
from utils.nn.network import FeedForwardNetwork
from utils.nn.training import gradient_descent

COLORS = [(200, 30, 30), (30, 160, 60), (40, 60, 200), (220, 180, 40)]


def plain_pictures():
    files = [io.BytesIO() for _ in COLORS]
    for file, color in zip(files, COLORS, strict=True):
        Image.new("RGB", (61, 40), color).save(file, "PNG")  # an odd width: MP4 needs even ones
    return [Picture(file.getvalue(), "a colour", 61) for file in files]


@pytest.mark.parametrize("colors", [256, 16])
def test_a_gif_has_every_picture_in_order_and_stops(tmp_path, colors):
    path = tmp_path / "film.gif"
    write_gif(plain_pictures(), path, milliseconds=120, hold=900, colors=colors)
    with Image.open(path) as film:
        loop = film.info["loop"]
        frames = [(frame.info["duration"], frame.convert("RGB").getpixel((30, 20))) for frame in ImageSequence.Iterator(film)]
    assert [duration for duration, _ in frames] == [120, 120, 120, 900]
    assert np.abs(np.array([color for _, color in frames]) - COLORS).max() < 12
    assert loop == 2, "three times, not for ever"


@pytest.fixture
def read_only_folder(tmp_path):
    """Return a folder in which nobody can write a file: root neither, for whom /sys is one."""
    tmp_path.chmod(0o555)
    for folder in (tmp_path, Path("/sys")):
        try:
            (folder / "probe").touch()
        except PermissionError:
            return folder
    pytest.skip("Every folder can be written here.")


def test_in_a_folder_that_cannot_be_written_a_film_goes_elsewhere_and_says_where(read_only_folder, monkeypatch, capsys):
    monkeypatch.chdir(read_only_folder)
    path = write_gif(plain_pictures(), "film.gif", milliseconds=120, hold=900)
    assert path.read_bytes()[:6] == b"GIF89a" and str(path) in capsys.readouterr().out
    with pytest.raises(FileNotFoundError):
        write_gif(plain_pictures(), "no such folder/film.gif", milliseconds=120, hold=900)


def test_fewer_colours_make_a_smaller_file(tmp_path):
    file = io.BytesIO()
    Image.linear_gradient("L").save(file, "PNG")
    sizes = []
    for colors in (256, 8):
        path = tmp_path / f"{colors}.gif"
        write_gif([Picture(file.getvalue(), "a gradient", 256)], path, milliseconds=100, hold=100, colors=colors)
        sizes.append(path.stat().st_size)
        with Image.open(path) as image:
            assert len(image.convert("RGB").getcolors()) <= colors
    assert sizes[1] < sizes[0]


@pytest.mark.skipif(not can_write_mp4(), reason="ffmpeg is not installed, so no MP4 can be written")
def test_an_mp4_has_every_picture_and_waits_at_the_end(tmp_path):
    path = tmp_path / "film.mp4"
    write_mp4(plain_pictures(), path, milliseconds=200, hold=1000)
    command = [FFMpegWriter.bin_path(), "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True)
    assert b"Duration: 00:00:01.80" in decoded.stderr, "9 pictures of 200 ms"
    frames = np.frombuffer(decoded.stdout, np.uint8).reshape(4 + 5, -1, 60, 3).astype(int)
    shown = frames[:, frames.shape[1] // 2, 30]
    assert np.abs(shown[:4] - COLORS).max() < 25 and np.abs(shown[4:] - COLORS[-1]).max() < 25


def test_without_ffmpeg_an_mp4_is_refused_with_a_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
    assert not can_write_mp4()
    with pytest.raises(RuntimeError, match=r"needs the program ffmpeg.*use write_gif"):
        write_mp4(plain_pictures(), tmp_path / "film.mp4", milliseconds=200, hold=1000)


def test_progress_passes_everything_on_and_says_how_far_it_is(capsys):
    seen = []
    for item in progress([7, 8, 9, 10], "drawing"):
        seen.append(item)
        if item == 9:
            assert capsys.readouterr().out.endswith("drawing  ██████████░░░░░░░░░░  2 of 4\r")
    assert seen == [7, 8, 9, 10]
    assert capsys.readouterr().out.endswith("drawing  " + "█" * 20 + "  4 of 4\n")


def test_progress_with_nothing_to_do(capsys):
    assert list(progress([], "drawing")) == []
    assert "0 of 0" in capsys.readouterr().out


@pytest.mark.parametrize(("data", "outputs"), [(two_classes, 1), (four_blobs, 4)])
def test_a_film_shows_the_epoch_it_is_asked_for(data, outputs):
    X, labels = data(200)
    y = labels[None].astype(float) if outputs == 1 else one_hot(labels, 4)
    net = FeedForwardNetwork([2, 2, outputs], output="sigmoid" if outputs == 1 else "softmax", seed=0)
    history = gradient_descent(net, X.T, y, 1.0, 40, record_every=10)
    film = Film(history, X.T, labels)
    first = film.picture(0)
    picture = film.picture(21)
    assert f"epoch 20: loss {history.loss[2]:.3f}, {history.accuracy[2]:.1%} right" in picture.alt
    written = {place: number.get_text() for place, number in film.numbers.items()}
    assert written[1, 0] == f"{round(history.b[1][2, 1, 0], 1) + 0.0:.1f}".replace("-", "−")
    assert written[1, 2] == f"{round(history.W[1][2, 1, 1], 1) + 0.0:.1f}".replace("-", "−")
    assert written[2, 1] == f"{round(history.W[2][2, 0, 0], 1) + 0.0:.1f}".replace("-", "−")
    assert len(written) == 2 * 3 + outputs * 3
    assert film.picture(0) == first != picture


def test_a_film_of_a_wide_network_is_refused():
    X, labels = two_classes(50)
    net = FeedForwardNetwork([2, 9, 1], output="sigmoid", seed=0)
    with pytest.raises(ValueError, match="9 units cannot be drawn readably; 6 is the most"):
        Film(gradient_descent(net, X.T, labels[None], 1.0, 2), X.T, labels)
