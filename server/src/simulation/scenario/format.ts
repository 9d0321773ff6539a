/** Scenario data to text that `parseScenario` reads back: for witnesses and for the scenarios the simulator writes itself. */
import { formatVersion } from '../../kernel/version.ts';
import { formatExpectation } from './expectation-text.ts';
import type { AccessAction, Action, DataField, Expectation, FileAction, MappingAction, Protection, Scenario } from './model.ts';
import { formatAddress, formatAmount, formatNumber } from './numbers.ts';
import { formatData, quote } from './words.ts';

/** A step of a scenario that has no text yet. */
export interface PlannedStatement {
  readonly process?: string;
  readonly action: Action;
  readonly expectation?: Expectation;
}

/** Numbers the statements and gives each its text, one a line. */
export function planScenario(planned: readonly PlannedStatement[]): Scenario {
  const statements = planned.map((statement, index) => ({ ...statement, line: index + 1, text: formatStatement(statement) }));
  const kernel = planned.find(({ action }) => action.kind === 'kernel')?.action;
  return { statements, ...(kernel?.kind === 'kernel' ? { version: kernel.version } : {}) };
}

/** The scenario as text, each statement on its line. */
export function formatScenario(scenario: Scenario): string {
  const lines: string[] = [];
  for (const statement of scenario.statements) {
    while (lines.length < statement.line - 1) lines.push('');
    lines.push(statement.text);
  }
  return `${lines.join('\n')}\n`;
}

export function formatStatement({ process, action, expectation }: PlannedStatement): string {
  const before = process === undefined ? [] : [`in ${process}:`];
  const after = expectation ? [`expect ${formatExpectation(expectation)}`] : [];
  return [...before, ...formatAction(action), ...after].filter((part) => part !== '').join(' ');
}

/** The words of an action; empty ones are left out. */
function formatAction(action: Action): readonly string[] {
  switch (action.kind) {
    case 'kernel':
      return ['kernel', formatVersion(action.version)];
    case 'driver':
      return ['driver', `${quote(action.file)}${action.handler === undefined ? '' : `:${action.handler}`}`];
    case 'include':
      return ['include', quote(action.file)];
    case 'assume':
      return ['assume', action.path, '=', formatNumber(action.value)];
    case 'fail':
      return ['fail', action.call, action.nth === 1n ? '' : formatNumber(action.nth)];
    case 'fork':
    case 'thread':
      return [action.kind, action.child];
    case 'exit':
    case 'unplug':
    case 'rmmod':
    case 'pressure':
      return [action.kind];
    case 'coredump':
      return ['coredump', size('filter', action.filter)];
    case 'expect':
      return ['expect', formatExpectation(action.expectation)];
    case 'open':
    case 'dup':
    case 'close':
    case 'ioctl':
    case 'pread':
    case 'pwrite':
    case 'lseek':
    case 'poll':
      return formatFileAction(action);
    case 'read':
    case 'write':
    case 'exec':
    case 'pin':
    case 'unpin':
      return formatAccess(action);
    default:
      return formatMappingAction(action);
  }
}

function formatFileAction(action: FileAction): readonly string[] {
  const of = 'of' in action ? option('of', action.of) : '';
  switch (action.kind) {
    case 'open':
      return [named(action.file), 'open', action.mode, ...(action.flags ?? [])];
    case 'dup':
      return [named(action.file), 'dup', action.of ?? ''];
    case 'close':
      return ['close', action.of ?? ''];
    case 'ioctl': {
      const command = typeof action.command === 'bigint' ? `0x${BigInt.asUintN(64, action.command).toString(16)}` : action.command;
      const argument = action.argument === undefined ? dataText(action.data) : formatAmount(action.argument);
      return [named(action.buffer), 'ioctl', command, argument, of];
    }
    case 'pread': {
      const into = action.into ? `into ${formatAddress(action.into)}` : '';
      return [named(action.buffer), 'pread', size('len', action.length), size('off', action.offset), into, of];
    }
    case 'pwrite': {
      const from = action.from ? `from ${formatAddress(action.from)}` : '';
      return ['pwrite', dataText(action.data), from, size('len', action.length), size('off', action.offset), of];
    }
    case 'lseek':
      return ['lseek', formatNumber(action.offset), action.whence, of];
    case 'poll':
      return ['poll', of];
  }
}

