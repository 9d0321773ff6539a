/** Shared anonymous memory: pages that a parent and its children have in common, as long as the mapping was when it was made. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { bench, brief, page, rw } from './bench.ts';

const shared = mm.MAP_SHARED | mm.MAP_ANONYMOUS;

function sharedMapping(pages: bigint) {
  const b = bench(() => 0, { version: '6.12' });
  const made = mm.mmap(b.process, { length: pages * page, prot: rw, flags: shared });
  if (made.outcome.kind !== 'ok') throw new Error('not mapped');
  return { ...b, address: made.outcome.value };
}

/** The byte that the process reads. */
function byteAt(process: mm.Mm, address: bigint): number | undefined {
  mm.access(process, address, 'read');
  const pte = process.table.get(mm.pageOf(address));
  return pte && process.system.memory.read(pte.pfn, 0, 1).bytes[0];
}

describe('shared anonymous memory', () => {
  test('a child sees what its parent writes, before and after the fork', () => {
    const { process, address } = sharedMapping(2n);
    mm.access(process, address, 'write', { bytes: Uint8Array.of(7) });
    const { child } = mm.fork(process);
    if (!child) throw new Error('no child');
    expect(byteAt(child, address)).toBe(7);
    mm.access(child, address + page, 'write', { bytes: Uint8Array.of(9) });
    expect(byteAt(process, address + page)).toBe(9);
  });

  test('it does not grow: behind its first length is SIGBUS', () => {
    const { process, address } = sharedMapping(1n);
    const grown = mm.mremap(process, { address, oldLength: page, newLength: 2n * page, flags: mm.MREMAP_MAYMOVE });
    if (grown.outcome.kind !== 'ok') throw new Error('not grown');
    expect(brief(mm.access(process, grown.outcome.value, 'read'))).toBe('ok');
    expect(brief(mm.access(process, grown.outcome.value + page, 'read'))).toBe('SIGBUS');
  });
});
