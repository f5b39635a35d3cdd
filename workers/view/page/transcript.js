// Captions as they come: each one element for life, its text changed in place.

import { $, clock, el, say, set, speaker } from "./dom.js";
import { changed, cut, topicsOf } from "./state.js";

const NEAR = 64; // Pixels from the end that still count as being there.
const FLAGS = { corrected: "corrected", final_changed: "revised", stable_changed: "revised" };

export class Transcript {
  constructor() {
    this.log = $("log");
    this.open = $("open");
    this.scroll = $("scroll");
    this.toLive = $("to-live");
    this.made = new Map(); // Elements by number.
    this.heads = new Map(); // Headings by topic.
    this.finals = []; // Numbers in the log, in order.
    this.following = true;
    this.unseen = 0;
    this.scroll.addEventListener("scroll", () => this.moved(), { passive: true });
    this.toLive.addEventListener("click", () => this.live());
  }

  reset() {
    this.log.replaceChildren();
    this.open.replaceChildren();
    this.made.clear();
    this.heads.clear();
    this.finals = [];
    this.live();
  }

  // Shows what has changed; `told.captions` are numbers.
  show(state, told) {
    const before = this.finals.length;
    for (const number of [...told.captions].sort((one, other) => one - other)) this.caption(state, number);
    if (told.topics || told.captions.size) this.headings(state);
    $("cut").hidden = state.fromStart;
    this.turns(state, told.captions);
    if (this.following) this.end();
    else this.more(this.finals.length - before);
  }

  caption(state, number) {
    const one = state.captions.get(number);
    let element = this.made.get(number);
    if (!one) {
      element?.remove();
      this.made.delete(number);
      this.finals = this.finals.filter((other) => other !== number);
      return;
    }
    if (!element) {
      element = build(one);
      this.made.set(number, element);
    }
    fill(element, one, state.spots.get(number));
    this.place(element, one);
  }

  place(element, one) {
    const list = one.final ? this.log : this.open;
    if (element.parentNode === list) return;
    if (!one.final) {
      const after = [...this.open.children].find((other) => other.number > one.number);
      this.open.insertBefore(element, after ?? null);
      return;
    }
    let place = this.finals.length;
    while (place > 0 && this.finals[place - 1] > one.number) place--;
    const after = this.made.get(this.finals[place]);
    this.finals.splice(place, 0, one.number);
    this.log.insertBefore(element, after ? headOf(after) ?? after : null);
  }

  headings(state) {
    const topics = topicsOf(state);
    const wanted = new Set();
    for (const topic of topics) {
      const first = this.finals.find((number) => number >= topic.first);
      if (first === undefined || first >= topic.last) continue;
      wanted.add(topic.id);
      let head = this.heads.get(topic.id);
      if (!head) {
        head = el("h2", { class: "topic-head", "aria-live": "off", "data-hue": true, tabindex: -1 }, el("span"), el("small"));
        head.style.setProperty("--hue", topic.hue);
        this.heads.set(topic.id, head);
      }
      head.classList.toggle("provisional", !topic.confirmed);
      say(head.children[0], nameOf(topic));
      say(head.children[1], [clock(topic.startS), topic.confirmed ? "" : "perhaps a new topic", backTo(topic, state)].filter(Boolean).join(" · "));
      const caption = this.made.get(first);
      if (caption.previousElementSibling !== head) this.log.insertBefore(head, caption);
    }
    for (const [id, head] of this.heads) {
      if (wanted.has(id)) continue;
      head.remove();
      this.heads.delete(id);
    }
  }

  // Says who speaks where that changes, for captions and the ones after them.
  turns(state, numbers) {
    const elements = new Set();
    for (const number of numbers) {
      const element = this.made.get(number);
      if (!element) continue;
      elements.add(element);
      const next = element.nextElementSibling;
      elements.add(next?.number === undefined ? next?.nextElementSibling : next);
    }
    if (this.open.firstElementChild) elements.add(this.open.firstElementChild);
    for (const element of elements) {
      if (element?.number === undefined) continue;
      let before = element.previousElementSibling;
      if (!before && element.parentNode === this.open) before = this.log.lastElementChild;
      const other = state.captions.get(before?.number);
      const one = state.captions.get(element.number);
      element.classList.toggle("turn", !other || other.speaker !== one.speaker);
    }
  }

