/** The numbers by which an event chooses what it maps: a pfn, or the indexes on the way to a page or an address. */

import { indexesOf } from '../../../analysis/indexes.ts';
import type { CallEvent, Path, PathEvent } from '../../../analysis/path.ts';
import type { Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import { argumentOf, chosenBy, mappingCall, targetOf } from '../mapping-calls.ts';

/** Calls that give the page or the pfn behind an address of vmalloc memory. */
const lookUps: ReadonlySet<string> = new Set(['vmalloc_to_page', 'vmalloc_to_pfn']);

export function choicesOf(event: PathEvent, version: KernelVersion): readonly Term[] {
  if (event.kind === 'write') return /(?:->|\.)page$/.test(event.name) ? indexesOf(event.value) : [];
  if (event.kind !== 'call') return [];
  if (lookUps.has(event.name)) return event.arguments.flatMap(indexesOf);
  const fact = mappingCall(event.name);
  if (!fact || fact.boundsChecked === true) return [];
  const target = targetOf(event, version);
  const page = argumentOf(event, 'page', version);
  return [...(target ? [target.pfn] : []), ...(page ? indexesOf(page.value) : [])];
}

/** What chooses the memory that a call on the path maps, and the address from which its pfn was looked up before. */
export function chosenOn(path: Path, event: CallEvent, version: KernelVersion): readonly Term[] {
  return [...(chosenBy(event, version)?.numbers ?? []), ...addressesOn(path, event, version)];
}

/** The indexes into vmalloc memory, or the addresses of it, from which the pfn of a call on the path was looked up before. */
export function addressesOn(path: Path, event: CallEvent, version: KernelVersion): readonly Term[] {
  const symbols = symbolsOf(...(chosenBy(event, version)?.numbers ?? []));
  return path.events.slice(0, path.events.indexOf(event)).flatMap((each) => {
    if (each.kind !== 'call' || !lookUps.has(each.name) || each.result.kind !== 'integer') return [];
    const isUsed = [...symbolsOf(each.result.term).keys()].some((id) => symbols.has(id));
    return isUsed ? each.arguments.flatMap(indexesOf) : [];
  });
}
