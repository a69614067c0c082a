// The kernel explorer in the browser: the controls, two canvases, and the sum under the window.
//
// A changed control travels to Python (widget.py) as `settings`; the student's conv2d is asked there, and
// `answer`, `pixel_bytes` and `response_bytes` come back. What is drawn follows from these and from the place
// of the window, which every view keeps for itself. Words and numbers reach the page as text, never as HTML.
//
// The way to Python and back takes longer than anything else. So with a change go the two next steps of the same
// control, `ahead`: the student's conv2d answers them too, once the change itself is answered, and a key that takes
// such a step is answered at once.
//
// The modules that need no page (numbers, kernels, settings, answers) have tests of their own in tests/explorer_js. The
// browser gets all modules as one text (script.py).

import { buffer, received, sameNumbers, totalTexts } from "./answers.js";
import { kernelControls, pictureControls } from "./controls.js";
import { MOVES, make, write } from "./elements.js";
import { clamp } from "./numbers.js";
import { channelsOf, subject, withPicture, withPreset, withSize, withWeights } from "./settings.js";
import { Sheets } from "./sheets.js";
import { Stage } from "./stage.js";

const PATIENCE = 400; // milliseconds of silence after which the explorer says that it waits for Python

export default {
  render({ model, el }) {
    const explorer = new Explorer(model, el);
    const heard = {
      "change:settings": () => explorer.showSettings(),
      "change:answer": () => explorer.takeAnswer(),
      "msg:custom": (step, buffers) => explorer.keepStep(step, buffers),
    };
    for (const [event, act] of Object.entries(heard)) model.on(event, act);
    return () => {
      for (const [event, act] of Object.entries(heard)) model.off(event, act);
    };
  },
};

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.window = { row: 12, column: 12 }; // its place in the response
    this.steps = new Map(); // answers to steps that have not been taken yet, by what they depend on
    this.problem = make("p", { className: "kx-problem", role: "alert" });
    this.total = make("p", { className: "kx-total" });
    this.spoken = make("p", { className: "kx-spoken", role: "status" });
    this.addParts(new Uint8Array(buffer(model.get("colours"))), model.get("catalogue"), model.get("presets"));
    const seen = make("div", {}, this.stage.node, this.total);
    const kernel = make("div", {}, this.kernels.node, this.sheets.kernel);
    this.root = make(
      "section",
      { className: "kx", "aria-label": model.get("name"), "data-lm-suppress-shortcuts": "true" },
      this.pictures.node, this.problem, make("div", { className: "kx-body" }, seen, kernel),
      this.sheets.node, this.stage.keys, this.spoken,
    );
    this.root.addEventListener("keydown", (event) => event.stopPropagation()); // the keys are the explorer's
    el.append(this.root);
    this.takeAnswer();
    this.showSettings();
  }

  addParts(colours, catalogue, presets) {
    const change = (part, ahead) => this.change(part, ahead);
    const changeWeights = (weigh, next = []) =>
      change(withWeights(this.settings, weigh), next.map((other) => withWeights(this.settings, other)));
    this.pictures = pictureControls(catalogue, (part) => change(withPicture(this.settings, part, catalogue)), change);
    this.kernels = kernelControls(Object.keys(presets[3]), {
      changePreset: (name) => change(withPreset(this.settings, name, this.settings.size, catalogue, presets)),
      changeSize: (size) => change(withSize(this.settings, size, catalogue, presets)),
      changeWeights: (weigh) => changeWeights(weigh),
    });
    this.stage = new Stage(colours, catalogue, {
      point: (place) => this.point(place),
      moveTo: (row, column) => this.moveTo(row, column),
      moveBy: (event) => this.moveBy(event),
    });
    this.sheets = new Sheets(colours, () => this.settings.kernel, changeWeights);
  }

  // --- settings: what the controls say ---

  get settings() {
    return this.model.get("settings");
  }

  change(part, ahead = []) {
    const { ahead: _, ...old } = this.settings;
    const settings = { ...old, ...part, serial: old.serial + 1 };
    const step = this.steps.get(subject(settings));
    this.steps.clear();
    this.model.set("settings", { ...settings, ahead: ahead.map((next) => ({ ...settings, ...next })) });
    this.model.save_changes();
    if (step) this.showAnswer({ ...step, settings: this.settings });
  }

  showSettings() {
    this.pictures.show(this.settings);
    this.kernels.show(this.settings);
    this.sheets.showWeights(this.settings, channelsOf(this.settings, this.model.get("catalogue")));
    this.showWaiting();
  }

  showWaiting() {
    const waits = this.answer.settings.serial !== this.settings.serial;
    this.root.setAttribute("aria-busy", waits);
    clearTimeout(this.patience);
    if (waits) this.patience = setTimeout(() => write(this.stage.waiting, "Waiting for Python …"), PATIENCE);
    else write(this.stage.waiting, "");
  }

  // --- the answer: what Python says ---

  takeAnswer() {
    const answer = received(this.model.get("answer"), this.model.get("pixel_bytes"), this.model.get("response_bytes"));
    const known = this.answer && this.answer.settings.serial === answer.settings.serial && sameNumbers(this.answer, answer);
    if (!known) this.showAnswer(answer);
  }

  keepStep(step, [pixels, response]) {
    this.steps.set(subject(step.settings), received(step, pixels, response));
  }

  showAnswer(answer) {
    this.answer = answer;
    this.problem.textContent = answer.problem;
    this.stage.showFacts(answer);
    this.drawWindow();
    this.root.dataset.serial = answer.settings.serial; // which settings the canvases show now
    cancelAnimationFrame(this.frame); // the pictures are painted first, the many small numbers after them
    this.frame = requestAnimationFrame(() => setTimeout(() => this.showNumbers(answer)));
  }

  showNumbers(answer) {
    if (answer !== this.answer) return; // the next answer's numbers are on their way
    this.showSums();
    const seen = answer.problem ? "No response." : `Response ${answer.rows} by ${answer.columns}, ${answer.range}.`;
    this.spoken.textContent = `${seen} ${this.spoken.textContent}`;
    this.showWaiting();
  }

  // --- the window ---

  moveTo(row, column) {
    this.window = { row, column };
    this.drawWindow();
    this.showSums();
  }

  moveBy(event) {
    const { rows, columns } = this.answer;
    const { row, column } = this.window;
    const far = { Home: [0, -columns], End: [0, columns], PageUp: [-rows, 0], PageDown: [rows, 0] };
    const move = MOVES[event.key] ?? far[event.key];
    if (!move) return;
    event.preventDefault();
    this.moveTo(row + move[0], column + move[1]);
  }

  point({ row, column }) {
    const { size, stride } = this.answer.settings; // the window's middle goes under the pointer
    const first = (place) => Math.round((place - size / 2) / stride);
    this.moveTo(first(row), first(column));
  }

  drawWindow() {
    const { rows, columns } = this.answer;
    this.window = { row: clamp(this.window.row, rows), column: clamp(this.window.column, columns) };
    this.stage.drawWindow(this.answer, this.window);
  }

  showSums() {
    const sums = this.sheets.showSums(this.answer, this.window);
    if (!sums) return;
    const { total, spoken } = totalTexts(this.answer, this.window, sums);
    this.total.textContent = total;
    this.spoken.textContent = spoken;
  }
}
