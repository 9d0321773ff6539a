/** The cache type with which a path maps: what pgprot functions made of the protection that the mapping call uses. */
import type { CallEvent, Path, PathEvent } from '../../../analysis/path.ts';
import type { Term } from '../../../execution/term.ts';
import type { Value } from '../../../execution/value.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import { argumentOf } from '../mapping-calls.ts';

/** `cached`: the vma's protection as mmap(2) made it. `unknown`: something else may have changed it. */
export type CacheType = 'cached' | 'uncached' | 'write-combining' | 'unknown';

const made: readonly (readonly [RegExp, CacheType])[] = [
  [/^pgprot_(?:noncached|device)$/, 'uncached'],
  [/^pgprot_(?:writecombine|noncached_wc)$/, 'write-combining'],
];

/** With which cache type `event` maps. */
export function cacheTypeOf(path: Path, event: CallEvent, version: KernelVersion): CacheType {
  const prot = argumentOf(event, 'prot', version);
  if (prot) return ofValue(prot.value);
  if (event.vma?.known === false) return 'unknown';
  const write = lastProtection(path, event);
  return write === undefined ? 'cached' : ofValue(write);
}

/** What the path wrote to `vm_page_prot` last before the event. */
function lastProtection(path: Path, event: CallEvent): Value | undefined {
  const before = path.events.slice(0, path.events.indexOf(event));
  const write = before.findLast((each) => each.kind === 'write' && isProtection(each.name));
  return write?.kind === 'write' ? write.value : undefined;
}

/** Whether the event gives the vma another cache type than mmap(2) did. */
export function setsCacheType(event: PathEvent): boolean {
  if (event.kind === 'call' && event.name === 'fb_pgprotect') return true;
  return event.kind === 'write' && isProtection(event.name) && ofValue(event.value) !== 'cached';
}

/** The name of the vma's protection, or of what lies in it. */
function isProtection(name: string): boolean {
  return /(?:->|\.)(?:vm_)?page_prot(?:\.\w+)?$/.test(name);
}

function ofValue(value: Value): CacheType {
  if (value.kind !== 'integer') return 'unknown';
  return ofTerm(value.term);
}

function ofTerm(term: Term): CacheType {
  if (term.kind === 'symbol') return isProtection(term.symbol.name) ? 'cached' : 'unknown';
  if (term.kind !== 'operation') return 'unknown';
  const [inner] = term.operands;
  if (term.operator === 'cast' && inner) return ofTerm(inner);
  if (term.operator !== 'apply') return 'unknown';
  const known = made.find(([name]) => name.test(term.name ?? ''));
  if (known) return known[1];
  // What takes encryption off leaves the cache type as it is.
  return /^pgprot_(?:decrypted|encrypted|nx|val)$|^__pgprot$/.test(term.name ?? '') && inner ? ofTerm(inner) : 'unknown';
}
