// Made by `make schemas` from the messages; do not edit.

export type Message =
  | CaptionSegment
  | CaptionCorrection
  | CaptionUpdated
  | CaptionFinal
  | CaptionRevised
  | CaptionWithdrawn
  | StreamEnded
  | Cue
  | EnrichedCaption
  | TopicStarted
  | TopicConfirmed
  | TopicWithdrawn
  | TopicLabelled
  | TopicEnded
  | PhraseSpotted
  | StreamMetrics;

/**
 * One stretch of recognised speech; Kafka topic ``captions.segments.v1``.
 */
export interface CaptionSegment {
  type: "CaptionSegment";
  stream_id: string;
  text: string;
  is_final: boolean;
  mode?: "append" | "cumulative" | "replace";
  start_s?: number | null;
  end_s?: number | null;
  segment_id?: string | null;
  sequence?: number | null;
  epoch?: number;
  channel?: string | null;
  speaker?: string | null;
  language?: string | null;
  words?: Word[] | null;
  stability?: number | null;
  confidence?: number | null;
  end_of_utterance?: boolean;
  end_of_stream?: boolean;
  emitted_at?: string | null;
  stream_started_at?: string | null;
  provider?: string | null;
}
/**
 * One recognised word with its place in media time.
 */
export interface Word {
  text: string;
  start_s?: number | null;
  end_s?: number | null;
  confidence?: number | null;
  is_final?: boolean | null;
}
/**
 * A person's better text; Kafka topic ``captions.corrections.v1``.
 */
export interface CaptionCorrection {
  type: "CaptionCorrection";
  stream_id: string;
  caption_id: string;
  text: string;
  corrected_by: string;
  corrected_at: string;
}
/**
 * A caption began or grew; what follows ``stable`` may still change.
 */
export interface CaptionUpdated {
  type: "CaptionUpdated";
  stream_id: string;
  caption_id: string;
  revision: number;
  text: string;
  stable: number;
  start_s?: number | null;
  end_s?: number | null;
  speaker?: string | null;
  channel?: string | null;
  language?: string | null;
  words?: Word[] | null;
  uncertain?: boolean;
  late?: boolean;
  confidence?: number | null;
  flags?: Flag[];
  unmasked_text?: string | null;
}
/**
 * A doubt about a caption, with what raised it.
 */
export interface Flag {
  name: string;
  evidence: string;
}
/**
 * A caption is complete.
 */
export interface CaptionFinal {
  type: "CaptionFinal";
  stream_id: string;
  caption_id: string;
  revision: number;
  text: string;
  stable: number;
  start_s?: number | null;
  end_s?: number | null;
  speaker?: string | null;
  channel?: string | null;
  language?: string | null;
  words?: Word[] | null;
  uncertain?: boolean;
  late?: boolean;
  confidence?: number | null;
  flags?: Flag[];
  unmasked_text?: string | null;
  latency?: Latency | null;
}
/**
 * Seconds from the end of the speech to this event, by who spent them.
 *
 *     None where a time needed to know it is missing; never 0 in its place.
 */
export interface Latency {
  recogniser_s?: number | null;
  kafka_s?: number | null;
  policy_s?: number | null;
  worker_s?: number | null;
}
/**
 * A final caption, or the stable part of an open one, had to change.
 */
export interface CaptionRevised {
  type: "CaptionRevised";
  stream_id: string;
  caption_id: string;
  revision: number;
  text: string;
  stable: number;
  start_s?: number | null;
  end_s?: number | null;
  speaker?: string | null;
  channel?: string | null;
  language?: string | null;
  words?: Word[] | null;
  uncertain?: boolean;
  late?: boolean;
  confidence?: number | null;
  flags?: Flag[];
  unmasked_text?: string | null;
  final: boolean;
  reason: "corrected" | "final_changed" | "stable_changed";
  latency?: Latency | null;
}
/**
 * A caption is no more: none of its words were confirmed.
 */
export interface CaptionWithdrawn {
  type: "CaptionWithdrawn";
  stream_id: string;
  caption_id: string;
  revision: number;
  reason: string;
}
/**
 * A life of a stream is over; what comes now begins a new one.
 */
export interface StreamEnded {
  type: "StreamEnded";
  stream_id: string;
  life: string;
  reason: "end_of_stream" | "silence";
  captions: number;
  end_s?: number | null;
}
/**
 * Lines for the screen in one profile; Kafka topic ``captions.cues.v1``.
 */
export interface Cue {
  type: "Cue";
  stream_id: string;
  cue_id: string;
  revision: number;
  withdrawn?: boolean;
  caption_ids: string[];
  start_s: number | null;
  end_s: number | null;
  lines: string[];
  profile: string;
  speaker?: string | null;
  line_speakers?: (string | null)[] | null;
  language?: string | null;
  compliance?: BrokenRule[];
}
/**
 * A rule of its profile that a cue had to break, and why it had to.
 */
export interface BrokenRule {
  rule: "max_cps" | "max_duration_s" | "max_wpm" | "min_duration_s" | "min_gap_s" | "times" | "token_split";
  measured?: number | null;
  limit?: number | null;
  because: "fast_speech" | "long_token" | "next_unknown" | "no_times" | "other_cue" | "revised";
}
/**
 * A final caption with its topic as known then; ``captions.enriched.v1``.
 */
export interface EnrichedCaption {
  type: "EnrichedCaption";
  stream_id: string;
  caption_id: string;
  revision: number;
  text: string;
  stable: number;
  start_s?: number | null;
  end_s?: number | null;
  speaker?: string | null;
  channel?: string | null;
  language?: string | null;
  words?: Word[] | null;
  uncertain?: boolean;
  late?: boolean;
  confidence?: number | null;
  flags?: Flag[];
  unmasked_text?: string | null;
  topic_id: string | null;
  topic_label: string | null;
  keyphrases: string[];
  latency: Latency;
}
/**
 * The talk seems to turn; to be confirmed or withdrawn.
 */
