/** `obsolete-api`: a call or a slot that the target kernel no longer has, or has only until everybody has moved. */
import type { Driver } from '../driver/model.ts';
import type { Fact } from '../kernel/fact.ts';
import { allFacts, callFact, isAvailable, isCallable, slotFact } from '../kernel/lookup.ts';
import { formatVersion, type KernelVersion } from '../kernel/version.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule, RuleContext } from './rule.ts';
import { noFix, replacing } from './support/fixes/fixes.ts';
import { returningBits } from './support/migrations/insert-pfn.ts';
import { nopageToFault } from './support/migrations/nopage.ts';
import { remapByPfn, takesBytes } from './support/migrations/remap-page-range.ts';
import { anyWord, type FunctionUses, isOwnName, usesIn } from './support/text/uses.ts';

export const obsoleteApi: Rule = {
  name: 'obsolete-api',
  severity: 'error',
  summary: 'A call or a slot is used that this kernel no longer has, or will not have for long.',
  tellsCompiling: true,
  isAboutOldNames: true,
  check: (context) => [...obsoleteCalls(context), ...obsoleteSlots(context)],
};

function obsoleteCalls({ driver }: RuleContext): readonly Report[] {
  const { version } = driver.target;
  return usesIn(driver, anyObsoleteCall(version)).flatMap((uses) =>
    uses.expressions.flatMap((expression): Report[] => {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') return [];
      const { name, span } = { name: expression.callee.name, span: expression.callee.span };
      const fact = callFact(name);
      // The lock by its old name is another rule's.
      if (!fact || fact.kind === 'lock' || isOwnName(driver, name)) return [];
      const verdict = judge(fact, name, version);
      if (!verdict) return [];
      return [
        {
          file: uses.file,
          span,
          function: uses.function.name,
          ...verdict,
          related: [],
          fixes: migrating(driver, uses, expression, name, fact),
        },
      ];
    }),
  );
}

/** The best that is known for a call: what takes its place with its arguments and its result, else the name alone. */
function migrating(driver: Driver, uses: FunctionUses, call: Expression, name: string, fact: Fact): readonly ReportFix[] {
  if (call.kind !== 'call') return noFix;
  if (takesBytes(name)) return remapByPfn(driver, uses, call);
  if (fact.replacement === undefined) return noFix;
  const whole = fact.replacement.startsWith('vmf_') ? returningBits(driver, uses, call, fact.replacement) : noFix;
  if (whole.length > 0) return whole;
  const title = `Use ${fact.replacement}() (check what becomes of its result)`;
  return replacing({ file: uses.file, span: call.callee.span }, fact.replacement, { title, safe: false });
}

const obsoleteCallsAt = new Map<string, RegExp>();

/** Matches texts that hold the name of a call which is judged on `version`. */
function anyObsoleteCall(version: KernelVersion): RegExp {
  const key = formatVersion(version);
  let pattern = obsoleteCallsAt.get(key);
  if (!pattern) {
    const facts = allFacts().filter((fact) => isCallable(fact) && judge(fact, fact.name, version));
    pattern = anyWord(facts.flatMap((fact) => [fact.name, ...fact.aliases]).filter((name) => /^\w+$/.test(name)));
    obsoleteCallsAt.set(key, pattern);
  }
  return pattern;
}

function obsoleteSlots({ driver }: RuleContext): readonly Report[] {
  const { version } = driver.target;
  return driver.tables.flatMap((table) =>
    table.entries.flatMap((entry): Report[] => {
      const fact = table.file === driver.file ? slotFact(table.container, entry.slot) : undefined;
      const verdict =
        fact && isAvailable(fact, version) === 'removed' ? judge(fact, `${table.container}.${entry.slot}`, version) : undefined;
      if (!verdict) return [];
      const fixes = entry.slot === 'nopage' ? nopageToFault(driver, entry.function) : noFix;
      return [{ file: table.file, span: entry.span, function: entry.function, ...verdict, related: [], fixes }];
    }),
  );
}

function judge(fact: Fact, name: string, version: KernelVersion): Pick<Report, 'message' | 'severity'> | undefined {
  const instead = fact.replacedBy ? ` Use ${fact.replacedBy}.` : '';
  switch (isAvailable(fact, version)) {
    case 'removed':
      return {
        severity: 'error',
        message: `\`${name}\` is gone since Linux ${fact.removed ? formatVersion(fact.removed) : ''}, so this does not compile.${instead}`,
      };
    case 'not-yet':
      return undefined;
    case 'yes':
    case 'unknown-boundary':
      return fact.obsolete && fact.removed && hasSuccessor(fact, version)
        ? { severity: 'info', message: `\`${name}\` goes away in Linux ${formatVersion(fact.removed)}.${instead}` }
        : undefined;
  }
}

/** Whether the target already has what takes its place, where that is a call that the facts know. */
function hasSuccessor({ replacedBy }: Fact, version: KernelVersion): boolean {
  const successor = callFact(/^\w+/.exec(replacedBy ?? '')?.[0] ?? '');
  return !successor || isAvailable(successor, version) !== 'not-yet';
}
