// The list of streams, with how each is doing.

import { $, el, order, say, set } from "./dom.js";

const EVERY_MS = 2000;

export class Streams {
  // `heard` gets the list each time it was asked for; `refused` is told of a 401.
  constructor(heard, refused) {
    this.rows = new Map();
    this.heard = heard;
    this.refused = refused;
    this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    try {
      const answer = await fetch("/streams");
      if (answer.status === 401) this.refused();
      if (answer.ok) this.show(await answer.json());
    } catch {
      // Not to be reached now; the events tell that to whoever looks.
    }
    this.timer = setTimeout(() => this.ask(), document.hidden ? 5 * EVERY_MS : EVERY_MS);
  }

  show({ streams }) {
    $("no-streams").hidden = streams.length > 0;
    // Not in the order they were heard: rows that change places cannot be aimed at.
    streams.sort((one, other) => (one.state === "ended") - (other.state === "ended") || (one.began_at < other.began_at ? 1 : -1));
    order($("stream-list"), streams.map((stream) => this.row(stream)));
    const names = new Set(streams.map((stream) => stream.stream_id));
    for (const name of this.rows.keys()) if (!names.has(name)) this.rows.delete(name);
    this.heard(streams);
  }

  row(stream) {
    let row = this.rows.get(stream.stream_id);
    if (!row) {
      const name = el("span", { class: "name" }, el("span", { dir: "auto" }), el("small"));
      row = el("li", {}, el("a", { href: `#${encodeURIComponent(stream.stream_id)}` }, name, el("span", { class: "more", dir: "auto" })));
      this.rows.set(stream.stream_id, row);
    }
    const [name, more] = row.firstChild.children;
    const health = healthOf(stream);
    say(name.children[0], stream.stream_id);
    say(name.children[1], health);
    set(name.children[1], "data-health", health);
    say(more, stream.topic?.label ?? stream.speakers.slice(0, 3).join(", ") ?? "");
    return row;
  }

  mark(stream) {
    for (const [name, row] of this.rows) set(row.firstChild, "aria-current", name === stream ? "true" : null);
  }
}

export function healthOf(stream) {
  if (stream.state !== "live") return stream.state;
  const state = stream.quality?.state;
  return state && state !== "ok" ? state : "live";
}
