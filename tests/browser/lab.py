"""A private JupyterLab and a Chromium that reads notebooks in it: what every browser test needs.

Nothing here belongs to one lesson. A test opens a notebook as a learner does, runs it from the menu,
and then finds explorers, and their controls by their labels.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PATIENCE = 150  # seconds: the machine may be busy, and a test that waits is better than one that fails now and then
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_MISSING = (
    "No Chromium found, so nothing was tested in a real browser. On Debian or Ubuntu: sudo apt install chromium. "
    "Elsewhere install Chromium or Chrome, or name its program in the environment variable CHROMIUM."
)
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
)
SETTINGS = {"@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}
if find_spec("jupyterlab") and metadata.version("jupyterlab").startswith(("4.2.", "4.3.", "4.4.")):
    # these take cells that are out of view out of the page
    SETTINGS["@jupyterlab/notebook-extension/tracker"] = {"windowingMode": "none"}
ERRORS = ", ".join(
    (
        '[data-mime-type="application/vnd.jupyter.error"]',  # a traceback
        '[data-mime-type="application/vnd.jupyter.stderr"]',  # a warning
        ".jupyter-widgets pre",  # an explorer whose drawing failed
        ".jupyter-widgets-error-widget",  # a control that the page cannot show
    )
)
PROMPTS = ".jp-CodeCell .jp-InputPrompt"
LAID_OUT = ".jp-Cell {content-visibility: visible !important}"
# axe cannot see through the panels of JupyterLab and leaves most colours undecided, so contrast is measured here.
FAINT_TEXTS = """() => {
    const parse = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
    const over = (top, ground) => top.slice(0, 3).map((part, i) => part * top[3] + ground[i] * (1 - top[3]));
    const light = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
    const ground = (element) => {
        if (!element) return [255, 255, 255];
        const color = parse(getComputedStyle(element).backgroundColor);
        return color[3] === 1 ? color : over(color, ground(element.parentElement));
    };
    const opacity = (element) => element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1;
    const faint = [];
    for (const output of document.querySelectorAll(".jp-OutputArea-output")) {
        const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const element = walker.currentNode.parentElement, style = getComputedStyle(element);
            if (!walker.currentNode.data.trim() || style.display === "none" || !element.getClientRects().length) continue;
            const [r, g, b, a] = parse(style.color), under = ground(element);
            const levels = [luminance(over([r, g, b, a * opacity(element)], under)), luminance(under)].sort((x, y) => y - x);
            const ratio = (levels[0] + 0.05) / (levels[1] + 0.05);
            if (ratio < 4.5) faint.push(`contrast ${ratio.toFixed(2)}: ${walker.currentNode.data.slice(0, 80)}`);
        }
    }
    return faint;
}"""
WATCH_RUN = f"""() => {{
    const waiting = () => [...document.querySelectorAll("{PROMPTS}")].some((prompt) => prompt.textContent === "[*]:");
    window.run = {{ begun: false, waiting, changed: 0 }};  // a saved notebook shows numbers before anything has run
    run.over = () => run.begun && !waiting() && performance.now() - run.changed > 1500;  // no cell waits, and none comes after a pause
    new MutationObserver(() => {{
        const now = waiting();
        if (now !== run.now) {{ run.now = now; run.changed = performance.now(); }}
        run.begun ||= now;
    }}).observe(document.querySelector(".jp-Notebook"), {{ childList: true, characterData: true, subtree: true }});
}}"""


def find_chromium():
    """Return the path of a Chromium on this machine, or None."""
    return shutil.which(os.environ.get("CHROMIUM", "")) or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


class Lab:
    """A JupyterLab server of its own over a copy of the notebooks, with the learner's settings and files left alone.

    Parameters
    ----------
    folder : Path
        An empty folder for its settings, its log and the notebooks in ``folder / "notebooks"``.

    Raises
    ------
    RuntimeError
        When the server does not start; the end of its log is in the message.
    """

    def __init__(self, folder):
        self.notebooks = folder / "notebooks"
        shutil.copytree(NOTEBOOKS, self.notebooks)
        for plugin, values in SETTINGS.items():
            file = folder / "settings" / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        self.token, self.port = secrets.token_hex(), _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        private = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
        environment = os.environ | {f"JUPYTER_{name}_DIR": str(folder / place) for name, place in private.items()}
        environment |= {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "IPYTHONDIR": str(folder / "ipython")}
        command = [sys.executable, "-m", *self._program()]
        if hasattr(os, "getuid") and os.getuid() == 0:
            command.append("--allow-root")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def get(self, path):
        """Return what the server answers to GET /api/… as Python values."""
        with self._ask("GET", path) as answer:
            return json.load(answer)

    def delete(self, path):
        """Send DELETE /api/… to the server."""
        self._ask("DELETE", path).close()

    def end_of_log(self):
        """Return the last lines that the server wrote."""
        return self.log.read_text(errors="replace")[-3000:]

    def close(self):
        """End the server; it ends its kernels."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()  # kernels notice that their parent has ended, and end as well
            self.process.wait()

    def _ask(self, method, path):
        request = urllib.request.Request(f"{self.url}/api/{path}", headers={"Authorization": f"token {self.token}"}, method=method)
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE)

    def _program(self):
        return [
            *("jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={self.port}"),
            *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.notebooks}", f"--IdentityProvider.token={self.token}"),
            "--LabApp.extension_manager=readonly",
        ]

    def _wait(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return self.get("status")
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"JupyterLab did not start. The end of its log:\n{self.end_of_log()}")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def browser(executable):
    """Start Chromium without a window, and end it with the context."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


class NotebookPage:
    """A notebook open in JupyterLab.

    Parameters
    ----------
    page : playwright Page
        An empty page.
    lab : Lab
        The server.
    name : str
        The notebook's path in the server's folder.
    """

    def __init__(self, page, lab, name):
        self.page, self.lab = page, lab
        page.goto(f"{lab.url}/lab/tree/{name}?token={lab.token}&reset")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self._wait_for_kernel()

    def run_all(self, restart=False):
        """Choose "Run All Cells" in the menu "Run", or "Restart Kernel and Run All Cells…", and return when nothing runs any more."""
        self.page.evaluate(WATCH_RUN)
        self.page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
        self.page.locator(f'.lm-Menu-item[data-command="runmenu:{"restart-and-" * restart}run-all"]').click()
        if restart:
            self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function("run.over()")
        self._wait_for_kernel()

    def save(self):
        """Save the notebook as Ctrl+S does, and return when it is on the disk."""
        self.page.keyboard.press("Control+s")
        self.page.locator(".jp-NotebookPanel:visible .jp-mod-dirty, .lm-TabBar-tab.jp-mod-dirty").wait_for(state="detached")

    def end_kernel(self):
        """Shut every kernel of the server down."""
        for kernel in self.lab.get("kernels"):
            self.lab.delete(f"kernels/{kernel['id']}")

    def prompts(self):
        """Return the prompt of every code cell: "[3]:" for one that has run, "[ ]:" for one that an error kept from running."""
        return self.page.locator(PROMPTS).all_text_contents()

    def errors(self):
        """Return the text of everything on the page that says that something went wrong."""
        return self.page.locator(ERRORS).all_text_contents()

    def lay_out(self):
        """Lay out the cells that are out of view, too. Until then the page gives empty texts for them."""
        self.page.add_style_tag(content=LAID_OUT)

    def faults(self):
        """Return the faults that axe, which tests accessibility, finds in the outputs, and faint texts; JupyterLab itself is not tested."""
        self.lay_out()
        for _ in range(10):  # a busy machine takes a while to lay out what was out of view
            found = Axe().run(self.page, ".jp-OutputArea-output", {"resultTypes": ["violations", "passes"]}).response
            pictures = sum(len(rule["nodes"]) for rule in found["passes"] if rule["id"] == "image-alt")
            if pictures == self.page.locator(".jp-OutputArea-output img:visible").count():
                break
            self.page.wait_for_timeout(500)
        else:
            raise AssertionError("axe has not seen all outputs")
        return self.page.evaluate(FAINT_TEXTS) + [
            f"{rule['id']}: {node['html'][:300]}" for rule in found["violations"] for node in rule["nodes"]
        ]

    def explorer(self, label):
        """Return the explorer that has a control with this label; there must be one and no more."""
        output = self.page.locator(".jp-OutputArea-output", has=self.page.get_by_label(label, exact=True))
        expect(output).to_have_count(1)
        return Explorer(output).unfolded()

    def explorers(self):
        """Return every explorer of the notebook, in its order."""
        outputs = self.page.locator(".jp-OutputArea-output", has=self.page.locator(".widget-slider"))
        outputs.first.wait_for()
        return [Explorer(output).unfolded() for output in outputs.all()]

    def _wait_for_kernel(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(urllib.error.HTTPError):  # the server may fail to answer while a kernel starts
                if any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in self.lab.get("kernels")):
                    return
            self.page.wait_for_timeout(50)
        raise TimeoutError(f"The kernel is not idle after {PATIENCE} s. The end of the server's log:\n{self.lab.end_of_log()}")


class Explorer:
    """Controls and their picture, found the way a learner finds them: by label, and by role.

    Parameters
    ----------
    output : playwright Locator
        The output of the cell that shows the explorer.
    """

    def __init__(self, output):
        self.output = output
        self.picture = output.locator("img")

    def unfolded(self):
        """Show the controls that are folded away at first, and return the explorer."""
        for button in self.output.get_by_role("button", name=re.compile("^Show .* more control")).all():
            button.click()
        return self

    def rows(self):
        """Return each row that holds a slider: its label is beside its field."""
        return self.output.locator(".widget-hbox", has=self.output.page.locator(".widget-slider")).all()

    def field(self, label):
        """Return the number field or the list with this label."""
        return self.output.get_by_label(label, exact=True)

    def slider(self, label):
        """Return the handle of the slider that stands beside the field with this label."""
        return self.output.locator(".widget-hbox", has=self.output.page.get_by_label(label, exact=True)).get_by_role("slider")


def press(handle, key):
    """Press a key on the handle of a slider until it moves: JupyterLab may take the focus once more when a run has just ended."""
    before = handle.get_attribute("aria-valuenow")
    for patience in (5, 5, PATIENCE):
        handle.press(key)
        with suppress(AssertionError):
            expect(handle).not_to_have_attribute("aria-valuenow", before, timeout=patience * 1000)
            return
    raise AssertionError(f"{key} does not move the slider {handle.get_attribute('aria-label')}.")


class Watch:
    """What a page did that no page of this course should do.

    Parameters
    ----------
    page : playwright Page
        The page, before it loads anything.
    url : str
        Where all its requests may go.

    Attributes
    ----------
    complaints : list of str
        Requests to other machines, errors in scripts and on the console, and errors in the kernel, also those that
        JupyterLab only writes into its log because they arose while a slider was moving.
    """

    def __init__(self, page, url):
        self.complaints = []
        self._allowed = (f"{url}/", f"{url.replace('http', 'ws')}/", "data:", "blob:", "about:")
        page.on("request", lambda request: self._requested(request.url))
        page.on("websocket", self._connected)
        page.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(f"on the console: {message.text}"))

    def _requested(self, url):
        if not url.startswith(self._allowed):
            self.complaints.append(f"a request to {url}")

    def _connected(self, websocket):
        self._requested(websocket.url)
        websocket.on("framereceived", self._received)

    def _received(self, frame):
        text = frame if isinstance(frame, str) else frame.decode(errors="replace")
        if re.search(r'"msg_type": ?"error"', text):
            self.complaints.append(f"in the kernel: {text[text.find('ename') :][:500]}")
