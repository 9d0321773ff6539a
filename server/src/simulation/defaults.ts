/**
 * The scenario that runs when the user gives none: what a program may do with a mapping, in an order that shows most.
 * Data in, scenario out; knows no driver and no run.
 */

import type { KernelVersion } from '../kernel/version.ts';
import { PAGE_SIZE } from '../mm/units.ts';
import { type PlannedStatement, planScenario } from './scenario/format.ts';
import type { Action, Protection, Scenario } from './scenario/model.ts';

/** The first mapping of the default scenario, which a handler may insist on. Bytes. */
export interface DefaultMapping {
  readonly length: bigint;
  readonly offset: bigint;
  readonly writable: boolean;
  readonly sharing: 'shared' | 'private';
  /** The device is opened for reading only. */
  readonly readOnlyFile?: boolean;
}

const readWrite: Protection = { read: true, write: true, execute: false };
const readOnly: Protection = { read: true, write: false, execute: false };

/** Opens the device, maps it and looks at the first page: what the search for a usable mapping runs. */
export function openingScenario(version: KernelVersion, mapping: DefaultMapping): Scenario {
  const look: PlannedStatement = { action: { kind: 'read', address: { mapping: 'a', offset: 0n }, length: 4n } };
  return planScenario([...opening(version, mapping), look]);
}

/**
 * Maps, touches both ends, forks, unmaps a part, changes protection and size, maps privately, and leaves. Without
 * `wholeStory` it only maps, touches and unmaps: where unknown code sets the vma up, the rest would be guesswork.
 */
export function defaultScenario(version: KernelVersion, mapping: DefaultMapping, wholeStory: boolean): Scenario {
  const last = { mapping: 'a', offset: mapping.length - PAGE_SIZE };
  const first = { mapping: 'a', offset: 0n };
  const several = mapping.length > PAGE_SIZE;
  const actions: PlannedStatement[] = opening(version, mapping);
  const add = (action: Action, process?: string) => actions.push({ action, ...(process === undefined ? {} : { process }) });
  const access = (address: typeof first) => {
    if (mapping.writable) add({ kind: 'write', address, value: 0x11n });
    add({ kind: 'read', address, length: 4n });
  };
  access(first);
  if (several) access(last);
  if (!wholeStory) {
    add({ kind: 'munmap', address: first });
    return planScenario(actions);
  }
  add({ kind: 'fork', child: 'child' });
  add({ kind: 'read', address: first, length: 4n }, 'child');
  add({ kind: 'exit' }, 'child');
  add({ kind: 'mprotect', address: first, protection: readOnly });
  add({ kind: 'read', address: first, length: 4n });
  add({ kind: 'mremap', address: first, length: mapping.length + PAGE_SIZE, mayMove: true, dontUnmap: false });
  if (several) {
    add({ kind: 'munmap', address: { mapping: 'a', offset: PAGE_SIZE }, length: PAGE_SIZE });
    add({ kind: 'read', address: first, length: 4n });
  }
  if (mapping.sharing === 'shared') {
    add({
      kind: 'mmap',
      mapping: 'b',
      length: mapping.length,
      offset: mapping.offset,
      protection: readWrite,
      sharing: 'private',
      populate: false,
      locked: false,
    });
    add({ kind: 'write', address: { mapping: 'b', offset: 0n }, value: 0x22n });
  }
  add({ kind: 'close' });
  add({ kind: 'exit' });
  return planScenario(actions);
}

function opening(version: KernelVersion, mapping: DefaultMapping): PlannedStatement[] {
  return [
    { action: { kind: 'kernel', version } },
    { action: { kind: 'open', mode: mapping.readOnlyFile ? 'ro' : 'rw' } },
    {
      action: {
        kind: 'mmap',
        mapping: 'a',
        length: mapping.length,
        offset: mapping.offset,
        protection: mapping.writable ? readWrite : readOnly,
        sharing: mapping.sharing,
        populate: false,
        locked: false,
      },
    },
  ];
}
