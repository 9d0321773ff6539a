/** Where the driver frees memory: calls that free, with what they are given as written, through casts and local variables. */
import { freedArgument } from '../../analysis/known-calls.ts';
import type { Driver } from '../../driver/model.ts';
import type { Expression } from '../../syntax/ast.ts';
import { walkBlock } from '../../syntax/walk.ts';
import type { Place } from '../rule.ts';
import { anyWord, type FunctionUses, structOf, usesIn } from './uses.ts';

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
const freeing = anyWord(names);

/** Every freeing call in the driver's own file. */
export function freeSites(driver: Driver): readonly FreeSite[] {
  return usesIn(driver, freeing).flatMap((uses) =>
    uses.expressions.flatMap((each): FreeSite[] => {
      if (each.kind !== 'call' || each.callee.kind !== 'name' || !names.includes(each.callee.name)) return [];
      const call = each.callee.name;
      const written = each.arguments[freedArgument(call) ?? 0];
      const target = written && bare(written);
      if (!target) return [];
      const origin = target.kind === 'name' ? (assignedField(uses, target.name) ?? target) : target;
      const member = origin.kind === 'index' ? bare(origin.object) : origin;
      const struct = member.kind === 'member' ? structOf(uses, driver, member.object) : undefined;
      const freed = structOf(uses, driver, target);
      return [
        {
          call,
          uses,
          target,
          file: uses.file,
          span: each.span,
          ...(member.kind === 'member' ? { field: member.field } : {}),
          ...(struct === undefined ? {} : { struct }),
          ...(freed === undefined ? {} : { freed }),
        },
      ];
    }),
  );
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
