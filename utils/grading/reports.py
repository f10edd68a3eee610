"""Two web pages, each a single file: a student's feedback, and the overview of the class for the teacher."""

from collections import defaultdict
from html import escape
from pathlib import Path
from string import Template

from utils.homework.questions import HOMEWORKS
from utils.homework.verdict import SYMBOLS, with_headings

PAGE = Template((Path(__file__).parent / "templates" / "page.html").read_text(encoding="utf-8"))
WORDS = {"right": "right", "wrong": "not right", "not yet": "not yet"}

# --- for a student ---

QUESTION = Template('<section class="question $css"><h2>$symbol <code>$name</code>: $words, $points of $of points</h2>$hints</section>')
WRITTEN = Template("<section><h2>$name</h2><p>Your teacher reads this answer and gives points for it:</p>$words</section>")


def feedback_page(row):
    """Return the page on one submission.

    Parameters
    ----------
    row : Row
        Of the submission.

    Returns
    -------
    str
        HTML.
    """
    title = f"{row.homework}: {row.points} of {row.of} points" if row.homework else "This submission could not be graded"
    handed_in = f" · handed in: {row.handed_in}" if row.handed_in else ""
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(row.student)} · <code>{escape(row.path)}</code>{escape(handed_in)}</p>",
        f"<p><strong>It could not be graded.</strong> {escape(row.problem)}</p>" if row.problem else "",
        *map(_question, row.questions),
        *(_written_by(name, text) for name, text in row.texts.items()),
        f"<h2>Good to know</h2><ul>{_joined('<li>$0</li>', ((notice,) for notice in row.notices))}</ul>" if row.notices else "",
    ]
    return _page(f"{row.student} – {title}", parts)


def _question(answer):
    terms = with_headings(answer.hints) + ([("A note", answer.note)] if answer.note else [])
    hints = f"<dl>{_joined('<dt>$0</dt><dd>$1</dd>', terms)}</dl>" if terms else ""
    css = {"right": "right", "wrong": "wrong"}.get(answer.state, "open")
    return QUESTION.substitute(
        css=css,
        symbol=SYMBOLS[answer.state],
        name=escape(answer.name),
        words=WORDS[answer.state],
        points=answer.points,
        of=answer.of,
        hints=hints,
    )


def _written_by(name, text):
    words = f"<blockquote>{escape(text)}</blockquote>" if text.strip() else "<p>Nothing was written.</p>"
    return WRITTEN.substitute(name=escape(name), words=words)


# --- for the teacher ---

HOMEWORK = Template(
    "<h2>$name · $title</h2><p>$many. Median $median of $of points; all points: $all; none: $none.</p>"
    '<div class="scroll"><table><caption>In the bar: right is full, not right is hatched, not yet is pale.</caption>'
    '<thead><tr><th scope="col">question</th>$states<th scope="col">share</th></tr></thead><tbody>$lines</tbody></table></div>$mistakes'
)
SHARE = Template(
    '<tr><th scope="row"><code>$name</code></th><td class="n">$right</td><td class="n">$wrong</td><td class="n">$open</td>'
    '<td><div class="bar" aria-hidden="true"><span class="right" style="width:$p_right%"></span>'
    '<span class="wrong" style="width:$p_wrong%"></span><span class="open" style="width:$p_open%"></span></div></td></tr>'
)
MISTAKES = Template(
    '<h3><code>$name</code>: mistakes</h3><div class="scroll"><table><thead><tr><th scope="col">mistake</th>'
    '<th scope="col" class="n">how many</th><th scope="col">what to say</th></tr></thead><tbody>$lines</tbody></table></div>'
)
MISTAKE = Template(
    '<tr><th scope="row">$name</th><td class="n">$number</td><td>$hints<details><summary>$many</summary>$who</details></td></tr>'
)
TABLE = Template('<h2>$title</h2><p>$about</p><div class="scroll"><table><thead><tr>$head</tr></thead><tbody>$lines</tbody></table></div>')
TO_READ = Template("<h3>$who: $name, up to $points</h3><p>$prompt</p><blockquote>$text</blockquote>")


