/**
 * What a hostile or careless program does with a mapping once it has it: each move is a few statements that leave their traces
 * in memory and in the driver. A table; knows neither how moves are combined nor what comes of them.
 */
import { PAGE_SIZE } from '../../mm/units.ts';
import type { PlannedStatement } from '../scenario/format.ts';
import type { Action, UserAddress } from '../scenario/model.ts';
import { readOnly, readWrite, type Shape } from './shapes.ts';

/** Calls the device in the middle of it, and leaves. */
export function called(shape: Shape, call: PlannedStatement): readonly PlannedStatement[] {
  const unmap: PlannedStatement = { action: { kind: 'munmap', address: inside('a') } };
  return [call, ...touches(shape), unmap, { action: { kind: 'exit' } }];
}

export interface Move {
  readonly name: string;
  /** What comes between opening the device and mapping it. */
  readonly before?: readonly PlannedStatement[];
  readonly statements: readonly PlannedStatement[];
}

/** Beyond what small devices have: 256 pages. */
const farther = 0x10_0000n;
/** What touches every page stops here: 16 MiB. */
const mostPinned = 0x100_0000n;

/** The place `offset` bytes into a mapping. */
export function inside(mapping: string, offset = 0n): UserAddress {
  return { mapping, offset };
}

const lastPage: UserAddress = { mapping: 'a', offset: -PAGE_SIZE, fromEnd: true };

/** Opens the device and maps it as `a`, the file being the one opened last. */
export function opening(shape: Shape, before: readonly PlannedStatement[] = []): readonly PlannedStatement[] {
  return [{ action: { kind: 'open', mode: shape.mode } }, ...before, { action: mapping('a', shape) }];
}

/** Reads and, where the mapping allows it, writes the first and the last page. */
export function touches(shape: Shape, name = 'a', process?: string): readonly PlannedStatement[] {
  const places: readonly UserAddress[] =
    shape.length > PAGE_SIZE ? [inside(name), { mapping: name, offset: -PAGE_SIZE, fromEnd: true }] : [inside(name)];
  return places.flatMap((address) => {
    const read: Action = { kind: 'read', address, length: 4n };
    const write: Action = { kind: 'write', address, value: 0x41n };
    const actions = [...(shape.protection.read ? [read] : []), ...(shape.protection.write ? [write] : [])];
    return actions.map((action) => ({ action, ...(process === undefined ? {} : { process }) }));
  });
}

/** mmap(2) of the file that was opened last. */
export function mapping(name: string, shape: Shape, fixedAt?: UserAddress): Action {
  const { length, offset, protection, sharing } = shape;
  return {
    kind: 'mmap',
    mapping: name,
    length,
    offset,
    protection,
    sharing,
    populate: false,
    locked: false,
    ...(fixedAt ? { fixedAt } : {}),
  };
}

function plan(...actions: readonly Action[]): readonly PlannedStatement[] {
  return actions.map((action) => ({ action }));
}

