/** Statements about mappings: mmap and the system calls that change what it made. */
import { madvice } from '../../../mm/syscalls/madvise.ts';
import type { Action, MapFlag, MappingAction } from '../model.ts';
import type { Words } from '../words.ts';
import { atAddress, defined, range, type StatementForm } from './form.ts';

/** Advice of `madvise(2)` that the model knows, without `MADV_`, in lower case. */
export const adviceNames: readonly string[] = Object.keys(madvice).map((name) => name.toLowerCase());

const mapFlags: readonly MapFlag[] = ['nonblock', 'noreserve', 'growsdown', 'sync', 'stack', 'hugetlb'];

/** The driver that the examples of this table run on maps 4 pages. */
const mapped = 'open rw\na = mmap len 4p prot rw shared\n';

export const mappingForms: readonly StatementForm[] = [
  {
    name: 'mmap',
    syntax:
      'NAME = mmap len N [off N] prot P shared|private|shared_validate [at ADDRESS] [fixed at ADDRESS] [fixed_noreplace at ADDRESS] [populate] [nonblock] [locked] [noreserve] [growsdown] [sync] [stack] [hugetlb] [anonymous] [of FILE]',
    help: 'maps the opened device, or memory of the program with `anonymous`; off is in bytes, 1p is the second page',
    example: 'open rw\na = mmap len 4p off 0 prot rw shared populate\nexpect a ok',
    makes: { kind: 'mapping', required: true },
    parse: parseMmap,
  },
  {
    name: 'mprotect',
    syntax: 'mprotect ADDRESS [len N] prot P',
    help: 'changes the protection of a mapping or a part of it',
    example: `${mapped}mprotect a+1p len 1p prot r`,
    parse: (words) => {
      const part = range(words);
      words.expectWord('prot');
      return { kind: 'mprotect', ...part, protection: words.protection() };
    },
  },
  {
    name: 'mremap',
    syntax: '[NAME =] mremap ADDRESS [old N] len N [maymove] [fixed at ADDRESS] [dontunmap]',
    help: 'resizes or moves a mapping; without `old` its whole length. NAME is the new place, where the old one stays: with `old 0` and `dontunmap`',
    example: `${mapped}mremap a len 2p\nb = mremap a old 0 len 2p maymove expect any`,
    makes: { kind: 'mapping', required: false },
    parse: parseMremap,
  },
  {
    name: 'munmap',
    syntax: 'munmap ADDRESS [len N]',
    help: 'unmaps a mapping or a part of it',
    example: `${mapped}munmap a+1p len 1p`,
    parse: (words) => ({ kind: 'munmap', ...range(words) }),
  },
  {
    name: 'madvise',
    syntax: 'madvise ADDRESS [len N] ADVICE',
    help: `gives advice: ${adviceNames.join(', ')}`,
    example: `${mapped}madvise a dontfork`,
    parse: (words) => ({ kind: 'madvise', ...range(words), advice: parseAdvice(words) }),
  },
  {
    name: 'mlock',
    syntax: 'mlock ADDRESS [len N] [onfault]',
    help: 'locks a mapping in memory; with `onfault` it is mlock2(2)',
    example: `${mapped}mlock a`,
    parse: (words) => ({ kind: 'mlock', ...range(words), ...(words.accept('onfault') ? { onFault: true } : {}) }),
  },
  {
    name: 'munlock',
    syntax: 'munlock ADDRESS [len N]',
    help: 'unlocks it',
    example: `${mapped}munlock a`,
    parse: (words) => ({ kind: 'munlock', ...range(words) }),
  },
  {
    name: 'mlockall',
    syntax: 'mlockall [current] [future] [onfault]',
    help: 'locks all mappings, and those to come',
    example: 'mlockall current future',
    parse: (words) => ({ kind: 'mlockall', flags: words.flags(['current', 'future', 'onfault'], 'The flag') }),
  },
  { name: 'munlockall', syntax: 'munlockall', help: 'unlocks them', example: 'munlockall', parse: () => ({ kind: 'munlockall' }) },
  {
    name: 'msync',
    syntax: 'msync ADDRESS [len N] [sync] [async] [invalidate]',
    help: 'writes a mapping back to its file',
    example: `${mapped}msync a sync expect any`,
    parse: (words) => ({ kind: 'msync', ...range(words), flags: words.flags(['sync', 'async', 'invalidate'], 'The flag') }),
  },
  {
    name: 'mincore',
    syntax: 'mincore ADDRESS [len N]',
    help: 'asks which pages are in memory: one byte a page, 1 or 0',
    example: `${mapped}mincore a len 1p expect any`,
    parse: (words) => ({ kind: 'mincore', ...range(words) }),
  },
  {
    name: 'remap_file_pages',
    syntax: 'remap_file_pages ADDRESS [len N] off N',
    help: 'maps other pages of the file at a part of a shared mapping',
    example: `${mapped}remap_file_pages a len 1p off 1p expect any`,
    parse: (words) => {
      const part = range(words);
      words.expectWord('off');
      return { kind: 'remap_file_pages', ...part, offset: words.number('The offset') };
    },
  },
];

