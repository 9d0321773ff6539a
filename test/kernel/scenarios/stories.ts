/**
 * What a user program may do with a mapping `a` that it has just made, as statements by name. A story stands for any module;
 * it knows how many pages the mapping has and whether it is shared, nothing of what lies behind it. Long because it is a list.
 */
import { mapped, type Subject } from './scenario.ts';

export interface Story {
  readonly name: string;
  /** The statements after `open` and mmap; `last` is the address of the last page. */
  readonly lines: (subject: Subject, last: string) => readonly string[];
  /** Told for subjects with at least so many pages; 1 when absent. */
  readonly pages?: number;
  /** A page that nobody may touch lies above the mapping: the story reaches past its end. */
  readonly guarded?: boolean;
}

const story = (name: string, lines: Story['lines'], pages = 1): Story => ({ name, lines, pages });
const guarded = (name: string, lines: Story['lines'], pages = 1): Story => ({ name, lines, pages, guarded: true });
const fixed = (name: string, lines: readonly string[], pages = 1): Story => ({ name, lines: () => lines, pages });
const last = ({ pages }: Subject) => (pages > 1 ? `a+${pages - 1}p` : 'a');

/** Told of every subject. */
export const basicStories: readonly Story[] = [
  story('touch', (_, end) => ['read a', 'write a 0x1111', 'read a', `read ${end}`]),
  story('forked', (_, end) => [
    'read a',
    `write ${end} 7`,
    'fork child',
    'in child: read a',
    `in child: write ${end} 8`,
    `read ${end}`,
    'in child: exit',
  ]),
];

const reads: readonly Story[] = [
  guarded('read-each', ({ pages }) => Array.from({ length: pages + 1 }, (_, page) => `read a+${page}p`)),
  story('write-each', ({ pages }) => Array.from({ length: pages }, (_, page) => `write a+${page}p 0x${(page + 16).toString(16)}`)),
  story('write-first', (_, end) => [`write ${end} 0x2222`, `read ${end} len 8`, 'read a+4092']),
  story('across', () => ['read a+4092 len 8'], 2),
  fixed('execute', ['exec a']),
  story('second', (subject, end) => ['write a 0x3333', mapped(subject, 'b'), 'read b', 'write b 0x4444', 'read a', `read ${end}`]),
  story('second-private', (subject) => [
    'write a 0x3333',
    mapped({ ...subject, sharing: 'private' }, 'b'),
    'read b',
    'write b 0x4444',
    'read a',
    'read b',
  ]),
  fixed('after-close', ['close', 'read a', 'write a 5', 'munmap a', 'read a']),
  fixed('left-at-exit', ['read a', 'close', 'exit']),
  fixed('thread', ['thread other', 'in other: read a', 'in other: munmap a', 'read a']),
];

const ways: readonly Story[] = ['syscall', 'mem', 'process_vm', 'ptrace', 'direct'].flatMap((way) => [
  fixed(`read-by-${way.replace('_', '-')}`, [`read a len 16 by ${way}`, 'read a']),
  story(`write-by-${way.replace('_', '-')}`, (_, end) => [`write ${end} 0x55 by ${way}`, `read ${end}`]),
]);

const forks: readonly Story[] = [
  fixed('fork-untouched', ['fork child', 'in child: read a', 'read a', 'in child: exit']),
  fixed('fork-child-unmaps', ['read a', 'fork child', 'in child: munmap a', 'read a']),
  fixed('fork-child-stays', ['write a 1', 'fork child', 'munmap a', 'in child: read a', 'in child: write a 2']),
  fixed('fork-parent-writes', ['write a 1', 'fork child', 'write a 2', 'in child: read a', 'in child: exit', 'write a 3', 'read a']),
  fixed('fork-twice', ['read a', 'fork one', 'in one: fork two', 'in two: write a 9', 'in one: exit', 'read a', 'in two: read a']),
  fixed('fork-dontfork', [
    'read a',
    'madvise a dontfork',
    'fork child',
    'in child: read a',
    'madvise a dofork',
    'fork later',
    'in later: read a',
  ]),
  fixed('fork-child-protects', ['read a', 'fork child', 'in child: mprotect a prot none', 'in child: read a', 'read a']),
];

