/** From a document and a wish to an attack: picks the handler, hands the mappings that rules suspect to the search. */
import { acceptedCalls } from '../analysis/accepted-calls.ts';
import type { MmapRequest } from '../analysis/mmap-flags.ts';
import type { Handler } from '../driver/model.ts';
import { PAGE_SIZE } from '../kernel/constants.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { AttackReport } from '../protocol/attack.ts';
import { rules } from '../rules/registry.ts';
import { attack } from '../simulation/attack/attack.ts';
import type { Shape } from '../simulation/attack/shapes.ts';
import type { Suggestion } from '../simulation/attack/ways.ts';
import { entryFor } from '../simulation/entry.ts';
import type { Scenario } from '../simulation/scenario/model.ts';
import { parseScenario } from '../simulation/scenario/parse.ts';
import type { SourceDocument } from './document.ts';
import { chosenHandler } from './simulate.ts';

export interface AttackWish {
  /** A function's name. */
  readonly handler?: string;
  readonly version?: KernelVersion | undefined;
  readonly seed?: number | undefined;
  readonly budget?: number | undefined;
}

export type AttackResult =
  | { readonly kind: 'report'; readonly report: AttackReport }
  | { readonly kind: 'failed'; readonly message: string };

/** Attacks the handler that is meant, else the file's first mmap handler, else its first handler. */
export function attackDocument(document: SourceDocument, wish: AttackWish): AttackResult {
  const handler = handlerOrFunction(document, wish);
  if (typeof handler === 'string') return { kind: 'failed', message: handler };
  const { version, seed, budget } = wish;
  const candidates = suspectedMappings(document, handler);
  const suggestions = waysThrough(document, handler);
  return { kind: 'report', report: attack({ driver: document.driver, handler, version, seed, budget, candidates, suggestions }) };
}

/** Of a function in a file without handlers is said at least what it uses that the kernel has no more. */
function handlerOrFunction(document: SourceDocument, wish: AttackWish): Handler | string {
  const handler = chosenHandler(document, wish);
  if (typeof handler !== 'string' || wish.handler === undefined || document.driver.handlers.some((each) => each.defined)) return handler;
  const header = document.driver.functions.get(wish.handler);
  if (!header) return handler;
  return { function: header.name, kind: 'fault', slot: 'signature.fault', file: header.file, nameSpan: header.nameSpan, defined: true };
}

/** Ways through a handler that are tried. */
const mostSuggestions = 6;

/** What the analysis finds that the handler, or the mmap handler that leads to it, accepts. */
function waysThrough(document: SourceDocument, handler: Handler): readonly Suggestion[] {
  const entry = entryFor(document.driver, handler);
  const name = typeof entry === 'string' || entry.kind === 'table' ? handler.function : entry.handler.function;
  const analysis = document.entries.find((each) => each.entry.handler?.kind === 'mmap' && each.entry.function === name);
  if (!analysis) return [];
  return acceptedCalls(analysis, mostSuggestions).map(({ pages, pgoff, request, state }) => ({
    shape: {
      ...(pages === undefined ? {} : { length: pages * PAGE_SIZE }),
      ...(pgoff === undefined ? {} : { offset: pgoff * PAGE_SIZE }),
      ...(request && shapeOf(request)),
    },
    state,
  }));
}

function shapeOf({ prot, shared, open }: MmapRequest): Partial<Shape> {
  const has = (letter: string) => prot.includes(letter);
  return {
    protection: { read: has('r'), write: has('w'), execute: has('x') },
    sharing: shared ? 'shared' : 'private',
    mode: open === 'r' ? 'ro' : 'rw',
  };
}

/** The mappings of the witnesses that the rules have for this handler. */
function suspectedMappings(document: SourceDocument, handler: Handler): readonly Partial<Shape>[] {
  const witnesses = new Set<string>();
  for (const rule of rules) {
    try {
      for (const report of rule.check({ driver: document.driver, entries: document.entries }))
        if (report.witness !== undefined && report.handler?.function === handler.function) witnesses.add(report.witness);
    } catch {
      // A rule that fails is told by `check`; here it only has nothing to suggest.
    }
  }
  return [...witnesses].flatMap((witness) => shapesIn(parseScenario(witness).scenario));
}

/** What a scenario maps. */
function shapesIn({ statements }: Scenario): readonly Partial<Shape>[] {
  return statements.flatMap(({ action }) =>
    action.kind === 'mmap' && typeof action.offset === 'bigint' && action.sharing !== 'shared_validate'
      ? [{ length: action.length, offset: action.offset, protection: action.protection, sharing: action.sharing }]
      : [],
  );
}
