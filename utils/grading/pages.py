"""Two web pages, each a single file: a student's feedback, and the overview of the class for the teacher."""

from collections import defaultdict
from html import escape

from utils.homework.questions import HOMEWORKS
from utils.homework.verdict import SYMBOLS, with_headings

WORDS = {"right": "right", "wrong": "not right", "not yet": "not yet"}
STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --right: #00664a; --wrong: #a34700; --open: #5a5a5a }
@media (prefers-color-scheme: dark) { :root { --right: #4fd1a8; --wrong: #ff9d5c; --open: #b5b5b5 } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
h1 { line-height: 1.2 } h2 { margin: 2rem 0 .5rem } h3 { margin: 1.5rem 0 .3rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
caption { text-align: left; padding-bottom: .3rem }
th, td { text-align: left; vertical-align: top; padding: .35rem 1.3rem .35rem 0; border-top: 1px solid var(--line) }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
section.question { border-left: .35rem solid var(--open); padding-left: 1rem; margin: 1.5rem 0 }
section.right { border-color: var(--right) } section.wrong { border-color: var(--wrong) }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
blockquote { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); margin: .5rem 0; padding: .7rem 1rem }
.scroll { overflow-x: auto } code { font-size: 1em }
.bar { display: flex; height: 1.1rem; min-width: 12rem } .bar span { height: 100% }
.bar .right { background: var(--right) } .bar .open { background: var(--line) }
.bar .wrong { box-shadow: inset 0 0 0 1px var(--wrong);
  background: repeating-linear-gradient(45deg, var(--wrong) 0 5px, transparent 5px 9px) }
"""


def _page(title, body):
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


# --- for a student ---


def feedback_page(row):
    """Return the page on one submission, from its row."""
    title = f"{row['homework']}: {row['points']} of {row['of']} points" if row["homework"] else "This submission could not be graded"
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(row['student'])} · <code>{escape(row['path'])}</code></p>"]
    if row["problem"]:
        parts.append(f"<p><strong>It could not be graded.</strong> {escape(row['problem'])}</p>")
    parts += [_question(entry) for entry in row["questions"]]
    for name, text in row["texts"].items():
        words = f"<blockquote>{escape(text)}</blockquote>" if text.strip() else "<p>Nothing was written.</p>"
        parts.append(f"<section><h2>{escape(name)}</h2><p>Your teacher reads this answer and gives points for it:</p>{words}</section>")
    if row["notices"]:
        parts.append("<h2>Left out</h2><ul>" + "".join(f"<li>{escape(notice)}</li>" for notice in row["notices"]) + "</ul>")
    return _page(f"{row['student']} – {title}", "\n".join(parts))


def _question(entry):
    css = {"right": "right", "wrong": "wrong"}.get(entry["state"], "open")
    terms = [*with_headings(entry["hints"]), *([("A note", entry["note"])] if entry.get("note") else [])]
    terms = "".join(f"<dt>{heading}</dt><dd>{escape(hint)}</dd>" for heading, hint in terms)
    return (
        f'<section class="question {css}"><h2>{SYMBOLS[entry["state"]]} <code>{escape(entry["name"])}</code>: '
        f"{WORDS[entry['state']]}, {entry['points']} of {entry['of']} points</h2>{f'<dl>{terms}</dl>' if terms else ''}</section>"
    )


# --- for the teacher ---


def report_page(rows):
    """Return the overview of a class: which question, which mistake, how many."""
    graded = [row for row in rows if not row["problem"]]
    names = sorted({row["homework"] for row in graded})
    parts = [
        "<h1>What the class found hard</h1>",
        f"<p>{_many(len(rows), 'submission')}, of which {len(graded)} could be graded.</p>",
        *(_homework(name, [row for row in graded if row["homework"] == name]) for name in names),
        _written(graded),
        _list_of(
            "Not graded",
            "Each of these has 0 points, for this reason.",
            ("submission", "reason"),
            [(_link(row), escape(row["problem"])) for row in rows if row["problem"]],
        ),
        _list_of(
            "Equal files",
            "The same to the last byte. An untouched notebook is equal to every other untouched one.",
            ("submission", "is the same as"),
            [(_link(row), "<br>".join(map(escape, row["same_as"]))) for row in rows if row["same_as"]],
        ),
    ]
    return _page("What the class found hard", "\n".join(filter(None, parts)))


def _homework(name, rows):
    of, scores = rows[0]["of"], sorted(row["points"] for row in rows)
    questions = defaultdict(list)
    for row in rows:
        for entry in row["questions"]:
            questions[entry["name"]].append((row, entry))
    middle = (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2
    return (
        f"<h2>{escape(name)} · {escape(HOMEWORKS[name].title)}</h2><p>{_many(len(rows), 'submission')}. Median {middle:g} of {of} points; "
        f"all points: {scores.count(of)}; none: {scores.count(0)}.</p>"
        + _overview(questions)
        + "".join(_mistakes(question, entries) for question, entries in questions.items())
    )


def _overview(questions):
    lines = []
    for name, entries in questions.items():
        right, wrong, open_ = (sum(entry["state"] == state for _, entry in entries) for state in SYMBOLS)
        bar = "".join(
            f'<span class="{css}" style="width:{100 * number / len(entries):.1f}%"></span>'
            for css, number in (("right", right), ("wrong", wrong), ("open", open_))
        )
        cells = "".join(f'<td class="n">{number}</td>' for number in (right, wrong, open_))
        lines.append(
            f'<tr><th scope="row"><code>{escape(name)}</code></th>{cells}<td><div class="bar" aria-hidden="true">{bar}</div></td></tr>'
        )
    head = "".join(f'<th scope="col" class="n">{SYMBOLS[state]} {word}</th>' for state, word in WORDS.items())
    head = f'<tr><th scope="col">question</th>{head}<th scope="col">share</th></tr>'
    return (
        '<div class="scroll"><table><caption>In the bar: right is full, not right is hatched, not yet is pale.</caption>'
        f"<thead>{head}</thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _mistakes(question, entries):
    found = defaultdict(list)
    for row, entry in entries:
        if entry["state"] == "wrong":
            found[entry["mistake"]].append((row, entry))
    if not found:
        return ""
    lines = []
    for mistake, cases in sorted(found.items(), key=lambda item: -len(item[1])):
        hints = cases[0][1]["hints"]
        known = len(hints) == 3
        about = f"{escape(hints[1])}<br>{escape(hints[2])}" if known else f"Seen for example: {escape(hints[0])}" if hints else ""
        who = ", ".join(_link(row, row["student"]) for row, _ in cases)
        people = f"<details><summary>{_many(len(cases), 'submission')}</summary>{who}</details>"
        lines.append(f'<tr><th scope="row">{escape(mistake)}</th><td class="n">{len(cases)}</td><td>{about}{people}</td></tr>')
    return (
        f'<h3><code>{escape(question)}</code>: mistakes</h3><div class="scroll"><table><thead><tr><th scope="col">mistake</th>'
        f'<th scope="col" class="n">how many</th><th scope="col">what to say</th></tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def _written(rows):
    answers = [
        (row, written, row["texts"].get(written.name, ""))
        for name, homework in HOMEWORKS.items()
        for written in homework.written
        for row in rows
        if row["homework"] == name
    ]
    answers = [answer for answer in answers if answer[2].strip()]
    if not answers:
        return ""
    quoted = "".join(
        f"<h3>{_link(row, row['student'])}: {escape(written.name)}, up to {_many(written.points, 'point')}</h3>"
        f"<p>{escape(written.prompt)}</p><blockquote>{escape(text)}</blockquote>"
        for row, written, text in answers
    )
    return f"<h2>Answers in words, for you to read</h2>{quoted}"


def _list_of(title, about, head, lines):
    if not lines:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return f'<h2>{title}</h2><p>{about}</p><div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _link(row, text=None):
    return f'<a href="feedback/{escape(row["id"])}.html">{escape(text or row["path"])}</a>'


def _many(number, thing):
    return f"{number} {thing}{'s' * (number != 1)}"
