/** Types of `wellspring-eventsource`. The standard's part is the HTML Standard's, section 9.2. */

/** What the standard has not, in the constructor's second argument. Times are in milliseconds. */
export interface EventSourceOptions {
  /** With a location: credentials go to other origins too. Without one it is kept and has no effect. */
  withCredentials?: boolean;
  /** With a location: sends what a browser would first ask another origin about. False by default. */
  allowWithoutPreflight?: boolean;
  /** Headers for each request. What is a credential goes to the URL's own origin only. */
  headers?: Headers | Record<string, string> | Iterable<readonly [string, string]>;
  /** Where to resume: the last event ID of the first request. */
  lastEventId?: string;
  /** Closes the source when it is aborted; no event is fired. */
  signal?: AbortSignal;
  /**
   * What the end of a connection means, unless the options below say otherwise: `standard`, to the
   * letter, by default; `browser` as browsers do; `resilient` for programs that run for weeks;
   * `finite` for streams with an end, such as the answer of a language model.
   */
  preset?: "standard" | "browser" | "resilient" | "finite";
  /** Reconnects after so long without a byte; `null` for never. Off in `standard`. */
  idleTimeout?: number | null;
  /** So long for a connection to be made: names, TCP and TLS; `null` for ever. Off in `standard`. */
  connectTimeout?: number | null;
  /** HTTP/1.1 connections to an origin at once; `null` for any number. 6 in `browser`. */
  http1Connections?: number | null;
  /** The reconnection time until the server sets one. 3000 by default. */
  reconnectionTime?: number;
  /** What a reconnection time is at least, `reconnectionTime` or the server's. 100 by default. */
  minReconnectionTime?: number;
  /** The server's `retry` counts as at most this. Without bound in `standard`. */
  maxReconnectionTime?: number;
  /** How the wait grows with each failed attempt in a row, and when no other is made. */
  backoff?: Backoff;
  /** Statuses after which the source tries again. None in `standard`. */
  retriedStatuses?: Iterable<number>;
  /** What the proper end of a body means. `reconnect` in `standard`, `end` in `finite`. */
  endOfBody?: "reconnect" | "end";
  /** Where to reconnect to: the URL that answered last, or the original one. */
  reconnectionUrl?: "last" | "original";
  /** Which requests are sent again after the connection is lost. `idempotent` in `standard`. */
  repeat?: "always" | "idempotent" | "idempotentBeforeFirstEvent" | "never";
  /**
   * What becomes of an event that the end of a body has cut off: it is dropped, and where the source ends there
   * that is an error (`fail`, the default) or none (`discard`); or it is dispatched, for servers that leave out the
   * last blank line.
   */
  incompleteEvent?: "discard" | "fail" | "dispatch";
  /** What is done about an event over a limit: the source fails, or the event is skipped. */
  onLimit?: "fail" | "skip";
  /** How much is buffered. */
  limits?: Limits;
  /** Whether comments are signalled to `onSignal`. */
  comments?: boolean;
  /** Called with what happens besides messages, before the event that the standard fires for it. */
  onSignal?: (signal: Signal) => void;
  /**
   * Says which message completes the stream. Once it has been dispatched the source has ended; an end
   * before it is an error where the policy ends with the body.
   */
  terminalEvent?: (message: Message) => boolean;
  /**
   * Asked at each end of a connection, and of each attempt at one, what to make of it. Meanwhile the
   * source stands still. What it throws is uncaught, and the policy decides.
   */
  onEnd?: (end: End) => Decision | undefined | void | Promise<Decision | undefined | void>;
  /**
   * Called before each attempt, the first included. It may take its time, to refresh a credential say, and
   * change the attempt. When it throws nothing is sent, and the attempt has failed.
   */
  beforeAttempt?: (attempt: Attempt) => void | Promise<void>;
  /**
   * The proxy: `http`, `https`, `socks5` or `socks5h`; `null` for none. By default that of Node's `fetch`:
   * none, unless Node is told to use those of the environment.
   */
  proxy?: string | URL | null;
  /** `GET` by default. */
  method?: string;
  /** Sent with each request. */
  body?: Body;
}

export interface Backoff {
  /** How many times longer each wait is than the one before. 2 by default. */
  factor?: number;
  /** Up to here the wait gets longer. 60000 by default. */
  cap?: number;
  /** How long a connection has to be open for the count of failures to start anew. 1000 by default. */
  resetAfter?: number;
  /** Whether a wait gets a random share of itself on top. True by default. */
  jitter?: boolean;
  /** The random share is of at least this. 0 in `standard`. */
  spread?: number;
  /** Whether the wait also grows after connections that end at once without an event. False in `standard`. */
  afterEmpty?: boolean;
  /** After so many failed attempts in a row the source fails; `null` for never, as in `standard`. */
  maxAttempts?: number | null;
  /** So long after the first of a row of failed attempts the source fails; `null` for never. */
  maxElapsed?: number | null;
}

export interface Limits {
  /** Bytes of a line. 16 MiB by default. */
  line?: number;
  /** Bytes of an event. 16 MiB by default. */
  event?: number;
  /** Bytes of an id. 64 KiB by default. */
  id?: number;
  /** Bytes of a comment that are signalled; the rest is cut off. 4 KiB by default. */
  comment?: number;
}

