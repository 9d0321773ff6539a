/** `saved-vma-pointer`: the driver keeps a pointer to a vma and uses it later, when the vma may be another or none. */
import type { Driver } from '../driver/model.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';
import type { Place, Report, Rule } from './rule.ts';
import { calleesOf } from './support/call-chains.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, structOf, usesIn, usesOf } from './support/uses.ts';

/** Structs of the kernel that carry a vma for the time of one call. */
const carriers = /^(?:vm_fault|mm_walk|mmu_gather|vm_area_struct|page_vma_mapped_walk|rmap_walk_control)$/;

export const savedVmaPointer: Rule = {
  name: 'saved-vma-pointer',
  severity: 'error',
  summary: 'A pointer to a vma is kept in a field and used later, though the vma may be split, moved or freed meanwhile.',
  check({ driver }) {
    const own = underVma(driver);
    const reports = new Map<string, Report>();
    for (const uses of usesIn(driver, /\bvma\b|\bvm_area_struct\b/)) {
      for (const each of uses.expressions) {
        const kept = keptField(driver, uses, each);
        if (!kept || reports.has(kept.key) || isForgotten(driver, kept.field) || isTakenOut(driver, kept.struct)) continue;
        const later = laterUse(driver, kept, own);
        if (!later) continue;
        const message = `\`${kept.text}\` keeps a pointer to the vma, and \`${later.function}()\` follows it later: munmap frees the vma, and a split or mremap leaves the pointer with another range. Keep the mm and the address, and look the vma up with vma_lookup() under the mmap lock; or take mappings down with unmap_mapping_range().`;
        reports.set(kept.key, reportIn(uses, each.span, message, { related: [{ ...later.place, message: 'It is used here.' }] }));
      }
    }
    return [...reports.values()];
  },
};

interface Kept {
  readonly key: string;
  readonly field: string;
  readonly struct?: string;
  readonly text: string;
}

/** `priv->vma = vma` into memory that outlives the call. */
function keptField(driver: Driver, uses: FunctionUses, each: Expression): Kept | undefined {
  if (each.kind !== 'assignment' || each.operator !== '=' || each.target.kind !== 'member' || each.value.kind !== 'name') return undefined;
  if (!isVmaPointer(uses.typeOf(each.value.name)) || isLocal(uses, each.target)) return undefined;
  const struct = structOf(uses, driver, each.target.object);
  if (struct !== undefined && (carriers.test(struct) || isMadeForCall(driver, struct))) return undefined;
  const { field } = each.target;
  const base = each.target.object.kind === 'name' ? each.target.object.name : '…';
  return {
    key: `${struct ?? ''}.${field}`,
    field,
    text: `${base}${each.target.arrow ? '->' : '.'}${field}`,
    ...(struct === undefined ? {} : { struct }),
  };
}

function isVmaPointer(type: TypeName | undefined): boolean {
  return type?.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === 'vm_area_struct';
}

/** Whether the member belongs to a variable of the function itself. */
function isLocal(uses: FunctionUses, target: Expression): boolean {
  let at = target;
  while (at.kind === 'member' || at.kind === 'index') {
    if (at.kind === 'member' && at.arrow) return at.object.kind === 'name' && isHandedDown(uses, at.object.name);
    at = at.object;
  }
  return at.kind === 'name';
}

/** A pointer parameter may be to a variable of the caller; a struct that is made for one walk is named so. */
function isHandedDown(uses: FunctionUses, name: string): boolean {
  return /walk|ctx|args?$|iter/.test(name) && uses.function.parameters.some((parameter) => parameter.name === name);
}

/** Whether a function has such a struct as its own variable: then it lives for one call, and travels by pointer. */
function isMadeForCall(driver: Driver, struct: string): boolean {
  const local = new RegExp(`\\bstruct\\s+${struct}\\s+\\w+\\s*[;=]`);
  return [...driver.functions.values()].some(({ file, bodySpan }) =>
    local.test((driver.files.get(file) ?? '').slice(bodySpan.start, bodySpan.end)),
  );
}

/** Whether something sets the field to NULL again: then whoever uses it asks whether it is there. */
function isForgotten(driver: Driver, field: string): boolean {
  const text = driver.files.get(driver.file) ?? '';
  return new RegExp(`(?:->|\\.)${field}\\s*=\\s*NULL\\b|(?:WRITE_ONCE|smp_store_release)\\s*\\([^;]*\\b${field}\\s*,\\s*NULL`).test(text);
}

/** Whether close takes what holds the pointer out of its list, or frees it: then the driver keeps book of its vmas. */
function isTakenOut(driver: Driver, struct: string | undefined): boolean {
  if (struct === undefined) return false;
  const closing = new Set(driver.handlers.filter(({ kind }) => kind === 'close').map((handler) => handler.function));
  for (const name of closing) for (const callee of calleesOf(driver, name)) closing.add(callee);
  return [...closing].some((name) => {
    const uses = usesOf(driver, name);
    return uses?.expressions.some((each) => {
      if (
        each.kind !== 'call' ||
        each.callee.kind !== 'name' ||
        !/^(?:k?v?free|kfree_rcu|list_del\w*|hlist_del\w*)$/.test(each.callee.name)
      )
        return false;
      const [first] = each.arguments;
      const owner = first?.kind === 'addressOf' && first.operand.kind === 'member' ? first.operand.object : first;
      return owner !== undefined && structOf(uses, driver, owner) === struct;
    });
  });
}

/** The functions that run for a mapping, with its vma alive. */
function underVma(driver: Driver): ReadonlySet<string> {
  const own = new Set(driver.handlers.map((handler) => handler.function));
  for (const name of own) for (const callee of calleesOf(driver, name)) own.add(callee);
  return own;
}

/** A function outside of the mapping's handlers that follows the pointer, or gives it to a call that does. */
function laterUse(driver: Driver, kept: Kept, own: ReadonlySet<string>): { readonly function: string; readonly place: Place } | undefined {
  for (const { name, file } of driver.functions.values()) {
    const uses = own.has(name) || file !== driver.file ? undefined : usesOf(driver, name);
    for (const each of uses?.expressions ?? []) {
      const found =
        each.kind === 'member' && each.arrow
          ? isField(driver, uses, each.object, kept)
          : each.kind === 'call' && each.arguments.some((argument) => isField(driver, uses, argument, kept));
      if (found) return { function: name, place: { file, span: each.span } };
    }
  }
  return undefined;
}

function isField(driver: Driver, uses: FunctionUses | undefined, each: Expression, { field, struct }: Kept): boolean {
  if (each.kind !== 'member' || each.field !== field || !uses) return false;
  const owner = structOf(uses, driver, each.object);
  return owner === struct;
}
