// One stream's events, for as long as it is looked at; lost connections are made anew.

import { KINDS } from "./state.js";

const SILENT_MS = 35_000; // Three heartbeats missed.
const LONGEST_MS = 10_000;

export class Following {
  // `take` gets all events of a moment together; `status` is told live, wait or gone.
  constructor(stream, take, status) {
    this.take = take;
    this.status = status;
    this.address = `/streams/${encodeURIComponent(stream)}/events?types=${KINDS.join()}`;
    this.last = "";
    this.failures = 0;
    this.waiting = [];
    this.open();
  }

  open() {
    const again = this.last ? `&last_event_id=${encodeURIComponent(this.last)}` : "";
    this.source = new EventSource(this.address + again);
    for (const kind of ["snapshot", "live", "gap", "heartbeat", ...KINDS]) {
      this.source.addEventListener(kind, (event) => this.hear(kind, event));
    }
    this.source.onopen = () => {
      this.failures = 0;
      this.watch();
      this.status("live");
    };
    this.source.onerror = () => {
      this.status("wait");
      // Closed for good: it was refused. The browser would not try again; we do.
      if (this.source.readyState === EventSource.CLOSED) this.later();
    };
    this.watch();
  }

  hear(kind, event) {
    this.watch();
    if (event.lastEventId) this.last = event.lastEventId;
    const data = JSON.parse(event.data);
    if (kind === "heartbeat") this.status(data.kafka ? "live" : "gone");
    if (kind === "heartbeat" || kind === "gap") return;
    this.waiting.push([kind, data]);
    // One change of the page a frame, however many events; hidden pages have no frames.
    if (this.waiting.length === 1) {
      if (document.hidden) setTimeout(() => this.hand(), 200);
      else requestAnimationFrame(() => this.hand());
    }
  }

  hand() {
    const events = this.waiting;
    this.waiting = [];
    if (!this.closed && events.length) this.take(events);
  }

  watch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.status("wait");
      this.later();
    }, SILENT_MS);
  }

  later() {
    this.source.close();
    clearTimeout(this.timer);
    if (this.closed) return;
    const pause = Math.min(LONGEST_MS, 500 * 2 ** this.failures++);
    this.timer = setTimeout(() => this.open(), pause * (0.75 + Math.random() / 2));
  }

  close() {
    this.closed = true;
    this.source.close();
    clearTimeout(this.timer);
  }
}
