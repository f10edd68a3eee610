"""Measure how long a learner waits from a key press on a slider to new pixels: ``python tests/browser/latency.py``.

Twelve presses each, after three that do not count. The end of the wait is the time at which Chromium
painted the new image (its Element Timing); the start of the frame after that is given too, which no
measurement can flatter. "kernel" runs from the message that leaves the page to the new image that
arrives, "page" is the rest. The last line is training and drawing alone, without browser and server.
"""

import statistics
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from lab import CHROMIUM_MISSING, Lab, NotebookPage, browser, find_chromium

from utils.explore.training import training_explorer

LESSON = "10_four_classes.ipynb"
WARM_UP, PRESSES = 3, 12
SLIDERS = {  # label: where to begin, and a key that brings a new picture at every press
    "learning rate": ("0.02", "ArrowRight"),
    "replay %": ("100", "ArrowLeft"),
}
STAMP_MESSAGES = """
    window.stamps = {};
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...data) {
        stamps.sent ??= performance.now();
        return send.apply(this, data);
    };
"""
STAMP_PICTURES = """(output) => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    let paint, seen;
    addEventListener("keydown", () => {
        window.stamps = { key: performance.now() };
        window.painted = new Promise((resolve) => { paint = resolve; });
        window.seen = new Promise((resolve) => { seen = resolve; });
    }, { capture: true });
    new PerformanceObserver((entries) => {
        const { element, renderTime } = entries.getEntries().at(-1);
        if (element === stamps.image) paint({ ...stamps, painted: renderTime, image: null });
    }).observe({ type: "element" });
    let shown = output.querySelector("img");
    new MutationObserver(async () => {
        const image = output.querySelector("img");
        if (!image || image === shown) return;
        shown = stamps.image = image;
        stamps.arrived = performance.now();
        image.elementTiming = "explorer";
        await image.decode();
        await nextFrame();
        seen(await nextFrame());
    }).observe(output, { childList: true, subtree: true });
}"""


def key_to_pixels(page, explorer, label):
    """Return the stamps of every press in ms: key, sent, arrived, painted, and after, the start of the frame after that."""
    start, key = SLIDERS[label]
    explorer.field(label).fill(start)
    explorer.field(label).press("Enter")
    page.wait_for_timeout(1000)
    explorer.slider(label).focus()
    presses = []
    for _ in range(WARM_UP + PRESSES):
        page.keyboard.press(key)
        presses.append(page.evaluate("async () => ({ ...await painted, after: await seen })"))
        page.wait_for_timeout(200)  # let everything come to rest
    return presses[WARM_UP:]


def in_kernel():
    """Return the ms of every new training and picture in this process."""
    panel, times = training_explorer(), []
    for i in range(WARM_UP + PRESSES):
        state = panel.state | {"learning_rate": round(0.02 * 10 ** (i / 10), 6)}
        begin = time.perf_counter()
        panel.draw(**state)
        times.append(1000 * (time.perf_counter() - begin))
    return times[WARM_UP:]


def report(name, times, note=""):
    """Print one line: every time, and the median."""
    print(f"{name:34}{' '.join(f'{t:4.0f}' for t in times)}   median {statistics.median(times):.0f} ms{note}")


def main():
    """Measure and print."""
    if not (chromium := find_chromium()):
        sys.exit(CHROMIUM_MISSING)
    alone = in_kernel()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, browser(chromium) as program, closing(Lab(Path(folder))) as lab:
        page = program.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(STAMP_MESSAGES)
        notebook = NotebookPage(page, lab, LESSON)
        notebook.run_all()
        explorer = notebook.explorer("learning rate")
        explorer.picture.wait_for()
        explorer.output.evaluate(STAMP_PICTURES)
        for label in SLIDERS:
            presses = key_to_pixels(page, explorer, label)
            waits = [press["painted"] - press["key"] for press in presses]
            kernel = statistics.median(press["arrived"] - press["sent"] for press in presses)
            around = statistics.median(wait - press["arrived"] + press["sent"] for wait, press in zip(waits, presses, strict=True))
            after = statistics.median(press["after"] - press["key"] for press in presses)
            report(f"{label}, key → pixels", waits, f" (kernel {kernel:.0f}, page {around:.0f}; frame after {after:.0f})")
    report("learning rate, training + drawing", alone)


if __name__ == "__main__":
    main()
