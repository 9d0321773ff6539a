/** Whether an expectation holds, and what is the case when it does not. Reads the run's state, changes nothing. */
import type { Mm } from '../../mm/mm.ts';
import type { Outcome } from '../../mm/outcome.ts';
import { referenceCount } from '../../mm/physical/counts.ts';
import { pageOf } from '../../mm/units.ts';
import { smaps } from '../../mm/views/proc.ts';
import type { TraceProblem } from '../../protocol/trace.ts';
import { formatExpectation } from '../scenario/expectations.ts';
import type { Expectation, UserAddress } from '../scenario/model.ts';
import type { ActionResult } from './actions.ts';
import type { Processes } from './processes.ts';

export interface ExpectationContext {
  readonly mm: Mm;
  readonly processes: Processes;
  /** Of the statement that the expectation stands behind, or of the last one. */
  readonly result: ActionResult | undefined;
  /** Problems of that statement. */
  readonly problems: readonly TraceProblem[];
  readonly counts: ReadonlyMap<string, number>;
  addressOf(address: UserAddress): bigint | undefined;
}

/** What is the case instead; `undefined` when the expectation holds. */
export function failureOf(expectation: Expectation, context: ExpectationContext): string | undefined {
  switch (expectation.kind) {
    case 'any':
      return undefined;
    case 'ok':
    case 'errno':
    case 'signal':
      return outcomeFailure(expectation, context.result?.outcome, context.result?.skipped);
    case 'value': {
      const value = context.result?.value;
      return value === expectation.value
        ? undefined
        : value === undefined
          ? formatOutcome(context.result?.outcome)
          : `value 0x${value.toString(16)}`;
    }
    case 'problem': {
      const { problem } = expectation;
      const found = context.problems.some(({ kind }) => problem === undefined || kind === problem);
      return found ? undefined : context.problems.length > 0 ? context.problems.map(({ kind }) => kind).join(', ') : 'no problem';
    }
    case 'result':
      return outcomeFailure(expectation.of, context.processes.results.get(expectation.mapping), undefined);
    case 'vmflags': {
      const codes = vmaOf(expectation.mapping, context)?.vmFlags;
      if (!codes) return `${expectation.mapping} is not mapped`;
      const same = codes.length === expectation.codes.length && codes.every((code) => expectation.codes.includes(code));
      return same ? undefined : `vmflags ${expectation.mapping} = ${codes.join(' ')}`;
    }
    case 'rss': {
      const vma = vmaOf(expectation.mapping, context);
      const bytes = vma && BigInt(vma.rss) * 1024n;
      return bytes === expectation.bytes
        ? undefined
        : bytes === undefined
          ? `${expectation.mapping} is not mapped`
          : `rss ${expectation.mapping} = ${bytes / 4096n}p`;
    }
    case 'count': {
      const count = BigInt(context.counts.get(expectation.slot) ?? 0);
      return count === expectation.count ? undefined : `count ${expectation.slot} = ${count}`;
    }
    case 'refcount':
    case 'mapcount': {
      const count = pageCount(expectation, context);
      return count === expectation.count ? undefined : count === undefined ? 'no page is mapped there' : `${expectation.kind} ${count}`;
    }
  }
}

function outcomeFailure(expected: Expectation, outcome: Outcome | undefined, skipped: string | undefined): string | undefined {
  if (skipped !== undefined) return skipped;
  if (!outcome) return 'nothing happened before';
  const holds =
    (expected.kind === 'ok' && outcome.kind === 'ok') ||
    (expected.kind === 'errno' && outcome.kind === 'error' && outcome.name === expected.name) ||
    (expected.kind === 'signal' && outcome.kind === 'signal' && outcome.signal === expected.name) ||
    expected.kind === 'any';
  return holds ? undefined : formatOutcome(outcome);
}

function vmaOf(mapping: string, { mm, processes }: ExpectationContext) {
  const found = processes.mapping(mm, mapping);
  const vma = found && mm.lookup(found.start);
  return vma && smaps(vma);
}

function pageCount(
  expectation: Extract<Expectation, { kind: 'refcount' | 'mapcount' }>,
  { mm, addressOf }: ExpectationContext,
): bigint | undefined {
  const address = addressOf(expectation.address);
  const pte = address === undefined ? undefined : mm.table.get(pageOf(address));
  if (!pte) return undefined;
  return BigInt(expectation.kind === 'refcount' ? referenceCount(mm.system, pte.pfn) : (mm.system.memory.page(pte.pfn)?.mapcount ?? 0));
}

/** `ok`, `EINVAL`, `SIGBUS`, as expectations are written. */
export function formatOutcome(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case undefined:
      return 'nothing';
    case 'ok':
      return 'ok';
    case 'error':
      return outcome.name;
    case 'signal':
      return outcome.signal;
    case 'stopped':
      return `the kernel stops: ${outcome.problem.message}`;
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
