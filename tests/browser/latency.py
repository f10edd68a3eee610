"""Measure how long a learner waits from a key press on a slider to new pixels: ``python tests/browser/latency.py [00 10 …]``.

Every slider of every explorer in the lessons whose names begin with the arguments, or in all of them: twelve presses each, after
three that do not count. The end of the wait is the time at which Chromium painted the new image (its Element Timing); the start
of the frame after that is given too, which no measurement can flatter. "kernel" runs from the message that leaves the page to the
new image that arrives.
"""

import statistics
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from lab import CHROMIUM_MISSING, NOTEBOOKS, Lab, NotebookPage, browser, find_chromium

WARM_UP, PRESSES = 3, 12
LONGEST = 1500  # ms: a press that brings no new picture in this time brings none
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
STAMPS = f"""async () => {{
    const late = new Promise((resolve) => setTimeout(resolve, {LONGEST}));
    const stamps = await Promise.race([painted, late]);
    return stamps && {{ ...stamps, after: await Promise.race([seen, late]) }};
}}"""


def key_to_pixels(page, handle):
    """Return the stamps of every press in ms, for those that bring a new picture: key, sent, arrived, painted, and the frame after."""
    handle.scroll_into_view_if_needed()
    handle.focus()
    low, high, now = (float(handle.get_attribute(f"aria-value{part}")) for part in ("min", "max", "now"))
    keys = ["ArrowRight", "ArrowLeft"] if now < (low + high) / 2 else ["ArrowLeft", "ArrowRight"]
    presses = []
    for _ in range(WARM_UP + PRESSES):
        before = handle.get_attribute("aria-valuenow")
        page.keyboard.press(keys[0])
        if handle.get_attribute("aria-valuenow") == before:  # the slider is at its end
            keys.reverse()
            page.keyboard.press(keys[0])
        presses.append(page.evaluate(STAMPS))
        page.wait_for_timeout(150)  # let everything come to rest
    return [press for press in presses[WARM_UP:] if press]


def report(lesson, label, presses):
    """Print one line: medians, the longest wait, and how many presses brought no new picture."""
    if not presses:
        print(f"{lesson}  {label:18} no press brings a new picture", flush=True)
        return
    waits = [press["painted"] - press["key"] for press in presses]
    kernel = statistics.median(press["arrived"] - press["sent"] for press in presses)
    after = statistics.median(press["after"] - press["key"] for press in presses if press["after"])
    same = f"; {PRESSES - len(presses)} presses change nothing" if len(presses) < PRESSES else ""
    middle = statistics.median(waits)
    print(
        f"{lesson}  {label:18} {middle:4.0f} ms, at most {max(waits):4.0f} (kernel {kernel:3.0f}; frame after {after:.0f}{same})",
        flush=True,
    )


def main(prefixes):
    """Measure and print."""
    if not (chromium := find_chromium()):
        sys.exit(CHROMIUM_MISSING)
    names = [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb")) if path.name.startswith(tuple(prefixes) or "")]
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, browser(chromium) as program, closing(Lab(Path(folder))) as lab:
        for name in names:
            page = program.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.add_init_script(STAMP_MESSAGES)
            notebook = NotebookPage(page, lab, name)
            notebook.run_all()
            for explorer in notebook.explorers():
                explorer.picture.wait_for()
                explorer.output.evaluate(STAMP_PICTURES)
                for row in explorer.rows():
                    label = row.locator("label").first.text_content()
                    if row.get_by_role("spinbutton").is_enabled():
                        report(name[:2], label, key_to_pixels(page, row.get_by_role("slider")))
                    else:
                        print(f"{name[:2]}  {label:18} switched off: it changes nothing here", flush=True)
            page.context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
