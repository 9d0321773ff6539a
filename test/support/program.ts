/** Programs for the executor's tests: C text through the real syntax and driver model, and a small concrete world. */
import { buildDriver } from '../../server/src/driver/build.ts';
import { programOf } from '../../server/src/driver/program.ts';
import { type IntegerType, int, unsignedLong } from '../../server/src/execution/ctype.ts';
import { keyOf } from '../../server/src/execution/place.ts';
import type { Dialect, Program } from '../../server/src/execution/program.ts';
import { createExecutor } from '../../server/src/execution/run.ts';
import { constant, constantOf } from '../../server/src/execution/term.ts';
import type { MemoryObject, Place, Value } from '../../server/src/execution/value.ts';
import type { Budget, ExternalCall, LoopAnswer, Machine, RunOutcome, World } from '../../server/src/execution/world.ts';
import { syntaxFile, testGrammar, testTarget } from './grammar.ts';

export const testBudget: Budget = { steps: 1_000_000, depth: 100 };

/** Nothing but C, and the macro that each executor knows. */
export const emptyDialect: Dialect = {
  typedefs: {},
  structs: {},
  guards: {},
  containerOf: new Set(['container_of']),
  sizesOfMember: new Set(),
  memberArguments: {},
  setArguments: {},
  pointerArguments: {},
};

/** The program that one C text is. */
export async function programOfText(text: string, longBits: 32 | 64 = 64): Promise<Program> {
  const syntax = await syntaxFile(text);
  const host = { readFile: () => undefined };
  const target = { version: testTarget.version, config: testTarget.config, longBits };
  return programOf(buildDriver({ grammar: await testGrammar(), host, target }, '/test.c', syntax));
}

/** Runs `entry` with numbers as arguments and gives what it returned; a run that stops fails the test. */
export async function returnedBy(
  text: string,
  entry = 'main',
  args: readonly bigint[] = [],
  world: TestWorld = new TestWorld(),
): Promise<bigint> {
  const outcome = await outcomeOf(text, entry, args, world);
  if (outcome.kind === 'stopped') throw new Error(`stopped at ${outcome.span.start}: ${JSON.stringify(outcome.stop)}`);
  return numberIn(outcome.value);
}

export async function outcomeOf(
  text: string,
  entry = 'main',
  args: readonly bigint[] = [],
  world: TestWorld = new TestWorld(),
  dialect: Dialect = emptyDialect,
  budget: Budget = testBudget,
): Promise<RunOutcome> {
  const program = await programOfText(text);
  return createExecutor(program, dialect, world).run(entry, args.map(numberValue), budget);
}

export function numberValue(value: bigint): Value {
  return { kind: 'integer', type: { kind: 'integer', bits: 64, signed: true }, term: constant(value) };
}

export function numberIn(value: Value): bigint {
  const number = value.kind === 'integer' || value.kind === 'address' ? constantOf(value.term) : undefined;
  if (number === undefined) throw new Error(`no number: ${value.kind}`);
  return number;
}

/**
 * A world in which unknown things are 0 and everything has an address. Calls are recorded; `answers` gives results by
 * name. What was asked for without an answer is in `asked`.
 */
export class TestWorld implements World {
  readonly calls: { readonly name: string; readonly arguments: readonly Value[] }[] = [];
  readonly asked: string[] = [];
  readonly answers: Readonly<Record<string, (machine: Machine, call: ExternalCall) => Value>>;
  /** Loops go on for ever unless this says otherwise. */
  onLoop: (count: number) => LoopAnswer = () => 'run';
  /** How conditions over unknown values are decided. */
  onBranch: () => boolean = () => false;
  readonly #addresses = new Map<MemoryObject, bigint>();

  constructor(answers: TestWorld['answers'] = {}) {
    this.answers = answers;
  }

  unknown(machine: Machine, place: Place, type: Parameters<World['unknown']>[2]): Value {
    this.asked.push(`${place.object.name}${keyOf(place)}`);
    if (type.kind === 'integer') return { kind: 'integer', type, term: constant(0) };
    if (type.kind !== 'pointer') return { kind: 'integer', type: unsignedLong, term: constant(0) };
    const object = machine.allocate(`${place.object.name}${keyOf(place)}`, type.to, { kind: 'assumed', from: place });
    return { kind: 'pointer', place: { object, path: [] }, pointee: type.to };
  }

  branch(): boolean {
    return this.onBranch();
  }

  call(machine: Machine, call: ExternalCall): Value {
    this.calls.push({ name: call.name, arguments: call.arguments });
    return this.answers[call.name]?.(machine, call) ?? { kind: 'integer', type: int, term: constant(0) };
  }

  addressOf(_machine: Machine, place: Place): ReturnType<World['addressOf']> {
    const known = this.#addresses.get(place.object) ?? 0x10000n * BigInt(this.#addresses.size + 1);
    this.#addresses.set(place.object, known);
    const offset = /^\+(\d+)$/.exec(keyOf(place));
    return constant(known + BigInt(offset?.[1] ?? 0));
  }

  placeAt(_machine: Machine, address: Parameters<World['placeAt']>[1]): Place | undefined {
    const number = constantOf(address);
    for (const [object, start] of this.#addresses) {
      const offset = number === undefined ? -1n : number - start;
      if (offset === 0n) return { object, path: [] };
      if (offset > 0n && offset < 0x10000n) return { object, path: [{ kind: 'element', index: constant(offset), unit: 1 }] };
    }
    return undefined;
  }

  loop(_machine: Machine, _span: unknown, count: number): LoopAnswer {
    return this.onLoop(count);
  }

  havoc(_machine: Machine, _place: Place, type: Parameters<World['havoc']>[2]): Value {
    const integer: IntegerType = type.kind === 'integer' ? type : unsignedLong;
    return { kind: 'integer', type: integer, term: constant(0) };
  }

  constant(_name: string): ReturnType<World['constant']> {
    return undefined;
  }
}
