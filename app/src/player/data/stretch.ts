// A part of a recording, as `GET /recordings/{id}/stretch` sends it (server/src/http/recording).

/** What an event is. */
export const OUTPUT = 1;
export const ERROR = 2;
export const SIZE = 3;

export interface Size {
  columns: number;
  rows: number;
}

export interface RecordedEvent {
  /** Microseconds from the beginning of the recording. */
  at: number;
  kind: number;
  payload: Uint8Array;
}

export interface Stretch {
  /** Microseconds from the beginning of the recording. */
  from: number;
  /** Where the next one begins; Infinity at the end of the recording. */
  next: number;
  /** The screen at its beginning, and what draws it on a terminal that was reset. */
  size: Size;
  drawing: Uint8Array;
  /** In their order. */
  events: RecordedEvent[];
}

const HEAD = 24;
const EVENT_HEAD = 13;
const NONE = 0xffff_ffff_ffff_ffffn;

/** Reads a stretch; throws where it is none. Payloads are views, nothing is copied. */
export function decode(buffer: ArrayBuffer): Stretch {
  const view = new DataView(buffer);
  const next = view.getBigUint64(8);
  const drawn = HEAD + view.getUint32(20);
  const events: RecordedEvent[] = [];
  let place = drawn;
  while (place < buffer.byteLength) {
    const length = view.getUint32(place + 9);
    const payload = new Uint8Array(buffer, place + EVENT_HEAD, length);
    events.push({ at: Number(view.getBigUint64(place)), kind: view.getUint8(place + 8), payload });
    place += EVENT_HEAD + length;
  }
  return {
    from: Number(view.getBigUint64(0)),
    next: next === NONE ? Infinity : Number(next),
    size: { columns: view.getUint16(16), rows: view.getUint16(18) },
    drawing: new Uint8Array(buffer, HEAD, drawn - HEAD),
    events,
  };
}

/** Reads `COLUMNSxROWS`; undefined where it is something else. */
export function sizeOf(payload: Uint8Array): Size | undefined {
  const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(String.fromCharCode(...payload.subarray(0, 9))) ?? [];
  if (columns === undefined || rows === undefined) return undefined;
  return bounded({ columns: Number(columns), rows: Number(rows) });
}

/** No recording makes the page draw a screen without end (T-04). */
export const bounded = ({ columns, rows }: Size): Size => ({
  columns: Math.min(Math.max(columns, 2), 500),
  rows: Math.min(Math.max(rows, 1), 200),
});
