"""Pictures in a row: a GIF that shows everywhere."""

import io

from PIL import Image


def write_gif(pictures, path, milliseconds, hold):
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
    """
    first, *rest = [Image.open(io.BytesIO(picture.data)) for picture in pictures]
    durations = [milliseconds] * len(rest) + [hold]
    first.save(path, save_all=True, append_images=rest, duration=durations, loop=2, optimize=True)
