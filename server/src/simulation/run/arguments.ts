/**
 * The arguments that the kernel passes to a function of the driver, by the types of its parameters: what the call has, what
 * the driver gave to a subsystem before, and objects that are assumed, the same ones at each call.
 */
import type { Driver } from '../../driver/model.ts';
import type { CType } from '../../execution/ctype.ts';
import { typeText } from '../../execution/machine.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import { kernelLibrary } from '../library/library.ts';
import type { Registered } from '../life/registered.ts';
import type { DriverState } from '../state/driver-state.ts';

export interface ArgumentContext {
  readonly driver: Driver;
  readonly registered: Registered;
  readonly state: DriverState;
  machine(): Machine;
}

export class Arguments {
  readonly #context: ArgumentContext;
  readonly #assumed = new Map<string, Value>();

  constructor(context: ArgumentContext) {
    this.#context = context;
  }

  /**
   * Arguments for a function of the driver: `known` by struct tag, or by the type as spelled (`loff_t *`) for other pointers;
   * integers take `numbers` in their order; everything else is assumed.
   */
  for(name: string, known: Readonly<Record<string, Value>>, numbers: readonly Value[]): readonly Value[] {
    const header = this.#context.driver.functions.get(name) ?? kernelLibrary().header(name);
    const machine = this.#context.machine();
    let next = 0;
    return (header?.parameters ?? []).map((parameter, index) => {
      const type = machine.resolve(parameter.type);
      const tag = type.kind === 'pointer' ? (type.to.kind === 'struct' ? type.to.name : typeText(type)) : undefined;
      const given = tag === undefined ? undefined : known[tag];
      if (given) return given;
      const number = type.kind === 'integer' ? numbers[next++] : undefined;
      return number ? machine.convert(number, type) : this.#other(parameter.name ?? `argument ${index + 1}`, type);
    });
  }

  /** Something that a subsystem passes: the object that it got from the driver, else the same assumed one each time. */
  #other(name: string, type: CType): Value {
    const tag = type.kind === 'pointer' && type.to.kind === 'struct' ? type.to.name : undefined;
    const own = tag === undefined ? undefined : this.#context.registered.given(tag);
    if (own) return own;
    const key = `${name} ${tag ?? type.kind}`;
    const value = this.#assumed.get(key) ?? this.#assume(name, type);
    this.#assumed.set(key, value);
    return value;
  }

  #assume(name: string, type: CType): Value {
    const machine = this.#context.machine();
    if (type.kind === 'pointer' && type.to.kind === 'struct') {
      const object = machine.allocate(name, type.to, { kind: 'assumed' });
      this.#context.state.met(object);
      return { kind: 'pointer', place: { object, path: [] }, pointee: type.to };
    }
    const place: Place = { object: machine.allocate(name, type, { kind: 'global' }), path: [] };
    return this.#context.state.valueOf(machine, place, type);
  }
}
