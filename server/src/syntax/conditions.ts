/**
 * Decides the condition of `#if` and `#elif`: C's preprocessor arithmetic over macros, `CONFIG_*` names and kernel
 * versions. Knows nothing of files and tokens of C proper.
 *
 * A name that nobody defined is 0, as in C; a `CONFIG_*` name that the configuration does not mention is on.
 */
import { builtInMacros, foreignConfiguration, kernelVersionCode, type SyntaxTarget } from './target.ts';

/** A macro as far as conditions need it. */
export interface ConditionMacro {
  readonly parameters?: readonly string[];
  readonly body: string;
}

/** Looks a macro of the file up; `undefined` when no text has defined it at this point, `removed` when `#undef` has taken it away. */
export type MacroLookup = (name: string) => ConditionMacro | 'removed' | undefined;

/** Deepest nesting of parentheses and macros within one condition; beyond it the value is 0. */
const maxDepth = 64;

/** Values read for one condition, macros expanded; beyond it every value is 0. */
const maxSteps = 4096;

const tokenPattern =
  /\s+|([A-Za-z_$][\w$]*)|(0[xX][\da-fA-F]+|0[bB][01]+|\d+)[uUlL]*|'(\\?.)'|(<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>&|^!~()?:,])|./gy;

const precedence: Readonly<Record<string, number>> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6,
  '<': 7, '>': 7, '<=': 7, '>=': 7, '<<': 8, '>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
}; // biome-ignore format: a table

/** How the configuration has an option: built in, as a module, off, or with a value. */
function configured(name: string, target: SyntaxTarget): string {
  return target.config.get(name) ?? (foreignConfiguration.has(name) ? 'n' : 'y');
}

/** Words of conditions that are no macros, and macros of the kernel and of compilers that hold whatever the driver's build says. */
const toldWords = /^(?:defined|LINUX_VERSION_CODE|KERNEL_VERSION|IS_(?:ENABLED|BUILTIN|MODULE|REACHABLE)|CONFIG_\w+|__\w+)$/;

/** Whether the target says if the macro is defined; what else no text defines may come from the driver's own build. */
export function isTold(name: string): boolean {
  return toldWords.test(name) || builtInMacros.has(name);
}

/** Whether `#ifdef name` holds. */
export function isDefined(name: string, target: SyntaxTarget, lookup: MacroLookup): boolean {
  const known = lookup(name);
  if (known !== undefined) return known !== 'removed';
  if (builtInMacros.has(name)) return true;
  if (name === 'LINUX_VERSION_CODE' || name === 'KERNEL_VERSION' || name === 'IS_ENABLED') return true;
  if (!name.startsWith('CONFIG_')) return false;
  if (target.config.has(name)) return !['n', 'm'].includes(configured(name, target));
  if (name.endsWith('_MODULE')) return configured(name.slice(0, -'_MODULE'.length), target) === 'm';
  return !['n', 'm'].includes(configured(name, target));
}

/** The value of a condition; `#if` takes its branch when it is not 0. */
export function evaluateCondition(text: string, target: SyntaxTarget, lookup: MacroLookup): bigint {
  return new ConditionReader(text, { target, lookup, steps: 0 }, new Map(), 0).value();
}

function versionCode({ version }: SyntaxTarget): bigint {
  return kernelVersionCode(BigInt(version.major), BigInt(version.minor), BigInt(version.patch));
}

/** What the readers of one condition and of the macros in it share. */
interface Reading {
  readonly target: SyntaxTarget;
  readonly lookup: MacroLookup;
  steps: number;
}

class ConditionReader {
  readonly #tokens: readonly string[];
  readonly #reading: Reading;
  readonly #bound: ReadonlyMap<string, bigint>;
  #depth: number;
  #at = 0;

  constructor(text: string, reading: Reading, bound: ReadonlyMap<string, bigint>, depth: number) {
    this.#tokens = tokensOf(text);
    this.#reading = reading;
    this.#bound = bound;
    this.#depth = depth;
  }

