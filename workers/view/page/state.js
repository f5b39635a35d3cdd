// A stream as its events tell it. No page and no network: values in, values out.

const CAPTIONS = new Set(["CaptionUpdated", "CaptionFinal", "CaptionRevised"]);
const TOPICS = new Set(["TopicStarted", "TopicConfirmed", "TopicWithdrawn", "TopicLabelled", "TopicEnded"]);
export const KINDS = [...CAPTIONS, "CaptionWithdrawn", "StreamEnded", ...TOPICS, "PhraseSpotted", "StreamMetrics"];
const WINDOWS = 90;

export function empty() {
  return { life: null, fromStart: true, captions: new Map(), topics: new Map(), spots: new Map(), figures: [], ended: null, endS: 0 };
}

// Numbers of captions count up within a life: `3-1042.c7` is the eighth.
const numberOf = (id) => Number(id.slice(id.lastIndexOf(".c") + 2));

// Cuts after so many code points; JavaScript counts UTF-16.
export function cut(text, points) {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left--) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return [text.slice(0, at), text.slice(at)];
}

// What of a text is new against another: by whole words, as one stretch.
export function changed(before, after) {
  const split = (text) => text.match(/\S+\s*/g) ?? [];
  const [old, now] = [split(before), split(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head].trim() === now[head].trim()) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail).trim() === now.at(-1 - tail).trim()) tail++;
  const lead = after.length - after.trimStart().length;
  const start = lead + now.slice(0, head).join("").length;
  const middle = now.slice(head, now.length - tail).join("").trimEnd();
  return [after.slice(0, start), middle, after.slice(start + middle.length)];
}

// Takes in one event; `told` collects what of the page it concerns.
export function fold(state, kind, data, told) {
  if (kind === "snapshot") {
    Object.assign(state, empty(), { life: data.life, fromStart: data.from_start });
    told.reset = true;
    told.captions.clear();
  } else if (CAPTIONS.has(kind)) {
    caption(state, kind, data, told);
  } else if (kind === "CaptionWithdrawn") {
    const number = numberOf(data.caption_id);
    if (state.captions.delete(number)) told.captions.add(number);
  } else if (TOPICS.has(kind)) {
    topic(state, kind, data);
    told.topics = true;
  } else if (kind === "PhraseSpotted") {
    spot(state, data, told);
  } else if (kind === "StreamMetrics" && data.agent === "merge") {
    state.figures.push(data);
    if (state.figures.length > WINDOWS) state.figures.shift();
    told.figures = true;
  } else if (kind === "StreamEnded") {
    state.ended = data;
    told.ended = true;
  }
}

function caption(state, kind, data, told) {
  const number = numberOf(data.caption_id);
  const known = state.captions.get(number);
  if (!Number.isInteger(number) || (known && known.revision > data.revision)) return;
  const final = kind === "CaptionFinal" || (kind === "CaptionRevised" && data.final);
  const again = final && known?.final;
  state.captions.set(number, {
    number,
    revision: data.revision,
    text: data.text,
    stable: final ? Infinity : data.stable,
    startS: data.start_s,
    endS: data.end_s,
    speaker: data.speaker ?? data.channel,
    language: data.language,
    final,
    by: kind === "CaptionRevised" && data.final ? data.reason : known?.by ?? null,
    was: again && known.text !== data.text ? known.was ?? known.text : known?.was ?? null,
    uncertain: data.uncertain,
    late: data.late,
    flags: data.flags ?? [],
  });
  state.endS = Math.max(state.endS, data.end_s ?? 0);
  told.captions.add(number);
}

function topic(state, kind, data) {
  const known = state.topics.get(data.topic_id);
  if (kind === "TopicWithdrawn") {
    state.topics.delete(data.topic_id);
    return;
  }
  if (known && known.revision > data.revision) return;
  state.topics.set(data.topic_id, {
    id: data.topic_id,
    // A colour of its own from its number, so that it stays when others go.
    hue: (Number(data.topic_id.slice(data.topic_id.lastIndexOf(".t") + 2)) * 137 + 60) % 360 || 0,
    revision: data.revision,
    confirmed: known?.confirmed || kind === "TopicConfirmed" || kind === "TopicEnded",
    startS: data.start_s,
    endS: data.end_s,
    first: numberOf(data.first_caption_id),
    label: data.label,
    phrases: data.keyphrases ?? [],
    returnsTo: data.returns_to,
  });
}

// Watched phrases of a caption, by their own names.
function spot(state, data, told) {
  const number = numberOf(data.caption_id);
  if (!state.spots.has(number)) state.spots.set(number, new Map());
  const spots = state.spots.get(number);
  if ((spots.get(data.spot_id)?.revision ?? -1) > data.revision) return;
  spots.set(data.spot_id, { revision: data.revision, name: data.withdrawn ? null : data.name, text: data.text });
  told.captions.add(number);
}

// The topics that stand, in the order they begin, each with its end.
export function topicsOf(state) {
  const sorted = [...state.topics.values()].sort((one, other) => one.first - other.first);
  return sorted.map((one, place) => {
    const next = sorted[place + 1];
    return { ...one, place, untilS: next?.startS ?? one.endS ?? state.endS, last: next ? next.first : Infinity };
  });
}
