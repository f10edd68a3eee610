"""How questions and their results look on the page: HTML and plain text, and the two outputs of a live panel.

A live panel has two outputs: HTML that everyone can read, and the widget below it. Where the widget is dead, because its kernel is
gone, the style hides what stands in its place, and the HTML says what the widget would have offered.

Many functions here return a bundle, the dict that IPython displays: MIME type → content.
"""

import json
import math
import re
import sys
from html import escape, unescape

WIDGET = "application/vnd.jupyter.widget-view+json"
SYMBOLS = {True: "✓", False: "✗", None: "…"}
COLORS = {True: "#009E73", False: "#D55E00", None: "#777777"}  # colour is never the only sign: the symbol and the words say the same
ASK = "#0072B2"
LONGEST = 300  # letters of what a computation gave
BOX = "border-left:5px solid {color};padding:2px 12px;margin:4px 0;line-height:1.45;max-width:760px"

# JupyterLab and Notebook 6 have each output in a box of its own; Colab and VS Code have all outputs of a cell in one box.
LIVE = """<style>
.jp-OutputArea-child:has(+ .jp-OutputArea-child .course-panel) .course-offer,
.output_area:has(+ .output_area .course-panel) .course-offer,
#output-area:has(.course-panel) .course-offer, .cell_container:has(.course-panel) .course-offer,
.jp-OutputArea-child:has(.course-offer) + .jp-OutputArea-child:not(:has(.course-panel, .jp-RenderedHTMLCommon, .jp-RenderedText)),
.output_area:has(.course-offer) + .output_area:not(:has(.course-panel, .rendered_html, .output_text)) {display: none !important}
</style>"""
TIDY = """<style>
[class^=course-] p {margin: 2px 0}
[class^=course-] ul {margin: 2px 0; padding-left: 1.4em}
[class^=course-] summary, .text_cell summary {display: list-item; cursor: pointer}
</style>"""


def marked_up(text):
    """Return a text as HTML: `code` becomes code, $formulas$ stay as they are, for the page to set.

    Parameters
    ----------
    text : str
        What HTML would read as markup is escaped.

    Returns
    -------
    str
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def boxed(kind, about, color, content):
    """Return a part of the page with a coloured edge.

    Parameters
    ----------
    kind : str
        Its CSS class, such as "course-result".
    about : dict of str to str
        Attributes for scripts; "key" becomes ``data-key``.
    color : str
        Of the edge, as CSS takes it.
    content : str
        HTML.

    Returns
    -------
    str
        HTML.
    """
    about = "".join(f' data-{name}="{escape(value)}"' for name, value in about.items())
    role = ' role="status"' if kind in ("course-result", "course-tasks") else ""
    return f'<div class="{kind}"{about}{role} style="{BOX.format(color=color)}">{TIDY}{content}</div>'


def asked(question, key, answer=None, news=()):
    """Return a question with what there is to choose from, or with the answer that was given.

    Parameters
    ----------
    question : Question
        What is asked.
    key : str
        Names the question for scripts: "04/push".
    answer : str or list of str, optional
        As it is kept; None if there is none yet.
    news : sequence of str
        Sentences about the progress file, below the answer.

    Returns
    -------
    dict of str to str
        The bundle: HTML and text.
    """
    if answer is None:
        below = f'<div class="course-offer">{LIVE}{_offer(question)}</div>'
        plain = f"{question.text} ({_plain_offer(question)})"
    else:
        below = f"<p>You said: <b>{marked_up(question.words(answer))}</b></p>"
        plain = f"{question.text} You said: {question.words(answer)}"
    below += "".join(f'<p style="opacity:0.8"><em>{escape(sentence)}</em></p>' for sentence in news)
    about = {"key": key, "kind": question.kind, "unit": question.unit}
    return {
        "text/html": boxed("course-question", about, ASK, f"<p><b>Predict.</b> {marked_up(question.text)}</p>{below}"),
        "text/plain": plain,
    }


def _offer(question):
    if question.kind == "number":
        return f"<p>A number{f', in {escape(question.unit)}' if question.unit else ''}.</p>"
    head = {"choice": "", "several": "<p>Several may be right.</p>", "order": "<p>Put them in order.</p>"}[question.kind]
    return head + "<ul>" + "".join(f"<li>{marked_up(text)}</li>" for text in question.options.values()) + "</ul>"


def _plain_offer(question):
    return " | ".join(question.options.values()) or f"a number{f', in {question.unit}' if question.unit else ''}"


def compared(question, key, answer, truth):
    """Return the comparison of an answer with the truth.

    Parameters
    ----------
    question : Question
        What is asked.
    key : str
        Names the question for scripts: "04/push".
    answer : str, list of str or None
        As it is kept; None if there is none yet.
    truth : str, list of str or Near
        From ``question.true``.

    Returns
    -------
    dict of str to str
        The bundle: HTML and text.
    """
    if answer is None:
        right, title = None, "No answer yet. Once you have answered the question above, the comparison stands here."
        sentences = []
    else:
        right = question.right(answer, truth)
        title = (
            f"Right: {question.words(truth)}."
            if right
            else f"You said {_quoted(question, answer)}; the computation gave {_quoted(question, truth)}."
        )
        sentences = question.told(answer, truth)
    lines = "".join(f"<p>{marked_up(sentence)}</p>" for sentence in sentences)
    html = f"<p><b>{SYMBOLS[right]} {marked_up(title)}</b></p>{lines}{_all_answers(question, truth)}"
    about = {"key": key} | _machine_readable(question, truth)
    html = boxed("course-result", about, COLORS[right], html)
    return {"text/html": html, "text/plain": "\n".join([f"{SYMBOLS[right]} {title}", *sentences])}


def _quoted(question, answer):
    words = question.words(answer)
    return words if question.kind == "number" else f"“{words}”"


def unfit(key, problem):
    """Return what is said where the computation fits none of the answers.

    Parameters
    ----------
    key : str
        Names the question for scripts: "04/push".
    problem : str
        Why it does not fit.

    Returns
    -------
    dict of str to str
        The bundle: HTML and text.
    """
    problem = problem if len(problem) < LONGEST else f"{problem[:LONGEST]}…"
    text = f"There is nothing to compare your prediction with: {problem}. If you have changed the computation, that is why."
    html = boxed("course-result", {"key": key, "unfit": problem}, COLORS[None], f"<p>{SYMBOLS[None]} {escape(text)}</p>")
    return {"text/html": html, "text/plain": f"{SYMBOLS[None]} {text}"}


def checked(name, right, title, lines=()):
    """Return what is said about a function that the learner wrote.

    Parameters
    ----------
    name : str
        Of the function.
    right : bool or None
        None for a function that is not written yet.
    title : str
        The first line, as plain text.
    lines : sequence of str
        HTML of further lines.

    Returns
    -------
    dict of str to str
        The bundle: HTML and text.
    """
    html = f"<p><b>{SYMBOLS[right]} {escape(title)}</b></p>" + "".join(f"<p>{line}</p>" for line in lines)
    plain = "\n".join([f"{SYMBOLS[right]} {title}", *(unescape(re.sub("<[^>]*>", "", line)) for line in lines)])
    return {"text/html": boxed("course-result", {"key": name}, COLORS[right], html), "text/plain": plain}


def summed_up(title, again, open_):
    """Return what has been done in a lesson, as HTML and text.

    Parameters
    ----------
    title : str
        How much of it.
    again : list of (str, str, str)
        Questions to look at again: the question, what was said, what is true and why.
    open_ : list of str
        What is not answered yet.

    Returns
    -------
    dict of str to str
        The bundle: HTML and text.
    """
    html, plain = [f"<p><b>{escape(title)}</b></p>"], [title]
    if again:
        items = "".join(f"<li>{marked_up(asked)}<br>You said: {marked_up(said)}. {marked_up(true)}</li>" for asked, said, true in again)
        html.append(f"<p>Look at this again:</p><ul>{items}</ul>")
        plain += [f"Look at this again: {asked} You said: {said}. {true}" for asked, said, true in again]
    if open_:
        items = "".join(f"<li>{marked_up(each)}</li>" for each in open_)
        html.append(f"<details><summary>Not answered yet: {len(open_)}</summary><ul>{items}</ul></details>")
        plain.append(f"Not answered yet: {len(open_)}")
    return {"text/html": boxed("course-summary", {}, ASK, "".join(html)), "text/plain": "\n".join(plain)}


def _machine_readable(question, truth):
    """Return the truth as attributes: the site's script compares with them, and the builder keeps them for later lessons."""
    if question.kind == "number":
        return {"truth": f"{truth.value:.6g}", "slack": f"{truth.slack:.3g}"}
    return {"truth": json.dumps(truth, ensure_ascii=False)}


