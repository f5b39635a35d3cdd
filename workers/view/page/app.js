// The page: which stream is looked at, and who is told of what comes.

import { $, clock, el, say, set, speaker } from "./dom.js";
import { Following } from "./follow.js";
import { Quality } from "./quality.js";
import { Search } from "./search.js";
import { Settings } from "./settings.js";
import { Stage } from "./stage.js";
import { empty, fold, topicsOf } from "./state.js";
import { Streams } from "./streams.js";
import { Topics } from "./topics.js";
import { Transcript } from "./transcript.js";

const FILES = [
  ["captions.vtt", "WebVTT", "subtitles for the web"],
  ["captions.srt", "SubRip", "subtitles for editors and players"],
  ["captions.txt", "Transcript", "paragraphs under their topics"],
  ["captions.json", "JSON", "captions and topics with all fields"],
  ["chapters.vtt", "Chapters", "topics for a player"],
];
const STATUS = { live: "Live", wait: "Connecting…", none: "No such stream yet", gone: "Captions have stopped: the view has lost Kafka" };
const LISTED = 200; // More streams than that are not all in the list.
const QUIET = { live: "Waiting for the first words…", none: "No stream of this name is known: it has not begun, or it is older than what is kept." };
const KEYS = [
  ["/", "search the transcript", () => $("search").focus()],
  ["l", "jump to live", () => transcript.live()],
  ["j", "next topic", () => step(1)],
  ["k", "topic before", () => step(-1)],
  ["]", "next stream", () => turn(1)],
  ["[", "stream before", () => turn(-1)],
  ["d", "two lines for a projector, and back", display],
  ["s", "how captions look", () => settings.open()],
  ["t", "light, dark, or as the system", () => settings.turn()],
  ["?", "this list", () => $("help").showModal()],
];

const displayed = new URLSearchParams(location.search).get("display") === "1";
set(document.documentElement, "data-display", displayed);
set(document.documentElement, "data-part", "captions");

const settings = new Settings();
const transcript = new Transcript();
const topics = new Topics((id) => {
  part("captions");
  transcript.jump(transcript.heads.get(id));
});
const quality = new Quality();
const stage = new Stage();
const search = new Search(transcript);

let state = empty();
let following = null;
let current = null;
let listed = [];
let heard = false;
let link = "wait";
let quietly = true;

function take(events) {
  const told = { captions: new Set(), topics: false, figures: false, ended: false, reset: false };
  let settled = false;
  for (const [kind, data] of events) {
    if (kind === "live") settled = true;
    else fold(state, kind, data, told);
    if (told.reset) {
      for (const one of [transcript, topics, stage]) one.reset();
      told.reset = false;
      quietly = true;
      hush();
      Object.assign(told, { topics: true, figures: true, ended: true });
    }
  }
  transcript.show(state, told);
  stage.show(state);
  if (told.topics || told.captions.size) topics.show(state, quietly);
  if (told.figures || told.ended) quality.show(state);
  if (told.captions.size) search.find();
  if (told.ended) status();
  facts();
  if (settled) quietly = false;
  hush();
}

// A history is nothing to read out: who reads aloud is to wait till it is there.
let hushed;
function hush() {
  clearTimeout(hushed);
  if (quietly) set($("log"), "aria-busy", "true");
  else hushed = setTimeout(() => set($("log"), "aria-busy", null), 300);
}

function facts() {
  let words = 0;
  const speakers = new Set();
  for (const one of state.captions.values()) {
    if (one.speaker) speakers.add(speaker(one.speaker));
    if (one.final) words += 1;
  }
  const names = [...speakers];
  const who = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  say($("facts"), [clock(state.endS), who, words ? `${words} captions` : ""].filter(Boolean).join(" · "));
  $("silence").hidden = state.captions.size > 0 && !state.ended;
  say($("silence"), state.ended ? "The stream has ended." : QUIET[$("connection").dataset.state] ?? QUIET.live);
}

function status(told = link) {
  link = told;
  // Who follows what is not there is refused; why, only the list of streams tells.
  const missing = link === "wait" && heard && listed.length < LISTED && !listed.some((one) => one.stream_id === current);
  const name = missing ? "none" : link;
  const over = name === "live" && state.ended;
  set($("connection"), "data-state", name);
  set($("connection"), "data-over", over);
  say($("connection"), over ? "Ended" : STATUS[name]);
  facts();
}

