/**
 * What the trace calls things that the driver keeps: the target that the text assigns a call's result to, the memory that a struct
 * page belongs to. Each is looked up once. Runs nothing.
 */
import type { Driver } from '../../driver/model.ts';
import type { ExternalCall } from '../../execution/world.ts';
import type { System } from '../../mm/system.ts';
import type { Span } from '../../syntax/ast.ts';

/** How far before a call its assignment may begin, in characters. */
const longestTarget = 200;

export class ResultNames {
  readonly #driver: Driver;
  readonly #system: System;
  /** The value of a local variable that serves as an index, as text. */
  readonly #indexText: (name: string) => string | undefined;
  /** What the result of a call is assigned to, by its place. */
  readonly #assigned = new Map<Span, string | undefined>();
  /** Names of struct pages by the label of their memory. */
  readonly #pages = new Map<string, string>();

  constructor(driver: Driver, system: System, indexText: (name: string) => string | undefined) {
    this.#driver = driver;
    this.#system = system;
    this.#indexText = indexText;
  }

  page(pfn: bigint): string {
    const owner = this.#system.memory.owner(Number(pfn));
    if (!owner) return `page 0x${pfn.toString(16)}`;
    const name = this.#pages.get(owner.label) ?? `page of ${owner.label}`;
    this.#pages.set(owner.label, name);
    return name;
  }

  /** What the text assigns the call's result to, indexes as they are now: `ring->pages[3] = alloc_page(…)`. */
  assigned(call: ExternalCall): string | undefined {
    const key = call.span;
    if (!this.#assigned.has(key)) {
      const text = this.#driver.files.get(call.file);
      const before = text?.slice(Math.max(0, call.span.start - longestTarget), call.span.start) ?? '';
      this.#assigned.set(key, /([A-Za-z_][\w.>[\]-]*)\s*=\s*(?:\([^()]*\)\s*)?$/.exec(before)?.[1]);
    }
    const target = this.#assigned.get(key);
    return target?.replace(/\[(\w+)\]/g, (_, index: string) => `[${this.#indexText(index) ?? index}]`);
  }
}