/** The advice as the table has it, or by its C name: `MADV_DONTNEED`. */
function parseAdvice(words: Words): string {
  const name = words.next?.text.toLowerCase().replace(/^madv_/, '');
  const known = adviceNames.find((each) => each === name);
  if (known === undefined) return words.choice(adviceNames, 'The advice');
  words.take('The advice');
  return known;
}

type Mmap = Extract<MappingAction, { kind: 'mmap' }>;
type Draft = { -readonly [Key in keyof Mmap]?: Mmap[Key] };

/** What each word of `mmap` adds; they may stand in any order. */
const mmapOptions: Readonly<Record<string, (words: Words, draft: Draft) => unknown>> = {
  len: (words, draft) => (draft.length = words.length('The length')),
  off: (words, draft) => (draft.offset = words.amount('The offset')),
  prot: (words, draft) => (draft.protection = words.protection()),
  shared: (_, draft) => (draft.sharing = 'shared'),
  private: (_, draft) => (draft.sharing = 'private'),
  shared_validate: (_, draft) => (draft.sharing = 'shared_validate'),
  at: (words, draft) => (draft.hint = words.address('The address')),
  fixed: (words, draft) => (draft.fixedAt = atAddress(words)),
  fixed_noreplace: (words, draft) => Object.assign(draft, { fixedAt: atAddress(words), noReplace: true }),
  populate: (_, draft) => (draft.populate = true),
  locked: (_, draft) => (draft.locked = true),
  anonymous: (_, draft) => (draft.anonymous = true),
  of: (words, draft) => (draft.of = words.known(['file'], 'The file')),
};

function parseMmap(words: Words, mapping = ''): Action {
  const draft: Draft = {};
  const flags: MapFlag[] = [];
  const choices = [...Object.keys(mmapOptions), ...mapFlags];
  while (words.more) {
    const word = words.next;
    const { sharing } = draft;
    const choice = words.option(choices, 'What follows');
    const flag = mapFlags.find((each) => each === choice);
    if (flag) flags.push(flag);
    else mmapOptions[choice]?.(words, draft);
    if (sharing && word && draft.sharing !== sharing) throw words.problem(word, `A mapping is \`${sharing}\` or \`${choice}\`, not both.`);
  }
  const { length, protection, sharing, offset = 0n, populate = false, locked = false, ...more } = draft;
  if (length === undefined) throw words.missing('`len N`, the length of the mapping,');
  if (!protection) throw words.missing('`prot P`, the protection,');
  if (!sharing) throw words.missing('`shared` or `private`');
  const flagged = flags.length > 0 ? { flags } : {};
  return { kind: 'mmap', mapping, length, offset, protection, sharing, ...more, populate, locked, ...flagged };
}

function parseMremap(words: Words, mapping: string | undefined): Action {
  const address = words.address('The address');
  const oldLength = words.accept('old') ? words.length('The old length') : undefined;
  words.expectWord('len');
  const length = words.length('The new length');
  let mayMove = false;
  let dontUnmap = false;
  let fixedAt: ReturnType<Words['address']> | undefined;
  while (words.more) {
    const choice = words.option(['maymove', 'fixed', 'dontunmap'], 'What follows');
    if (choice === 'maymove') mayMove = true;
    else if (choice === 'dontunmap') dontUnmap = true;
    else fixedAt = atAddress(words);
  }
  return { kind: 'mremap', address, length, mayMove, dontUnmap, ...defined({ mapping, oldLength, fixedAt }) };
}
