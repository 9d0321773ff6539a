/** What a fault handler looks up by the offset of the fault, and whether anything bounds it. */
import type { EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import { constant, type Term } from '../../execution/term.ts';
import { symbolsOf } from '../../execution/term-evaluate.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { targetOf } from './mapping-calls.ts';
import { isJudged } from './questions.ts';

/** Elements or bytes. No table of a driver is as large. */
const hugeIndex = 1n << 33n;
/** A pfn that no ordinary base alone can reach. */
const hugePfn = 1n << 40n;

/** A place on a path where memory is chosen by the offset of the fault, with nothing that bounds it. */
export interface UnboundedIndex {
  readonly path: Path;
  readonly event: PathEvent;
  readonly span: { readonly start: number; readonly end: number };
}

/** The first such place of a fault handler's paths. */
export function unboundedIndex(entry: EntryAnalysis, version: KernelVersion): UnboundedIndex | undefined {
  for (const path of entry.paths) {
    for (const event of path.events) {
      const span = chosenAt(entry, path, event, version);
      if (span) return { path, event, span };
    }
  }
  return undefined;
}

function chosenAt(entry: EntryAnalysis, path: Path, event: PathEvent, version: KernelVersion): UnboundedIndex['span'] | undefined {
  if (!isJudged(path, event)) return undefined;
  if (event.kind === 'write')
    return /(?:->|\.)page$/.test(event.name) && isUnbounded(entry, path, event, indexesOf(event.value), hugeIndex) ? event.span : undefined;
  if (event.kind !== 'call') return undefined;
  const target = targetOf(event, version);
  if (target && isUnbounded(entry, path, event, [target.pfn], hugePfn)) return event.argumentSpans[target.index] ?? event.nameSpan;
  if (event.name !== 'vmalloc_to_page' && event.name !== 'vmalloc_to_pfn') return undefined;
  const [address] = event.arguments;
  return address && isUnbounded(entry, path, event, indexesOf(address), hugeIndex) ? event.nameSpan : undefined;
}

function isUnbounded(entry: EntryAnalysis, path: Path, event: PathEvent, terms: readonly Term[], limit: bigint): boolean {
  const own = entry.symbols.faultPgoff && symbolsOf(entry.symbols.faultPgoff.term);
  return terms.some((term) => {
    const symbols = symbolsOf(term);
    if (!own || ![...own.keys()].some((id) => symbols.has(id))) return false;
    const goal = query.really(query.lessThan(constant(limit), term));
    const truly = path.conditions.slice(0, event.after).map((condition) => query.really(condition.term));
    return typeof query.findModel(entry, path, event.after, [goal, ...truly]) !== 'string';
  });
}

/** The indexes of elements on the way to what a pointer points to. */
function indexesOf(value: Value): readonly Term[] {
  return value.kind === 'pointer' ? indexesIn(value.place) : value.kind === 'integer' ? [value.term] : [];
}

function indexesIn(place: Place): readonly Term[] {
  const own = place.path.flatMap((step) => (step.kind === 'element' ? [step.index] : []));
  const before = (object: MemoryObject): readonly Term[] =>
    object.origin.kind === 'assumed' && object.origin.from
      ? indexesIn(object.origin.from)
      : object.origin.kind === 'allocated'
        ? object.origin.arguments.flatMap(indexesOf)
        : [];
  return [...own, ...before(place.object)];
}
