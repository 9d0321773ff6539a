/** What may stand after `expect`: parsing and the table of forms. Knows no statement and no run. */
import { errnos } from '../../kernel/errno.ts';
import { knownSmapsCodes, knownVmaFlags } from '../../kernel/vma-flags.ts';
import { problemKinds } from '../../mm/problem.ts';
import { countedSlots } from './counted-slots.ts';
import type { Expectation } from './model.ts';
import { parseAmount } from './numbers.ts';
import { didYouMean } from './spelling.ts';
import type { NameKind, Word, Words } from './words.ts';

export interface ExpectationForm {
  /** The first word, or what stands for it. */
  readonly name: string;
  readonly syntax: string;
  readonly help: string;
  /** Lines that show it; the tests run them on a driver. */
  readonly example: string;
  readonly parse?: (words: Words) => Expectation;
}

const mapped = 'open rw\na = mmap len 4p prot rw shared\n';

/** Forms that say what came of a statement; they may stand behind `NAME` too. */
const outcomeForms: readonly ExpectationForm[] = [
  {
    name: 'ok',
    syntax: 'expect [NAME] ok',
    help: 'the statement succeeds; with the name of a mapping or a file, the one that made it or last changed it',
    example: `${mapped}expect a ok`,
    parse: () => ({ kind: 'ok' }),
  },
  {
    name: 'any',
    syntax: 'expect any',
    help: 'whatever happens is right',
    example: `${mapped}read a+4p expect any`,
    parse: () => ({ kind: 'any' }),
  },
  {
    name: 'EINVAL',
    syntax: 'expect [NAME] EINVAL',
    help: 'it fails with this error',
    example: 'open rw\na = mmap len 5p prot rw shared\nexpect a EINVAL',
  },
  {
    name: 'SIGBUS',
    syntax: 'expect SIGBUS',
    help: 'the access is answered with this signal: SIGBUS, SIGSEGV or SIGKILL',
    example: `${mapped}read a+3p expect SIGBUS`,
  },
  {
    name: 'hang',
    syntax: 'expect hang',
    help: 'the statement never ends: a deadlock, or a fault that comes again and again',
    example: '# the driver of these examples never does that:\nopen rw\nopen rw expect ok',
    parse: () => ({ kind: 'hang' }),
  },
  {
    name: 'value',
    syntax: 'expect value N',
    help: 'the read gives this value',
    example: `${mapped}write a 7\nread a expect value 7`,
    parse: (words) => ({ kind: 'value', value: words.number('The value') }),
  },
  {
    name: 'returns',
    syntax: 'expect returns N',
    help: 'the system call returns this number, such as a number of bytes',
    example: `${mapped}read a len 16 by process_vm expect returns 16`,
    parse: (words) => ({ kind: 'returns', value: words.number('The result') }),
  },
  {
    name: 'bytes',
    syntax: 'expect bytes 00 7f …',
    help: 'the bytes that the statement gave begin with these, in hexadecimal',
    example: `${mapped}write a "ab"\nread a len 2 expect bytes 61 62`,
    parse: parseBytes,
  },
  {
    name: '"text"',
    syntax: 'expect "text"',
    help: 'the bytes that the statement gave begin with this text',
    example: `${mapped}write a "hello"\nread a len 5 expect "hello"`,
  },
  {
    name: 'zero',
    syntax: 'expect zero',
    help: 'the bytes that the statement gave are all 0',
    example: `${mapped}read a len 1p expect zero`,
    parse: () => ({ kind: 'zero' }),
  },
  {
    name: 'same',
    syntax: 'expect same as ADDRESS',
    help: 'the bytes that the statement gave are those at the address now',
    example: `${mapped}write a+16 5\nb = mmap len 1p prot r shared\nread b+16 len 8 expect same as a+16`,
    parse: (words) => {
      words.expectWord('as');
      return { kind: 'same', address: words.address('The address') };
    },
  },
  {
    name: 'problem',
    syntax: 'expect problem [KIND]',
    help: 'the kernel runs into a problem, such as kernel-bug',
    example: '# the driver of these examples is sound:\nopen rw\nexpect no problem',
    parse: (words) => {
      words.offer(traceProblemKinds);
      const word = words.next;
      if (!word || !/^[a-z]/.test(word.text)) return { kind: 'problem' };
      return { kind: 'problem', problem: words.choice(traceProblemKinds, 'The kind of problem') };
    },
  },
  {
    name: 'no',
    syntax: 'expect no problem',
    help: 'it runs into none',
    example: `${mapped}write a\nexpect no problem`,
    parse: (words) => {
      if (words.choice(['problem', 'message'], 'What is not there') === 'problem') return { kind: 'no-problem' };
      return { kind: 'no-message', text: words.quoted('The text of the message') };
    },
  },
];

