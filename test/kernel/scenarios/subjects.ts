/** The modules of ../drivers with the ways in which they are mapped: by offset, length and sharing. Knows no story. */
import type { Subject } from './scenario.ts';

type Way = Pick<Subject, 'variant' | 'pages' | 'offset'> & Partial<Subject>;

const way = (variant: string, pages: number, offset = 0, more: Partial<Subject> = {}): Way => ({ variant, pages, offset, ...more });

/** A module in each of its ways, shared and private unless a way says which. */
function subjects(module: string, ...ways: readonly Way[]): readonly Subject[] {
  return ways.flatMap((each) => {
    const sharings = each.sharing ? [each.sharing] : (['shared', 'private'] as const);
    return sharings.map((sharing): Subject => ({ module, prot: 'rw', open: 'rw', ...each, sharing }));
  });
}

const shared = { sharing: 'shared' } as const;

/** Ways whose offsets select something, one page each: `zero`, `one`, … */
function selected(count: number, pages = 1, more: Partial<Subject> = {}): readonly Way[] {
  return Array.from({ length: count }, (_, offset) => way(`way${offset}`, pages, offset, more));
}

/** The kinds of memory in the order of ../drivers/kinds.h. */
const kinds = [
  'page', 'block', 'compound', 'split', 'kmalloc', 'big-kmalloc', 'vmalloc', 'vmalloc-user', 'exact', 'reserved-bit', 'zero-page',
] as const; // biome-ignore format: a list

const kindStride = 16;

const waysOfKinds = (pages: number): readonly Way[] => kinds.map((kind, index) => way(kind, pages, index * kindStride));

/** A module with each kind of memory. Nobody may write to the zero page itself: every program would read that from then on. */
function subjectsOfKinds(module: string, pages: number): readonly Subject[] {
  return subjects(module, ...waysOfKinds(pages)).map((subject) =>
    subject.variant === 'zero-page' && subject.sharing === 'shared' ? { ...subject, open: 'ro', prot: 'r' } : subject,
  );
}

/** One subject for each kind of vma and of entry: these are told all stories. */
export const coreSubjects: readonly Subject[] = [
  ...subjects('remap-whole', way('whole', 4)),
  ...subjects('remap-kinds', way('page', 3)),
  ...subjects('insert-kinds', way('page', 3), way('compound', 3, 2 * kindStride)),
  ...subjects('fault-kinds', way('page', 3)),
  ...subjects('pfn-kinds', way('page', 3, 0, shared)),
  ...subjects('mixed-kinds', way('page', 3)),
  ...subjects('vmalloc-range', way('user', 3)),
  ...subjects('insert-fault', way('mixed', 3, 0, shared)),
  ...subjects('reserved-remap', way('window', 3)),
  ...subjects('bar-fault', way('card', 3, 0, shared)),
  ...subjects('counted', way('counted', 3)),
  ...subjects('veto', way('all', 3, 7, shared), way('none', 3, 0, shared)),
  ...subjects('fault-vmalloc', way('own', 3, 0, shared)),
  ...subjects('mkwrite-mapping', way('asked', 2, 0, shared)),
  ...subjects('returns', way('nothing', 2)),
  ...subjects('no-ops', way('anonymous', 2)),
];

