/**
 * The table of scenario statements: name, syntax, help, and how its words become an action. The parser, the help and the
 * editor's completion read this table. Knows no run.
 */
import { parseVersion } from '../../kernel/version.ts';
import { parseExpectation } from './expectations.ts';
import type { Action, UserAddress } from './model.ts';
import { parseNumber, type Words } from './words.ts';

export interface StatementForm {
  readonly name: string;
  readonly syntax: string;
  readonly help: string;
  /** Reads the words after the name. `mapping` is the name before `=`, where there is one. */
  readonly parse: (words: Words, mapping: string) => Action;
  /** Whether `NAME =` stands before it. */
  readonly named?: boolean;
}

/** Advice of `madvise(2)` that the model knows, without `MADV_`, in lower case. */
export const adviceNames = [
  'normal',
  'random',
  'sequential',
  'willneed',
  'dontneed',
  'free',
  'remove',
  'dontfork',
  'dofork',
  'dontdump',
  'dodump',
  'wipeonfork',
  'keeponfork',
  'mergeable',
  'unmergeable',
  'hugepage',
  'nohugepage',
  'cold',
  'pageout',
  'populate_read',
  'populate_write',
] as const;

export const statementForms: readonly StatementForm[] = [
  {
    name: 'kernel',
    syntax: 'kernel VERSION',
    help: 'the Linux version that the scenario runs on, such as 6.12',
    parse: (words) => {
      const word = words.take('The version');
      const version = parseVersion(word.text);
      if (!version) throw words.problem(word, `\`${word.text}\` is not a Linux version. Write 6.12 or 2.6.15.`);
      return { kind: 'kernel', version };
    },
  },
  {
    name: 'assume',
    syntax: 'assume PATH = VALUE',
    help: 'a value that the driver’s files do not tell, such as priv->size',
    parse: (words) => {
      const path = words.take('The path, such as priv->size').text;
      words.expectWord('=', '`=`');
      return { kind: 'assume', path, value: assumedValue(words) };
    },
  },
  {
    name: 'open',
    syntax: 'open rw|ro|wo',
    help: 'opens the device',
    parse: (words) => ({ kind: 'open', mode: words.choice(['rw', 'ro', 'wo'], 'The mode') }),
  },
  {
    name: 'mmap',
    syntax: 'NAME = mmap len N [off N] prot P shared|private [fixed at ADDRESS] [populate] [locked]',
    help: 'maps the opened device; off is in bytes, 1p is the second page',
    named: true,
    parse: parseMmap,
  },
  {
    name: 'read',
    syntax: 'read ADDRESS [len N]',
    help: 'reads memory; it is expected to work unless something else is said',
    parse: (words) => ({ kind: 'read', address: words.address('The address'), length: optionalLength(words) ?? 4n }),
  },
  {
    name: 'write',
    syntax: 'write ADDRESS [VALUE]',
    help: 'writes a 32-bit value; it is expected to work unless something else is said',
    parse: (words) => {
      const address = words.address('The address');
      const value = words.next && parseNumber(words.next.text) !== undefined ? words.number('The value') : undefined;
      return value === undefined ? { kind: 'write', address } : { kind: 'write', address, value };
    },
  },
  {
    name: 'fork',
    syntax: 'fork NAME',
    help: 'makes a child; `in NAME: STATEMENT` runs a statement in it',
    parse: (words) => ({ kind: 'fork', child: words.name('The name of the child') }),
  },
  {
    name: 'mprotect',
    syntax: 'mprotect ADDRESS [len N] prot P',
    help: 'changes the protection of a mapping or a part of it',
    parse: (words) => {
      const address = words.address('The address');
      const length = optionalLength(words);
      words.expectWord('prot', '`prot`');
      return { kind: 'mprotect', address, ...defined({ length }), protection: words.protection() };
    },
  },
  {
    name: 'mremap',
    syntax: 'mremap ADDRESS [old N] len N [maymove] [fixed at ADDRESS] [dontunmap]',
    help: 'resizes or moves a mapping; without `old` its whole length',
    parse: parseMremap,
  },
  {
    name: 'munmap',
    syntax: 'munmap ADDRESS [len N]',
    help: 'unmaps a mapping or a part of it',
    parse: (words) => range('munmap', words),
  },
  {
    name: 'madvise',
    syntax: 'madvise ADDRESS [len N] ADVICE',
    help: 'gives advice such as dontneed, dontfork, dodump',
    parse: (words) => {
      const address = words.address('The address');
      const length = optionalLength(words);
      return { kind: 'madvise', address, ...defined({ length }), advice: words.choice(adviceNames, 'The advice') };
    },
  },
  { name: 'mlock', syntax: 'mlock ADDRESS [len N]', help: 'locks a mapping in memory', parse: (words) => range('mlock', words) },
  { name: 'munlock', syntax: 'munlock ADDRESS [len N]', help: 'unlocks it', parse: (words) => range('munlock', words) },
  { name: 'close', syntax: 'close', help: 'closes the device; mappings stay', parse: () => ({ kind: 'close' }) },
  { name: 'exit', syntax: 'exit', help: 'ends the program, or the child', parse: () => ({ kind: 'exit' }) },
  { name: 'unplug', syntax: 'unplug', help: 'removes the device: the driver’s remove function runs', parse: () => ({ kind: 'unplug' }) },
  {
    name: 'expect',
    syntax: 'expect …',
    help: 'fails the run when it does not hold; may also stand behind a statement',
    parse: (words) => ({ kind: 'expect', expectation: parseExpectation(words) }),
  },
];

