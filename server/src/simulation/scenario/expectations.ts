/** What may stand after `expect`: parsing, formatting and the table of forms. Knows no statement and no run. */
import type { Expectation, UserAddress } from './model.ts';
import { formatNumber, type Word, type Words } from './words.ts';

export interface ExpectationForm {
  readonly syntax: string;
  readonly help: string;
}

/** The forms of an expectation, for help and messages. */
export const expectationForms: readonly ExpectationForm[] = [
  { syntax: 'expect [MAPPING] ok', help: 'the statement, or the one that made the mapping, succeeds' },
  { syntax: 'expect [MAPPING] EINVAL', help: 'it fails with this error' },
  { syntax: 'expect SIGBUS', help: 'the access is answered with this signal: SIGBUS or SIGSEGV' },
  { syntax: 'expect value N', help: 'the read gives this value' },
  { syntax: 'expect any', help: 'whatever happens is right' },
  { syntax: 'expect problem [KIND]', help: 'the kernel runs into a problem, such as kernel-bug' },
  { syntax: 'expect vmflags MAPPING = rd wr …', help: 'the VmFlags of the mapping, as smaps prints them' },
  { syntax: 'expect rss MAPPING = N', help: 'the Rss of the mapping: 0, 1p' },
  { syntax: 'expect count SLOT = N', help: 'how often the driver’s function in this slot has run: open, close, fault, mmap' },
  { syntax: 'expect refcount ADDRESS = N', help: 'the reference count of the page that is mapped there' },
  { syntax: 'expect mapcount ADDRESS = N', help: 'the number of page table entries that map the page' },
];

const shortForms = 'ok, any, an error such as EINVAL, SIGBUS, SIGSEGV, value, problem, vmflags, rss, count, refcount, mapcount';

/** Reads what follows the word `expect`. */
export function parseExpectation(words: Words): Expectation {
  const word = words.take(`The expectation (${shortForms})`);
  const outcome = parseOutcome(word, words);
  if (outcome) return outcome;
  switch (word.text) {
    case 'vmflags': {
      const mapping = words.name('The mapping');
      words.expectWord('=', '`=`');
      const codes: string[] = [];
      while (words.next) codes.push(words.take('A flag').text);
      return { kind: 'vmflags', mapping, codes };
    }
    case 'rss':
      return { kind: 'rss', mapping: words.name('The mapping'), bytes: equalsNumber(words) };
    case 'count':
      return { kind: 'count', slot: words.name('The slot (open, close, fault, …)'), count: equalsNumber(words) };
    case 'refcount':
    case 'mapcount':
      return { kind: word.text, address: words.address('The address of the page'), count: equalsNumber(words) };
  }
  const after = words.next;
  if (after && /^[A-Za-z_]\w*$/.test(word.text)) {
    const of = parseOutcome(words.take('The result'), words);
    if (of) return { kind: 'result', mapping: word.text, of };
  }
  throw words.problem(word, `\`${word.text}\` is not an expectation. Write ${shortForms}, or a mapping and its result: expect a ok.`);
}

function parseOutcome(word: Word, words: Words): Expectation | undefined {
  if (word.text === 'ok' || word.text === 'any') return { kind: word.text };
  if (word.text === 'SIGBUS' || word.text === 'SIGSEGV') return { kind: 'signal', name: word.text };
  if (/^E[A-Z0-9]+$/.test(word.text)) return { kind: 'errno', name: word.text };
  if (word.text === 'value') return { kind: 'value', value: words.number('The value') };
  if (word.text === 'problem') {
    const kind = words.next && /^[a-z][a-z-]*$/.test(words.next.text) ? words.take('The kind').text : undefined;
    return kind === undefined ? { kind: 'problem' } : { kind: 'problem', problem: kind };
  }
  return undefined;
}

function equalsNumber(words: Words): bigint {
  words.expectWord('=', '`=`');
  return words.number('The number');
}

/** The text that `parseExpectation` reads back, without the word `expect`. */
export function formatExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'ok':
    case 'any':
      return expectation.kind;
    case 'errno':
    case 'signal':
      return expectation.name;
    case 'value':
      return `value ${formatNumber(expectation.value)}`;
    case 'problem':
      return expectation.problem === undefined ? 'problem' : `problem ${expectation.problem}`;
    case 'result':
      return `${expectation.mapping} ${formatExpectation(expectation.of)}`;
    case 'vmflags':
      return `vmflags ${expectation.mapping} = ${expectation.codes.join(' ')}`;
    case 'rss':
      return `rss ${expectation.mapping} = ${formatNumber(expectation.bytes)}`;
    case 'count':
      return `count ${expectation.slot} = ${expectation.count}`;
    case 'refcount':
    case 'mapcount':
      return `${expectation.kind} ${formatAddress(expectation.address)} = ${expectation.count}`;
  }
}

/** `a+1p`, `a`, `0x7f0000000000`. */
export function formatAddress(address: UserAddress): string {
  if (address.mapping === undefined) return `0x${address.offset.toString(16)}`;
  if (address.offset === 0n) return address.mapping;
  const sign = address.offset < 0n ? '-' : '+';
  return `${address.mapping}${sign}${formatNumber(address.offset < 0n ? -address.offset : address.offset)}`;
}
