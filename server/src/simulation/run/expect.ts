/** Whether an expectation holds, and what is the case when it does not. Reads the run's state, changes nothing. */
import type { Mm } from '../../mm/mm.ts';
import type { Outcome } from '../../mm/outcome.ts';
import type { TraceProblem } from '../../protocol/trace.ts';
import { formatExpectation } from '../scenario/expectation-text.ts';
import type { Expectation, UserAddress } from '../scenario/model.ts';
import { quote } from '../scenario/words.ts';
import type { ActionResult } from './context.ts';
import { type StateExpectation, stateFailure } from './expect-state.ts';
import { look, numberIn } from './look.ts';
import type { Processes } from './processes.ts';

export interface ExpectationContext {
  readonly mm: Mm;
  readonly processes: Processes;
  /** Of the statement that the expectation stands behind, or of the last one. */
  readonly result: ActionResult | undefined;
  /** Problems of that statement. */
  readonly problems: readonly TraceProblem[];
  readonly counts: ReadonlyMap<string, number>;
  /** Lines of the kernel's log since the scenario began. */
  readonly messages: readonly string[];
  addressOf(address: UserAddress): bigint | undefined;
}

/** What is the case instead; `undefined` when the expectation holds. */
export function failureOf(expectation: Expectation, context: ExpectationContext): string | undefined {
  const { result, problems } = context;
  switch (expectation.kind) {
    case 'any':
      return undefined;
    case 'ok':
    case 'errno':
    case 'signal':
    case 'hang':
    case 'returns':
      return outcomeFailure(expectation, result?.outcome, result?.skipped);
    case 'value':
      if (result?.value === expectation.value) return undefined;
      return result?.value === undefined ? formatOutcome(result) : `value 0x${result.value.toString(16)}`;
    case 'bytes':
      return bytesFailure(Uint8Array.from(expectation.bytes), result, formatBytes);
    case 'text':
      return bytesFailure(
        Uint8Array.from(expectation.text, (each) => each.charCodeAt(0)),
        result,
        formatText,
      );
    case 'zero':
      return zeroFailure(result);
    case 'same': {
      const address = context.addressOf(expectation.address);
      const length = result?.bytes?.length ?? 0;
      const there = address === undefined ? undefined : look(context.mm, address, length);
      if (!there) return result?.bytes ? 'no page there' : formatOutcome(result);
      return bytesFailure(there, result, (bytes) => `${formatBytes(bytes)}, where ${formatBytes(there.subarray(0, bytes.length))} is`);
    }
    case 'problem': {
      const { problem } = expectation;
      const found = problems.some(({ kind }) => problem === undefined || kind === problem);
      return found ? undefined : problems.length > 0 ? problems.map(({ kind }) => kind).join(', ') : 'no problem';
    }
    case 'no-problem':
      return problems.length === 0 ? undefined : problems.map(({ kind, message }) => `problem ${kind}: ${message}`).join(' ');
    case 'message':
    case 'no-message': {
      const found = context.messages.filter((line) => line.includes(expectation.text));
      if (found.length > 0 === (expectation.kind === 'message')) return undefined;
      return found.length > 0 ? `message ${quote(found[0] ?? '')}` : lastMessages(context.messages);
    }
    case 'result': {
      const outcome = context.processes.results.get(expectation.mapping);
      return failureOf(expectation.of, { ...context, result: outcome && { outcome } });
    }
    default:
      return stateFailure(expectation satisfies StateExpectation, context);
  }
}

/** The lines that the kernel did print, the last few of them. */
function lastMessages(messages: readonly string[]): string {
  if (messages.length === 0) return 'no message at all';
  const last = messages.slice(-3).map(quote);
  return `${messages.length > last.length ? 'as the last messages ' : ''}${last.join(', ')}`;
}

type OutcomeExpectation = Extract<Expectation, { kind: 'ok' | 'errno' | 'signal' | 'hang' | 'returns' | 'any' }>;

function outcomeFailure(expected: OutcomeExpectation, outcome: Outcome | undefined, skipped: string | undefined): string | undefined {
  if (skipped !== undefined) return skipped;
  if (!outcome) return 'nothing: no statement stands before it';
  const holds =
    (expected.kind === 'ok' && outcome.kind === 'ok') ||
    (expected.kind === 'errno' && outcome.kind === 'error' && outcome.name === expected.name) ||
    (expected.kind === 'signal' && outcome.kind === 'signal' && outcome.signal === expected.name) ||
    (expected.kind === 'hang' && isHang(outcome)) ||
    (expected.kind === 'returns' && outcome.kind === 'ok' && outcome.value === expected.value);
  if (holds) return undefined;
  if (expected.kind === 'returns' && outcome.kind === 'ok') return `returns ${outcome.value}`;
  return formatOutcome({ outcome });
}

/** Whether the kernel never comes back, rather than stopping with a BUG or an oops. */
function isHang(outcome: Outcome): boolean {
  return outcome.kind === 'stopped' && (outcome.problem.kind === 'deadlock' || outcome.problem.kind === 'endless-fault');
}

function bytesFailure(expected: Uint8Array, result: ActionResult | undefined, format: (bytes: Uint8Array) => string): string | undefined {
  const bytes = result?.bytes;
  if (!bytes) return formatOutcome(result);
  const part = bytes.subarray(0, expected.length);
  return part.length === expected.length && part.every((byte, index) => byte === expected[index]) ? undefined : format(part);
}

function zeroFailure(result: ActionResult | undefined): string | undefined {
  const bytes = result?.bytes;
  if (!bytes) return result?.value === 0n ? undefined : formatOutcome(result);
  const at = bytes.findIndex((byte) => byte !== 0);
  return at < 0 ? undefined : `${formatBytes(bytes.subarray(at, at + 8))} at byte ${at}`;
}

/** `bytes 61 62 63`, cut after a line's worth. */
function formatBytes(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `bytes ${shown}${bytes.length > 16 ? ' …' : ''}`;
}

function formatText(bytes: Uint8Array): string {
  return quote(String.fromCharCode(...bytes.subarray(0, 80)));
}

/** `ok`, `EINVAL`, `SIGBUS`, `value 0x5`, as expectations are written. */
function formatOutcome(result: ActionResult | undefined): string {
  if (result?.skipped !== undefined) return result.skipped;
  switch (result?.outcome.kind) {
    case undefined:
      return 'nothing';
    case 'ok':
      if (result.bytes && result.bytes.length > 0 && result.bytes.length <= 8) return `value 0x${numberIn(result.bytes).toString(16)}`;
      return 'ok';
    case 'error':
      return result.outcome.name;
    case 'signal':
      return result.outcome.signal;
    case 'stopped':
      return `${isHang(result.outcome) ? 'hang' : 'the kernel stops'}: ${result.outcome.problem.message}`;
  }
}

/** The expectation that an outcome fulfils, for a scenario that is to record what happened. */
export function expectationOf(outcome: Outcome): Expectation | undefined {
  if (outcome.kind === 'error') return { kind: 'errno', name: outcome.name };
  return outcome.kind === 'signal' ? { kind: 'signal', name: outcome.signal } : undefined;
}

/** As users read it: `expect a ok`. */
export function describeExpectation(expectation: Expectation): string {
  return formatExpectation(expectation);
}
