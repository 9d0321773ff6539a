/**
 * The size of an allocation that another function made, as a term over the fields of the object at hand: for
 * `dev->buf = vmalloc(PAGE_ALIGN(dev->len))` met as `priv->buf`, it is `PAGE_ALIGN(priv->len)`. Knows the shapes that
 * sizes have; anything else is left unknown.
 */
import type { Driver } from '../driver/model.ts';
import { type Arithmetic, arithmetic, castInteger, integer, integerOf } from '../execution/arithmetic.ts';
import { int, unsignedLong } from '../execution/ctype.ts';
import type { Term } from '../execution/term.ts';
import { apply } from '../execution/term-build.ts';
import type { IntegerValue, Place } from '../execution/value.ts';
import type { Machine } from '../execution/world.ts';
import { kernelConstant, PAGE_SIZE } from '../kernel/constants.ts';
import { alignedUp } from '../services/arithmetic.ts';
import { asInteger, placeOf } from '../services/service.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Provenance } from './provenance.ts';

const deepest = 12;
const operators = new Set(['+', '-', '*', '/', '<<', '>>', '&', '|']);

interface Surroundings {
  readonly machine: Machine;
  readonly driver: Driver;
  /** The struct whose field holds the allocation. */
  readonly owner: Place;
}

/** The size in bytes of what `place` was assigned from; `undefined` where it is not told. */
export function sizeTerm(machine: Machine, driver: Driver, place: Place, provenance: Provenance): Term | undefined {
  const { allocator, arguments: args } = provenance;
  if (!allocator) return undefined;
  const last = place.path.findLastIndex((step) => step.kind === 'field');
  const surroundings: Surroundings = { machine, driver, owner: { object: place.object, path: place.path.slice(0, Math.max(last, 0)) } };
  const value = (index: number): IntegerValue | undefined => {
    const argument = args[index];
    return argument && compute(argument, surroundings, 0);
  };
  if (allocator.order !== undefined) {
    const order = value(allocator.order);
    return order && arithmetic('<<', integerOf(unsignedLong, PAGE_SIZE), order)?.term;
  }
  if (!allocator.size)
    return allocator.memory === 'linear' || allocator.memory === 'page' ? integerOf(unsignedLong, PAGE_SIZE).term : undefined;
  const [first, second] = allocator.size;
  const size = first === undefined ? undefined : value(first);
  if (!size || second === undefined) return size && castInteger(size, unsignedLong).term;
  const count = value(second);
  return (
    count &&
    apply(
      'size_mul',
      unsignedLong,
      [size, count].map((each) => castInteger(each, unsignedLong).term),
    )
  );
}

function compute(expression: Expression, around: Surroundings, depth: number): IntegerValue | undefined {
  if (depth > deepest) return undefined;
  const inner = (each: Expression | undefined): IntegerValue | undefined => each && compute(each, around, depth + 1);
  switch (expression.kind) {
    case 'number':
      return integerOf(expression.value > 0x7fffffffn ? unsignedLong : int, expression.value);
    case 'name':
      return named(expression.name, around, depth);
    case 'cast':
      return inner(expression.operand);
    case 'member': {
      if (expression.object.kind !== 'name') return undefined;
      return asInteger(around.machine.read(placeOf(around.owner, expression.field), unsignedLong));
    }
    case 'binary': {
      const left = inner(expression.left);
      const right = inner(expression.right);
      if (!left || !right || !operators.has(expression.operator)) return undefined;
      return arithmetic(expression.operator as Arithmetic, left, right);
    }
    case 'sizeofType': {
      const size = around.machine.sizeOf(around.machine.resolve(expression.type));
      return integer(unsignedLong, size);
    }
    case 'call': {
      if (expression.callee.kind !== 'name' || expression.callee.name !== 'PAGE_ALIGN') return undefined;
      const value = inner(expression.arguments[0]);
      return value && alignedUp(value, integerOf(unsignedLong, PAGE_SIZE));
    }
    default:
      return undefined;
  }
}

function named(name: string, around: Surroundings, depth: number): IntegerValue | undefined {
  const macro = around.driver.macro(name);
  if (macro?.kind === 'expression') return compute(macro.expression, around, depth + 1);
  const constant = kernelConstant(name, around.driver.target.version);
  return constant && constant.type !== 'pointer' ? integerOf(constant.type === 'int' ? int : unsignedLong, constant.value) : undefined;
}
