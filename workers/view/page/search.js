// Search in the transcript: matches are painted over the text, which stays as it is.

import { $, say } from "./dom.js";

const MOST = 1000;

export class Search {
  constructor(transcript) {
    this.transcript = transcript;
    this.input = $("search");
    this.matches = [];
    this.at = -1;
    this.input.addEventListener("input", () => this.find(true));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.go(event.shiftKey ? -1 : 1);
      if (event.key === "Escape") this.clear();
    });
    $("found-before").addEventListener("click", () => this.go(-1));
    $("found-next").addEventListener("click", () => this.go(1));
  }

  clear() {
    this.input.value = "";
    this.find(true);
    this.input.blur();
  }

  // Called with each change of the transcript too.
  find(anew = false) {
    const wanted = this.input.value.trim().toLowerCase();
    if (!wanted && !anew) return;
    this.matches = wanted ? ranges($("log"), wanted) : [];
    if (anew) this.at = -1;
    this.paint();
    if (anew && this.matches.length) this.go(-1);
  }

  go(step) {
    if (!this.matches.length) return;
    this.at = this.at < 0 && step < 0 ? this.matches.length - 1 : (this.at + step + this.matches.length) % this.matches.length;
    this.paint();
    const place = this.matches[this.at].startContainer.parentElement.closest(".caption");
    this.transcript.following = false;
    place.scrollIntoView({ block: "center" });
    this.transcript.moved();
  }

  paint() {
    const some = this.matches.length > 0;
    $("found-before").hidden = $("found-next").hidden = !some;
    const of = this.matches.length >= MOST ? `${MOST}+` : this.matches.length;
    say($("found"), !this.input.value.trim() ? "" : !some ? "not found" : this.at < 0 ? `${of}` : `${this.at + 1} of ${of}`);
    if (!globalThis.Highlight) return;
    CSS.highlights.set("found", new Highlight(...this.matches));
    CSS.highlights.set("found-now", new Highlight(...(this.at < 0 ? [] : [this.matches[this.at]])));
  }
}

function ranges(root, wanted) {
  const found = [];
  for (const stable of root.querySelectorAll(".caption .stable")) {
    // A correction is three pieces of text; each is looked through by itself.
    const walker = document.createTreeWalker(stable, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.toLowerCase();
      // Letters that get longer or shorter as small ones would move every place.
      if (text.length !== node.data.length) continue;
      for (let at = text.indexOf(wanted); at >= 0 && found.length < MOST; at = text.indexOf(wanted, at + wanted.length)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        found.push(range);
      }
    }
  }
  return found;
}
