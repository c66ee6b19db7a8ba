// Whether anything was lost. In: the last event ID of each event, and when the connection was lost
// and opened. Out: how many items were missed or came twice, and a sentence after each reconnection.
// The ids of the demo are consecutive numbers; that is all this relies on.
//
// Next: page.js.

export class Resumption {
  missed = 0;
  repeated = 0;
  #last = null;
  #lostAt = null;

  /** The connection is gone. */
  lost(now) {
    this.#lostAt ??= now;
  }

  /** An event has come. Returns what there is to say about it: nothing, most of the time. */
  event(id, now) {
    const number = Number(id);
    const before = this.#last;
    const lostAt = this.#lostAt;
    this.#lostAt = null;
    const newer = before === null || number > before;
    if (newer) {
      this.#last = number;
    }
    if (before === null) {
      return null;
    }
    const missed = newer ? number - before - 1 : 0;
    this.missed += missed;
    this.repeated += newer ? 0 : 1;
    return lostAt === null ? null : sentence({ number, before, missed, newer, away: now - lostAt });
  }
}

function sentence({ number, before, missed, newer, away }) {
  const after = `After ${(away / 1000).toFixed(1)} s came ${number}`;
  if (!newer) {
    return `${after}, which was here already.`;
  }
  if (missed > 0) {
    return `${after}, but ${before} was the last: ${missed} missed.`;
  }
  return `${after}, the one after ${before}: nothing missed, nothing twice.`;
}