const protections: readonly Story[] = [
  fixed('protect-read', ['write a 1', 'mprotect a prot r', 'read a', 'write a 2']),
  fixed('protect-and-back', ['write a 1', 'mprotect a prot none', 'read a', 'mprotect a prot rw', 'read a', 'write a 3']),
  fixed('protect-exec', ['read a', 'mprotect a prot rx', 'read a']),
  story('protect-last', (_, end) => ['read a', `mprotect ${end} prot r`, `write ${end} 4`, 'write a 4'], 2),
  story(
    'protect-middle',
    () => ['read a+1p', 'mprotect a+1p len 1p prot none', 'read a+1p', 'read a', 'mprotect a prot rw', 'read a+1p'],
    3,
  ),
  fixed('protect-untouched', ['mprotect a prot r', 'read a', 'write a 1', 'mprotect a prot rw', 'write a 2', 'read a']),
  fixed('protect-write-only', ['mprotect a prot w', 'write a 1', 'read a']),
  guarded('protect-past', ({ pages }) => [`mprotect a len ${pages + 1}p prot r`, 'write a 1']),
];

const moves: readonly Story[] = [
  guarded('shrink', ({ pages }, end) => ['write a 1', `read ${end}`, `mremap a len ${pages - 1}p`, `read a+${pages - 1}p`, 'read a'], 2),
  guarded('grow', ({ pages }) => ['read a', `mremap a len ${pages + 1}p`, `read a+${pages}p`]),
  guarded('grow-moving', ({ pages }) => ['write a 6', `mremap a len ${pages + 2}p maymove`, 'read a', `read a+${pages}p`, 'write a 7']),
  story('move', ({ pages }) => [
    'write a 6',
    'n = mmap len 32p prot none private anonymous',
    `mremap a len ${pages}p fixed at n+8p`,
    'read a',
    'write a 7',
  ]),
  story('move-untouched', ({ pages }) => [
    'n = mmap len 32p prot none private anonymous',
    `mremap a len ${pages}p fixed at n+8p`,
    'read a',
    'write a 7',
  ]),
  story(
    'move-last',
    ({ pages }, end) => [
      `read ${end}`,
      'n = mmap len 32p prot none private anonymous',
      `b = mremap ${end} old 1p len 1p fixed at n+8p`,
      'read n+8p',
      `read ${end}`,
      `read a+${pages - 2}p`,
    ],
    2,
  ),
  story('move-and-grow', ({ pages }) => [
    'read a',
    'n = mmap len 32p prot none private anonymous',
    `mremap a len ${pages + 1}p fixed at n+8p`,
    'read a',
  ]),
  story(
    'move-and-shrink',
    ({ pages }) => ['read a', 'n = mmap len 32p prot none private anonymous', `mremap a len ${pages - 1}p fixed at n+8p`, 'read a'],
    2,
  ),
  story('dontunmap', ({ pages }) => ['write a 6', `b = mremap a len ${pages}p maymove dontunmap`, 'read b', 'read a']),
  story('duplicate', ({ pages }) => ['write a 6', `b = mremap a old 0 len ${pages}p maymove`, 'read b', 'write b 7', 'read a']),
  story('duplicate-part', () => ['read a', 'b = mremap a old 0 len 1p maymove', 'read b']),
];

const unmaps: readonly Story[] = [
  fixed('unmap-all', ['write a 1', 'munmap a', 'read a']),
  story('unmap-head', () => ['read a', 'munmap a len 1p', 'read a', 'read a+1p'], 2),
  story('unmap-tail', (_, end) => ['read a', `read ${end}`, `munmap ${end} len 1p`, `read ${end}`, 'read a'], 2),
  story('unmap-middle', () => ['write a+1p 1', 'munmap a+1p len 1p', 'read a', 'read a+1p', 'read a+2p'], 3),
  story('unmap-piecewise', ({ pages }) => Array.from({ length: pages }, (_, page) => `munmap a+${page}p len 1p`), 2),
  fixed('unmap-odd', ['munmap a+16 len 1p', 'munmap a len 100', 'read a']),
  story('unmap-then-map', (subject) => ['write a 0x77', 'munmap a', mapped(subject, 'b'), 'read b']),
];

const advices: readonly Story[] = [
  'normal', 'random', 'sequential', 'willneed', 'dontneed', 'free', 'remove', 'dofork', 'mergeable', 'unmergeable', 'hugepage',
  'nohugepage', 'dontdump', 'dodump', 'wipeonfork', 'keeponfork', 'cold', 'pageout', 'populate_read', 'populate_write', 'dontneed_locked',
].map((advice) => fixed(`advise-${advice.replace('_', '-')}`, ['write a 0x88', `madvise a ${advice}`, 'read a'])); // biome-ignore format: a list

const moreAdvices: readonly Story[] = [
  story('advise-dontneed-last', (_, end) => [`read ${end}`, `madvise ${end} dontneed`, `read ${end}`], 2),
  story('advise-part', () => ['read a', 'madvise a len 1p random', 'madvise a+1p len 1p dontdump'], 3),
  fixed('advise-dontneed-after-fork', ['write a 3', 'fork child', 'madvise a dontneed', 'in child: read a', 'read a']),
  fixed('advise-populate-untouched', ['madvise a populate_read', 'read a', 'madvise a populate_write']),
];

