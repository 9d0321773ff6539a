/**
 * Pointers to vmas that a driver keeps in fields: where they are kept, whether something sets them to NULL again, whether the
 * driver keeps book of its vmas, and which functions follow them later. Works on the text of functions; judges nothing.
 */
import type { Driver } from '../../../driver/model.ts';
import type { Expression, TypeName } from '../../../syntax/ast.ts';
import type { Place } from '../../rule.ts';
import { type MmapHeld, meetMmap, mmapAfter } from '../locks/mmap-held.ts';
import { calleesOf } from '../text/call-chains.ts';
import { flowThrough } from '../text/flow.ts';
import { type FunctionUses, structOf, usesOf } from '../text/uses.ts';

/** Structs of the kernel that carry a vma for the time of one call. */
const carriers = /^(?:vm_fault|mm_walk|mmu_gather|vm_area_struct|page_vma_mapped_walk|rmap_walk_control)$/;
/** Macros that store, with the place as the first argument and the value as the second. */
const storing = /^(?:smp_store_release|WRITE_ONCE|rcu_assign_pointer)$/;

export interface KeptVma {
  readonly key: string;
  readonly field: string;
  readonly struct?: string;
  readonly text: string;
}

/** What an expression stores: `priv->vma = vma`, or `smp_store_release(&priv->vma, vma)`. */
function storeOf(each: Expression): { readonly target: Expression; readonly value: Expression } | undefined {
  if (each.kind === 'assignment') return each.operator === '=' ? each : undefined;
  if (each.kind !== 'call' || each.callee.kind !== 'name' || !storing.test(each.callee.name)) return undefined;
  const [place, value] = each.arguments;
  const target = place?.kind === 'addressOf' ? place.operand : place;
  return target && value && { target, value };
}

/** A store of a vma into memory that outlives the call. */
export function keptVma(driver: Driver, uses: FunctionUses, each: Expression): KeptVma | undefined {
  const store = storeOf(each);
  if (store?.target.kind !== 'member' || store.value.kind !== 'name') return undefined;
  const { target } = store;
  if (!isVmaPointer(uses.typeOf(store.value.name)) || isLocal(uses, target) || isFilledByCall(uses, store.value.name)) return undefined;
  const struct = structOf(uses, driver, target.object);
  if (struct !== undefined && (carriers.test(struct) || isMadeForCall(driver, struct))) return undefined;
  const { field } = target;
  const base = target.object.kind === 'name' ? target.object.name : '…';
  return {
    key: `${struct ?? ''}.${field}`,
    field,
    text: `${base}${target.arrow ? '->' : '.'}${field}`,
    ...(struct === undefined ? {} : { struct }),
  };
}

/** Whether the variable is filled through its address: that may be a vma of the driver's own, such as a copy. */
function isFilledByCall({ expressions }: FunctionUses, variable: string): boolean {
  const isAddress = (each: Expression): boolean =>
    each.kind === 'addressOf' && each.operand.kind === 'name' && each.operand.name === variable;
  return expressions.some((each) => each.kind === 'call' && each.arguments.some(isAddress));
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
  return (
    driver.text.functionsWith([local]).length > 0 ||
    [...driver.functions.values()].some(
      ({ file, bodySpan }) => file !== driver.file && local.test(driver.text.slice({ file, span: bodySpan })),
    )
  );
}

/** Whether something sets the field to NULL again, itself or by handing NULL to `setter`: then whoever uses it asks whether it is there. */
export function isForgotten(driver: Driver, { field }: KeptVma, setter: string): boolean {
  const store = String.raw`(?:->|\.)${field}\s*=\s*NULL\b|(?:WRITE_ONCE|smp_store_release)\s*\([^;]*\b${field}\s*,\s*NULL`;
  return driver.text.mentions(new RegExp(String.raw`${store}|\b${setter}\s*\([^;{]*\bNULL\s*\)\s*;`));
}

/** Whether it is the close of the vma that does so: who walks through the vmas of others sets such a field for his own sake. */
export function isForgottenByClose(driver: Driver, { field }: KeptVma, setter: string): boolean {
  const isField = (each: Expression): boolean => each.kind === 'member' && each.field === field;
  const isPlace = (each: Expression): boolean => isField(each.kind === 'addressOf' ? each.operand : each);
  const forgets = (each: Expression): boolean => {
    if (each.kind === 'assignment') return isField(each.target);
    if (each.kind !== 'call' || each.callee.kind !== 'name') return false;
    return each.callee.name === setter || (/^(?:WRITE_ONCE|smp_store_release)$/.test(each.callee.name) && each.arguments.some(isPlace));
  };
  return closingFunctions(driver).some((name) => usesOf(driver, name)?.expressions.some(forgets));
}

