"""Frames: pictures that change many times a second while most of them stands still.

Axes, ticks and labels cost matplotlib some 30 ms. A Frame draws them once, keeps the pixels, and
afterwards draws only the artists that move on top of a copy.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from utils.draw.picture import encode
from utils.draw.style import course_style


class Frame:
    """A figure with a still background and moving artists.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot, so that nothing has to be closed. The function that makes it and the Frame stands under
        ``@course_style()``, so that a learner's own style does not reach it.
    moving : list of Artist
        What changes from picture to picture, in drawing order, back to front.
    sharpness : int
        Pixels of the picture for each pixel of the page, along each side: 2 is sharp where the page is enlarged too.
    """

    def __init__(self, figure, moving, sharpness=2):
        figure.set_dpi(100 * sharpness)
        self.canvas = FigureCanvasAgg(figure)
        self.figure = figure
        self.moving = moving
        for artist in moving:
            artist.set_animated(True)
        self.canvas.draw()
        self.background = self.canvas.copy_from_bbox(figure.bbox)

    def pixels(self):
        """Return the picture with the artists as they are now: RGBA, shape (height, width, 4)."""
        self.canvas.restore_region(self.background)
        with course_style():
            for artist in self.moving:
                self.figure.draw_artist(artist)
        return np.asarray(self.canvas.buffer_rgba())

    def png(self):
        """Return the picture as a PNG, made quickly."""
        return encode(self.pixels(), colors=128, level=1)


class PixelImage(Artist):
    """An image that fills an axes, scaled to its pixels before matplotlib sees it.

    ``imshow`` resamples the image at every draw, which takes longer than everything else in a frame.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its place in the figure must not change afterwards.
    """

    def __init__(self, axes):
        super().__init__()
        self.place = axes
        self.pixels = np.full((1, 1, 4), 255, np.uint8)

    @property
    def size(self):
        """Return how many pixels wide and high the image is."""
        box = self.place.get_window_extent()
        return round(box.width), round(box.height)

    def set_colors(self, colors):
        """Show an array of RGB colours in 0 … 1, shape (rows, columns, 3); row 0 is at the bottom."""
        image = Image.fromarray((colors * 255).astype(np.uint8))
        self.pixels = np.array(image.resize(self.size, Image.Resampling.BILINEAR).convert("RGBA"))

    def draw(self, renderer):
        """Put the pixels in their place; matplotlib calls this."""
        box = self.place.get_window_extent()
        if self.pixels.shape[:2] != self.size[::-1]:  # nothing has been shown yet
            self.pixels = np.full((*self.size[::-1], 4), 255, np.uint8)
        renderer.draw_image(renderer.new_gc(), round(box.x0), round(box.y0), self.pixels)
