/** `vma-count-unlocked`: `.open` and `.close` count mappings in a plain number, which two processes change at once. */
import type { Driver } from '../driver/model.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { locksIn, withCallees } from './support/locks/lock-classes.ts';
import { reportIn } from './support/reports.ts';
import { calleesOf } from './support/text/call-chains.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

export const vmaCountUnlocked: Rule = {
  name: 'vma-count-unlocked',
  severity: 'warning',
  summary: '`.open` and `.close` count mappings in a plain number without a lock.',
  check({ driver }) {
    // What no child inherits is counted under the lock of one mm, unless processes share it in another way.
    if (driver.text.mentions(/\bVM_DONTCOPY\b/)) return [];
    const reports = new Map<string, Report>();
    for (const table of driver.tables) {
      if (table.container !== 'vm_operations_struct' || table.file !== driver.file) continue;
      const [opened, closed] = (['open', 'close'] as const).map((name) => table.entries.find(({ slot }) => slot === name)?.function);
      const taken = opened === undefined ? [] : countsOf(driver, opened, '++');
      const dropped = closed === undefined ? [] : countsOf(driver, closed, '--');
      for (const up of taken) {
        const down = dropped.find(({ field }) => field === up.field);
        const bare = down && [up, down].find(({ isLocked }) => !isLocked);
        if (!down || !bare || reports.has(up.field)) continue;
        const both = up.isLocked || down.isLocked ? 'one of the two' : 'both';
        const message = `\`${up.field}\` is counted up in \`${opened}()\` and down in \`${closed}()\`, and ${both} without a lock. The kernel holds the mmap lock of one process there, and after a fork, or with the file open in several, another process counts at the same time: one of the counts is lost, and what it guards is freed too early or never. Make it a refcount_t, or count under a lock.`;
        const other = bare === up ? down : up;
        const related = [{ file: other.uses.file, span: other.span, message: 'It is counted the other way here.' }];
        reports.set(up.field, reportIn(bare.uses, bare.span, message, { related }));
      }
    }
    return [...reports.values()];
  },
};

interface Count {
  readonly field: string;
  readonly span: Expression['span'];
  readonly uses: FunctionUses;
  /** Some lock is taken by the hook, or by a function that it calls. */
  readonly isLocked: boolean;
}

/** The plain numbers that a hook, or a function that it calls itself, counts in this direction. */
function countsOf(driver: Driver, hook: string, operator: '++' | '--'): readonly Count[] {
  const isLocked = locksIn(driver, withCallees(driver, hook)).size > 0;
  return [hook, ...calleesOf(driver, hook)].flatMap((name) => {
    const uses = usesOf(driver, name);
    return (uses?.expressions ?? []).flatMap((each) => {
      const field = uses && each.kind === 'update' && each.operator === operator ? fieldOf(driver, each.operand) : undefined;
      return uses && field !== undefined ? [{ field, span: each.span, uses, isLocked }] : [];
    });
  });
}

/** What others see too: a field of an object, or a variable of the file. */
function fieldOf(driver: Driver, place: Expression): string | undefined {
  if (place.kind === 'index') return fieldOf(driver, place.object);
  if (place.kind === 'member') return place.field;
  return place.kind === 'name' && driver.variables.has(place.name) ? place.name : undefined;
}
