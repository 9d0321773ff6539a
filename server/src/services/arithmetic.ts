/**
 * The kernel's arithmetic macros: `min` and `max`, rounding, alignment, division, pages and pfns, sizes that saturate,
 * arithmetic that reports its overflow. As in the kernel, `size_mul` and its relatives give SIZE_MAX instead of wrapping.
 */
import { type Arithmetic, arithmetic, castInteger, comparison, integer, integerOf } from '../execution/arithmetic.ts';
import { commonType } from '../execution/basic-types.ts';
import { type IntegerType, int, unsignedInt, unsignedLong } from '../execution/ctype.ts';
import { constant, constantOf, type Term } from '../execution/term.ts';
import { apply, compare } from '../execution/term-build.ts';
import { lessByRange } from '../execution/term-range.ts';
import type { IntegerValue, Value } from '../execution/value.ts';
import { PAGE_SIZE } from '../kernel/constants.ts';
import { integerArgument, integerType, pointerArgument, readInteger, type Service, type ServiceTable } from './service.ts';

const pageShift = integerOf(int, 12n);
const pageSize = integerOf(unsignedLong, PAGE_SIZE);
const one = integerOf(int, 1n);

/** A service of one integer. */
function unary(compute: (value: IntegerValue) => IntegerValue | undefined): Service {
  return (_, call) => {
    const value = integerArgument(call, 0);
    return value && compute(value);
  };
}

/** A service of two integers; `first` is where they begin, after a type argument. */
function binary(compute: (left: IntegerValue, right: IntegerValue) => IntegerValue | undefined, first = 0): Service {
  return (_, call) => {
    const left = integerArgument(call, first);
    const right = integerArgument(call, first + 1);
    return left && right && compute(left, right);
  };
}

/** Several operators in a row; `undefined` once one of them has no value. */
function chain(start: IntegerValue, ...steps: readonly (readonly [Arithmetic, IntegerValue | undefined])[]): IntegerValue | undefined {
  let value: IntegerValue | undefined = start;
  for (const [operator, operand] of steps) value = value && operand && arithmetic(operator, value, operand);
  return value;
}

/** The smaller or the larger of two, in their common type. */
export function chosen(
  name: 'min' | 'max',
  left: IntegerValue,
  right: IntegerValue,
  type = commonType(left.type, right.type),
): IntegerValue {
  const a = castInteger(left, type);
  const b = castInteger(right, type);
  const less = lessByRange(a.term, b.term);
  if (less !== undefined) return less === (name === 'min') ? a : b;
  return integer(type, apply(name, type, [a.term, b.term]));
}

/** `min_t` and `max_t` compute in the type that is their first argument. */
function chosenIn(name: 'min' | 'max'): Service {
  return (_, call) => {
    const left = integerArgument(call, 1);
    const right = integerArgument(call, 2);
    return left && right && chosen(name, left, right, integerType(call.types[0]) ?? commonType(left.type, right.type));
  };
}

/** `clamp(value, low, high)`; `clamp_t` has the type before them, `clamp_val` takes that of the value. */
function clamp(first: number, typedBy?: number): Service {
  return (_, call) => {
    const [value, low, high] = [0, 1, 2].map((i) => integerArgument(call, first + i));
    const type = typedBy === undefined ? undefined : integerType(call.types[typedBy]);
    return value && low && high && chosen('min', chosen('max', value, low, type), high, type);
  };
}

/** `(x + a - 1) & ~(a - 1)`, which wraps to 0 at the top as it does in the kernel. */
export function alignedUp(value: IntegerValue, to: IntegerValue): IntegerValue | undefined {
  const size = castInteger(to, commonType(value.type, to.type));
  const below = arithmetic('-', size, one);
  return chain(value, ['+', below], ['&', below && arithmetic('^', below, integerOf(size.type, -1n))]);
}

function alignedDown(value: IntegerValue, to: IntegerValue): IntegerValue | undefined {
  const size = castInteger(to, commonType(value.type, to.type));
  const below = arithmetic('-', size, one);
  return chain(value, ['&', below && arithmetic('^', below, integerOf(size.type, -1n))]);
}

/** A function whose value `termFunctions` knows, by the kernel's name or another. */
function named(name: string, type: IntegerType): Service {
  return unary((value) => integer(type, apply(name, type, [value.term])));
}