  moved() {
    const left = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
    this.following = left < NEAR;
    if (this.following) this.unseen = 0;
    this.more(0);
  }

  more(count) {
    this.unseen = this.following ? 0 : this.unseen + Math.max(0, count);
    this.toLive.hidden = this.following;
    say(this.toLive, this.unseen ? `Jump to live · ${this.unseen} new` : "Jump to live");
  }

  end() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  live() {
    this.following = true;
    this.more(0);
    this.end();
  }

  // Goes to a caption or a topic, and shows which it is.
  jump(element) {
    if (!element) return;
    this.following = false;
    element.scrollIntoView({ block: "start" });
    document.querySelectorAll(".shown").forEach((other) => other.classList.remove("shown"));
    const caption = element.number === undefined ? element.nextElementSibling : element;
    caption?.classList.add("shown");
    setTimeout(() => caption?.classList.remove("shown"), 1600);
    this.moved();
  }
}

export function nameOf(topic) {
  return topic.label || (topic.place === 0 ? "Beginning" : `Topic ${topic.place + 1}`);
}

export function backTo(topic, state) {
  const earlier = topic.returnsTo && state.topics.get(topic.returnsTo);
  return earlier?.label ? `back to ${earlier.label}` : "";
}

const headOf = (element) => (element.previousElementSibling?.classList.contains("topic-head") ? element.previousElementSibling : null);

function build(one) {
  const element = el(
    "p",
    { class: "caption", tabindex: -1 },
    el("span", { class: "at" }),
    el("span", { class: "who" }),
    el("span", { class: "said", dir: "auto" }, el("span", { class: "stable" }), el("span", { class: "unstable" })),
  );
  element.number = one.number;
  return element;
}

function fill(element, one, spots) {
  const [at, who, said] = element.children;
  say(at, clock(one.startS));
  say(who, speaker(one.speaker));
  set(said, "lang", one.language);
  element.classList.toggle("open", !one.final);
  element.classList.toggle("uncertain", one.final && one.uncertain);
  text(said, one);
  marks(element, one, spots);
}

function text(said, one) {
  const [stable, unstable] = said.children;
  if (one.was !== null) {
    const [head, middle, tail] = changed(one.was, one.text);
    if (stable.textContent !== one.text || !stable.querySelector("mark")) stable.replaceChildren(head, el("mark", {}, middle), tail);
    say(unstable, "");
    return;
  }
  const [sure, unsure] = cut(one.text, one.stable);
  say(stable, sure);
  say(unstable, unsure);
}

function marks(element, one, spots) {
  const wanted = [];
  if (one.by) wanted.push([FLAGS[one.by] ?? "revised", null]);
  if (one.final && one.uncertain) wanted.push(["uncertain", "Nothing final covered all of its words"]);
  if (one.final && one.late) wanted.push(["late", "It came after later captions"]);
  for (const flag of one.final ? one.flags : []) wanted.push([flag.name.replaceAll("_", " "), flag.evidence]);
  for (const spot of spots?.values() ?? []) if (one.final && spot.name !== null) wanted.push([`watched: ${spot.name}`, spot.text]);
  const key = JSON.stringify([wanted, one.was]);
  if (element.marked === key || (!wanted.length && !element.marked)) return;
  element.marked = key;
  element.querySelector(".marks")?.remove();
  element.querySelector(".was")?.remove();
  const list = el("span", { class: "marks" });
  for (const [name, why] of wanted) {
    const opens = one.was !== null && why === null;
    const chip = el(opens ? "button" : "span", { title: why, type: opens ? "button" : null, "aria-expanded": opens ? "false" : null }, name);
    if (opens) {
      const was = el("span", { class: "was", hidden: true }, one.was);
      element.append(was);
      chip.addEventListener("click", () => {
        was.hidden = !was.hidden;
        set(chip, "aria-expanded", String(!was.hidden));
      });
    }
    list.append(chip);
  }
  if (wanted.length) element.insertBefore(list, element.children[3] ?? null);
}