/** The close handlers of vmas and what they call; for a handler in another file, the function that is there for it by its name. */
function closingFunctions(driver: Driver): readonly string[] {
  const handlers = driver.handlers.filter(({ kind }) => kind === 'close').map((handler) => handler.function);
  const others = [...driver.functions.values()].filter(
    ({ name, file, isStatic }) => file === driver.file && !isStatic && /vma?_close$/.test(name),
  );
  const closing = [...handlers, ...others.map(({ name }) => name)];
  return [...new Set(closing.flatMap((name) => [name, ...calleesOf(driver, name)]))];
}

/** Whether close takes what holds the pointer out of its list, or frees it: then the driver keeps book of its vmas. */
export function isTakenOut(driver: Driver, struct: string | undefined): boolean {
  if (struct === undefined) return false;
  return closingFunctions(driver).some((name) => {
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

export interface LaterUse {
  readonly uses: FunctionUses;
  readonly place: Place;
  /** The field of the vma that is read; absent where the pointer is given to a call. */
  readonly field?: string;
  /** The mmap lock as the function itself takes it. */
  readonly held: MmapHeld;
}

/** The places outside of the mapping's handlers where the kept pointer, or a copy of it, is followed or given to a call. */
export function laterUses(driver: Driver, kept: KeptVma): readonly LaterUse[] {
  const own = underVma(driver);
  const found: LaterUse[] = [];
  for (const { name, file } of driver.functions.values()) {
    const uses = own.has(name) || file !== driver.file ? undefined : usesOf(driver, name);
    if (uses?.expressions.some((each) => each.kind === 'member' && each.field === kept.field))
      found.push(...usesInFunction(driver, uses, kept));
  }
  return found;
}

interface State {
  readonly held: MmapHeld;
  readonly copies: ReadonlySet<string>;
}

function usesInFunction(driver: Driver, uses: FunctionUses, kept: KeptVma): readonly LaterUse[] {
  const found: LaterUse[] = [];
  const isKept = (each: Expression, copies: ReadonlySet<string>): boolean =>
    each.kind === 'name' ? copies.has(each.name) : isField(driver, uses, each, kept);
  const copy = (name: string, value: Expression | undefined, state: State): State => {
    const is = value !== undefined && isKept(value, state.copies);
    if (is === state.copies.has(name)) return state;
    return { ...state, copies: new Set(is ? [...state.copies, name] : [...state.copies].filter((each) => each !== name)) };
  };
  flowThrough<State>(
    uses.function.body,
    { held: 'nothing', copies: new Set() },
    {
      step: (each, state) => {
        const note = (field?: string): void => {
          const place = { file: uses.file, span: each.span };
          found.push({ uses, place, held: state.held, ...(field === undefined ? {} : { field }) });
        };
        if (each.kind === 'assignment' && each.operator === '=' && each.target.kind === 'name')
          return copy(each.target.name, each.value, state);
        if (each.kind === 'member' && each.arrow && isKept(each.object, state.copies)) note(each.field);
        if (each.kind === 'call' && !isTold(each) && each.arguments.some((argument) => isKept(argument, state.copies))) note();
        const held = mmapAfter(uses.file, each);
        return held ? { ...state, held } : state;
      },
      join: (left, right) => ({ held: meetMmap(left.held, right.held), copies: new Set([...left.copies, ...right.copies]) }),
      declare: (name, initializer, state) => copy(name, initializer?.kind === 'expression' ? initializer.expression : undefined, state),
    },
  );
  return found;
}

/** Calls that look at the pointer and do not follow it. */
function isTold(call: Extract<Expression, { kind: 'call' }>): boolean {
  return (
    call.callee.kind === 'name' &&
    /^(?:WARN\w*|BUG\w*|likely|unlikely|pr_\w+|dev_\w+|printk|IS_ERR\w*|READ_ONCE|smp_\w+)$/.test(call.callee.name)
  );
}

/** The functions that run for a mapping, with its vma alive. */
function underVma(driver: Driver): ReadonlySet<string> {
  const own = new Set(driver.handlers.map((handler) => handler.function));
  for (const name of own) for (const callee of calleesOf(driver, name)) own.add(callee);
  return own;
}

function isField(driver: Driver, uses: FunctionUses, each: Expression, { field, struct }: KeptVma): boolean {
  return each.kind === 'member' && each.field === field && structOf(uses, driver, each.object) === struct;
}