/** `DIV_ROUND_CLOSEST(value, divisor)`: a quotient below zero is rounded to its nearest as well; halves go away from zero. */
function divideClosest(value: IntegerValue, by: IntegerValue): IntegerValue | undefined {
  const [number, divisor] = [constantOf(value.term), constantOf(by.term)];
  const half = arithmetic('/', by, integerOf(int, 2n));
  const isBelow = value.type.signed && by.type.signed && number !== undefined && divisor !== undefined && number > 0n !== divisor > 0n;
  return chain(value, [isBelow ? '-' : '+', half], ['/', by]);
}

function saturating(name: 'size_add' | 'size_mul' | 'size_sub'): (left: IntegerValue, right: IntegerValue) => IntegerValue {
  return (left, right) => {
    const operands = [left, right].map((value) => castInteger(value, unsignedLong).term);
    return integer(unsignedLong, apply(name, unsignedLong, operands));
  };
}

/** `check_add_overflow(a, b, &d)`: writes the wrapped result, returns whether it is wrong. */
function checked(operator: Arithmetic, name: string): Service {
  return (machine, call) => {
    const left = integerArgument(call, 0);
    const right = integerArgument(call, 1);
    const target = pointerArgument(machine, call, 2);
    if (!left || !right || !target) return undefined;
    const type = integerType(target.pointee) ?? commonType(left.type, right.type);
    const by = operator === '<<' ? right : castInteger(right, type);
    const result = arithmetic(operator, castInteger(left, type), by);
    if (!result) return undefined;
    machine.write(target.place, castInteger(result, type), call.span);
    const shape = constant(BigInt(type.bits) * 2n + (type.signed ? 1n : 0n));
    return integer(int, apply(name, int, [left.term, right.term, shape]));
  };
}

/** `in_range(value, start, length)`, 6.6: the difference is compared, so that nothing wraps (include/linux/minmax.h). */
const inRange: Service = (_, call) => {
  const [value, start, length] = [0, 1, 2].map((index) => integerArgument(call, index));
  if (!value || !start || !length) return undefined;
  const type = [value, start, length].every((each) => each.type.bits <= 32) ? unsignedInt : unsignedLong;
  const behind = arithmetic('-', castInteger(value, type), castInteger(start, type));
  return behind && integer(int, compare('lt', type, behind.term, castInteger(length, type).term));
};

/** `struct_size(p, member, n)`: the struct behind `p` and `n` elements of its flexible array. */
const structSize: Service = (machine, call) => {
  const pointer = call.types[0];
  const array = call.types[1];
  const count = integerArgument(call, 2);
  if (pointer?.kind !== 'pointer' || !count) return undefined;
  const head = integer(unsignedLong, machine.sizeOf(pointer.to));
  const element = integer(unsignedLong, machine.sizeOf(array?.kind === 'array' ? array.of : { kind: 'unknown', name: 'element' }));
  return saturating('size_add')(head, saturating('size_mul')(count, element));
};

/** `flex_array_size(p, member, n)`: `n` elements of the flexible array. */
const flexArraySize: Service = (machine, call) => {
  const array = call.types[1];
  const count = integerArgument(call, 2);
  if (!count) return undefined;
  const element = machine.sizeOf(array?.kind === 'array' ? array.of : { kind: 'unknown', name: 'element' });
  return saturating('size_mul')(count, integer(unsignedLong, element));
};

/** `ARRAY_SIZE(array)`, for an array whose type tells its length. */
const arraySize: Service = (_, call) => {
  const type = call.types[0];
  return type?.kind === 'array' && type.length !== undefined ? integerOf(unsignedLong, BigInt(type.length)) : undefined;
};

/** `vma_pages(vma)`. */
const vmaPages: Service = (machine, call) => {
  const vma = pointerArgument(machine, call, 0);
  const start = vma && readInteger(machine, vma.place, ['vm_start'], unsignedLong);
  const end = vma && readInteger(machine, vma.place, ['vm_end'], unsignedLong);
  return start && end && chain(end, ['-', start], ['>>', pageShift]);
};

/** `vma_desc_size(desc)` and `vma_desc_pages(desc)`, 6.17 and later. */
function descLength(shift: boolean): Service {
  return (machine, call) => {
    const desc = pointerArgument(machine, call, 0);
    const start = desc && readInteger(machine, desc.place, ['start'], unsignedLong);
    const end = desc && readInteger(machine, desc.place, ['end'], unsignedLong);
    const length = start && end && arithmetic('-', end, start);
    return shift ? length && arithmetic('>>', length, pageShift) : length;
  };
}

