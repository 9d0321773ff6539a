/**
 * Values that the text alone decides: array lengths, bit-field widths, enumerators, `case` labels. Knows no memory; what
 * depends on a variable has no value here, and of names outside the program only those that the program vouches for.
 */
import type { Expression } from '../syntax/ast.ts';
import { arithmeticTerms } from './arithmetic.ts';
import { commonType, literalType, promote } from './basic-types.ts';
import { type CType, type IntegerType, int, wrap } from './ctype.ts';
import type { Program } from './program.ts';
import { bind, substitute } from './substitution.ts';
import { foldBinary } from './term-fold.ts';
import type { TypeOfExpression, TypeTable } from './type-table.ts';

interface Constant {
  readonly value: bigint;
  readonly type: IntegerType;
}

const deepest = 200;
/** Macros of macros can spell more than anybody can read. */
const largest = 20_000;

/** The value of a constant expression in its C type, or `undefined`. */
export function constantExpression(
  expression: Expression,
  program: Program,
  types: TypeTable,
  typeOf?: TypeOfExpression,
): bigint | undefined {
  return new Folder(program, types, typeOf).fold(expression, 0)?.value;
}

class Folder {
  readonly #program: Program;
  readonly #types: TypeTable;
  readonly #typeOf: TypeOfExpression | undefined;
  #folded = 0;

  constructor(program: Program, types: TypeTable, typeOf: TypeOfExpression | undefined) {
    this.#program = program;
    this.#types = types;
    this.#typeOf = typeOf;
  }

  fold(expression: Expression, depth: number): Constant | undefined {
    if (depth > deepest || this.#folded++ > largest) return undefined;
    const inner = (each: Expression) => this.fold(each, depth + 1);
    switch (expression.kind) {
      case 'number':
        return { value: expression.value, type: literalType(expression.value, expression.suffix, expression.base, this.#types.model) };
      case 'character':
        return { value: expression.value, type: int };
      case 'name':
        return this.#name(expression.name, depth);
      case 'unary': {
        const operand = inner(expression.operand);
        if (!operand) return undefined;
        if (expression.operator === '!') return { value: operand.value === 0n ? 1n : 0n, type: int };
        const type = promote(operand.type);
        const value = expression.operator === '-' ? -operand.value : expression.operator === '~' ? ~operand.value : operand.value;
        return { value: wrap(type, value), type };
      }
      case 'binary':
        return this.#binary(expression, depth);
      case 'conditional': {
        const test = inner(expression.test);
        if (!test) return undefined;
        return test.value === 0n ? inner(expression.otherwise) : expression.then ? inner(expression.then) : test;
      }
      case 'cast':
        return this.#cast(inner(expression.operand), this.#types.resolve(expression.type, this.#typeOf));
      case 'sizeofType':
        return this.#size(this.#types.resolve(expression.type, this.#typeOf));
      case 'sizeofExpression':
        // The type that a macro was given.
        if (expression.operand.kind === 'typeArgument') return this.#size(this.#types.resolve(expression.operand.type, this.#typeOf));
        return this.#typeOf && this.#size(this.#typeOf(expression.operand));
      case 'call':
        return this.#call(expression, depth);
      default:
        return undefined;
    }
  }

  /** A macro with its arguments put in. */
  #call({ callee, arguments: args, span }: Extract<Expression, { kind: 'call' }>, depth: number): Constant | undefined {
    const macro = callee.kind === 'name' ? this.#program.macro(callee.name) : undefined;
    const bindings = macro?.parameters && bind(macro.parameters, args);
    if (macro?.meaning.kind !== 'expression' || !bindings) return undefined;
    return this.fold(substitute(macro.meaning.expression, bindings, span), depth + 1);
  }

  #name(name: string, depth: number): Constant | undefined {
    const macro = this.#program.macro(name);
    if (macro && !macro.parameters) return macro.meaning.kind === 'expression' ? this.fold(macro.meaning.expression, depth + 1) : undefined;
    const enumerator = this.#program.enumerator(name);
    if (!enumerator) return this.#outside(name);
    if (!enumerator.base) return { value: enumerator.plus, type: int };
    const base = this.fold(enumerator.base, depth + 1);
    return base && { value: base.value + enumerator.plus, type: base.type };
  }

  #outside(name: string): Constant | undefined {
    const found = this.#program.constant?.(name);
    if (!found) return undefined;
    const type = this.#types.resolve({ kind: 'named', name: found.type });
    return type.kind === 'integer' ? { value: found.value, type } : undefined;
  }

  #binary(expression: Extract<Expression, { kind: 'binary' }>, depth: number): Constant | undefined {
    const left = this.fold(expression.left, depth + 1);
    const right = this.fold(expression.right, depth + 1);
    if (!left || !right) return undefined;
    const truth = (value: boolean): Constant => ({ value: value ? 1n : 0n, type: int });
    const common = commonType(left.type, right.type);
    const a = wrap(common, left.value);
    const b = wrap(common, right.value);
    switch (expression.operator) {
      case '&&':
        return truth(left.value !== 0n && right.value !== 0n);
      case '||':
        return truth(left.value !== 0n || right.value !== 0n);
      case '<':
        return truth(a < b);
      case '<=':
        return truth(a <= b);
      case '>':
        return truth(a > b);
      case '>=':
        return truth(a >= b);
      case '==':
        return truth(a === b);
      case '!=':
        return truth(a !== b);
      case '<<':
      case '>>': {
        const type = promote(left.type);
        const value = foldBinary(arithmeticTerms[expression.operator], type, wrap(type, left.value), right.value);
        return value === undefined ? undefined : { value: wrap(type, value), type };
      }
      default: {
        const value = foldBinary(arithmeticTerms[expression.operator], common, a, b);
        return value === undefined ? undefined : { value: wrap(common, value), type: common };
      }
    }
  }

  #cast(operand: Constant | undefined, type: CType): Constant | undefined {
    return operand && type.kind === 'integer' ? { value: wrap(type, operand.value), type } : undefined;
  }

  #size(type: CType): Constant | undefined {
    const size = this.#types.sizeOf(type);
    return size === undefined ? undefined : { value: BigInt(size), type: this.#types.model.unsignedLong };
  }
}
