/**
 * Products of memory, mapping call, flags and operations (loom), each followed by a random walk; and walks with the ioctls of a module in between, and more
 * of them over subjects that the other lists have. Knows how loom.c numbers things.
 */
import { type KernelScenario, lot, type Subject } from './scenario.ts';
import { coreSubjects, moreSubjects } from './subjects.ts';
import { Chance, wander } from './walks.ts';

const vmFlags = {
  none: 0,
  pfnmap: 0x400,
  mixed: 0x1000_0000,
  io: 0x4000 | 0x4_0000 | 0x400_0000,
  dontcopy: 0x2_0000,
  locked: 0x2000,
  both: 0x400 | 0x1000_0000,
  account: 0x10_0000,
} as const;
const vmFlagNames = ['none', 'none', 'none', 'mixed', 'mixed', 'pfnmap', 'io', 'dontcopy', 'locked', 'both', 'account'] as const;
const cleared = { nothing: 0, maywrite: 0x20, shared: 0x8, mayread: 0x10 } as const;
const clearedNames = ['nothing', 'nothing', 'nothing', 'nothing', 'maywrite', 'mayread'] as const;

/** The calls of loom.c that want a struct page for each page. */
const pageCalls = [0, 1, 2, 3, 15, 16];
const zeroPage = 7;
const hole = 9;
/** What the operations of loom.c ask struct pages for. */
const pageOps = [1, 2, 5];

/** One subject of the loom that a seed chooses. */
function woven(seed: string): Subject {
  const chance = new Chance(seed);
  let yarn = chance.below(10);
  const call = chance.below(18);
  const ops = chance.of([0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7]);
  if (yarn === hole && (pageCalls.includes(call) || pageOps.includes(ops))) yarn = hole - 1;
  const set = chance.of(vmFlagNames);
  const clear = chance.of(clearedNames);
  const sharing = chance.of(['shared', 'shared', 'private'] as const);
  const isReader = yarn === zeroPage;
  // What lies behind memory that comes page by page is chance.
  const isOneBlock = [1, 2, 3, 4, 8, 9].includes(yarn);
  if ((call === 4 || call === 13 || call === 14) && !isOneBlock) yarn = 8;
  const offset = chance.of([0, 0, 0, 1]);
  const pages = chance.of([1, 2, 3, 3, 4, 4, 5]);
  return {
    module: 'loom',
    variant: `y${yarn}c${call}o${ops}-${set}-${clear}`,
    pages: call === 4 || call === 13 ? Math.min(pages, 4 - offset) : pages,
    offset,
    above: 8,
    sharing,
    prot: isReader ? 'r' : 'rw',
    open: isReader ? 'ro' : 'rw',
    before: [
      `ioctl 0x101 ${yarn}`,
      `ioctl 0x102 ${call}`,
      `ioctl 0x103 0x${vmFlags[set].toString(16)}`,
      `ioctl 0x104 0x${cleared[clear].toString(16)}`,
      `ioctl 0x105 ${ops}`,
    ],
    between: ['ioctl 0x106 0', 'ioctl 0x107 1', 'ioctl 0x108'],
  };
}