/** Of `struct resource`, whose `end` is inclusive; `pci` reaches it through `pdev->resource[bar]`. */
const resourceSize: Service = (machine, call) => {
  const resource = pointerArgument(machine, call, 0);
  const start = resource && readInteger(machine, resource.place, ['start'], unsignedLong);
  const end = resource && readInteger(machine, resource.place, ['end'], unsignedLong);
  return start && end && chain(end, ['-', start], ['+', one]);
};

/** A swap that must keep the type of its argument. */
function swap(bits: 16 | 32 | 64): Service {
  const type: IntegerType = { kind: 'integer', bits, signed: false, name: `u${bits}` };
  return named(`swab${bits}`, type);
}

function sameAs(bits: 16 | 32 | 64): Service {
  return unary((value) => castInteger(value, { kind: 'integer', bits, signed: false, name: `u${bits}` }));
}

const isPowerOfTwo: Service = unary((value) => integer(int, apply('is_power_of_2', int, [value.term])));

/** `GENMASK(high, low)`. */
function genmask(type: IntegerType): Service {
  return binary((high, low) => {
    const [h, l] = [constantOf(high.term), constantOf(low.term)];
    if (h === undefined || l === undefined || l < 0n || h < l || h >= BigInt(type.bits)) return undefined;
    return integerOf(type, (1n << (h + 1n)) - (1n << l));
  });
}

function term(value: bigint): Term {
  return constant(value);
}

const unsignedLongLong: IntegerType = { kind: 'integer', bits: 64, signed: false, name: 'unsigned long long' };
const unsignedShort: IntegerType = { kind: 'integer', bits: 16, signed: false, name: 'unsigned short' };

/** A part of a number, from bit `from` on. */
function halfOf(type: IntegerType, from: bigint): Service {
  return unary((value) => {
    const rest = arithmetic('>>', castInteger(value, unsignedLongLong), integerOf(int, from));
    return rest && castInteger(rest, type);
  });
}

const roundUp = binary(alignedUp);
const roundDown = binary(alignedDown);
const divideUp = binary((value, by) => chain(value, ['+', arithmetic('-', by, one)], ['/', by]));
const minimum = binary((left, right) => chosen('min', left, right));
const maximum = binary((left, right) => chosen('max', left, right));
const pages = unary((value) => arithmetic('>>', castInteger(value, value.type.bits < 64 ? unsignedLong : value.type), pageShift));
const bytes = unary((value) => arithmetic('<<', castInteger(value, unsignedLong), pageShift));