/** The moves for a mapping, those first that drivers forget most often. */
export function movesFor(shape: Shape): readonly Move[] {
  const { length } = shape;
  const many = length > PAGE_SIZE;
  const part = length > mostPinned ? { length: mostPinned } : {};
  const touch = touches(shape);
  const inChild = touches(shape, 'a', 'child');
  const leave: PlannedStatement = { action: { kind: 'exit' } };
  const childLeaves: PlannedStatement = { process: 'child', action: { kind: 'exit' } };
  const fork = plan({ kind: 'fork', child: 'child' });
  const unmap = plan({ kind: 'munmap', address: inside('a') });
  const grow = (to: bigint): Action => ({ kind: 'mremap', address: inside('a'), length: to, mayMove: true, dontUnmap: false });
  const beyond: readonly PlannedStatement[] = plan(
    { kind: 'read', address: inside('a', length), length: 4n },
    { kind: 'read', address: lastPage, length: 4n },
  );
  const moves: Move[] = [
    { name: 'leave', statements: [leave] },
    { name: 'unmap', statements: [...unmap, leave] },
    { name: 'fork', statements: [...fork, ...inChild, childLeaves, ...touch, ...unmap, leave] },
    { name: 'make writable', statements: [...plan(protect(readWrite), { kind: 'write', address: inside('a'), value: 0x41n }), leave] },
    { name: 'close first', statements: [...plan({ kind: 'close' }), ...touch, leave] },
    { name: 'grow', statements: [...plan(grow(length * 2n)), ...beyond, leave] },
    { name: 'grow far', statements: [...plan(grow(length + farther)), ...beyond, leave] },
    {
      name: 'leave the old place',
      statements: [
        ...plan({ kind: 'mremap', address: inside('a'), length, mayMove: true, dontUnmap: true, mapping: 'moved' }),
        ...touches(shape, 'moved'),
        ...touch,
        leave,
      ],
    },
    {
      name: 'map twice',
      statements: [...plan(mapping('b', shape)), ...touches(shape, 'b'), ...unmap, ...touches(shape, 'b'), leave],
    },
    {
      name: 'map too much as well',
      statements: [...plan(mapping('b', { ...shape, length: shape.length + farther })), ...touch, ...unmap, leave],
    },
    { name: 'map over itself', statements: [...plan(mapping('b', shape, inside('a'))), ...touches(shape, 'b'), leave] },
    { name: 'throw pages away', statements: [...plan({ kind: 'madvise', address: inside('a'), advice: 'dontneed' }), ...touch, leave] },
    {
      name: 'take pages',
      statements: [...plan({ kind: 'pin', pin: 'p', address: inside('a'), ...part, write: shape.protection.write }), ...unmap, leave],
    },
    { name: 'lock', statements: [...plan({ kind: 'mlock', address: inside('a'), ...part }), ...touch, leave] },
    { name: 'unplug', statements: [...plan({ kind: 'unplug' }), ...touch, ...unmap, leave] },
    {
      name: 'open again',
      statements: [
        ...plan({ kind: 'close' }, { kind: 'open', mode: shape.mode }),
        ...plan(mapping('b', shape)),
        ...touches(shape, 'b'),
        leave,
      ],
    },
    {
      name: 'fault at the same moment',
      statements: [
        ...unmap,
        ...plan(mapping('b', shape), { kind: shape.protection.read ? 'read' : 'write', address: inside('b'), length: 4n, way: 'threads' }),
        leave,
      ],
    },
    { name: 'remove the module', statements: [...plan({ kind: 'close' }, { kind: 'rmmod' }), ...touch, ...unmap, leave] },
    { name: 'reclaim', statements: [...plan({ kind: 'pressure' }), ...touch, leave] },
    { name: 'by other ways', statements: [...plan(...otherWays), leave] },
  ];
  if (many) {
    const half = (length / PAGE_SIZE / 2n) * PAGE_SIZE;
    moves.splice(
      3,
      0,
      {
        name: 'unmap the head',
        statements: [
          ...plan({ kind: 'munmap', address: inside('a'), length: PAGE_SIZE }),
          ...plan({ kind: 'read', address: inside('a', PAGE_SIZE), length: 4n }),
          leave,
        ],
      },
      {
        name: 'unmap the tail',
        statements: [
          ...plan({ kind: 'munmap', address: inside('a', half) }),
          ...plan({ kind: 'read', address: inside('a'), length: 4n }),
          leave,
        ],
      },
    );
    moves.push(
      {
        name: 'unmap the middle',
        statements: [
          ...plan({ kind: 'munmap', address: inside('a', PAGE_SIZE), length: PAGE_SIZE }),
          ...plan({ kind: 'read', address: inside('a'), length: 4n }, { kind: 'munmap', address: inside('a'), length: PAGE_SIZE }),
          ...plan({ kind: 'read', address: lastPage, length: 4n }),
          leave,
        ],
      },
      {
        name: 'move a part',
        statements: [
          ...plan({
            kind: 'mremap',
            address: inside('a', half),
            oldLength: PAGE_SIZE,
            length: PAGE_SIZE * 2n,
            mayMove: true,
            dontUnmap: false,
            mapping: 'part',
          }),
          ...touches({ ...shape, length: PAGE_SIZE * 2n }, 'part'),
          ...touch,
          leave,
        ],
      },
      {
        name: 'split by rights',
        statements: [...plan({ kind: 'mprotect', address: inside('a', half), protection: readOnly }), ...touch, ...unmap, leave],
      },
    );
  }
  if (!shape.protection.write) moves.unshift({ name: 'ask for more', ...askForMore(shape) });
  return moves;
}

/** A writable mapping of the same pages is asked for as well; what is refused there may be had by mprotect. */
function askForMore(shape: Shape): Pick<Move, 'before' | 'statements'> {
  const protection = { ...shape.protection, write: true };
  return {
    before: plan(mapping('w', { ...shape, protection })),
    statements: plan(protect(protection), { kind: 'write', address: inside('a'), value: 0x41n }),
  };
}

function protect(protection: Shape['protection']): Action {
  return { kind: 'mprotect', address: inside('a'), protection };
}

const otherWays: readonly Action[] = [
  { kind: 'read', address: inside('a'), length: 4n, way: 'ptrace' },
  { kind: 'read', address: inside('a'), length: 4n, way: 'mem' },
  { kind: 'write', address: inside('a'), value: 0x41n, way: 'ptrace' },
  { kind: 'read', address: inside('a'), length: 4n, way: 'direct' },
  // A debugger may ask for more than the mapping has.
  { kind: 'read', address: { mapping: 'a', offset: -4n, fromEnd: true }, length: 8n, way: 'mem' },
  { kind: 'coredump' },
];
