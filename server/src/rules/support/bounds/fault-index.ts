/** What a fault handler looks up by the offset of the fault, and whether anything bounds it. */

import { indexesOf } from '../../../analysis/indexes.ts';
import type { EntryAnalysis, Path, PathEvent } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import type { Handler } from '../../../driver/model.ts';
import { constant, type Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import type { Span } from '../../../syntax/ast.ts';
import { argumentOf, mappingCall, targetOf } from '../mapping-calls.ts';
import { isJudged } from '../questions.ts';
import { farTarget, smallDevice } from './small-device.ts';

/** Elements or bytes. No table of a driver is as large. */
const hugeIndex = 1n << 33n;
/** A pfn that no ordinary base alone can reach. */
const hugePfn = 1n << 40n;

/** The hooks that find the page of a fault: `fault`, and what it was before 2.6.23. */
export function isFault({ kind }: Handler): boolean {
  return kind === 'fault' || kind === 'nopage' || kind === 'nopfn';
}

/** Calls in a `nopage` handler that are given what it returns, or what it makes that of. */
const returnedOnes: ReadonlySet<string> = new Set(['virt_to_page', 'get_page']);

/** A place on a path where memory is chosen by the offset of the fault, with nothing that bounds it. */
export interface UnboundedIndex {
  readonly path: Path;
  readonly event: PathEvent;
  readonly span: Span;
  /** What chooses: the number of an element, an index, a pfn. */
  readonly index: Term;
}

/** The first such place of a fault handler's paths. */
export function unboundedIndex(entry: EntryAnalysis, version: KernelVersion): UnboundedIndex | undefined {
  for (const path of entry.paths) {
    for (const event of path.events) {
      const chosen = chosenAt(entry, path, event, version);
      if (chosen) return { path, event, ...chosen };
    }
  }
  return undefined;
}

function chosenAt(
  entry: EntryAnalysis,
  path: Path,
  event: PathEvent,
  version: KernelVersion,
): Pick<UnboundedIndex, 'span' | 'index'> | undefined {
  if (!isJudged(path, event)) return undefined;
  const unbounded = (terms: readonly Term[], limit: bigint, span: Span) => {
    const index = terms.find((term) => isUnbounded(entry, path, event, term, limit));
    return index && { span, index };
  };
  if (event.kind === 'write')
    return /(?:->|\.)page$/.test(event.name) ? unbounded(indexesOf(event.value), hugeIndex, event.span) : undefined;
  if (event.kind !== 'call') return undefined;
  const target = targetOf(event, version);
  const byPfn = target && unbounded([target.pfn], hugePfn, event.argumentSpans[target.index] ?? event.nameSpan);
  if (byPfn) return byPfn;
  const page = mappingCall(event.name) && argumentOf(event, 'page', version);
  const byPage = page && unbounded(indexesOf(page.value), hugeIndex, event.argumentSpans[page.index] ?? event.nameSpan);
  if (byPage) return byPage;
  const isReturned = entry.entry.handler?.kind === 'nopage' && returnedOnes.has(event.name);
  if (event.name !== 'vmalloc_to_page' && event.name !== 'vmalloc_to_pfn' && !isReturned) return undefined;
  const [address] = event.arguments;
  return address && unbounded(indexesOf(address), hugeIndex, event.nameSpan);
}

function isUnbounded(entry: EntryAnalysis, path: Path, event: PathEvent, term: Term, limit: bigint): boolean {
  const own = entry.symbols.faultPgoff && symbolsOf(entry.symbols.faultPgoff.term);
  const symbols = symbolsOf(term);
  if (!own || ![...own.keys()].some((id) => symbols.has(id))) return false;
  // In true arithmetic, and as computed: what wraps in the check and in the index alike is bounded.
  const beyond = (most: bigint) => [
    query.really(query.lessThan(constant(most), term)),
    query.computed(query.lessThan(constant(most), term)),
  ];
  const found = (goals: readonly query.Goal[]) => typeof query.findModel(entry, path, event.after, goals) !== 'string';
  if (found(beyond(limit))) return true;
  const conditions = path.conditions.slice(0, event.after).map((condition) => condition.term);
  const device = smallDevice([...conditions, term]);
  return device !== undefined && found([...beyond(farTarget(conditions, term)), ...device]);
}