const locks: readonly Story[] = [
  fixed('lock', ['read a', 'mlock a', 'munlock a']),
  fixed('lock-untouched', ['mlock a', 'read a']),
  fixed('lock-onfault', ['mlock a onfault', 'read a']),
  fixed('lock-all', ['mlockall current', 'read a', 'munlockall']),
  fixed('lock-dontneed', ['read a', 'mlock a', 'madvise a dontneed', 'read a']),
  fixed('sync', ['write a 1', 'msync a sync']),
  fixed('sync-async', ['write a 1', 'msync a async']),
  fixed('sync-invalidate', ['read a', 'mlock a', 'msync a invalidate']),
  fixed('in-core', ['read a', 'mincore a']),
  story('file-pages', ({ offset }) => ['read a', `remap_file_pages a len 1p off ${offset + 1}p`, 'read a'], 2),
];

const pins: readonly Story[] = [
  fixed('pin', ['read a', 'p = pin a len 1p', 'munmap a', 'unpin p']),
  fixed('pin-write', ['p = pin a len 1p write', 'write a 3', 'fork child', 'write a 4', 'in child: read a', 'unpin p', 'read a']),
];

/** Told of subjects that stand for a kind of vma. */
export const allStories: readonly Story[] = [
  ...reads, ...ways, ...forks, ...protections, ...moves, ...unmaps, ...advices, ...moreAdvices, ...locks, ...pins,
]; // biome-ignore format: a list

/** Stories that make the mapping themselves. */
export const mappingStories: readonly Story[] = [
  story('populated', (subject) => [mapped(subject, 'a', 'populate'), 'read a']),
  story('locked', (subject) => [mapped(subject, 'a', 'locked'), 'read a', 'munlock a']),
  story('future-locked', (subject) => ['mlockall future', mapped(subject), 'read a']),
  story('grow-in-place', (subject) => [
    'n = mmap len 32p prot none private anonymous',
    mapped(subject, 'a', 'fixed at n+8p'),
    'write a 1',
    `munmap n+${8 + subject.pages}p len 4p`,
    `mremap a len ${subject.pages + 2}p`,
    `read a+${subject.pages}p`,
    'read a',
  ]),
  story('over-itself', (subject) => [mapped(subject), 'write a 1', mapped(subject, 'b', 'fixed at a'), 'read b']),
  story('over-anonymous', (subject) => [
    `n = mmap len ${subject.pages + 2}p prot rw private anonymous`, 'write n+1p 0x99', mapped(subject, 'a', 'fixed at n+1p'), 'read a', 'read n', `munmap a`, 'read n+1p',
  ]), // biome-ignore format: a list
  story('under-anonymous', (subject) => [
    mapped(subject),
    'read a',
    'n = mmap len 1p prot rw private anonymous fixed at a',
    'read a',
    'write a 2',
  ]),
  story('not-over', (subject) => [mapped(subject), mapped(subject, 'b', 'fixed_noreplace at a'), 'read a']),
  story('adjacent', (subject) => {
    const { pages, offset } = subject;
    const half = Math.max(1, pages >> 1);
    return [
      'n = mmap len 32p prot none private anonymous',
      mapped({ ...subject, pages: half }, 'a', 'fixed at n+4p'),
      mapped({ ...subject, pages: half, offset: offset + half }, 'b', `fixed at n+${4 + half}p`),
      'read a',
      'read b',
      'mprotect a prot r',
      'munmap b',
    ];
  }),
  story('adjacent-apart', (subject) => [
    'n = mmap len 32p prot none private anonymous', mapped({ ...subject, pages: 1 }, 'a', 'fixed at n+4p'), mapped({ ...subject, pages: 1 }, 'b', 'fixed at n+5p'), 'read a', 'read b',
  ]), // biome-ignore format: a list
  story('before', (subject) => [
    'n = mmap len 32p prot none private anonymous', mapped({ ...subject, pages: 1, offset: subject.offset + 1 }, 'b', 'fixed at n+5p'), mapped({ ...subject, pages: 1 }, 'a', 'fixed at n+4p'), 'write a 1', 'read b',
  ]), // biome-ignore format: a list
];

/** The whole text of a story about a subject. */
export function tell(subject: Subject, { lines, guarded: above = false }: Story, maps = true): string {
  const end = last(subject);
  const began = [...(above ? ['g = mmap len 1p prot none private anonymous'] : []), ...(maps ? [mapped(subject)] : [])];
  return [`open ${subject.open}`, ...began, ...lines(subject, end)].join('\n');
}