export interface TopicStarted {
  type: "TopicStarted";
  stream_id: string;
  topic_id: string;
  revision: number;
  start_s: number | null;
  first_caption_id: string;
  end_s?: number | null;
  score: number;
  model: string;
  evidence?: Evidence[];
  latency_s?: number | null;
  label?: string | null;
  keyphrases?: string[] | null;
  log_odds?: number | null;
  returns_to?: string | null;
}
/**
 * One reason for a decision, in words, with its weight in log-odds.
 */
export interface Evidence {
  name: string;
  detail?: string;
  weight: number;
}
/**
 * The turn stood.
 */
export interface TopicConfirmed {
  type: "TopicConfirmed";
  stream_id: string;
  topic_id: string;
  revision: number;
  start_s: number | null;
  first_caption_id: string;
  end_s?: number | null;
  score: number;
  model: string;
  evidence?: Evidence[];
  latency_s?: number | null;
  label?: string | null;
  keyphrases?: string[] | null;
  log_odds?: number | null;
  returns_to?: string | null;
}
/**
 * The turn did not stand: its captions belong to the topic before.
 */
export interface TopicWithdrawn {
  type: "TopicWithdrawn";
  stream_id: string;
  topic_id: string;
  revision: number;
  start_s: number | null;
  first_caption_id: string;
  end_s?: number | null;
  score: number;
  model: string;
  evidence?: Evidence[];
  latency_s?: number | null;
  label?: string | null;
  keyphrases?: string[] | null;
  log_odds?: number | null;
  returns_to?: string | null;
}
/**
 * The topic has a (better) name.
 */
export interface TopicLabelled {
  type: "TopicLabelled";
  stream_id: string;
  topic_id: string;
  revision: number;
  start_s: number | null;
  first_caption_id: string;
  end_s?: number | null;
  score: number;
  model: string;
  evidence?: Evidence[];
  latency_s?: number | null;
  label?: string | null;
  keyphrases?: string[] | null;
  log_odds?: number | null;
  returns_to?: string | null;
}
/**
 * The next topic was confirmed, or the stream ended.
 */
export interface TopicEnded {
  type: "TopicEnded";
  stream_id: string;
  topic_id: string;
  revision: number;
  start_s: number | null;
  first_caption_id: string;
  end_s?: number | null;
  score: number;
  model: string;
  evidence?: Evidence[];
  latency_s?: number | null;
  label?: string | null;
  keyphrases?: string[] | null;
  log_odds?: number | null;
  returns_to?: string | null;
}
/**
 * A watched phrase stands in a final caption; ``captions.topics.v1``.
 */
export interface PhraseSpotted {
  type: "PhraseSpotted";
  stream_id: string;
  spot_id: string;
  revision: number;
  withdrawn?: boolean;
  name: string;
  text: string;
  caption_id: string;
  caption_revision: number;
  start: number;
  end: number;
  start_s?: number | null;
  end_s?: number | null;
  speaker?: string | null;
}
/**
 * Figures of one stream over one window; Kafka topic ``captions.metrics.v1``.
 *
 *     A figure is None where this agent cannot know it.
 */
export interface StreamMetrics {
  type: "StreamMetrics";
  stream_id: string;
  life: string;
  agent: "merge" | "topics";
  number: number;
  window_s: number;
  last?: boolean;
  state?: ("delayed" | "incomplete" | "ok" | "uncertain") | null;
  reason?: string | null;
  segments?: {
    [k: string]: number;
  } | null;
  duplicates?: number | null;
  captions?: {
    [k: string]: number;
  } | null;
  words?: number | null;
  words_per_minute?: number | null;
  uncertain?: number | null;
  late?: number | null;
  flags?: {
    [k: string]: number;
  } | null;
  gaps?: number | null;
  gap_s?: number | null;
  stability?: Stability | null;
  latency?: LatencyFigures | null;
  cues?: number | null;
  cue_compliance?: {
    [k: string]: number;
  } | null;
  topics?: {
    [k: string]: number;
  } | null;
  whole_life?: LifeFigures | null;
}
/**
 * How much captions changed as viewers read them, in words.
 *
 *     Ratios are None where there is nothing to divide by.
 */
export interface Stability {
  updates: number;
  words_added: number;
  words_erased: number;
  stable_words_erased: number;
  unstable_words: number;
  final_words: number;
  normalized_erasure: number | null;
  stable_normalized_erasure: number | null;
  upwr: number | null;
  burstiness: number | null;
  largest_burst: number;
}
/**
 * Seconds from speech to final caption, by who spent them; see ``Latency``.
 *
 *     Over the last 50 final captions of the window, at most; each None where no caption
 *     of the window tells it, never 0.
 */
export interface LatencyFigures {
  recogniser_s?: Quantiles | null;
  kafka_s?: Quantiles | null;
  policy_s?: Quantiles | null;
  worker_s?: Quantiles | null;
  total_s?: Quantiles | null;
}
/**
 * Of seconds, by nearest rank.
 */
export interface Quantiles {
  p50: number;
  p95: number;
}
/**
 * Since the life began, this window included.
 */
export interface LifeFigures {
  words: number;
  duplicates: number;
  late: number;
  uncertain: number;
  flags: {
    [k: string]: number;
  };
  cue_compliance: {
    [k: string]: number;
  };
  gaps: number | null;
  gap_s: number | null;
  stability: Stability;
}
