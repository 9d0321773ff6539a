/** Where the driver frees memory: calls that free, with what they are given as written, through casts and local variables. */
import { freedArgument } from '../../../analysis/known-calls.ts';
import { perDriver } from '../../../driver/asked-driver.ts';
import type { Driver } from '../../../driver/model.ts';
import type { Expression, TypeName } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';
import type { Place } from '../../rule.ts';
import { type FunctionUses, structOf, usesOf } from '../text/uses.ts';

export interface FreeSite extends Place {
  /** The freeing call. */
  readonly call: string;
  readonly uses: FunctionUses;
  /** What is freed. */
  readonly target: Expression;
  /** The field that held it, with the tag of its struct where that is in sight. */
  readonly field?: string;
  readonly struct?: string;
  /** The tag of the struct that is freed, where that is in sight. */
  readonly freed?: string;
}

const names = [
  'kfree', 'kfree_sensitive', 'kvfree', 'kzfree', 'vfree', 'vunmap', 'free_page', 'free_pages', 'free_pages_exact', '__free_page',
  '__free_pages', 'kmem_cache_free', 'devm_kfree', 'dma_free_coherent', 'dma_free_attrs', 'dma_free_wc', 'pci_free_consistent',
]; // biome-ignore format: a table

/** Every call in the driver's own file that frees, itself or through a function of the driver that frees what it is given. */
export const freeSites = perDriver((driver): readonly FreeSite[] => {
  const direct = usesNaming(driver, names).flatMap((uses) =>
    callsIn(uses).flatMap(({ name, call }) => (names.includes(name) ? siteOf(driver, uses, name, call, freedArgument(name) ?? 0) : [])),
  );
  const wrappers = wrappersOf(driver, direct);
  const through = usesNaming(driver, wrappers.keys()).flatMap((uses) =>
    callsIn(uses).flatMap(({ name, call }) => {
      const parameter = wrappers.get(name);
      return parameter === undefined ? [] : siteOf(driver, uses, name, call, parameter);
    }),
  );
  return [...direct, ...through];
});

/** The names through which memory may be freed here: the kernel's calls, and functions of the driver that are named so. */
export function namesOfFrees(driver: Driver): readonly string[] {
  return [...names, ...[...driver.functions.keys()].filter((name) => /free/.test(name))];
}

function usesNaming(driver: Driver, words: Iterable<string>): readonly FunctionUses[] {
  return driver.text.functionsNaming(words).flatMap((name) => usesOf(driver, name) ?? []);
}

type CallExpression = Extract<Expression, { readonly kind: 'call' }>;

function callsIn({ expressions }: FunctionUses): readonly { readonly name: string; readonly call: CallExpression }[] {
  return expressions.flatMap((call) => (call.kind === 'call' && call.callee.kind === 'name' ? [{ name: call.callee.name, call }] : []));
}

function siteOf(driver: Driver, uses: FunctionUses, name: string, call: CallExpression, index: number): readonly FreeSite[] {
  const written = call.arguments[index];
  if (!written) return [];
  const target = bare(written);
  const origin = target.kind === 'name' ? (assignedField(uses, target.name) ?? target) : target;
  const member = origin.kind === 'index' ? bare(origin.object) : origin;
  const struct = member.kind === 'member' ? structOf(uses, driver, member.object) : undefined;
  const freed = structOf(uses, driver, target);
  return [
    {
      call: name,
      uses,
      target,
      file: uses.file,
      span: call.span,
      ...(member.kind === 'member' ? { field: member.field } : {}),
      ...(struct === undefined ? {} : { struct }),
      ...(freed === undefined ? {} : { freed }),
    },
  ];
}

/**
 * Functions of the driver that free memory which they are given by an untyped or a byte pointer, or put it aside in a field from
 * which it is freed later; each with the number of the parameter.
 */
function wrappersOf(driver: Driver, sites: readonly FreeSite[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const fields = new Set(sites.flatMap(({ field, struct }) => (field === undefined || struct === undefined ? [] : [`${struct}.${field}`])));
  const note = (uses: FunctionUses, value: Expression): void => {
    const inner = bare(value);
    const index = inner.kind === 'name' ? uses.function.parameters.findIndex(({ name, type }) => name === inner.name && isRaw(type)) : -1;
    if (index >= 0) found.set(uses.function.name, index);
  };
  for (const { uses, target } of sites) note(uses, target);
  if (fields.size > 0)
    for (const { name } of driver.functions.values()) {
      const uses = /free/.test(name) ? usesOf(driver, name) : undefined;
      for (const each of uses?.expressions ?? [])
        if (uses && each.kind === 'assignment' && each.operator === '=' && each.target.kind === 'member')
          if (fields.has(`${structOf(uses, driver, each.target.object) ?? ''}.${each.target.field}`)) note(uses, each.value);
    }
  return found;
}

/** `void *`, `char *`, `u8 *`: a buffer, and no object of the driver's own. */
function isRaw(type: TypeName): boolean {
  return type.kind === 'pointer' && type.to.kind === 'named' && /^(?:void|(?:un)?signed char|char|u8|__u8|uint8_t)$/.test(type.to.name);
}

function bare(expression: Expression): Expression {
  return expression.kind === 'cast' ? bare(expression.operand) : expression;
}

/** The member that a local variable was last set to. */
function assignedField(uses: FunctionUses, name: string): Expression | undefined {
  let found: Expression | undefined;
  const note = (value: Expression): void => {
    const inner = bare(value);
    found = inner.kind === 'member' ? inner : undefined;
  };
  walkBlock(uses.function.body, {
    expression: (each) => {
      if (each.kind === 'assignment' && each.operator === '=' && each.target.kind === 'name' && each.target.name === name) note(each.value);
    },
    statement: (statement) => {
      if (statement.kind !== 'declaration') return;
      for (const { name: own, initializer } of statement.declarators)
        if (own === name && initializer?.kind === 'expression') note(initializer.expression);
    },
  });
  return found;
}