// Looks at the stream that the address names, else at the first one that lives.
function look() {
  const named = decodeURIComponentSafely(location.hash.slice(1));
  const wanted = named || (listed[0]?.stream_id ?? null);
  streams.mark(wanted);
  if (wanted === null || wanted === current) return;
  current = wanted;
  following?.close();
  state = empty();
  quietly = true;
  hush();
  for (const one of [transcript, topics, stage]) one.reset();
  topics.show(state, true);
  quality.show(state);
  say($("title"), wanted);
  document.title = `${wanted} · Live captions`;
  const address = `/streams/${encodeURIComponent(wanted)}`;
  $("download-list").replaceChildren(
    ...FILES.map(([file, name, what]) => el("li", {}, el("a", { href: `${address}/${file}?download=1`, download: true }, name, el("small", {}, what)))),
  );
  set($("display-link"), "href", `?display=1#${encodeURIComponent(wanted)}`);
  facts();
  status("wait");
  following = new Following(wanted, take, status);
}

function decodeURIComponentSafely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function step(by) {
  const heads = [...transcript.heads.values()].sort((one, other) => (one.compareDocumentPosition(other) & 4 ? -1 : 1));
  const top = $("scroll").getBoundingClientRect().top;
  const at = heads.findLastIndex((head) => head.getBoundingClientRect().top < top + 24);
  transcript.jump(heads[Math.max(0, Math.min(heads.length - 1, at + by))]);
}

function turn(by) {
  const at = listed.findIndex((one) => one.stream_id === current);
  const next = listed[at + by];
  if (next) location.hash = encodeURIComponent(next.stream_id);
}

function display() {
  location.search = displayed ? "" : "?display=1";
}

function part(name) {
  set(document.documentElement, "data-part", name);
  for (const button of document.querySelectorAll("[data-part][aria-pressed]")) set(button, "aria-pressed", String(button.dataset.part === name));
  const tabs = document.querySelector(".tabs").getBoundingClientRect();
  const area = $("stream").getBoundingClientRect();
  document.documentElement.style.setProperty("--tabs-end", `${tabs.bottom - area.top}px`);
}

function drawer(open) {
  set($("streams"), "data-open", open);
  set($("streams-button"), "aria-expanded", String(open));
  if (open) $("stream-list").querySelector("a")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") {
    if ($("streams").hasAttribute("data-open")) {
      drawer(false);
      $("streams-button").focus();
    }
    if ($("download").open) {
      $("download").open = false;
      $("download").firstElementChild.focus();
    }
    if (displayed && !document.querySelector("dialog[open]")) display();
    return;
  }
  const typing = event.target.matches("input, select, textarea") || document.querySelector("dialog[open]");
  if (typing || !settings.values.keys) return;
  const key = KEYS.find(([name]) => name === event.key);
  if (!key) return;
  event.preventDefault();
  key[2]();
});

for (const button of document.querySelectorAll("[data-part][aria-pressed]")) button.addEventListener("click", () => part(button.dataset.part));
$("streams-button").addEventListener("click", () => drawer(!$("streams").hasAttribute("data-open")));
$("stream-list").addEventListener("click", () => drawer(false));
$("help-button").addEventListener("click", () => $("help").showModal());
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("log").focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#download")) $("download").open = false;
});
$("keys").append(...KEYS.flatMap(([key, what]) => [el("dt", {}, key), el("dd", {}, what)]));

async function login() {
  const answer = await fetch("/session", { method: "POST", headers: { authorization: `Bearer ${$("token").value}` } });
  if (!answer.ok) return say($("login-wrong"), "That is not the token.");
  $("login").close();
  current = null;
  streams.ask();
}
$("login-button").addEventListener("click", login);
$("token").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  login();
});

new ResizeObserver(() => {
  document.documentElement.style.setProperty("--stage-height", `${$("stage").offsetHeight}px`);
  if (transcript.following) transcript.end();
}).observe($("scroll"));
addEventListener("hashchange", look);

const streams = new Streams(
  (list) => {
    listed = list;
    heard = true;
    look();
    if (current !== null) status();
  },
  () => {
    if (!$("login").open) $("login").showModal();
  },
);
if (location.hash) look();
topics.show(state, true);
quality.show(state);
facts();
// For whoever tests the page: how it stands, to be read only.
export { state, topicsOf };
