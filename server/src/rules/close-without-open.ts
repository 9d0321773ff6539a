/** `close-without-open`: closing a vma drops a reference, and nobody takes one when the vma is copied or split. */
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Expression } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Place, Report, Rule } from './rule.ts';
import { firstCount } from './support/lifetime/counting.ts';
import { usesOf } from './support/text/uses.ts';

export const closeWithoutOpen: Rule = {
  name: 'close-without-open',
  severity: 'error',
  summary: 'A table of vma operations has `.close`, which drops a reference, and no `.open` that takes one.',
  provedBy: ['refcount-underflow', 'use-after-free', 'oops'],
  shownBy: [
    `open rw\na = mmap len 1p off 0p prot rw shared expect any\nfork child\nin child: exit\nexit\n`,
    `open rw\na = mmap len 2p off 0p prot rw shared expect any\nmunmap a+1p\nexit\n`,
  ],
  check({ driver }) {
    return driver.tables.flatMap((table): Report[] => {
      if (table.container !== 'vm_operations_struct' || table.file !== driver.file) return [];
      const close = table.entries.find(({ slot }) => slot === 'close');
      if (!close || table.entries.some(({ slot }) => slot === 'open') || isNeverCopied(driver, table)) return [];
      const free = ownFree(driver, close.function);
      const drop = free ?? (countsBytes(driver, close.function) ? undefined : firstCount(driver, close.function, 'down'));
      if (!drop) return [];
      return [
        {
          file: table.file,
          span: close.span,
          function: close.function,
          message: `${neverForked(driver) ? 'A' : 'fork, a'} partial munmap and mprotect make a second vma of one, and each is closed: \`${close.function}\` then ${free ? 'frees the same memory again. Count the vmas in .open and .close, or refuse the split with .may_split.' : 'drops a reference that nobody took. Add .open that takes one; mmap itself does not call it.'}`,
          related: [
            {
              file: drop.file,
              span: drop.span,
              message: free ? `It is freed here, with ${drop.what}.` : `The reference is dropped here, with ${drop.what}.`,
            },
          ],
          fixes: [],
        },
      ];
    });
  },
};

/** Where `close` frees what `vma->vm_private_data` points to, as it stands, whatever other vmas hold it. */
function ownFree(driver: Driver, close: string): (Place & { readonly what: string }) | undefined {
  const uses = usesOf(driver, close);
  if (!uses || firstCount(driver, close, 'last') || uses.expressions.some(isCountdown)) return undefined;
  // What is left of the length is kept, and the last part frees.
  if (countsBytes(driver, close) && uses.expressions.some((each) => each.kind === 'assignment' && isOwnField(each.target)))
    return undefined;
  const isPrivate = (value: Expression | undefined): boolean =>
    value?.kind === 'cast' ? isPrivate(value.operand) : value?.kind === 'member' && value.field === 'vm_private_data';
  const held = new Set<string>();
  walkBlock(uses.function.body, {
    statement: (statement) => {
      if (statement.kind !== 'declaration') return;
      for (const { name, initializer } of statement.declarators)
        if (initializer?.kind === 'expression' && isPrivate(initializer.expression)) held.add(name);
    },
    expression: (each) => {
      if (each.kind === 'assignment' && each.target.kind === 'name' && isPrivate(each.value)) held.add(each.target.name);
    },
  });
  for (const each of uses.expressions) {
    if (each.kind !== 'call' || each.callee.kind !== 'name' || !freeing.test(each.callee.name)) continue;
    const [freed] = each.arguments;
    if (isPrivate(freed) || (freed?.kind === 'name' && held.has(freed.name)))
      return { file: uses.file, span: each.span, what: `${each.callee.name}()` };
  }
  return undefined;
}

/** A counter of the driver's own that goes down: the last one frees. */
function isCountdown(each: Expression): boolean {
  if (each.kind === 'update') return each.operator === '--' && each.operand.kind === 'member';
  return each.kind === 'assignment' && each.operator === '-=' && each.target.kind === 'member';
}

function isOwnField(target: Expression): boolean {
  return target.kind === 'member' && target.field !== 'vm_private_data';
}

const freeing = /^(?:kfree|kvfree|vfree|kfree_sensitive|kzfree)$/;

/** Neither fork nor a split can make a second vma. */
function isNeverCopied(driver: Driver, table: OpsTable): boolean {
  const refusesSplit = table.entries.some(({ slot }) => slot === 'may_split' || slot === 'split');
  return refusesSplit && neverForked(driver);
}

function neverForked(driver: Driver): boolean {
  return driver.text.mentions(/\bVM_DONTCOPY\b/);
}

/** A handler that subtracts the length of each part, and drops the reference with the last one. */
function countsBytes(driver: Driver, close: string): boolean {
  const fields = new Set((usesOf(driver, close)?.expressions ?? []).map((each) => (each.kind === 'member' ? each.field : '')));
  return fields.has('vm_start') && fields.has('vm_end');
}
