// How a stream is doing: its state in words, and its figures over the last minutes.

import { $, el, say, set } from "./dom.js";

const WORDS = {
  ok: "Captions are as they should be",
  delayed: "Captions are late",
  incomplete: "Something is missing",
  uncertain: "Some captions are uncertain",
};
const first = (values) => (values ? Object.values(values)[0] : null);
const FIGURES = [
  ["Speech to caption", "s", (one) => one.latency?.total_s?.p95, (value) => value.toFixed(1), "at the 95th percentile"],
  ["Segment to caption", "ms", (one) => 1000 * (one.latency?.kafka_s?.p95 + one.latency?.worker_s?.p95), (value) => value.toFixed(0), "in Kafka and the worker, at the 95th percentile"],
  ["Words taken back", "%", (one) => one.stability?.normalized_erasure, (value) => (100 * value).toFixed(1), "of what was shown, against final words"],
  ["Words a minute", "", (one) => one.words_per_minute, (value) => value.toFixed(0), "while somebody speaks"],
  ["Cues within their rules", "%", (one) => first(one.cue_compliance), (value) => (100 * value).toFixed(0), "of those sent"],
];
const WIDTH = 112;
const HEIGHT = 40;

export class Quality {
  constructor() {
    this.rows = FIGURES.map(([name, , , , why]) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      set(svg, "viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
      set(svg, "preserveAspectRatio", "none");
      set(svg, "aria-hidden", "true");
      for (const kind of ["area", "line"]) {
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        set(path, "class", kind);
        svg.append(path);
      }
      const value = el("dd", {}, el("span"), el("small"));
      const row = el("div", { class: "figure", title: `${name} ${why}` }, el("dt", {}, name), value);
      value.append(svg);
      return { row, value: value.children[0], unit: value.children[1], svg };
    });
    $("figures").replaceChildren(...this.rows.map((one) => one.row));
  }

  show(state) {
    const newest = state.figures.at(-1);
    const health = newest?.state ?? null;
    const words = state.ended ? "The stream has ended" : WORDS[health] ?? (newest ? "Figures of the last minutes" : "No figures yet; they come every 10 s");
    set($("state"), "data-health", state.ended ? "ended" : health);
    say($("state"), newest?.reason && !state.ended ? `${words}: ${newest.reason}` : words);
    FIGURES.forEach(([, unit, pick, write], place) => this.figure(this.rows[place], state.figures.map(pick), unit, write));
  }

  figure(row, values, unit, write) {
    const known = values.map((value) => (Number.isFinite(value) && value >= 0 ? value : null));
    const last = known.findLast((value) => value !== null) ?? null;
    row.row.hidden = last === null;
    if (last === null) return;
    say(row.value, write(last));
    say(row.unit, unit ? ` ${unit}` : "");
    const [area, line] = row.svg.children;
    const path = curve(known);
    set(line, "d", path);
    set(area, "d", path && `${path}L${WIDTH} ${HEIGHT}L${startOf(known)} ${HEIGHT}Z`);
  }
}

const step = (known) => WIDTH / Math.max(1, known.length - 1);
const startOf = (known) => (step(known) * known.findIndex((value) => value !== null)).toFixed(1);

// From the least to the most of the window; what is not known is passed over.
function curve(known) {
  const there = known.filter((value) => value !== null);
  if (there.length < 2) return "";
  const [least, most] = [Math.min(...there), Math.max(...there)];
  const height = (value) => (most === least ? HEIGHT / 2 : HEIGHT - 3 - ((value - least) / (most - least)) * (HEIGHT - 6));
  return known
    .map((value, place) => (value === null ? "" : `${(place * step(known)).toFixed(1)} ${height(value).toFixed(1)}`))
    .filter(Boolean)
    .reduce((path, point) => (path ? `${path}L${point}` : `M${point}`), "");
}