/** Forms about what a mapping, a page, the driver or the kernel's log is like now. */
const stateForms: readonly ExpectationForm[] = [
  {
    name: 'u32(ADDRESS)',
    syntax: 'expect u8|u16|u32|u64(ADDRESS) = N',
    help: 'memory holds this number; it is looked at without an access, so nothing faults',
    example: `${mapped}write a+4 9\nexpect u32(a+4) = 9`,
  },
  {
    name: 'vmflags',
    syntax: 'expect vmflags MAPPING =|has|lacks rd wr …',
    help: 'the VmFlags of the mapping, as smaps prints them: exactly these, these and maybe others, none of these',
    example: `${mapped}expect vmflags a has rd wr sh\nexpect vmflags a lacks ex io pf`,
    parse: parseVmflags,
  },
  {
    name: 'flags',
    syntax: 'expect flags MAPPING has|lacks VM_IO …',
    help: 'the vm_flags of the mapping by their kernel names, for those that smaps does not show',
    example: `${mapped}expect flags a has VM_MAYWRITE\nexpect flags a lacks VM_IO`,
    parse: (words) => {
      const mapping = knownMapping(words);
      const relation = words.choice(['has', 'lacks'], 'The relation');
      return {
        kind: 'flags',
        mapping,
        relation,
        names: words.rest('A flag such as VM_IO', knownVmaFlags).map((word) => flagName(word, words)),
      };
    },
  },
  {
    name: 'rss',
    syntax: 'expect rss MAPPING = N',
    help: 'the Rss of the mapping: 0, 1p',
    example: `${mapped}expect rss a = 0\nread a\nexpect rss a = 1p`,
    parse: (words) => ({ kind: 'rss', mapping: knownMapping(words), bytes: equalsNumber(words) }),
  },
  {
    name: 'offset',
    syntax: 'expect offset MAPPING = N',
    help: 'the offset of the mapping, as maps prints it, in bytes',
    example: `${mapped}expect offset a = 0`,
    parse: (words) => ({ kind: 'offset', mapping: knownMapping(words), bytes: equalsNumber(words) }),
  },
  {
    name: 'perms',
    syntax: 'expect perms MAPPING = rw-s',
    help: 'the rights of the mapping, as maps prints them',
    example: `${mapped}mprotect a prot r\nexpect perms a = r--s`,
    parse: parsePerms,
  },
  {
    name: 'vmas',
    syntax: 'expect vmas MAPPING = N',
    help: 'how many lines of maps the range of the mapping has: 0 when nothing is left of it',
    example: `${mapped}mprotect a+1p len 1p prot r\nexpect vmas a = 3`,
    parse: (words) => ({ kind: 'vmas', mapping: knownMapping(words), count: equalsNumber(words) }),
  },
  {
    name: 'dumped',
    syntax: 'expect dumped MAPPING = N',
    help: 'how much of the mapping the core dump has',
    example: `${mapped}madvise a dontdump\ncoredump\nexpect dumped a = 0`,
    parse: (words) => ({ kind: 'dumped', mapping: knownMapping(words), bytes: equalsNumber(words) }),
  },
  {
    name: 'present',
    syntax: 'expect present ADDRESS = yes|no',
    help: 'whether a page is mapped at the address, as pagemap tells',
    example: `${mapped}expect present a = no\nread a\nexpect present a = yes`,
    parse: (words) => {
      const address = words.address('The address');
      words.expectWord('=');
      return { kind: 'present', address, present: words.choice(['yes', 'no'], 'The answer') === 'yes' };
    },
  },
  {
    name: 'refcount',
    syntax: 'expect refcount ADDRESS = N',
    help: 'the reference count of the page that is mapped there',
    example: `${mapped}read a\nexpect refcount a = 2`,
    parse: (words) => ({ kind: 'refcount', address: words.address('The address of the page'), count: equalsNumber(words) }),
  },
  {
    name: 'mapcount',
    syntax: 'expect mapcount ADDRESS = N',
    help: 'the number of page table entries that map the page',
    example: `${mapped}read a\nexpect mapcount a = 1`,
    parse: (words) => ({ kind: 'mapcount', address: words.address('The address of the page'), count: equalsNumber(words) }),
  },
  {
    name: 'count',
    syntax: 'expect count SLOT = N',
    help: 'how often the driver’s function in this slot has run: `mmap`, `fault`, `open` and `close` of the vma, `file_open`, `release`, `unlocked_ioctl` and the like of the file, whatever the subsystem calls them',
    example: `${mapped}read a\nread a+1p\nexpect count fault = 2`,
    parse: (words) => ({ kind: 'count', slot: words.choice(countedSlots, 'The slot'), count: equalsNumber(words) }),
  },
  {
    name: 'message',
    syntax: 'expect message "TEXT"',
    help: 'the kernel’s log has a line with this text; `expect no message "TEXT"` is the contrary',
    example: 'open rw\nexpect message "demo: opened"',
    parse: (words) => ({ kind: 'message', text: words.quoted('The text of the message') }),
  },
];

/** The forms of an expectation, for help, the page and messages. */
export const expectationForms: readonly ExpectationForm[] = [...outcomeForms, ...stateForms];

