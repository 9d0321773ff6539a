/** Scenario data to text that `parseScenario` reads back: for witnesses and for the scenarios the simulator writes itself. */
import { formatVersion } from '../../kernel/version.ts';
import { formatAddress, formatExpectation } from './expectations.ts';
import type { Action, Expectation, Protection, Scenario } from './model.ts';
import { formatNumber } from './words.ts';

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
  const text = formatAction(action);
  return `${process === undefined ? '' : `in ${process}: `}${text}${expectation ? ` expect ${formatExpectation(expectation)}` : ''}`;
}

function formatAction(action: Action): string {
  switch (action.kind) {
    case 'kernel':
      return `kernel ${formatVersion(action.version)}`;
    case 'assume':
      return `assume ${action.path} = ${formatNumber(action.value)}`;
    case 'open':
      return `open ${action.mode}`;
    case 'mmap': {
      const fixed = action.fixedAt ? ` fixed at ${formatAddress(action.fixedAt)}` : '';
      const options = `${fixed}${action.populate ? ' populate' : ''}${action.locked ? ' locked' : ''}`;
      const place = `len ${formatNumber(action.length)} off ${formatNumber(action.offset)}`;
      return `${action.mapping} = mmap ${place} prot ${formatProtection(action.protection)} ${action.sharing}${options}`;
    }
    case 'read':
      return `read ${formatAddress(action.address)}${action.length === 4n ? '' : ` len ${formatNumber(action.length)}`}`;
    case 'write':
      return `write ${formatAddress(action.address)}${action.value === undefined ? '' : ` ${formatNumber(action.value)}`}`;
    case 'mprotect':
      return `mprotect ${formatAddress(action.address)}${length(action)} prot ${formatProtection(action.protection)}`;
    case 'mremap': {
      const old = action.oldLength === undefined ? '' : ` old ${formatNumber(action.oldLength)}`;
      const move = `${action.mayMove ? ' maymove' : ''}${action.fixedAt ? ` fixed at ${formatAddress(action.fixedAt)}` : ''}`;
      return `mremap ${formatAddress(action.address)}${old} len ${formatNumber(action.length)}${move}${action.dontUnmap ? ' dontunmap' : ''}`;
    }
    case 'munmap':
    case 'mlock':
    case 'munlock':
      return `${action.kind} ${formatAddress(action.address)}${length(action)}`;
    case 'madvise':
      return `madvise ${formatAddress(action.address)}${length(action)} ${action.advice}`;
    case 'fork':
      return `fork ${action.child}`;
    case 'close':
    case 'exit':
    case 'unplug':
      return action.kind;
    case 'expect':
      return `expect ${formatExpectation(action.expectation)}`;
  }
}

function length(action: { readonly length?: bigint }): string {
  return action.length === undefined ? '' : ` len ${formatNumber(action.length)}`;
}

function formatProtection({ read, write, execute }: Protection): string {
  return `${read ? 'r' : ''}${write ? 'w' : ''}${execute ? 'x' : ''}` || 'none';
}