def _all_answers(question, truth):
    """Return the truth and every reason, folded: for readers without Python, and for whoever wants to know the others."""
    items = "".join(
        f"<li{_when(question, key)}>{marked_up(key)}: <span data-told>{marked_up(text)}</span></li>"
        for key, text in question.reasons_by_answer.items()
    )
    if "otherwise" in question.reasons:
        items += f"<li data-otherwise>Any other answer: <span data-told>{marked_up(question.reasons['otherwise'])}</span></li>"
    why = marked_up(question.reasons.get("why", ""))
    return (
        "<details><summary>What came out, and what each answer overlooks</summary>"
        f"<p><b>{marked_up(question.words(truth))}</b> <span data-why>{why}</span></p>{f'<ul>{items}</ul>' if items else ''}</details>"
    )


def _when(question, key):
    if question.kind == "number":
        bounds = zip(("low", "high"), question.ranges[key], strict=True)
        return "".join(f' data-{name}="{bound!r}"' for name, bound in bounds if math.isfinite(bound))
    return f' data-when="{escape(key)}"'


def show(bundle, live=False):
    """Show a bundle. Outside a notebook print its plain text.

    Parameters
    ----------
    bundle : dict
        MIME type → content: HTML and text, or a widget.
    live : bool
        Whether it will be replaced later.

    Returns
    -------
    DisplayHandle or None
        For a live bundle in a notebook: what can replace it.
    """
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display  # only where IPython runs anyway

        return display(bundle, raw=True, display_id=True) if live else display(bundle, raw=True)
    if "text/plain" in bundle:
        print(bundle["text/plain"])
    return None


def with_sentences(picture, sentences):
    """Return a picture with sentences below it.

    Parameters
    ----------
    picture : Picture
        The picture.
    sentences : list of str
        Plain text.

    Returns
    -------
    dict of str to str
        The bundle: HTML and text.
    """
    lines = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return {"text/html": picture.html + lines, "text/plain": "\n".join([picture.alt, *sentences])}


def show_explorer(explorer):
    """Show an explorer. Outside a notebook print what its picture says.

    Parameters
    ----------
    explorer : Panel
        The explorer.
    """
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display  # only where IPython runs anyway

        display(explorer)
    else:
        print(explorer.picture)


def view(box):
    """Return the bundle that shows a widget, and nothing else.

    Parameters
    ----------
    box : ipywidgets.Widget
        The widget.

    Returns
    -------
    dict of str to dict
    """
    return {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": box.model_id}}