/** Module, pages, offset, ways, what stands before the mapping, what may stand between. */
const asked: readonly (readonly [string, number, number, 'both' | 'shared' | 'private', readonly string[], readonly string[]])[] = [
  ['quilt', 6, 0, 'both', [], []],
  ['quilt', 4, 2, 'both', [], []],
  ['umbilical', 2, 0, 'both', ['m = mmap len 3p prot rw private anonymous', 'write m 5', 'ioctl 0x202 m', 'ioctl 0x201 m+1p', 'ioctl 0x203 1'], ['write m 8', 'read m', 'ioctl 0x204', 'ioctl 0x205']],
  ['umbilical', 2, 0, 'both', ['m = mmap len 3p prot rw private anonymous', 'write m 5', 'ioctl 0x202 m', 'ioctl 0x202 m+1p', 'ioctl 0x203 2'], ['write m 8', 'read m', 'munmap m', 'ioctl 0x205']],
  ['dam', 3, 0, 'both', [], ['ioctl 0x301 0', 'ioctl 0x301 1024']],
  ['dam', 2, 33, 'both', [], []],
  ['dam', 2, 81, 'both', [], []],
  ['shelves', 4, 0, 'both', [], ['ioctl 0x401 1', 'ioctl 0x403 1']],
  ['shelves', 3, 0x70, 'both', [], ['ioctl 0x403 0']],
  ['shelves', 4, 0x90, 'both', [], ['ioctl 0x402 1', 'ioctl 0x402 0']],
  ['tinted', 6, 0, 'shared', [], ['ioctl 0x501 2', 'ioctl 0x502 0x1000']],
  ['tinted', 6, 16, 'both', [], ['ioctl 0x502 0x11000', 'ioctl 0x501 0']],
  ['tinted', 5, 32, 'shared', [], ['ioctl 0x501 2', 'ioctl 0x502 0x20000']],
  ['slices', 4, 2, 'both', [], []],
  ['slices', 4, 9, 'shared', [], []],
  ['slices', 3, 17, 'both', [], []],
  ['slices', 4, 24, 'shared', [], ['ioctl 0x703']],
  ['gates', 4, 0, 'both', [], ['ioctl 0x801 1', 'ioctl 0x801 2', 'ioctl 0x801 4', 'ioctl 0x801 0', 'ioctl 0x802', 'ioctl 0x803 0', 'ioctl 0x803 3', 'ioctl 0x803 5']],
  ['crumbs', 4, 8, 'both', [], ['ioctl 0x904 0', 'ioctl 0x904 1']],
  ['crumbs', 4, 16, 'both', [], []],
  ['crumbs', 4, 24, 'both', [], []],
  ['stumble', 3, 0, 'both', ['ioctl 0xa01 0'], ['ioctl 0xa02 0', 'ioctl 0xa03 1']],
  ['stumble', 3, 0, 'both', ['ioctl 0xa01 7'], ['ioctl 0xa01 9', 'ioctl 0xa03 1']],
  ['stumble', 3, 0, 'both', ['ioctl 0xa01 10'], ['ioctl 0xa01 8', 'ioctl 0xa02 2']],
  ['veil', 6, 0, 'both', [], ['ioctl 0xb01', 'ioctl 0xb02', 'ioctl 0xb03 1', 'ioctl 0xb04']],
  ['estate', 4, 0, 'both', ['ioctl 0xc01 6'], ['ioctl 0xc02 1', 'ioctl 0xc03']],
  ['estate', 4, 0x100, 'both', ['ioctl 0xc01 6'], ['ioctl 0xc02 1', 'ioctl 0xc01 1']],
  ['estate', 4, 0x200, 'shared', [], []],
  ['debts', 1, 0, 'both', [], ['ioctl 0xd01 0']],
  ['debts', 3, 5, 'both', [], ['ioctl 0xd01 5']],
  ['tandem', 4, 0, 'shared', [], ['ioctl 0xe01 3', 'ioctl 0xe02']],
]; // biome-ignore format: a table

