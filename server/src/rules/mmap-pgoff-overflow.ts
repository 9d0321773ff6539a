/** `mmap-pgoff-overflow`: some offset passes a check only because its arithmetic wraps around. */
import type { Condition } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { evaluate, type Model } from '../execution/term-evaluate.ts';
import { printTerm } from '../execution/term-print.ts';
import { atLeast } from '../kernel/version.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { chosenOn } from './support/bounds/choices.ts';
import { callsWithoutBounds } from './support/bounds/unchecked-calls.ts';
import { noFix } from './support/fixes/fixes.ts';
import { comparingParts } from './support/fixes/sums.ts';
import { functionOf } from './support/path-calls.ts';
import { dependsOnOffset, wrappingCondition } from './support/questions.ts';
import { usesOf } from './support/text/uses.ts';
import { witnessOf } from './support/witness.ts';

export const mmapPgoffOverflow: Rule = {
  name: 'mmap-pgoff-overflow',
  severity: 'error',
  summary: 'The check of offset and length wraps around, so a huge offset passes it.',
  provedBy: ['foreign-memory', 'outside-vma'],
  check(context) {
    const { version } = context.driver.target;
    const reports = new Map<string, Report>();
    for (const call of callsWithoutBounds(context)) {
      const { entry, path, event } = call;
      if (event.vma?.known === false || !chosenOn(path, event, version).some((number) => dependsOnOffset(entry, number))) continue;
      const wrapping = wrappingCondition(call);
      const condition = wrapping && path.conditions[wrapping.index];
      if (!wrapping || !condition) continue;
      const key = `${condition.file}:${condition.span.start}`;
      if (reports.has(key)) continue;
      const offset = entry.symbols.pgoff?.term;
      const id = offset?.kind === 'symbol' ? offset.symbol.id : '';
      const value = wrapping.model.get(id);
      reports.set(key, {
        file: condition.file,
        span: condition.span,
        function: condition.function,
        handler: entry.entry.handler,
        severity: atLeast(version, 4, 17) ? 'warning' : 'error',
        message: `With offset ${value === undefined ? 'of some call' : `0x${value.toString(16)}`} (in pages), \`${printTerm(condition.term)}\` holds only because its arithmetic wraps around. Compare the offset with the buffer first, then the length with what is left behind it.`,
        related: [
          {
            file: event.file,
            span: event.nameSpan,
            message: `\`${event.name}()\` in \`${functionOf(event)}()\` then maps at that offset.`,
          },
        ],
        fixes: comparing(context.driver, condition, wrapping.model),
        witness: witnessOf(call, wrapping.model),
      });
    }
    return [...reports.values()];
  },
};

/** Where nothing wraps but the sum that is compared. */
function comparing(driver: Driver, condition: Condition, model: Model): readonly ReportFix[] {
  const uses = usesOf(driver, condition.function);
  const overflow = evaluate(condition.term, model)?.overflow;
  if (!uses || uses.file !== condition.file || overflow?.kind !== 'operation' || overflow.operator !== 'add') return noFix;
  return comparingParts(driver, uses, condition);
}
