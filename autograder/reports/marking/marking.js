"use strict";
// Marks written answers. A rubric's line is chosen where it stands in the comment; everything else follows from that.
(() => {
  const LINE = /^- \(([+-]?\d+(?:\.\d+)?)\) (.+)$/;
  const marking = document.getElementById("marking");
  const { assignment, question, url } = marking.dataset;
  const full = Number(marking.dataset.points);
  const answers = [...document.querySelectorAll("article")];
  const rubric = []; // {points, text}
  const seen = new Map(); // by article: what the gradebook held when it was shown
  const given = new Map(); // by article: marks of a page that gives them as a file

  const score = (article) => article.querySelector("[name=score]");
  const comment = (article) => article.querySelector("[name=comment]");
  const lines = (article) => comment(article).value.split("\n");
  const written = ({ points, text }) => `- (${points > 0 ? "+" : ""}${points}) ${text}`;
  const mark = (article) => ({
    score: score(article).value === "" ? null : Number(score(article).value),
    comment: comment(article).value.trim(),
  });
  const same = (one, other) => one.score === other.score && one.comment === other.comment;
  const isChanged = (article) => !same(mark(article), given.get(article) ?? seen.get(article));

  const parsed = (line) => {
    const found = LINE.exec(line);
    return found && { points: Number(found[1]), text: found[2] };
  };

  function say(article, words, trouble = false) {
    const status = article.querySelector("[role=status]");
    status.textContent = words;
    status.classList.toggle("trouble", trouble);
  }

  // --- the rubric -----------------------------------------------------------------------------------------

  function add(item) {
    if (rubric.some((each) => written(each) === written(item))) return;
    rubric.push(item);
    const list = document.getElementById("rubric");
    if (list.children.length < rubric.length) {
      list.append(Object.assign(document.createElement("li"), { textContent: written(item).slice(2) }));
    }
    for (const article of answers) offer(article, item);
  }

  function offer(article, item) {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    box.addEventListener("change", () => choose(article, item));
    label.append(box, ` ${rubric.length}. ${written(item).slice(2)}`);
    article.querySelector("fieldset").append(label);
  }

  /** Puts a line into the comment, or takes it out, and counts the points anew. */
  function choose(article, item) {
    const before = lines(article);
    const line = written(item);
    const chosen = before.filter((each) => parsed(each) && each !== line);
    const free = before.filter((each) => !parsed(each));
    if (!before.includes(line)) chosen.push(line);
    comment(article).value = [...chosen, ...free].join("\n").trim();
    score(article).value = chosen.some((each) => parsed(each).points) ? count(chosen) : "";
    show(article);
  }

  /** Where nothing can be earned, a rubric takes off from full points. */
  function count(chosen) {
    const start = rubric.some((item) => item.points > 0) ? 0 : full;
    const sum = chosen.reduce((total, line) => total + parsed(line).points, start);
    return Math.round(1000 * Math.min(Math.max(sum, 0), full)) / 1000;
  }

  function show(article) {
    const there = lines(article);
    article.querySelectorAll("fieldset input").forEach((box, place) => {
      box.checked = there.includes(written(rubric[place]));
    });
    say(article, isChanged(article) ? "Not saved yet." : score(article).value === "" ? "Not marked yet." : "Saved.");
  }

  // --- saving ---------------------------------------------------------------------------------------------

  async function save(article) {
    if (!score(article).reportValidity()) return false;
    const now = mark(article);
    if (url === "") {
      given.set(article, now);
    } else if (!(await send(article, now))) {
      return false;
    }
    say(article, now.score === null ? "Not marked yet." : url ? "Saved." : "Kept; download the marks when you are done.");
    tally();
    return true;
  }

  async function send(article, now) {
    const record = { answer: article.dataset.answer, ...now, seen: seen.get(article) };
    let answered;
    try {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ marks: [record] }) });
      answered = { ok: response.ok, ...(await response.json()) };
    } catch {
      say(article, "Not saved: the command 'written' does not answer. Start it again, and load this page anew.", true);
      return false;
    }
    if (answered.there) {
      seen.set(article, answered.there);
      say(article, `${answered.error} Save again to write over it.`, true);
    } else if (!answered.ok) {
      say(article, `Not saved. ${answered.error}`, true);
    } else {
      seen.set(article, now);
    }
    return answered.ok;
  }

  function tally() {
    const marked = answers.filter((article) => (given.get(article) ?? seen.get(article)).score !== null);
    document.getElementById("marked").textContent = marked.length;
  }

  function download() {
    const marks = [...given].map(([article, now]) => ({
      answer: article.dataset.answer,
      ...now,
      seen: seen.get(article),
    }));
    const text = JSON.stringify({ assignment, question, marks }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `marks-${question}.json`;
    link.click();
    for (const [article, now] of given) seen.set(article, now);
    given.clear();
  }

  // --- keys -----------------------------------------------------------------------------------------------

  function go(article) {
    if (!article) return;
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
  }

  const after = (article, step) => answers[article ? answers.indexOf(article) + step : 0];

  async function saveAndGoOn(article) {
    if (await save(article)) go(after(article, 1));
  }

  function unmarked(article) {
    const place = article ? answers.indexOf(article) + 1 : 0;
    const order = [...answers.slice(place), ...answers.slice(0, place)];
    return order.find((each) => mark(each).score === null);
  }

  const KEYS = {
    j: (article) => go(after(article, 1)),
    k: (article) => go(after(article, -1)),
    u: (article) => go(unmarked(article)),
    p: (article) => article && score(article).focus(),
    c: (article) => article && comment(article).focus(),
    Enter: (article) => article && saveAndGoOn(article),
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const article = target.closest("article");
    if (article && key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      saveAndGoOn(article);
      return;
    }
    if (article && key === "Escape") {
      go(article);
      return;
    }
    const types = target.closest("input:not([type=checkbox]), textarea, button, a, summary") !== null;
    if (types || event.ctrlKey || event.altKey || event.metaKey || !document.getElementById("keys").checked) return;
    const act = /^[1-9]$/.test(key) && rubric[key - 1] ? () => article && choose(article, rubric[key - 1]) : KEYS[key];
    if (!act) return;
    event.preventDefault();
    act(article);
  });

  // --- at the start ---------------------------------------------------------------------------------------

  for (const { dataset } of document.querySelectorAll("#rubric li")) {
    add({ points: Number(dataset.points), text: dataset.text });
  }
  for (const item of answers.flatMap(lines).map(parsed).filter(Boolean)) add(item);
  for (const article of answers) {
    seen.set(article, mark(article));
    const state = article.querySelector("[role=status]").textContent;
    show(article);
    say(article, state);
    article.addEventListener("input", () => show(article));
    article.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      save(article);
    });
  }
  document.getElementById("new").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    add({ points: Number(form.elements.points.value), text: form.elements.text.value.trim() });
    form.reset();
    answers.forEach(show);
  });
  document.getElementById("download")?.addEventListener("click", download);
  window.addEventListener("beforeunload", (event) => {
    if (given.size || answers.some(isChanged)) event.preventDefault();
  });
})();