/** The same of the modules of looked-into.ts. */
const lookedAt: typeof asked = [
  ['granary', 8, 0, 'both', [], ['ioctl 0x1101', 'ioctl 0x1102', 'ioctl 0x1103 0', 'ioctl 0x1104 4', 'ioctl 0x1104 1']],
  ['ghosts', 2, 0, 'both', [], ['ioctl 0x1201 0', 'ioctl 0x1202 0']],
  ['ghosts', 2, 16, 'both', [], ['ioctl 0x1202 1']],
  ['ghosts', 1, 32, 'both', [], ['ioctl 0x1201 2', 'ioctl 0x1202 2']],
  ['ghosts', 2, 48, 'both', [], ['ioctl 0x1201 3', 'ioctl 0x1202 3']],
  ['ghosts', 3, 64, 'both', [], ['ioctl 0x1201 4', 'ioctl 0x1202 4']],
  ['periscope', 2, 0, 'both', [], ['ioctl 0x1301 AT', 'ioctl 0x1302 AT', 'ioctl 0x1303 AT', 'ioctl 0x1304 AT', 'ioctl 0x1305 AT', 'ioctl 0x1306 AT', 'ioctl 0x1308 AT']],
  ['periscope', 1, 16, 'both', [], ['ioctl 0x1301 AT', 'ioctl 0x1302 AT', 'ioctl 0x1303 AT', 'ioctl 0x1304 AT', 'ioctl 0x1305 AT', 'ioctl 0x1306 AT', 'ioctl 0x1308 AT']],
  ['periscope', 2, 64, 'both', [], ['ioctl 0x1301 AT', 'ioctl 0x1302 AT', 'ioctl 0x1303 AT', 'ioctl 0x1304 AT', 'ioctl 0x1305 AT', 'ioctl 0x1306 AT', 'ioctl 0x1307 AT']],
  ['turnstile', 7, 1, 'both', [], ['ioctl 0x1402 1', 'ioctl 0x1402 6', 'ioctl 0x1402 4']],
  ['turnstile', 4, 4, 'both', [], ['ioctl 0x1402 7', 'ioctl 0x1402 5']],
  ...[2, 3, 4, 5, 6, 7, 8, 11].flatMap((recipe) =>
    [0, 16, 32].map((offset) => ['ferry', 3, offset, 'both', [`ioctl 0x1501 ${recipe}`], []] as const).filter((_, index) => index !== recipe % 3),
  ),
]; // biome-ignore format: a table

const sewing = ['0x1601', '0x1602', '0x1603', '0x1604', '0x1605', '0x1606', '0x1608', '0x1609', '0x160b', '0x160c']
  .map((command) => `ioctl ${command} AT`)
  .concat('ioctl 0x1607', 'ioctl 0x160a');

/** What is sewn into mappings that are there. */
const sewn: typeof asked = [0, 16, 32, 48, 64].flatMap((offset) =>
  [0, 1].map((turn) => ['bobbin', 4, offset, 'both', turn === 0 ? [] : ['ioctl 0x160a'], [...sewing, ...sewing]] as const),
);

const allSubjects = new Map(
  [...coreSubjects, ...moreSubjects].map((subject) => [`${subject.module} ${subject.variant} ${subject.sharing}`, subject] as const),
);

/** These reach for what the kernel has put above the program's first mapping. */
const tooFar = ['unmap-range pfns-shared-walk-h', 'mixed-kinds vmalloc-shared-walk-h'];

const others = (seed: string, share: number, steps: number, above: number): readonly KernelScenario[] =>
  [...allSubjects.values()]
    .filter(({ module, variant, sharing }) => lot(`${seed} ${module} ${variant} ${sharing}`) < share)
    .map((subject) => wander({ ...subject, above }, seed, steps))
    .filter(({ module, name }) => !tooFar.includes(`${module} ${name}`));

const wovenOnes = (seed: string, count: number): readonly KernelScenario[] =>
  Array.from({ length: count }, (_, index) => wander(woven(`${seed} ${index}`), `${seed}${index}`, 9));

const askedOnes = (seed: string, list: typeof asked): readonly KernelScenario[] =>
  list.flatMap(([module, pages, offset, ways, before, between], index) =>
    (ways === 'both' ? (['shared', 'private'] as const) : [ways]).map((sharing) =>
      wander(
        { module, variant: `at${offset}`, pages, offset, sharing, prot: 'rw', open: 'rw', above: 8, before, between },
        `${seed}${index}`,
        10,
      ),
    ),
  );

export const chanceProducts: readonly KernelScenario[] = [
  ...wovenOnes('w', 120),
  ...askedOnes('t', asked),
  ...askedOnes('u', lookedAt),
  ...others('h', 0.18, 12, 1),
  ...askedOnes('s', sewn),
  ...wovenOnes('v', 90),
  ...askedOnes('y', asked),
  ...askedOnes('z', lookedAt),
  ...others('k', 0.16, 16, 8),
];
