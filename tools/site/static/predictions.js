// A prediction is answered on a page as in a notebook, without Python: question, options, truth and reasons are in the page, the last two
// folded. Without this script they stay folded below the question. Nothing is kept and nothing is sent.
(() => {
  const NUMBER = String.raw`(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?`;
  const TYPED = new RegExp(`^([+-]?)(?:(${NUMBER})[*·×])?(${NUMBER})(?:(/|\\^|\\*\\*)\\(?([+-]?${NUMBER})\\)?)?$`);
  const EXAMPLES = "Examples: 0.25, 1/4, 25 %, -3, 2e-3.";

  // ¼ as 1/4, 10⁻⁵ as 10^-5, − as -.
  function onAKeyboard(text) {
    return text
      .replace(/(?<=\d)[⁺⁻]?[⁰¹²³⁴-⁹]+/g, (power) => `^${power.normalize("NFKC")}`)
      .replace(/(?<!\d)[¼-¾⅐-⅞](?!\d)/g, (fraction) => fraction.normalize("NFKC"))
      .replace(/[−–]/g, "-")
      .replace(/[⁄∕]/g, "/");
  }

  // As read_number in utils/learn/numbers.py; a test compares the two. Returns null for what is no number.
  function readNumber(text, unit) {
    let plain = text.trim().toLowerCase().replace(/\s+/g, " ");
    if (unit && plain.endsWith(unit.toLowerCase())) plain = plain.slice(0, -unit.length).trim();
    const percent = plain.endsWith("%") || unit === "%";
    plain = plain.replace(/%$/, "");
    if (/\d \d/.test(plain.replace(/(?<!\d)[1-9]\d{0,2}(?: \d{3})+(?!\d)/g, ""))) return null;
    plain = onAKeyboard(plain.replaceAll(" ", ""));
    const parts = plain.match(TYPED);
    if (!parts || /(?<![\d.,])[1-9]\d{0,2}(,\d{3})+(?![\d,])/.test(plain)) return null;
    const [, sign, factor, first, operator, second] = parts;
    if (factor && operator === "/") return null;
    const value = (part) => Number((part ?? "1").replace(",", "."));
    const size = operator === "/" ? value(first) / value(second) : operator ? value(factor) * value(first) ** value(second) : factor ? NaN : value(first);
    return Number.isFinite(size) ? (sign === "-" ? -size : size) / (percent ? 100 : 1) : null;
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // For each kind: the controls; what was answered, or a sentence in an Error; whether it is right; whether a reason belongs to it.
  const KINDS = {
    choice: {
      controls: (options, key) => options.map((text) => inputWithLabel("radio", key, text)),
      answer: (form) => form.querySelector("input:checked")?.value ?? fail("Choose one of the answers first."),
      right: (answer, result) => answer === JSON.parse(result.dataset.truth),
      applies: (answer, reason) => reason.dataset.when === answer,
    },
    several: {
      controls: (options, key) => options.map((text) => inputWithLabel("checkbox", key, text)),
      answer: (form) => [...form.querySelectorAll("input:checked")].map((input) => input.value),
      right: (answer, result) => same(answer, JSON.parse(result.dataset.truth)),
      applies: (answer, { dataset: { when } }, result) => answer.includes(when) !== JSON.parse(result.dataset.truth).includes(when),
    },
    order: {
      controls: (options) => options.map(placeButton),
      answer: (form) => {
        const placed = [...form.querySelectorAll("[data-place]")].sort((a, b) => a.dataset.place - b.dataset.place).map((button) => button.value);
        return form.querySelector("[type=button]:not([data-place])") ? fail("Give every answer its place first.") : placed;
      },
      right: (answer, result) => same(answer, JSON.parse(result.dataset.truth)),
      applies: (answer, { dataset: { when } }, result) => {
        const before = (row) => row.indexOf(when.split(" before ")[0]) < row.indexOf(when.split(" before ")[1]);
        return before(answer) && !before(JSON.parse(result.dataset.truth));
      },
    },
    number: {
      controls: (_, key, unit) => [element("label", {}, "Answer ", element("input", { type: "text", name: key, size: 12, autocomplete: "off" }), ` ${unit} `)],
      answer: (form, unit) => readNumber(form.querySelector("input").value, unit) ?? fail(`That is not a number. ${EXAMPLES}`),
      right: (answer, { dataset: { truth, slack } }) => Math.abs(answer - truth) <= Number(slack) + 1e-9,
      applies: (answer, { dataset: { low = -Infinity, high = Infinity } }) => low <= answer && answer <= high,
    },
  };

  function fail(sentence) {
    throw new RangeError(sentence);
  }

  function inputWithLabel(type, key, text) {
    return element("label", { className: "course-choice" }, element("input", { type, name: key, value: text }), ` ${text}`);
  }

  function placeButton(text) {
    const button = element("button", { type: "button", value: text }, `– ${text}`);
    button.addEventListener("click", () => {
      const placed = [...button.form.querySelectorAll("[data-place]")];
      if (button.dataset.place) {
        placed.filter((other) => +other.dataset.place > +button.dataset.place).forEach((other) => (other.dataset.place -= 1));
        delete button.dataset.place;
      } else {
        button.dataset.place = placed.length + 1;
      }
      for (const each of button.form.querySelectorAll("[type=button]")) each.textContent = `${each.dataset.place ? `${each.dataset.place}.` : "–"} ${each.value}`;
    });
    return button;
  }

  function inWords(answer, form, kind) {
    if (kind === "number") return form.querySelector("input").value.trim();
    return kind === "order" ? answer.join(" → ") : [answer].flat().join(", ") || "none of them";
  }

  function tell(result, kind, answer, said) {
    const right = KINDS[kind].right(answer, result);
    const [truth, why] = result.querySelectorAll(":scope > details > p > *");
    const reasons = [...result.querySelectorAll("li[data-when], li[data-low], li[data-high]")].filter((each) => KINDS[kind].applies(answer, each, result));
    const told = right ? [why] : reasons.length ? reasons : [result.querySelector("li[data-otherwise]") ?? why];
    const lines = (kind === "number" ? told.slice(0, 1) : told).map((each) => element("p", {}, ...(each.querySelector("[data-told]") ?? each).cloneNode(true).childNodes));
    const quoted = (words) => (kind === "number" ? words : `“${words}”`);
    const title = right ? `✓ Right: ${truth.textContent}.` : `✗ You said ${quoted(said)}; the computation gave ${quoted(truth.textContent)}.`;
    result.querySelector("p").replaceWith(element("p", {}, element("b", {}, title)), ...lines);
    result.style.borderLeftColor = right ? "#009E73" : "#D55E00";
    for (let fold = result.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    result.tabIndex = -1;
    result.focus();
  }

  function offer(question) {
    const { key, kind, unit } = question.dataset;
    const result = [...document.querySelectorAll(".course-result[data-truth]")].find((each) => each.dataset.key === key);
    const list = question.querySelector(".course-offer");
    if (!list || !result) return;
    const options = [...list.querySelectorAll("li")].map((item) => item.textContent);
    const said = element("p", { role: "status" });
    const legend = element("legend", { className: "course-legend" }, "Your answer");
    const form = element("form", {}, element("fieldset", {}, legend, ...KINDS[kind].controls(options, key, unit), element("button", {}, "This is my answer"), said));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      try {
        const answer = KINDS[kind].answer(form, unit);
        const words = inWords(answer, form, kind);
        form.replaceWith(element("p", {}, "You said: ", element("b", {}, words)));
        tell(result, kind, answer, words);
      } catch (problem) {
        if (!(problem instanceof RangeError)) throw problem;
        said.textContent = problem.message;
      }
    });
    list.querySelectorAll("ul").forEach((part) => part.remove());
    list.append(form);
  }

  document.querySelectorAll(".course-question").forEach(offer);
})();
