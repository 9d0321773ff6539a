/** Statements about the opened device: open, close and the file operations of the driver. */
import type { Action, OpenFlag } from '../model.ts';
import { parseNumber } from '../numbers.ts';
import type { Words } from '../words.ts';
import { defined, optionalFile, type StatementForm } from './form.ts';

const openFlags: readonly OpenFlag[] = ['sync', 'direct', 'nonblock', 'append', 'excl'];

export const fileForms: readonly StatementForm[] = [
  {
    name: 'open',
    syntax: '[NAME =] open rw|ro|wo [sync] [direct] [nonblock] [append] [excl]',
    help: 'opens the device; statements about a file mean the last descriptor that the process made, or the one after `of`',
    example: 'f = open rw sync\nclose f',
    makes: { kind: 'file', required: false },
    parse: (words, file) => {
      const mode = words.choice(['rw', 'ro', 'wo'], 'The mode');
      const flags = words.flags(openFlags, 'What follows');
      return { kind: 'open', mode, ...defined({ file }), ...(flags.length > 0 ? { flags } : {}) };
    },
  },
  {
    name: 'dup',
    syntax: 'NAME = dup [FILE]',
    help: 'a second descriptor of the same open file',
    example: 'open rw\ng = dup\nclose g',
    makes: { kind: 'file', required: true },
    parse: (words, file = '') => ({ kind: 'dup', file, ...(words.more ? { of: words.known(['file'], 'The file') } : {}) }),
  },
  {
    name: 'close',
    syntax: 'close [FILE]',
    help: 'closes the device; mappings stay',
    example: 'open rw\nclose',
    parse: (words) => ({ kind: 'close', ...(words.more ? { of: words.known(['file'], 'The file') } : {}) }),
  },
  {
    name: 'ioctl',
    syntax: '[NAME =] ioctl COMMAND [VALUE|ADDRESS|{ u32 N, u64 N, "text", zero N, … }] [of FILE]',
    help: 'runs the driver’s ioctl function; COMMAND is a number or a name of its files. Fields in braces are put into memory one after the other and their address is passed; NAME is that address later, as in u64(NAME+8)',
    example: 'open rw\nq = ioctl DEMO_GET_SIZE { u64 0 } expect ok\na = mmap len 1p off u64(q) prot r shared expect any',
    makes: { kind: 'buffer', required: false },
    parse: parseIoctl,
  },
  {
    name: 'pread',
    syntax: '[NAME =] pread len N [off N] [into ADDRESS] [of FILE]',
    help: 'read(2) of the device into a buffer of the program, or to an address; `off` makes it pread(2)',
    example: 'open rw\npread len 16 expect any',
    makes: { kind: 'buffer', required: false },
    parse: (words, buffer) => {
      const { len, off, into, of } = transferOptions(words, ['len', 'off', 'into', 'of']);
      if (len === undefined) throw words.missing('`len N`, the number of bytes,');
      return { kind: 'pread', length: len, ...defined({ offset: off, into, of, buffer }) };
    },
  },
  {
    name: 'pwrite',
    syntax: 'pwrite "TEXT"|{ FIELDS }|from ADDRESS len N [off N] [of FILE]',
    help: 'write(2) of bytes, or of memory, to the device; `off` makes it pwrite(2)',
    example: 'open rw\npwrite "start" expect any',
    parse: (words) => {
      const data = words.next?.quoted !== undefined || words.next?.text === '{' ? words.data() : undefined;
      const { len, off, from, of } = transferOptions(words, ['len', 'off', 'from', 'of']);
      if (data === undefined && from === undefined) throw words.missing('What is written: "text", { fields } or `from ADDRESS len N`');
      if (from !== undefined && len === undefined) throw words.missing('`len N`, the number of bytes,');
      return { kind: 'pwrite', ...defined({ data, from, length: len, offset: off, of }) };
    },
  },
  {
    name: 'lseek',
    syntax: 'lseek N [set|cur|end] [of FILE]',
    help: 'moves the file’s position',
    example: 'open rw\nlseek 16 expect any',
    parse: (words) => {
      const offset = words.number('The offset');
      const whence = (['set', 'cur', 'end'] as const).find((each) => words.accept(each)) ?? 'set';
      return { kind: 'lseek', offset, whence, ...optionalFile(words) };
    },
  },
  {
    name: 'poll',
    syntax: 'poll [of FILE]',
    help: 'asks the driver what the file is ready for; the value has the bits of `revents`',
    example: 'open rw\npoll expect any',
    parse: (words) => ({ kind: 'poll', ...optionalFile(words) }),
  },
];

function parseIoctl(words: Words, buffer: string | undefined): Action {
  words.offerOfDriver('command');
  const word = words.take('The command');
  const number = parseNumber(word.text);
  if (number === undefined && !/^[A-Za-z_]\w*$/.test(word.text)) {
    throw words.problem(word, `\`${word.text}\` is not an ioctl command. Write the name of a macro of the driver, or a number.`);
  }
  const command = number ?? word.text;
  const hasData = words.next?.text === '{' || words.next?.quoted !== undefined;
  const data = hasData ? words.data() : undefined;
  const argument = !hasData && words.more && words.next?.text !== 'of' ? words.amount('The argument') : undefined;
  if (buffer !== undefined && data === undefined) {
    throw words.missing(`The argument in braces that \`${buffer}\` is to name`);
  }
  return { kind: 'ioctl', command, ...defined({ argument, data, buffer }), ...optionalFile(words) };
}

type TransferOption = 'len' | 'off' | 'into' | 'from' | 'of';

/** The options of a transfer in any order. */
function transferOptions(words: Words, options: readonly TransferOption[]) {
  let len: bigint | undefined;
  let off: bigint | undefined;
  let into: ReturnType<Words['address']> | undefined;
  let from: ReturnType<Words['address']> | undefined;
  let of: string | undefined;
  while (words.more) {
    switch (words.option(options, 'What follows')) {
      case 'len':
        len = words.length('The length');
        break;
      case 'off':
        off = words.number('The offset');
        break;
      case 'into':
        into = words.address('The address');
        break;
      case 'from':
        from = words.address('The address');
        break;
      case 'of':
        of = words.known(['file'], 'The file');
        break;
    }
  }
  return { len, off, into, from, of };
}
