/**
 * Which functions of a driver name which others, and from which of them a call of interest can be reached. Works on words
 * of the text: a function that is only passed on counts as called.
 */
import type { Driver, DriverFunction } from '../driver/model.ts';
import { allFacts } from '../kernel/lookup.ts';

/** Calls that make an entry worth running, beside those that the facts say need the mmap lock. */
const families = String.raw`find_(?:exact_|extend_)?vma\w*|vma_lookup|vm_flags_\w+|io_remap_\w+|remap_\w+|vmf?_insert_\w+|vm_map_pages\w*|vm_iomap_memory|dma_mmap_\w+|zap_\w+|unmap_mapping_\w+|follow_pfn\w*|get_user_pages\w*|pin_user_pages\w*|dma_common_mmap`;
const interesting = new RegExp(`\\b(?:${families}|${lockedCalls().join('|')})\\b`, 'g');

/** Calls of interest, and the mmap lock by all its names. */
const mattering = new RegExp(`${interesting.source}|\\bmmap_(?:read|write)_\\w+|\\bmmap_(?:sem|lock)\\b`, 'g');

function lockedCalls(): readonly string[] {
  const facts = allFacts().filter((fact) => fact.kind === 'call' && (fact.lock === 'read' || fact.lock === 'write'));
  return facts.flatMap((fact) => [fact.name, ...fact.aliases]).filter((name) => /^\w+$/.test(name));
}

export class CallGraph {
  readonly #driver: Driver;
  readonly #named = new Map<string, readonly string[]>();
  #reaching: ReadonlyMap<string, number> | undefined;
  #mattering: ReadonlyMap<string, number> | undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** All functions of the driver that can run when one of `starts` does, these included. */
  reachedFrom(starts: Iterable<string>): ReadonlySet<string> {
    const reached = new Set<string>();
    const waiting = [...starts];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      waiting.push(...this.#namedIn(name));
    }
    return reached;
  }

  /** Whether a call of interest can be reached from the function. */
  reachesInterest(name: string): boolean {
    return this.distanceToInterest(name) !== undefined;
  }

  /** How many calls lie between the function and a call of interest: 0 where it makes one itself. */
  distanceToInterest(name: string): number | undefined {
    this.#reaching ??= this.#findReaching(interesting);
    return this.#reaching.get(name);
  }

  /** Whether running the function can make a difference to a call of interest or to the lock that it needs. */
  matters(name: string): boolean {
    this.#mattering ??= this.#findReaching(mattering);
    return this.#mattering.has(name);
  }

  /** All that the graph says of interest: graphs that answer alike have the same text. */
  text(): string {
    this.#reaching ??= this.#findReaching(interesting);
    this.#mattering ??= this.#findReaching(mattering);
    const rows = [this.#reaching, this.#mattering].map((functions) =>
      [...functions].map(([name, distance]) => `${name} ${distance}`).sort(),
    );
    return rows.map((each) => each.join('\n')).join('\n\n');
  }

  /** From the functions that make such calls back to all that name them: usually a few steps from a few functions. */
  #findReaching(pattern: RegExp): ReadonlyMap<string, number> {
    const { functions } = this.#driver;
    const reaching = new Map<string, number>();
    let level = this.#functionsWith(pattern, (word) => !functions.has(word));
    for (let distance = 0; level.length > 0; distance++) {
      for (const name of level) reaching.set(name, distance);
      const callers = this.#functionsWith(new RegExp(`\\b(?:${level.join('|')})\\b`, 'g'), () => true);
      level = callers.filter((name) => !reaching.has(name));
    }
    return reaching;
  }

  /** The functions whose bodies hold an accepted match of `pattern` that is not their own name. */
  #functionsWith(pattern: RegExp, accept: (word: string) => boolean): readonly string[] {
    const found: string[] = [];
    for (const [file, headers] of this.#byFile()) {
      const text = this.#driver.files.get(file) ?? '';
      let next = 0;
      for (const { 0: word, index } of text.matchAll(pattern)) {
        while (next < headers.length && (headers[next]?.bodySpan.end ?? 0) <= index) next++;
        const header = headers[next];
        if (!header || index < header.bodySpan.start || word === header.name || !accept(word) || isTagOrField(text, index)) continue;
        found.push(header.name);
        next++;
      }
    }
    return found;
  }

  #files: ReadonlyMap<string, readonly DriverFunction[]> | undefined;

  /** The functions of each file, in the order of the text. */
  #byFile(): ReadonlyMap<string, readonly DriverFunction[]> {
    if (!this.#files) {
      const files = new Map<string, DriverFunction[]>();
      for (const header of this.#driver.functions.values()) {
        const known = files.get(header.file);
        if (known) known.push(header);
        else files.set(header.file, [header]);
      }
      for (const headers of files.values()) headers.sort((left, right) => left.bodySpan.start - right.bodySpan.start);
      this.#files = files;
    }
    return this.#files;
  }

  /** The functions of the driver that the body of one of them names. */
  #namedIn(name: string): readonly string[] {
    const known = this.#named.get(name);
    if (known) return known;
    const { functions, files } = this.#driver;
    const header = functions.get(name);
    const named = new Set<string>();
    const body = header && (files.get(header.file) ?? '').slice(header.bodySpan.start, header.bodySpan.end);
    for (const [word] of body?.matchAll(/[A-Za-z_]\w*/g) ?? []) if (word !== name && functions.has(word)) named.add(word);
    this.#named.set(name, [...named]);
    return [...named];
  }
}

/** Whether the word at `index` is the tag of a struct or the name of a field, and no function. */
function isTagOrField(text: string, index: number): boolean {
  return /(?:\b(?:struct|union|enum)\s|->|\.)\s*$/.test(text.slice(Math.max(0, index - 12), index));
}