export const arithmeticServices: ServiceTable = {
  min: minimum,
  max: maximum,
  umin: minimum,
  umax: maximum,
  min_not_zero: binary((left, right) => {
    const a = constantOf(left.term);
    const b = constantOf(right.term);
    if (a === 0n) return right;
    return b === 0n ? left : chosen('min', left, right);
  }),
  min3: (_, call) => {
    const [a, b, c] = [0, 1, 2].map((i) => integerArgument(call, i));
    return a && b && c && chosen('min', chosen('min', a, b), c);
  },
  max3: (_, call) => {
    const [a, b, c] = [0, 1, 2].map((i) => integerArgument(call, i));
    return a && b && c && chosen('max', chosen('max', a, b), c);
  },
  min_t: chosenIn('min'),
  max_t: chosenIn('max'),
  clamp: clamp(0),
  clamp_val: clamp(0, 0),
  clamp_t: clamp(1, 0),
  abs: unary((value) => integer(value.type, apply('abs', value.type, [value.term]))),

  ALIGN: roundUp,
  ALIGN_DOWN: roundDown,
  IS_ALIGNED: binary((value, to) => {
    const rest = chain(value, ['&', arithmetic('-', to, one)]);
    return rest && comparison('==', rest, integerOf(int, 0n));
  }),
  PAGE_ALIGN: unary((value) => alignedUp(value, pageSize)),
  PAGE_ALIGN_DOWN: unary((value) => alignedDown(value, pageSize)),
  PAGE_ALIGNED: unary((value) => {
    const rest = chain(value, ['&', integerOf(unsignedLong, 4095n)]);
    return rest && comparison('==', rest, integerOf(int, 0n));
  }),
  offset_in_page: unary((value) => chain(value, ['&', integerOf(unsignedLong, 4095n)])),
  round_up: roundUp,
  round_down: roundDown,
  roundup: binary((value, to) => chain(value, ['+', arithmetic('-', to, one)], ['/', to], ['*', to])),
  rounddown: binary((value, to) => chain(value, ['/', to], ['*', to])),
  DIV_ROUND_UP: divideUp,
  DIV_ROUND_UP_ULL: divideUp,
  DIV_ROUND_DOWN_ULL: binary((value, by) => arithmetic('/', value, by)),
  DIV_ROUND_CLOSEST: binary(divideClosest),
  div_u64: binary((value, by) => arithmetic('/', castInteger(value, unsignedLongLong), by)),
  div64_u64: binary((value, by) => arithmetic('/', castInteger(value, unsignedLongLong), by)),
  div64_ul: binary((value, by) => arithmetic('/', castInteger(value, unsignedLongLong), by)),

  is_power_of_2: isPowerOfTwo,
  order_base_2: named('order_base_2', int),
  ilog2: named('ilog2', int),
  get_order: named('get_order', int),
  roundup_pow_of_two: named('roundup_pow_of_two', unsignedLong),
  rounddown_pow_of_two: named('rounddown_pow_of_two', unsignedLong),
  fls: named('fls', int),
  fls64: named('fls64', int),
  fls_long: named('fls64', int),
  ffs: named('ffs', int),
  __ffs: unary((value) => arithmetic('-', integer(unsignedLong, apply('ffs', unsignedLong, [value.term])), one)),
  hweight8: named('hweight', unsignedInt),
  hweight16: named('hweight', unsignedInt),
  hweight32: named('hweight', unsignedInt),
  hweight64: named('hweight', unsignedLong),
  hweight_long: named('hweight', unsignedLong),
  BIT: unary((value) => arithmetic('<<', integerOf(unsignedLong, 1n), value)),
  BIT_ULL: unary((value) => arithmetic('<<', integerOf(unsignedLongLong, 1n), value)),
  GENMASK: genmask(unsignedLong),
  GENMASK_ULL: genmask(unsignedLongLong),
  upper_32_bits: halfOf(unsignedInt, 32n),
  lower_32_bits: halfOf(unsignedInt, 0n),
  upper_16_bits: halfOf(unsignedShort, 16n),
  lower_16_bits: halfOf(unsignedShort, 0n),
  swab16: swap(16),
  swab32: swap(32),
  swab64: swap(64),
  cpu_to_le16: sameAs(16),
  cpu_to_le32: sameAs(32),
  cpu_to_le64: sameAs(64),
  le16_to_cpu: sameAs(16),
  le32_to_cpu: sameAs(32),
  le64_to_cpu: sameAs(64),
  cpu_to_be16: swap(16),
  cpu_to_be32: swap(32),
  cpu_to_be64: swap(64),
  be16_to_cpu: swap(16),
  be32_to_cpu: swap(32),
  be64_to_cpu: swap(64),
  htons: swap(16),
  htonl: swap(32),
  ntohs: swap(16),
  ntohl: swap(32),

  size_add: binary(saturating('size_add')),
  size_sub: binary(saturating('size_sub')),
  size_mul: binary(saturating('size_mul')),
  array_size: binary(saturating('size_mul')),
  array3_size: (_, call) => {
    const [a, b, c] = [0, 1, 2].map((i) => integerArgument(call, i));
    return a && b && c && saturating('size_mul')(saturating('size_mul')(a, b), c);
  },
  struct_size: structSize,
  flex_array_size: flexArraySize,
  ARRAY_SIZE: arraySize,
  check_add_overflow: checked('+', 'add_overflows'),
  check_sub_overflow: checked('-', 'sub_overflows'),
  check_mul_overflow: checked('*', 'mul_overflows'),
  check_shl_overflow: checked('<<', 'shl_overflows'),
  in_range: inRange,

  vma_pages: vmaPages,
  vma_desc_pages: descLength(true),
  vma_desc_size: descLength(false),
  PFN_DOWN: pages,
  PHYS_PFN: pages,
  __phys_to_pfn: pages,
  PFN_UP: unary((value) => chain(value, ['+', integerOf(unsignedLong, 4095n)], ['>>', pageShift])),
  PFN_PHYS: bytes,
  __pfn_to_phys: bytes,
  PFN_ALIGN: unary((value) => alignedUp(value, pageSize)),
  resource_size: resourceSize,
};

/** A number as a value, for tables of other services. */
export function number(value: bigint, type: IntegerType = int): Value {
  return integer(type, term(value));
}
