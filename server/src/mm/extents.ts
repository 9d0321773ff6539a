/**
 * A sorted list of disjoint runs of pages with a value each: the one storage for page tables, page states and memory
 * types. A gigabyte with one value is one run. Knows nothing about what the values mean.
 */

/** Pages `[start, end)` that share `value`; what `value` says about a later page of the run is the rule's `at`. */
export interface Run<Value> {
  readonly start: number;
  readonly end: number;
  readonly value: Value;
}

/** How values behave when runs are cut and joined. */
export interface RunRule<Value> {
  /** The value as seen `offset` pages after the start of its run. */
  at(value: Value, offset: number): Value;
  /** The value of two touching runs as one, or `undefined` when they must stay apart. Lengths are pages. */
  join(left: Value, leftLength: number, right: Value, rightLength: number): Value | undefined;
}

/** Sorted, disjoint, maximal runs. Look-ups cost the logarithm of the number of runs, changes the runs they touch. */
export class Extents<Value> {
  readonly #rule: RunRule<Value>;
  #runs: Run<Value>[] = [];

  constructor(rule: RunRule<Value>) {
    this.#rule = rule;
  }

  /** All runs in ascending order. */
  get runs(): readonly Run<Value>[] {
    return this.#runs;
  }

  /** Number of pages that have a value. */
  get pages(): number {
    return this.#runs.reduce((sum, run) => sum + run.end - run.start, 0);
  }

  /** The value of one page. */
  get(page: number): Value | undefined {
    const run = this.#runs[this.#firstEndingAfter(page)];
    return run && run.start <= page ? this.#rule.at(run.value, page - run.start) : undefined;
  }

  /** The runs inside `[start, end)`, cut to it. */
  slice(start: number, end: number): Run<Value>[] {
    const result: Run<Value>[] = [];
    if (start >= end) return result;
    for (let index = this.#firstEndingAfter(start); index < this.#runs.length; index++) {
      const run = this.#runs[index];
      if (!run || run.start >= end) break;
      result.push(this.#cut(run, start, end));
    }
    return result;
  }

  /** The parts of `[start, end)` that have no value. */
  gaps(start: number, end: number): { readonly start: number; readonly end: number }[] {
    const result: { start: number; end: number }[] = [];
    let at = start;
    for (const run of this.slice(start, end)) {
      if (run.start > at) result.push({ start: at, end: run.start });
      at = run.end;
    }
    if (at < end) result.push({ start: at, end });
    return result;
  }

  /** Gives `[start, end)` the value, replacing what was there. */
  set(start: number, end: number, value: Value): void {
    if (start >= end) return;
    const run = { start, end, value };
    if (!this.#setInPlace(run)) this.#replace(start, end, [run]);
  }

  /** Removes every value in `[start, end)`. */
  clear(start: number, end: number): void {
    this.#replace(start, end, []);
  }

  /** Replaces each run inside `[start, end)` by what `change` makes of it; `undefined` removes it. */
  update(start: number, end: number, change: (run: Run<Value>) => Value | undefined): void {
    const changed: Run<Value>[] = [];
    for (const run of this.slice(start, end)) {
      const value = change(run);
      if (value !== undefined) changed.push({ start: run.start, end: run.end, value });
    }
    this.#replace(start, end, changed);
  }

  /** The frequent cases without copying: growing at the end of the list, and one run that keeps its borders or goes on what is before it. */
  #setInPlace(run: Run<Value>): boolean {
    const last = this.#runs.at(-1);
    if (!last || last.end <= run.start) {
      this.#push(run);
      return true;
    }
    const index = this.#firstEndingAfter(run.start);
    const old = this.#runs[index];
    if (!old || old.start !== run.start || old.end !== run.end || this.#joins(run, this.#runs[index + 1])) return false;
    const before = this.#runs[index - 1];
    const both = this.#joins(before, run);
    if (before && both) {
      this.#runs[index - 1] = { start: before.start, end: run.end, value: both.joined };
      this.#runs.splice(index, 1);
    } else this.#runs[index] = run;
    return true;
  }

  #push(run: Run<Value>): void {
    const last = this.#runs.at(-1);
    const value = last && this.#joins(last, run);
    if (last && value) this.#runs[this.#runs.length - 1] = { start: last.start, end: run.end, value: value.joined };
    else this.#runs.push(run);
  }

  /** What two runs are as one, if they touch and may join. */
  #joins(left: Run<Value> | undefined, right: Run<Value> | undefined): { readonly joined: Value } | undefined {
    if (!left || !right || left.end !== right.start) return undefined;
    const joined = this.#rule.join(left.value, left.end - left.start, right.value, right.end - right.start);
    return joined === undefined ? undefined : { joined };
  }

  #firstEndingAfter(page: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle]?.end ?? 0) <= page) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #cut(run: Run<Value>, start: number, end: number): Run<Value> {
    if (run.start >= start && run.end <= end) return run;
    const from = Math.max(run.start, start);
    return { start: from, end: Math.min(run.end, end), value: this.#rule.at(run.value, from - run.start) };
  }

  #replace(start: number, end: number, middle: readonly Run<Value>[]): void {
    if (start >= end) return;
    let first = this.#firstEndingAfter(start);
    let last = first;
    const pieces: Run<Value>[] = [];
    const head = this.#runs[first];
    if (head && head.start < start) pieces.push(this.#cut(head, head.start, start));
    while ((this.#runs[last]?.start ?? Number.POSITIVE_INFINITY) < end) last += 1;
    const tail = this.#runs[last - 1];
    // A spread of very many arguments would overflow the stack, here and below.
    for (const piece of middle) pieces.push(piece);
    if (last > first && tail && tail.end > end) pieces.push(this.#cut(tail, end, tail.end));
    const before = this.#runs[first - 1];
    if (before && before.end === (pieces[0]?.start ?? Number.NaN)) {
      first -= 1;
      pieces.unshift(before);
    }
    const after = this.#runs[last];
    if (after && after.start === pieces.at(-1)?.end) {
      last += 1;
      pieces.push(after);
    }
    const joined = this.#joined(pieces);
    if (joined.length === last - first) for (const [index, run] of joined.entries()) this.#runs[first + index] = run;
    else if (joined.length > 1000) this.#runs = this.#runs.slice(0, first).concat(joined, this.#runs.slice(last));
    else this.#runs.splice(first, last - first, ...joined);
  }

  #joined(pieces: readonly Run<Value>[]): Run<Value>[] {
    const result: Run<Value>[] = [];
    for (const piece of pieces) {
      const left = result.at(-1);
      const both = this.#joins(left, piece);
      if (left && both) result[result.length - 1] = { start: left.start, end: piece.end, value: both.joined };
      else result.push(piece);
    }
    return result;
  }
}

/** The rule for values that are the same for every page of a run. */
export function uniformRuns<Value>(same: (left: Value, right: Value) => boolean): RunRule<Value> {
  return {
    at: (value) => value,
    join: (left, _leftLength, right) => (same(left, right) ? left : undefined),
  };
}
