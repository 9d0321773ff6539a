/** The mmap lock as the text of one function takes and drops it, by any of its names. */
import type { Expression } from '../../../syntax/ast.ts';
import type { Place } from '../../rule.ts';

/** What the function itself holds, and where it took it. */
export type MmapHeld = (Place & { readonly mode: 'read' | 'write' }) | 'nothing';

/** What is held after a call that takes or drops the lock; `undefined` for every other expression. */
export function mmapAfter(file: string, each: Expression): MmapHeld | undefined {
  if (each.kind !== 'call' || each.callee.kind !== 'name') return undefined;
  const { name } = each.callee;
  const [lock] = each.arguments;
  const inner = lock?.kind === 'addressOf' ? lock.operand : lock;
  const isField = inner?.kind === 'member' && /^mmap_(?:sem|lock)$/.test(inner.field);
  const isLock =
    /^mmap_(?:read|write)_(?:un|try|down)?(?:lock|grade)/.test(name) || (isField && /^(?:up|down|downgrade)_(?:read|write)/.test(name));
  if (!isLock) return undefined;
  const mode = name.includes('read') || name.includes('downgrade') ? 'read' : 'write';
  return /unlock|^up_/.test(name) ? 'nothing' : { mode, file, span: each.span };
}

/** Where two ways meet: what either of them holds, the stronger of the two. */
export function meetMmap(left: MmapHeld, right: MmapHeld): MmapHeld {
  if (left === 'nothing' || right === 'nothing') return left === 'nothing' ? right : left;
  return left.mode === 'write' ? left : right;
}
