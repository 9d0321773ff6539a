/** `mmap-sem-name`: `mm->mmap_sem` where the kernel calls it `mmap_lock`, or the lock's functions where they do not exist yet. */
import type { Driver } from '../driver/model.ts';
import { atLeast, formatVersion } from '../kernel/version.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Edit, Report, ReportFix, Rule, RuleContext } from './rule.ts';
import { anyWord, type FunctionUses, isOwnName, structOf, usesIn } from './support/text/uses.ts';

/** What each call on the semaphore became in 5.8 (include/linux/mmap_lock.h). */
const replacements: Readonly<Record<string, string>> = {
  down_read: 'mmap_read_lock',
  down_read_killable: 'mmap_read_lock_killable',
  down_read_trylock: 'mmap_read_trylock',
  up_read: 'mmap_read_unlock',
  down_write: 'mmap_write_lock',
  down_write_killable: 'mmap_write_lock_killable',
  down_write_trylock: 'mmap_write_trylock',
  up_write: 'mmap_write_unlock',
  downgrade_write: 'mmap_write_downgrade',
};

const lockFunctions: ReadonlySet<string> = new Set(Object.values(replacements));
const lockFunction = anyWord(lockFunctions);

export const mmapSemName: Rule = {
  name: 'mmap-sem-name',
  severity: 'error',
  summary: 'The lock of the address space has another name in this kernel.',
  tellsCompiling: true,
  check(context) {
    return atLeast(context.driver.target.version, 5, 8) ? oldNames(context) : newNames(context);
  },
};

function oldNames({ driver }: RuleContext): readonly Report[] {
  return usesIn(driver, /\bmmap_sem\b/).flatMap((uses) =>
    uses.expressions.flatMap((expression): Report[] => {
      if (expression.kind !== 'member' || expression.field !== 'mmap_sem') return [];
      const owner = structOf(uses, driver, expression.object);
      if (owner !== undefined && owner !== 'mm_struct') return [];
      if (owner === undefined && declaresField(driver.types.values(), 'mmap_sem')) return [];
      return [
        {
          file: uses.file,
          span: expression.fieldSpan,
          function: uses.function.name,
          message:
            '`mmap_sem` is called `mmap_lock` since Linux 5.8, so this does not compile. Use mmap_read_lock(mm), mmap_write_lock(mm) and their unlock functions.',
          related: [],
          fixes: wrapperFix(driver, uses, expression),
        },
      ];
    }),
  );
}

function newNames({ driver }: RuleContext): readonly Report[] {
  return usesIn(driver, lockFunction).flatMap((uses) =>
    uses.expressions.flatMap((expression): Report[] => {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') return [];
      const { name } = expression.callee;
      if (!lockFunctions.has(name) || isOwnName(driver, name)) return [];
      const [old] = Object.entries(replacements).find(([, replacement]) => replacement === name) ?? [];
      return [
        {
          file: uses.file,
          span: expression.callee.span,
          function: uses.function.name,
          message: `\`${name}()\` comes with Linux 5.8; ${formatVersion(driver.target.version)} has only the semaphore. Use ${old}(&mm->mmap_sem).`,
          related: [],
          fixes: [],
        },
      ];
    }),
  );
}

/** `down_read(&mm->mmap_sem)` becomes `mmap_read_lock(mm)`: the whole call is replaced. */
function wrapperFix(driver: Driver, uses: FunctionUses, member: Expression & { kind: 'member' }): readonly ReportFix[] {
  for (const call of uses.expressions) {
    if (call.kind !== 'call' || call.callee.kind !== 'name' || call.arguments.length !== 1) continue;
    const [argument] = call.arguments;
    const replacement = replacements[call.callee.name];
    if (replacement === undefined || argument?.kind !== 'addressOf' || argument.operand !== member) continue;
    const mm = driver.text.slice({ file: uses.file, span: member.object.span });
    const pointer = member.arrow ? mm : `&${mm}`;
    const edit: Edit = { file: uses.file, span: call.span, newText: `${replacement}(${pointer})` };
    return [{ title: `Use ${replacement}()`, safe: true, edits: [edit] }];
  }
  return [];
}

function declaresField(types: Iterable<{ readonly type: { readonly kind: string } }>, field: string): boolean {
  for (const { type } of types) {
    if (type.kind !== 'tagged' || !('body' in type)) continue;
    const { body } = type as { body?: { kind: string; fields?: readonly { name: string }[] } };
    if (body?.fields?.some((each) => each.name === field)) return true;
  }
  return false;
}
