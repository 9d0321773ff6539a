/** Statements that reach memory, in every way that Linux has. */
import { accessWays } from '../access-ways.ts';
import type { AccessWay } from '../model.ts';
import { parseNumber } from '../numbers.ts';
import type { Words } from '../words.ts';
import { defined, optionalLength, range, type StatementForm } from './form.ts';

/** A program touches no more than this in one statement: each page costs a step. Bytes. */
const longestAccess = 1n << 32n;

const mapped = 'open rw\na = mmap len 4p prot rw shared\n';

export const accessForms: readonly StatementForm[] = [
  {
    name: 'read',
    syntax: 'read ADDRESS [len N] [by WAY] [of PROCESS]',
    help: 'reads memory, 4 bytes unless `len` says more; it is expected to work unless something else is said',
    example: `${mapped}read a+1p len 8\nread a by mem expect any`,
    parse: (words) => {
      const address = words.address('The address');
      const length = optionalLength(words, longestAccess) ?? 4n;
      return { kind: 'read', address, length, ...wayAndProcess(words) };
    },
  },
  {
    name: 'write',
    syntax: 'write ADDRESS [VALUE|"TEXT"|{ FIELDS }] [len N] [by WAY] [of PROCESS]',
    help: 'writes a 32-bit value, or as many bytes as `len` says: beyond 8 the lowest byte of the value again and again; it is expected to work unless something else is said',
    example: `${mapped}write a+1p 0x1234\nwrite a "some text"\nread a len 9 expect "some text"`,
    parse: (words) => {
      const address = words.address('The address');
      const word = words.next;
      const isNumber = words.next !== undefined && parseNumber(words.next.text) !== undefined;
      const value = isNumber ? words.number('The value') : undefined;
      const isData = !isNumber && (words.next?.quoted !== undefined || words.next?.text === '{');
      const data = isData ? words.data() : undefined;
      const length = data ? undefined : optionalLength(words, longestAccess);
      const bytes = length ?? 4n;
      if (value !== undefined && word && bytes > 0n && bytes <= 8n) words.checkFits(value, bytes, word);
      return { kind: 'write', address, ...defined({ value, data, length }), ...wayAndProcess(words) };
    },
  },
  {
    name: 'exec',
    syntax: 'exec ADDRESS',
    help: 'jumps to the address; it works where the page can be run as code',
    example: `${mapped}exec a expect SIGSEGV`,
    parse: (words) => ({ kind: 'exec', address: words.address('The address') }),
  },
  {
    name: 'pin',
    syntax: 'NAME = pin ADDRESS [len N] [write]',
    help: 'takes references on the pages by get_user_pages, as a device that reads them does, or writes them, until `unpin`',
    example: `${mapped}p = pin a len 1p expect any\nunpin p`,
    makes: { kind: 'pin', required: true },
    parse: (words, pin = '') => ({ kind: 'pin', pin, ...range(words, longestAccess), write: words.accept('write') }),
  },
  {
    name: 'unpin',
    syntax: 'unpin NAME',
    help: 'gives the references of a pin back',
    example: `${mapped}p = pin a len 1p write expect any\nunpin p`,
    parse: (words) => ({ kind: 'unpin', pin: words.known(['pin'], 'The pin') }),
  },
];

function wayAndProcess(words: Words): { readonly way?: AccessWay; readonly of?: string } {
  const way = words.accept('by') ? words.choice(accessWays, 'The way') : undefined;
  const of = words.accept('of') ? words.known(['process'], 'The process') : undefined;
  if (of !== undefined && way !== 'ptrace' && way !== 'mem' && way !== 'process_vm') {
    throw words.missing('`by ptrace`, `by mem` or `by process_vm`, the ways to the memory of another process,');
  }
  return defined({ way, of });
}
