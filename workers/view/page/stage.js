// The last two lines, as on a screen below a speaker; grows in place and rolls up.

import { $, el, say, set } from "./dom.js";
import { cut } from "./state.js";

const KEPT = 3; // Captions in it: the oldest of them is above what can be seen.

export class Stage {
  constructor() {
    this.lines = $("lines");
    this.made = new Map();
  }

  reset() {
    this.made.clear();
    this.lines.replaceChildren();
  }

  show(state) {
    const numbers = [...state.captions.keys()].sort((one, other) => one - other).slice(-KEPT);
    for (const [number, line] of this.made) {
      if (numbers.includes(number)) continue;
      line.remove();
      this.made.delete(number);
    }
    for (const number of numbers) {
      const one = state.captions.get(number);
      let line = this.made.get(number);
      if (!line) {
        line = el("p", { dir: "auto" }, el("span", {}, el("span", { class: "stable" }), el("span", { class: "unstable" })));
        line.number = number;
        this.made.set(number, line);
        const after = [...this.lines.children].find((other) => other.number > number);
        this.lines.insertBefore(line, after ?? null);
      }
      set(line, "lang", one.language);
      const [sure, unsure] = cut(one.text, one.stable);
      say(line.firstChild.children[0], sure);
      say(line.firstChild.children[1], unsure);
    }
  }
}
