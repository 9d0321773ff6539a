/**
 * Moves lowered data to another place of the text: what an edit only pushed down is not lowered again. Works on any
 * plain data of `ast.ts`, where `Span` is the only place that holds offsets.
 */

/** A copy of `data` with every span moved by `by`; the same object when there is nothing to move. */
export function shifted<T>(data: T, by: number): T {
  return by === 0 ? data : (move(data, by) as T);
}

function move(data: unknown, by: number): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((part) => move(part, by));
  const copy: Record<string, unknown> = {};
  const source = data as Readonly<Record<string, unknown>>;
  for (const key in source) {
    const part = source[key];
    copy[key] = typeof part === 'number' && (key === 'start' || key === 'end') ? part + by : move(part, by);
  }
  return copy;
}