  value(): bigint {
    if (this.#depth >= maxDepth || this.#reading.steps++ > maxSteps) return 0n;
    this.#depth++;
    const test = this.#binary(1);
    let result = test;
    if (this.#take('?')) {
      const then = this.value();
      this.#take(':');
      const otherwise = this.value();
      result = test !== 0n ? then : otherwise;
    }
    this.#depth--;
    return result;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #binary(least: number): bigint {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens[this.#at];
      const rank = operator === undefined ? undefined : precedence[operator];
      if (operator === undefined || rank === undefined || rank < least) return left;
      this.#at++;
      left = combine(operator, left, this.#binary(rank + 1));
    }
  }

  #unary(): bigint {
    let signs = '';
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token !== '!' && token !== '-' && token !== '+' && token !== '~') break;
      signs = token + signs;
      this.#at++;
    }
    let value = this.#primary();
    for (const sign of signs) {
      if (sign === '!') value = value === 0n ? 1n : 0n;
      else if (sign === '-') value = -value;
      else if (sign === '~') value = ~value;
    }
    return value;
  }

  #primary(): bigint {
    const token = this.#tokens[this.#at];
    if (token === undefined) return 0n;
    this.#at++;
    if (token === '(') {
      const value = this.value();
      this.#take(')');
      return value;
    }
    if (/^\d/.test(token)) return BigInt(/^0\d+$/.test(token) ? `0o${token.slice(1).replace(/[89]/g, '7')}` : token);
    if (token.startsWith("'")) return BigInt(token.charCodeAt(1));
    if (/^[A-Za-z_$]/.test(token)) return this.#name(token);
    return 0n;
  }

  #name(name: string): bigint {
    if (name === 'defined') {
      const inside = this.#take('(');
      const operand = this.#tokens[this.#at++] ?? '';
      if (inside) this.#take(')');
      return isDefined(operand, this.#reading.target, this.#reading.lookup) ? 1n : 0n;
    }
    if (name === 'IS_ENABLED' || name === 'IS_BUILTIN' || name === 'IS_MODULE' || name === 'IS_REACHABLE') return this.#option(name);
    const bound = this.#bound.get(name);
    if (bound !== undefined) return bound;
    const calls = this.#tokens[this.#at] === '(';
    if (name === 'KERNEL_VERSION' && calls) {
      const [major = 0n, minor = 0n, patch = 0n] = this.#arguments();
      return kernelVersionCode(major, minor, patch);
    }
    if (name === 'LINUX_VERSION_CODE') return versionCode(this.#reading.target);
    const known = this.#reading.lookup(name);
    const macro = known === 'removed' ? { body: '0' } : known;
    if (macro?.parameters && calls) {
      const given = this.#arguments();
      return this.#expand(macro.body, new Map(macro.parameters.map((parameter, index) => [parameter, given[index] ?? 0n])));
    }
    const body = macro?.body ?? builtInMacros.get(name);
    if (body !== undefined) return this.#expand(body, new Map());
    if (calls) this.#arguments();
    return name.startsWith('CONFIG_') ? this.#configuredValue(name) : 0n;
  }

  #option(test: string): bigint {
    this.#take('(');
    const name = this.#tokens[this.#at++] ?? '';
    this.#take(')');
    const known = this.#reading.lookup(name);
    const state = known === undefined ? configured(name, this.#reading.target) : known === 'removed' ? 'n' : 'y';
    if (test === 'IS_BUILTIN') return state === 'y' ? 1n : 0n;
    if (test === 'IS_MODULE') return state === 'm' ? 1n : 0n;
    return state === 'y' || state === 'm' ? 1n : 0n;
  }

  #configuredValue(name: string): bigint {
    const state = configured(name, this.#reading.target);
    if (state === 'n' || state === 'm') return 0n;
    if (/^(0[xX][\da-fA-F]+|\d+)$/.test(state)) return BigInt(state);
    return 1n;
  }

  #expand(body: string, bound: ReadonlyMap<string, bigint>): bigint {
    return new ConditionReader(body, this.#reading, bound, this.#depth + 1).value();
  }

  #arguments(): bigint[] {
    const values: bigint[] = [];
    this.#take('(');
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== ')') {
      const before = this.#at;
      values.push(this.value());
      if (!this.#take(',') && this.#at === before) this.#at++;
    }
    this.#take(')');
    return values;
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (const match of text.matchAll(tokenPattern)) {
    const token = match[1] ?? match[2] ?? (match[3] === undefined ? match[4] : `'${match[3]}`);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function combine(operator: string, left: bigint, right: bigint): bigint {
  const truth = (value: boolean): bigint => (value ? 1n : 0n);
  switch (operator) {
    case '||':
      return truth(left !== 0n || right !== 0n);
    case '&&':
      return truth(left !== 0n && right !== 0n);
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '<<':
      return right < 0n || right > 63n ? 0n : BigInt.asIntN(64, left << right);
    case '>>':
      return right < 0n || right > 63n ? 0n : left >> right;
    case '+':
      return BigInt.asIntN(64, left + right);
    case '-':
      return BigInt.asIntN(64, left - right);
    case '*':
      return BigInt.asIntN(64, left * right);
    case '/':
      return right === 0n ? 0n : left / right;
    case '%':
      return right === 0n ? 0n : left % right;
    default:
      return 0n;
  }
}