const { bug, 'cache-type': _remark, ...otherKinds } = problemKinds;

/** Problem kinds as traces name them, with what they mean: a BUG is the kernel's own or the driver's; what x86 does with a cache type is no problem. */
export const traceProblems: Readonly<Record<string, string>> = {
  'kernel-bug': bug,
  'driver-bug': 'the driver stops the kernel with a `BUG()` of its own',
  ...otherKinds,
};
const traceProblemKinds = Object.keys(traceProblems);

const signals = ['SIGBUS', 'SIGSEGV', 'SIGKILL'];
const errorNames = Object.keys(errnos);
const outcomesByName = new Map(outcomeForms.map((form) => [form.name, form]));
const statesByName = new Map(stateForms.map((form) => [form.name, form]));
const formNames = expectationForms.map(({ name }) => name);
const shortForms = formNames.join(', ');

const outcomeNames = [...outcomeForms.map(({ name }) => name), ...signals, ...errorNames];
/** What an expectation begins with. */
const offered = [...new Set([...formNames, ...outcomeNames])];
/** What can be named with its result. */
const resultKinds: readonly NameKind[] = ['mapping', 'file', 'pin', 'buffer'];

/** Reads what follows the word `expect`. */
export function parseExpectation(words: Words): Expectation {
  words.offer(formNames);
  words.offerNames(resultKinds);
  words.offer(offered);
  const word = words.take(`The expectation (${shortForms})`);
  const outcome = parseOutcome(word, words);
  if (outcome) return outcome;
  const state = statesByName.get(word.text);
  if (state?.parse) return state.parse(words);
  const load = parseAmount(word.text);
  if (typeof load === 'object' && load.kind === 'load') {
    words.useAddress(load.address, word);
    return { kind: 'memory', load, value: equalsNumber(words) };
  }
  words.offer(outcomeNames);
  if (words.next && /^[A-Za-z_]\w*$/.test(word.text)) {
    const next = words.take('The result');
    const of = parseOutcome(next, words);
    if (of) {
      words.uses.push({ name: word.text, kinds: resultKinds, word });
      return { kind: 'result', mapping: word.text, of };
    }
  }
  throw words.problem(
    word,
    `\`${word.text}\` is not an expectation.${didYouMean(word.text, offered)} Write one of ${shortForms}, or a mapping and its result: expect a ok.`,
  );
}

function parseOutcome(word: Word, words: Words): Expectation | undefined {
  if (word.quoted !== undefined) return { kind: 'text', text: word.quoted };
  const form = outcomesByName.get(word.text);
  if (form?.parse) return form.parse(words);
  if (signals.includes(word.text)) return { kind: 'signal', name: word.text };
  if (/^E[A-Z0-9]+$/.test(word.text)) {
    if (!errorNames.includes(word.text))
      throw words.problem(word, `\`${word.text}\` is not an error of Linux.${didYouMean(word.text, errorNames)}`);
    return { kind: 'errno', name: word.text };
  }
  return undefined;
}

function knownMapping(words: Words): string {
  return words.known(['mapping'], 'The mapping');
}

function equalsNumber(words: Words): bigint {
  words.expectWord('=');
  return words.number('The number');
}

function parseBytes(words: Words): Expectation {
  const bytes = words.rest('A byte such as 7f').map((word) => {
    if (!/^[0-9a-fA-F]{2}$/.test(word.text))
      throw words.problem(word, `\`${word.text}\` is not a byte. Write two hexadecimal digits: 00 7f.`);
    return Number.parseInt(word.text, 16);
  });
  return { kind: 'bytes', bytes };
}

function parseVmflags(words: Words): Expectation {
  const mapping = knownMapping(words);
  const relation = words.choice(['=', 'has', 'lacks'], 'The relation');
  words.offer(knownSmapsCodes);
  const list = relation === '=' && !words.next ? [] : words.rest('A flag such as rd', knownSmapsCodes);
  const codes = list.map((word) => {
    if (!knownSmapsCodes.includes(word.text) && word.text !== '??') {
      throw words.problem(word, `\`${word.text}\` is none of the two-letter codes of smaps: ${knownSmapsCodes.join(' ')}.`);
    }
    return word.text;
  });
  return { kind: 'vmflags', mapping, codes, ...(relation === '=' ? {} : { relation }) };
}

function flagName(word: Word, words: Words): string {
  if (knownVmaFlags.includes(word.text)) return word.text;
  throw words.problem(
    word,
    `\`${word.text}\` is not the name of a vma flag, such as VM_IO or VM_MAYWRITE.${didYouMean(word.text, knownVmaFlags)}`,
  );
}

function parsePerms(words: Words): Expectation {
  const mapping = knownMapping(words);
  words.expectWord('=');
  const word = words.take('The rights, such as rw-s');
  if (!/^[r-][w-][x-][sp]$/.test(word.text))
    throw words.problem(word, `\`${word.text}\` is not what maps prints. Write it like rw-s or r--p.`);
  return { kind: 'perms', mapping, perms: word.text };
}
