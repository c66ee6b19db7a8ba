import wellspring from "./types.d.cts";

export type Backoff = wellspring.Backoff;
export type ErrorEvent = wellspring.ErrorEvent;
export type EventSourceError = wellspring.EventSourceError;
export type EventSourceOptions = wellspring.EventSourceOptions;
export type Limits = wellspring.Limits;
export type Signal = wellspring.Signal;
export import EventSource = wellspring.EventSource;
export default EventSource;