function formatMappingAction(action: MappingAction): readonly string[] {
  if (action.kind === 'mmap') return formatMmap(action);
  if (action.kind === 'munlockall') return ['munlockall'];
  if (action.kind === 'mlockall') return ['mlockall', ...action.flags];
  const address = formatAddress(action.address);
  if (action.kind === 'mremap') {
    const fixed = action.fixedAt ? `fixed at ${formatAddress(action.fixedAt)}` : '';
    const lengths = [size('old', action.oldLength), size('len', action.length)];
    return [
      named(action.mapping),
      'mremap',
      address,
      ...lengths,
      flag('maymove', action.mayMove),
      fixed,
      flag('dontunmap', action.dontUnmap),
    ];
  }
  const range = [action.kind, address, size('len', action.length)];
  switch (action.kind) {
    case 'mprotect':
      return [...range, `prot ${formatProtection(action.protection)}`];
    case 'mlock':
      return [...range, flag('onfault', action.onFault)];
    case 'madvise':
      return [...range, action.advice];
    case 'msync':
      return [...range, ...action.flags];
    case 'remap_file_pages':
      return [...range, size('off', action.offset)];
    case 'munmap':
    case 'munlock':
    case 'mincore':
      return range;
  }
}

function formatMmap(action: Extract<Action, { kind: 'mmap' }>): readonly string[] {
  const place = [size('len', action.length), action.anonymous ? '' : `off ${formatAmount(action.offset)}`];
  const fixed = action.fixedAt ? `${action.noReplace ? 'fixed_noreplace' : 'fixed'} at ${formatAddress(action.fixedAt)}` : '';
  const hint = action.hint ? `at ${formatAddress(action.hint)}` : '';
  const flags = [
    flag('populate', action.populate),
    flag('locked', action.locked),
    flag('anonymous', action.anonymous),
    ...(action.flags ?? []),
  ];
  const prot = `prot ${formatProtection(action.protection)}`;
  return [named(action.mapping), 'mmap', ...place, prot, action.sharing, fixed, hint, ...flags, option('of', action.of)];
}

function formatAccess(action: AccessAction): readonly string[] {
  switch (action.kind) {
    case 'read': {
      const length = action.length === 4n ? '' : size('len', action.length);
      return ['read', formatAddress(action.address), length, option('by', action.way), option('of', action.of)];
    }
    case 'write': {
      const value = action.value === undefined ? dataText(action.data) : formatNumber(action.value);
      const length = size('len', action.length);
      return ['write', formatAddress(action.address), value, length, option('by', action.way), option('of', action.of)];
    }
    case 'exec':
      return ['exec', formatAddress(action.address)];
    case 'pin':
      return [named(action.pin), 'pin', formatAddress(action.address), size('len', action.length), flag('write', action.write)];
    case 'unpin':
      return ['unpin', action.pin];
  }
}

/** `NAME =` */
function named(name: string | undefined): string {
  return name === undefined ? '' : `${name} =`;
}

function option(word: string, value: string | undefined): string {
  return value === undefined ? '' : `${word} ${value}`;
}

function size(word: string, value: bigint | undefined): string {
  return value === undefined ? '' : `${word} ${formatNumber(value)}`;
}

function flag(word: string, isSet: boolean | undefined): string {
  return isSet ? word : '';
}

function dataText(data: readonly DataField[] | undefined): string {
  return data ? formatData(data, formatAmount) : '';
}

function formatProtection({ read, write, execute }: Protection): string {
  return `${read ? 'r' : ''}${write ? 'w' : ''}${execute ? 'x' : ''}` || 'none';
}
