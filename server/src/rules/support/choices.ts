/** The numbers by which an event chooses what it maps: a pfn, or the indexes on the way to a page or an address. */
import type { PathEvent } from '../../analysis/path.ts';
import type { Term } from '../../execution/term.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { indexesOf } from './indexes.ts';
import { argumentOf, mappingCall, targetOf } from './mapping-calls.ts';

export function choicesOf(event: PathEvent, version: KernelVersion): readonly Term[] {
  if (event.kind === 'write') return /(?:->|\.)page$/.test(event.name) ? indexesOf(event.value) : [];
  if (event.kind !== 'call') return [];
  if (event.name === 'vmalloc_to_page' || event.name === 'vmalloc_to_pfn') return event.arguments.flatMap(indexesOf);
  const fact = mappingCall(event.name);
  if (!fact || fact.boundsChecked === true) return [];
  const target = targetOf(event, version);
  const page = argumentOf(event, 'page', version);
  return [...(target ? [target.pfn] : []), ...(page ? indexesOf(page.value) : [])];
}