def report_page(rows):
    """Return the overview of a class: which question, which mistake, how many.

    Parameters
    ----------
    rows : list of Row
        One for each submission.

    Returns
    -------
    str
        HTML.
    """
    graded = [row for row in rows if not row.problem]
    names = sorted({row.homework for row in graded})
    parts = [
        "<h1>What the class found hard</h1>",
        f"<p>{_many(len(rows), 'submission')}, of which {len(graded)} could be graded.</p>",
        *(_homework(name, [row for row in graded if row.homework == name]) for name in names),
        _to_read(graded),
        _table(
            "Not graded",
            "Each of these has 0 points, for this reason.",
            ("submission", "reason"),
            [(_link(row), escape(row.problem)) for row in rows if row.problem],
        ),
        _table(
            "Left out or guessed",
            "These were graded. What is said here may have cost points.",
            ("submission", "notice"),
            [(_link(row), "<br>".join(map(escape, row.notices))) for row in graded if row.notices],
        ),
        _table(
            "Time of handing in",
            "As far as the platform's file names tell.",
            ("submission", "handed in"),
            [(_link(row), escape(row.handed_in)) for row in rows if row.handed_in],
        ),
        _table(
            "Equal files",
            "The same to the last byte. An untouched notebook is equal to every other untouched one.",
            ("submission", "is the same as"),
            [(_link(row), "<br>".join(map(escape, row.same_as))) for row in rows if row.same_as],
        ),
    ]
    return _page("What the class found hard", parts)


def _homework(name, rows):
    of, scores = rows[0].of, sorted(row.points for row in rows)
    by_question = defaultdict(list)
    for row in rows:
        for answer in row.questions:
            by_question[answer.name].append((row, answer))
    return HOMEWORK.substitute(
        name=escape(name),
        title=escape(HOMEWORKS[name].title),
        many=_many(len(rows), "submission"),
        median=f"{(scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2:g}",
        of=of,
        all=scores.count(of),
        none=scores.count(0),
        states=_joined('<th scope="col" class="n">$0 $1</th>', ((SYMBOLS[state], word) for state, word in WORDS.items())),
        lines="".join(_share(question, answers) for question, answers in by_question.items()),
        mistakes="".join(_mistakes(question, answers) for question, answers in by_question.items()),
    )


def _share(name, answers):
    right, wrong, open_ = (sum(answer.state == state for _, answer in answers) for state in WORDS)
    percent = {f"p_{word}": f"{100 * number / len(answers):.1f}" for word, number in (("right", right), ("wrong", wrong), ("open", open_))}
    return SHARE.substitute(percent, name=escape(name), right=right, wrong=wrong, open=open_)


def _mistakes(question, answers):
    found = defaultdict(list)
    for row, answer in answers:
        if answer.state == "wrong":
            found[answer.mistake].append((row, answer))
    lines = "".join(_mistake(name, cases) for name, cases in sorted(found.items(), key=lambda item: -len(item[1])))
    return MISTAKES.substitute(name=escape(question), lines=lines) if lines else ""


def _mistake(name, cases):
    hints = cases[0][1].hints
    known = len(hints) == 3  # a known mistake: its reason, and where to read
    about = "<br>".join(map(escape, hints[1:] if known else [f"Seen for example: {hint}" for hint in hints[:1]]))
    who = ", ".join(_link(row, row.student) for row, _ in cases)
    return MISTAKE.substitute(name=escape(name), number=len(cases), hints=about, many=_many(len(cases), "submission"), who=who)


def _to_read(rows):
    quoted = [
        TO_READ.substitute(
            who=_link(row, row.student),
            name=escape(written.name),
            points=_many(written.points, "point"),
            prompt=escape(written.prompt),
            text=escape(row.texts[written.name]),
        )
        for name, homework in HOMEWORKS.items()
        for written in homework.written
        for row in rows
        if row.homework == name and row.texts.get(written.name, "").strip()
    ]
    return f"<h2>Answers in words, for you to read</h2><p>Enter their points in written.csv.</p>{''.join(quoted)}" if quoted else ""


# --- for both ---


def _page(title, parts):
    return PAGE.substitute(title=escape(title), body="\n".join(filter(None, parts)))


def _joined(form, rows):
    """Return the rows of texts, each escaped and put in the places $0, $1 of ``form``, one after the other."""
    numbered = Template(form.replace("$", "$p"))
    return "".join(numbered.substitute({f"p{i}": escape(str(text)) for i, text in enumerate(row)}) for row in rows)


def _table(title, about, head, lines):
    """Return a table of cells that are HTML already, or "" without lines."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    columns = _joined('<th scope="col">$0</th>', ((name,) for name in head))
    return TABLE.substitute(title=title, about=about, head=columns, lines=body) if lines else ""


def _link(row, text=None):
    return f'<a href="feedback/{escape(row.id)}.html">{escape(text or row.path)}</a>'


def _many(number, thing):
    return f"{number} {thing}{'s' * (number != 1)}"