/** The other ways of all modules: these are told the basic stories and some of the others. */
export const moreSubjects: readonly Subject[] = [
  ...subjectsOfKinds('remap-kinds', 2),
  ...subjects('remap-kinds', way('beyond', 5), way('next-kind', 1, 5)),
  ...subjectsOfKinds('insert-kinds', 2),
  ...subjects('insert-kinds', way('beyond', 5)),
  ...subjectsOfKinds('fault-kinds', 2),
  ...subjects('fault-kinds', way('beyond', 6)),
  ...subjectsOfKinds('pfn-kinds', 2),
  ...subjects('pfn-kinds', way('beyond', 6)),
  ...subjectsOfKinds('mixed-kinds', 2),
  ...subjects('mixed-kinds', way('beyond', 6)),
  ...subjects('remap-whole', way('second', 2, 1), way('last', 1, 3), way('too-long', 5), way('past', 1, 4), way('over', 2, 3)),
  ...subjects('remap-part', way('exact', 2), way('short', 4), way('long', 1, 0, shared)),
  ...subjects('remap-halves', way('halves', 4), way('odd', 3), way('two', 2), way('hole', 6, 1), way('one', 1)),
  ...subjects('remap-twice', way('once', 2), way('again', 2, 1, shared)),
  ...subjects('remap-odd', ...selected(5, 2, shared), way('private', 2, 2, { sharing: 'private' })),
  ...subjects('remap-static', way('first', 1), way('second', 1, 1), way('both', 2)),
  ...subjects('remap-private', way('both', 2), way('one', 1), way('long', 3)),
  ...subjects('remap-read-only', way('strict', 1, 0, { prot: 'r' }), way('loose', 1, 1, { prot: 'r' }), way('writable', 1)),
  ...subjects('remap-cache', ...selected(6, 2)),
  ...subjects(
    'remap-fault',
    way('even', 1, 0, shared),
    way('odd', 1, 1, shared),
    way('many', 4, 0, shared),
    way('private', 1, 0, { sharing: 'private' }),
  ),
  ...subjects('remap-moved-offset', way('before', 2, 4), way('after', 2, 5)),
  ...subjects(
    'flags',
    ...selected(15, 2),
    ...selected(15, 2).map((each) => ({ ...each, variant: `fault-${each.variant}`, offset: each.offset + 32 })),
  ),
  ...subjects('flags-cleared', ...selected(8)),
  ...subjects('insert-pages', way('four', 4), way('two', 2), way('five', 5), way('one-more', 3, 16), way('one-less', 4, 32)),
  ...subjects('map-pages', way('all', 5), way('part', 2, 2), way('last', 1, 4), way('past', 1, 5), way('over', 3, 3), way('long', 6)),
  ...subjects('map-pages-zero', way('all', 3), way('offset', 2, 2), way('dontexpand', 2, 7), way('long', 4)),
  ...subjects('insert-same', way('once', 1), way('thrice', 3), way('again', 2, 1)),
  ...subjects('insert-odd', ...selected(6, 2, shared)),
  ...subjects('insert-fault', way('second', 2, 1), way('plain', 2, 16, shared)),
  ...subjects(
    'insert-then-remap',
    way('page-first', 2, 0, shared),
    way('pfn-first', 2, 1, shared),
    way('private', 2, 0, { sharing: 'private' }),
  ),
  ...subjects('insert-partly', ...selected(4, 3)),
  ...subjects('insert-and-put', way('once', 1), way('twice', 1, 1, shared)),
  ...subjects('fails-after', ...selected(5)),
  ...subjects('returns', ...selected(7, 1, shared)),
  ...subjects(
    'pfn-flags',
    ...selected(6, 2, shared).map((each) => ({ ...each, offset: each.offset * 16 })),
    way('private', 2, 0, { sharing: 'private' }),
    way('private-read', 2, 48, { sharing: 'private', prot: 'r' }),
  ),
  ...subjects('pfn-prot', ...selected(5, 1, shared), way('many', 5, 0, shared)),
  ...subjects('pfn-whole', way('all', 4), way('two', 2)),
  ...subjects('pfn-early', way('three', 3, 0, shared), way('one', 1)),
  ...subjects('pfn-outside', way('past', 1, 0, shared)),
  ...subjects('mixed-flags', ...selected(6, 2).map((each) => ({ ...each, offset: each.offset * 16 }))),
  ...subjects('mixed-and-counted', way('both', 4), way('past', 2, 3)),
  ...subjects('fault-no-get', way('taken', 1), way('past', 2)),
  ...subjects('fault-results', ...selected(10)),
  ...subjects('fault-bounds', way('start', 3), way('offset', 3, 2), way('long', 4)),
  ...subjects('fault-vmalloc', way('all', 6), way('over', 4, 3)),
  ...subjects('mkwrite', ...selected(5, 1, shared), way('private', 3, 0, { sharing: 'private' }), way('many', 4, 0, shared)),
  ...subjects('mkwrite-mapping', way('one', 1)),
  ...subjects('pfn-mkwrite', ...selected(4, 1, shared), way('many', 3, 0, shared)),
  ...subjects('around', way('some', 3)),
  ...subjects('access', ...selected(3, 2)),
  ...subjects('veto', ...selected(5, 3)),
  ...subjects('veto-pfn', way('both', 3)),
  ...subjects('name', way('named', 1)),
  ...subjects('no-ops', way('empty', 1, 1)),
  ...subjects('exclusive', way('one', 2)),
  ...subjects('vmalloc-range', way('second', 2, 1), way('all', 4), way('over', 4, 1), way('plain', 2, 16), way('past', 1, 5)),
  ...subjects('vmalloc-pfns', way('all', 4), way('dontcopy', 2, 1), way('private', 1, 0, { sharing: 'private' })),
  ...subjects('reserved-remap', way('uncached', 2, 1), way('combined', 2, 64), way('last', 1, 4095), way('over', 2, 4095)),
  ...subjects(
    'reserved-iomap',
    way('all', 3),
    way('second', 2, 2),
    way('over', 2, 4095),
    way('piece', 3, 16384),
    way('piece-second', 2, 16385),
    way('piece-over', 4, 16384),
  ),
  ...subjects('reserved-pages', ...selected(4, 2).map((each) => ({ ...each, offset: each.offset * 16 })), way('past', 2, 23, shared)),
  ...subjects('hole-remap', way('start', 2), way('iomap', 2, 32768), way('iomap-over', 2, 65535)),
  ...subjects('hole-fault', way('pfn', 2, 0, shared), way('mixed', 2, 16), way('private', 2, 0, { sharing: 'private' })),
  ...subjects('bar-remap', way('uncached', 2), way('combined', 2, 1), way('last', 1, 4095), way('over', 2, 4095)),
  ...subjects('bar-iomap', way('start', 2), way('second', 1, 1), way('over', 1, 4096)),
  ...subjects('bar-registers', way('page', 1), way('long', 2), way('offset', 1, 1)),
  ...subjects('bar-fault', way('last', 2, 4095, shared), way('read', 1, 0, { sharing: 'private', prot: 'r' })),
  ...subjects('dma-coherent', way('all', 3), way('second', 2, 1), way('over', 3, 1), way('long', 4), way('past', 1, 3)),
  ...subjects('dma-attrs', way('wc', 2), way('attrs', 2, 8), way('attrs-over', 2, 9), way('wc-long', 3)),
  ...subjects('dma-pages', way('all', 4), way('second', 2, 1), way('over', 4, 1)),
  ...subjects('dma-remap', way('one', 1), way('two', 2)),
  ...subjects('raw-entries', way('special', 2, 0, shared), way('plain', 1, 1, shared), way('private', 1, 0, { sharing: 'private' })),
  ...subjects('zap', way('pfns', 3), way('pages', 3, 1)),
  ...subjects('unmap-range', way('pages', 3), way('pfns', 3, 16, shared)),
  ...subjects('other-file', way('kept', 2), way('bare', 2, 16)),
  ...subjects('pin-user', way('page', 1), way('pfn', 1, 1)),
  ...subjects('put-too-many', way('fault', 1), way('inserted', 1, 1)),
  ...subjects('free-in-close', way('pfn', 1), way('page', 1, 1), way('long', 2)),
  ...subjects('reserved-bit', ...selected(3)),
  ...subjects('fault-null', way('none', 1, 0, shared)),
  ...subjects('fault-writes', way('some', 2)),
  ...subjects(
    'checks-flags',
    way('two', 2),
    way('one', 1),
    way('read', 1, 0, { open: 'ro', prot: 'r' }),
    way('run', 2, 0, { prot: 'rwx' }),
  ),
  ...subjects('ring', way('all', 5), way('short', 4)),
  ...subjects('fault-retry', way('first', 2)),
  ...subjects('lazy', way('some', 4), way('past', 2, 7)),
  ...subjects('tokens', way('nothing', 1, 256, shared)),
  ...subjects('transfers', way('both', 2), way('one', 1)),
  ...subjects('vmalloc-kinds', ...selected(6, 2).map((each) => ({ ...each, offset: each.offset * 16 })), way('rest', 1, 80)),
  ...subjects('dma-noncontiguous', way('all', 3), way('second', 1, 2), way('over', 2, 2)),
  ...subjects('char-device', way('own', 1), way('past', 2)),
  ...subjects('returns-positive', ...selected(2, 1, shared)),
  ...subjects('mixed-mkwrite', way('some', 3), way('past', 2, 3)),
  ...subjects('area', way('chosen', 2), way('other', 1, 3), way('long', 17)),
];

/** Subjects for each way to open, protect and share. */
export const modeSubjects: readonly Subject[] = (['fault-kinds', 'remap-kinds', 'pfn-kinds', 'insert-kinds'] as const).flatMap((module) =>
  (['rw', 'ro', 'wo'] as const).flatMap((open) =>
    (['none', 'r', 'w', 'rw', 'rx', 'rwx'] as const).flatMap((prot) =>
      (['shared', 'private'] as const).map(
        (sharing): Subject => ({ module, variant: `${open}-${prot}`, pages: 1, offset: 0, sharing, prot, open }),
      ),
    ),
  ),
);
