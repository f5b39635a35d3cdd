// Topics: over time, as a list, and told when they change.

import { $, clock, el, order, say, set } from "./dom.js";
import { topicsOf } from "./state.js";
import { backTo, nameOf } from "./transcript.js";

export class Topics {
  // `jump` gets the id of a topic.
  constructor(jump) {
    this.jump = jump;
    this.bars = new Map();
    this.rows = new Map();
    this.told = "";
  }

  reset() {
    this.bars.clear();
    this.rows.clear();
    $("timeline-list").replaceChildren();
    $("topic-list").replaceChildren();
    this.told = "";
  }

  show(state, quietly) {
    const topics = topicsOf(state);
    $("no-topics").hidden = topics.length > 0;
    $("timeline").hidden = topics.length === 0;
    order($("timeline-list"), topics.map((topic) => this.bar(topic)));
    order($("topic-list"), topics.map((topic) => this.row(topic, state)));
    this.announce(topics, quietly);
  }

  bar(topic) {
    const item = this.known(this.bars, topic, () => el("button", { type: "button" }));
    item.style.flexGrow = Math.max(1, topic.untilS - topic.startS) || 1;
    const name = nameOf(topic);
    say(item.firstChild, name);
    set(item.firstChild, "title", `${name}, ${clock(topic.startS)} to ${clock(topic.untilS)}`);
    set(item.firstChild, "aria-label", `${name}, from ${clock(topic.startS)}${topic.confirmed ? "" : ", not sure yet"}`);
    return item;
  }

  row(topic, state) {
    const item = this.known(this.rows, topic, () =>
      el("button", { type: "button" }, el("span", { class: "label" }), el("span", { class: "time" }), el("span", { class: "phrases" })),
    );
    const [label, time, phrases] = item.firstChild.children;
    say(label, nameOf(topic));
    say(time, clock(topic.startS));
    say(phrases, [topic.confirmed ? "" : "not sure yet", backTo(topic, state), topic.phrases.join(", ")].filter(Boolean).join(" · "));
    set(item, "data-now", topic.last === Infinity);
    return item;
  }

  known(items, topic, build) {
    let item = items.get(topic.id);
    if (!item) {
      item = el("li", { "data-hue": true }, build());
      item.style.setProperty("--hue", topic.hue);
      item.firstChild.addEventListener("click", () => this.jump(topic.id));
      items.set(topic.id, item);
    }
    item.classList.toggle("provisional", !topic.confirmed);
    return item;
  }

  // One sentence when a topic is sure and has a name; never while it still may go.
  announce(topics, quietly) {
    const sure = topics.filter((topic) => topic.confirmed && topic.label).at(-1);
    if (!sure || this.told === sure.id) return;
    this.told = sure.id;
    if (!quietly) say($("topic-status"), `New topic: ${sure.label}`);
  }
}
