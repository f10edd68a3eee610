"""Films: a GIF, which shows everywhere, an MP4 where ffmpeg is installed, and a bar of progress."""

import errno
import io
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from matplotlib.animation import FFMpegWriter
from matplotlib.figure import Figure
from PIL import Image

BAR = 20  # characters


def progress(items, task):
    """Yield the items one by one, and say on a line of text how many of them are done.

    The line is written over itself: it needs no widget, so it shows in every notebook and every terminal.

    Parameters
    ----------
    items : sequence
        What there is to do.
    task : str
        What is being done.

    Yields
    ------
    object
        The next item.
    """
    for done, item in enumerate(items):
        print(_bar(done, len(items), task), end="\r", flush=True)
        yield item
    print(_bar(len(items), len(items), task))


def _bar(done, total, task):
    full = BAR * done // max(total, 1)
    return f"{task}  {'█' * full}{'░' * (BAR - full)}  {done} of {total}"


def write_gif(pictures, path, milliseconds, hold, colors=256):
    """Write pictures as an animated GIF that plays three times and rests on its last picture.

    Parameters
    ----------
    pictures : list of Picture
        PNG pictures of one size.
    path : path-like
        The file to write.
    milliseconds : int
        How long each picture stands.
    hold : int
        How long the last one stands, in milliseconds.
    colors : int
        Size of the palette, at most 256: fewer colours make a smaller file.

    Returns
    -------
    Path
        Where the file is: in a temporary folder if ``path`` cannot be written.
    """
    path = _writable(path)
    images = [_image(picture) for picture in pictures]
    if colors < 256:
        images = [image.convert("RGB") for image in images]
        palette = Image.fromarray(np.vstack(images)).quantize(colors, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    first, *rest = images
    durations = [milliseconds] * len(rest) + [hold]
    first.save(path, save_all=True, append_images=rest, duration=durations, loop=2, optimize=True)
    return path


def can_write_mp4():
    """Return whether ffmpeg, the program that makes MP4 files, is installed.

    Returns
    -------
    bool
    """
    return FFMpegWriter.isAvailable()


def write_mp4(pictures, path, milliseconds, hold):
    """Write pictures as an MP4 video.

    Parameters
    ----------
    pictures : list of Picture
        PNG pictures of one size.
    path : path-like
        The file to write.
    milliseconds : int
        How long each picture stands.
    hold : int
        How long the last one stands, in milliseconds.

    Returns
    -------
    Path
        Where the file is: in a temporary folder if ``path`` cannot be written.

    Raises
    ------
    RuntimeError
        Where ffmpeg is not installed; ``can_write_mp4`` tells beforehand.
    """
    if not can_write_mp4():
        raise RuntimeError("An MP4 needs the program ffmpeg, and it is not installed here. A GIF needs nothing: use write_gif.")
    path = _writable(path)
    images = [np.asarray(_image(picture).convert("RGB")) for picture in pictures]
    height, width, _ = images[0].shape
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    shown = figure.figimage(images[0])
    writer = FFMpegWriter(fps=1000 / milliseconds)
    with writer.saving(figure, path, dpi=100):
        for image in images + images[-1:] * round(hold / milliseconds):  # a video waits by repeating a picture
            shown.set_data(image)
            writer.grab_frame()
    return path


def _writable(path):
    """Return the path, or one in a temporary folder where the course lies on a disk that is read-only, and say so."""
    path = Path(path)
    try:
        path.open("ab").close()
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        path = Path(mkdtemp(prefix="backpropagation-course-"), path.name)
        print(f"This folder cannot be written. The film goes into a temporary one: {path}")
    return path


def _image(picture):
    return Image.open(io.BytesIO(picture.data))