/** How a connection, or an attempt at one, came to its end. */
export interface End {
  readonly cause: Cause;
  /** What happened, in a sentence. */
  readonly message: string;
  /** Of a response that was refused: its status, its headers, the beginning of its body. */
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: string;
  /** How many messages of this connection have been dispatched. */
  readonly events: number;
  /** Whether the last of them was the terminal event. */
  readonly terminalEvent: boolean;
  /** How many attempts there have been since a connection was last open; 0 when this one was open. */
  readonly attempts: number;
}

/**
 * What is made of an end. `default`, as nothing at all: what the policy says. `reconnect`: another attempt
 * after the wait of the policy, or not before so many milliseconds. `stop`: the source ends without an
 * error, `fail`: with one.
 */
export type Decision = "default" | "reconnect" | "stop" | "fail" | { reconnectAfter: number };

/** An attempt that is about to be made. Changes hold for this one only. */
export interface Attempt {
  /** Which one it is since a connection was last open, from 1. */
  readonly number: number;
  /** What became of the one before; undefined for the first of the source. */
  readonly cause?: Cause;
  readonly message?: string;
  /** The status that the one before was answered with. */
  readonly previousStatus?: number;
  /** Sent as `Last-Event-ID` unless it is empty. */
  lastEventId: string;
  url: string | URL;
  method: string;
  /** What is a credential goes to the source's own origin only, whatever the URL is. */
  headers: Headers;
  body?: Body;
}

export type Body = string | URLSearchParams | ArrayBuffer | ArrayBufferView;

export type Cause = "end-of-body" | "network-error" | "idle" | "status" | "refused" | "limit";

export interface Signal {
  /**
   * `reconnecting` means retrying, `failed` dead, `ended` that the stream is complete. `skipped`: an
   * event was over a limit. `queued`: the attempt waits for a connection. `id-not-sent`: no header can
   * carry the last event ID.
   */
  type: "open" | "reconnecting" | "failed" | "ended" | "comment" | "skipped" | "queued" | "id-not-sent";
  /** The URL that answered or failed. */
  url?: string;
  /** The origin of the messages to come. */
  origin?: string;
  /** The status of the response. */
  status?: number;
  /** `HTTP/1.1` or `HTTP/2.0`. */
  version?: string;
  headers?: Headers;
  /** The beginning of the body of a response that was refused. */
  body?: string;
  /** What happened, in a sentence; or the text of a comment. */
  message?: string;
  /** Why the connection was lost. */
  cause?: Cause;
  /** The time to the next attempt. */
  delay?: number;
  /** The number of the next attempt since a connection was last open, from 1. */
  attempt?: number;
  /** Of `open`: the first word of `Content-Encoding` that names no coding, such as `none`; it changes nothing. */
  unknownCoding?: string;
  /** Of `queued`: which place, from 1. */
  place?: number;
}

/** What an `error` event says beyond the standard. A message that the server named `error` says none of it. */
export interface ErrorEvent extends Event {
  readonly status?: number;
  readonly message?: string;
  readonly cause?: EventSourceError;
}

export interface EventSourceError extends Error {
  readonly url?: string;
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: string;
  readonly code?: string;
}

/** A `MessageEvent` as event sources fill it. */
export interface Message extends MessageEvent {
  readonly data: string;
  readonly origin: string;
  readonly lastEventId: string;
}

export interface ListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  signal?: AbortSignal;
}

export interface EventSourceEventMap {
  open: Event;
  message: Message;
  error: ErrorEvent;
}

export type Listener<E> = ((this: EventSource, event: E) => unknown) | { handleEvent(event: E): unknown };

export declare class EventSource extends EventTarget implements AsyncIterable<Message> {
  static readonly CONNECTING: 0;
  static readonly OPEN: 1;
  static readonly CLOSED: 2;

  /** Reads an event stream that is open already; there is no reconnection (whatwg/html#12272). */
  static fromReadableStream(stream: ReadableStream<Uint8Array>): EventSource;

  /**
   * @throws {DOMException} `SyntaxError`, when the URL does not parse.
   * @throws {TypeError} When an option cannot be meant.
   */
  constructor(url: string | URL, options?: EventSourceOptions);

  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
  readonly url: string;
  readonly withCredentials: boolean;
  readonly readyState: 0 | 1 | 2;
  onopen: ((this: EventSource, event: Event) => unknown) | null;
  onmessage: ((this: EventSource, event: Message) => unknown) | null;
  onerror: ((this: EventSource, event: ErrorEvent) => unknown) | null;
  close(): void;

  addEventListener<T extends keyof EventSourceEventMap>(
    type: T,
    listener: Listener<EventSourceEventMap[T]> | null,
    options?: boolean | ListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: Listener<Message> | null,
    options?: boolean | ListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: Listener<never> | null,
    options?: boolean | ListenerOptions,
  ): void;

  /** The last event ID string: where a source that is made with it would resume. */
  readonly lastEventId: string;
  /** The reconnection time that is set now, in milliseconds. */
  readonly reconnectionTime: number;
  /** Of a source of a stream: drops the event that is not complete. */
  reset(): void;
  /** Lets the process end while the source is open. */
  unref(): this;
  /** Takes `unref` back. */
  ref(): this;
  /** Each message, whatever its type. Leaving the loop closes the source; a failed source throws. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message>;
  /** Closes. */
  [Symbol.asyncDispose](): Promise<void>;
}