/** `{ length: undefined }` without its key: optional properties are absent, never undefined. */
function defined(part: { readonly length: bigint | undefined }): { readonly length?: bigint } {
  return part.length === undefined ? {} : { length: part.length };
}

function optionalLength(words: Words): bigint | undefined {
  return words.accept('len') ? words.number('The length') : undefined;
}

function range<Kind extends 'munmap' | 'mlock' | 'munlock'>(kind: Kind, words: Words) {
  return { kind, address: words.address('The address'), ...defined({ length: optionalLength(words) }) };
}

function fixedAddress(words: Words): UserAddress {
  words.expectWord('at', '`at`');
  return words.address('The address');
}

function assumedValue(words: Words): bigint {
  if (words.accept('NULL') || words.accept('false')) return 0n;
  if (words.accept('true')) return 1n;
  return words.number('The value');
}

/** Options of `mmap` may stand in any order; `len`, `prot` and the sharing must be there. */
function parseMmap(words: Words, mapping: string): Action {
  let length: bigint | undefined;
  let offset = 0n;
  let protection: ReturnType<Words['protection']> | undefined;
  let sharing: 'shared' | 'private' | undefined;
  let fixedAt: UserAddress | undefined;
  let populate = false;
  let locked = false;
  const choices = ['len', 'off', 'prot', 'shared', 'private', 'fixed', 'populate', 'locked'] as const;
  while (words.next && words.next.text !== 'expect') {
    switch (words.choice(choices, 'What follows')) {
      case 'len':
        length = words.number('The length');
        break;
      case 'off':
        offset = words.number('The offset');
        break;
      case 'prot':
        protection = words.protection();
        break;
      case 'shared':
        sharing = 'shared';
        break;
      case 'private':
        sharing = 'private';
        break;
      case 'fixed':
        fixedAt = fixedAddress(words);
        break;
      case 'populate':
        populate = true;
        break;
      case 'locked':
        locked = true;
        break;
    }
  }
  if (length === undefined) throw words.missing('`len N`, the length of the mapping,');
  if (!protection) throw words.missing('`prot P`, the protection,');
  if (!sharing) throw words.missing('`shared` or `private`');
  return { kind: 'mmap', mapping, length, offset, protection, sharing, ...(fixedAt ? { fixedAt } : {}), populate, locked };
}

function parseMremap(words: Words): Action {
  const address = words.address('The address');
  const oldLength = words.accept('old') ? words.number('The old length') : undefined;
  words.expectWord('len', '`len`');
  const length = words.number('The new length');
  let mayMove = false;
  let dontUnmap = false;
  let fixedAt: UserAddress | undefined;
  while (words.next && words.next.text !== 'expect') {
    const choice = words.choice(['maymove', 'fixed', 'dontunmap'], 'What follows');
    if (choice === 'maymove') mayMove = true;
    else if (choice === 'dontunmap') dontUnmap = true;
    else fixedAt = fixedAddress(words);
  }
  return {
    kind: 'mremap',
    address,
    length,
    mayMove,
    dontUnmap,
    ...(oldLength === undefined ? {} : { oldLength }),
    ...(fixedAt ? { fixedAt } : {}),
  };
}
