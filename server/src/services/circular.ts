/** `CIRC_CNT` and its relatives: what is used and free in a ring whose size is a power of two (include/linux/circ_buf.h). */
import { type Arithmetic, arithmetic, integerOf } from '../execution/arithmetic.ts';
import { int } from '../execution/ctype.ts';
import type { IntegerValue } from '../execution/value.ts';
import { chosen } from './arithmetic.ts';
import { integerArgument, type Service, type ServiceTable } from './service.ts';

const one = integerOf(int, 1n);

type Maybe = IntegerValue | undefined;

const compute = (operator: Arithmetic, left: Maybe, right: Maybe): Maybe => left && right && arithmetic(operator, left, right);

/** `(left - right) & (size - 1)`. */
function distance(left: Maybe, right: Maybe, size: Maybe): Maybe {
  return compute('&', compute('-', left, right), compute('-', size, one));
}

const ring =
  (result: (head: IntegerValue, tail: IntegerValue, size: IntegerValue) => Maybe): Service =>
  (_, call) => {
    const [head, tail, size] = [0, 1, 2].map((index) => integerArgument(call, index));
    return head && tail && size && result(head, tail, size);
  };

const smaller = (left: Maybe, right: Maybe): Maybe => left && right && chosen('min', left, right);

const space = (head: IntegerValue, tail: IntegerValue, size: IntegerValue) => distance(tail, compute('+', head, one), size);

export const circularServices: ServiceTable = {
  CIRC_CNT: ring((head, tail, size) => distance(head, tail, size)),
  CIRC_SPACE: ring(space),
  CIRC_CNT_TO_END: ring((head, tail, size) => smaller(distance(head, tail, size), compute('-', size, tail))),
  CIRC_SPACE_TO_END: ring((head, tail, size) => smaller(space(head, tail, size), compute('-', size, head))),
};
