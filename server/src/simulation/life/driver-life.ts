/**
 * The life of a driver around its device files: set up by its own init and probe functions where they can be run, left by
 * remove and by the module's exit function. A set-up that fails leaves a session that is of no further use: whoever asked
 * for it starts again without.
 */
import { unsignedInt } from '../../execution/ctype.ts';
import type { MemoryObject, Value } from '../../execution/value.ts';
import type { RunOutcome } from '../../execution/world.ts';
import { type Outcome, ok } from '../../mm/outcome.ts';
import { setUpMap } from '../../services/id-maps.ts';
import type { Session } from '../run/session.ts';
import { reaches } from '../state/reach.ts';
import { functionPlace } from '../world/deferred.ts';
import { structType } from '../world/objects.ts';
import { integer, numberOf } from '../world/values.ts';
import { type BusDriver, busDriver, busDrivers, moduleEntry } from './module-entry.ts';
import { registeredTable } from './registration-calls.ts';

export type SetUp =
  /** The files show no way into the driver. */
  | { readonly kind: 'none' }
  /** These functions ran and succeeded, in order. */
  | { readonly kind: 'done'; readonly functions: readonly string[] }
  | { readonly kind: 'failed'; readonly because: string };

/** Maps from numbers to pointers. */
const mapTypes: ReadonlySet<string> = new Set(['xarray', 'idr', 'ida', 'radix_tree_root']);

export class DriverLife {
  readonly #session: Session;
  /** The driver whose device the scenario uses. */
  #bound: BusDriver | undefined;
  #removed = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The device has left the driver, or the module has gone. */
  get isOver(): boolean {
    return this.#removed || this.#session.unloaded;
  }

  /** Runs the module's init function and the probe function of the device, silently. */
  setUp(): SetUp {
    const { driver, registered } = this.#session;
    const entry = moduleEntry(driver);
    const done: string[] = [];
    registered.settingUp = true;
    if (this.#session.assumptions.asItRuns) {
      this.#emptyContainers();
      // The module is just loaded: what nobody has written yet is as C has set it.
      if (entry.init !== undefined) this.#session.state.moduleLoads();
    }
    try {
      if (entry.init !== undefined) {
        const failed = this.#quietly(entry.init);
        if (failed !== undefined) return { kind: 'failed', because: failed };
        done.push(entry.init);
      }
      for (const variable of entry.registered) this.#register(variable);
      const probing = this.#toProbe(entry.init !== undefined);
      if (probing?.probe !== undefined) {
        const failed = this.#quietly(probing.probe);
        if (failed !== undefined) return { kind: 'failed', because: failed };
        done.push(probing.probe);
      }
      this.#bound = probing;
    } finally {
      registered.settingUp = false;
    }
    if (done.length === 0 && registered.devices.length === 0) return { kind: 'none' };
    this.#session.state.setUpEnds();
    for (const object of registered.setUpMemory) askFurther(object);
    return { kind: 'done', functions: done };
  }

  /** The device goes: remove or disconnect of its driver, then the memory that went with the device. */
  unplug(): Outcome | undefined {
    const remove = this.#leaving()?.remove;
    if (remove === undefined) return undefined;
    this.#session.runDriver('remove', remove, this.#session.argumentsFor(remove, {}));
    this.#freeManaged();
    this.#bound = undefined;
    this.#removed = true;
    return ok();
  }

  /** The module goes: its bus drivers leave their devices and its exit function runs. Afterwards its code is gone. */
  exit(): Outcome | undefined {
    if (this.#session.unloaded) return undefined;
    const { exit, registered } = moduleEntry(this.#session.driver);
    const left = this.unplug();
    if (exit === undefined && !left && registered.length === 0) return undefined;
    if (exit !== undefined) this.#session.runDriver('module_exit', exit, []);
    this.#session.unloaded = true;
    return ok();
  }

  #leaving(): BusDriver | undefined {
    return this.#removed ? undefined : (this.#bound ?? busDrivers(this.#session.driver).find(({ remove }) => remove !== undefined));
  }

  /** The bus driver whose probe leads to the handler; else the first one. */
  #toProbe(hasInit: boolean): BusDriver | undefined {
    const { driver, registered, handler } = this.#session;
    const known = registered.busDrivers.flatMap((variable) => busDriver(driver, variable) ?? []);
    const candidates = (known.length > 0 || hasInit ? known : busDrivers(driver)).filter(({ probe }) => probe !== undefined);
    const sought = [handler.function, ...(handler.registeredAt?.table === undefined ? [] : [handler.registeredAt.table])];
    return candidates.find(({ probe }) => probe !== undefined && reaches(driver, probe, sought)) ?? candidates[0];
  }

  /** `LIST_HEAD(list)`: a list without elements; `DEFINE_XARRAY(map)` and its like: a map without entries. */
  #emptyContainers(): void {
    const { driver, machine } = this.#session;
    for (const [name, { type, isExtern, file, span }] of driver.variables) {
      if (isExtern || type.kind !== 'tagged') continue;
      const text = driver.files.get(file)?.slice(span.start, span.end) ?? '';
      this.#declareLater(name, type.name, text);
      if (type.name === 'semaphore') this.#countSemaphore(name, text);
      const head = type.name === 'list_head' || mapTypes.has(type.name) ? this.#session.fileLevel.addressOf(name) : undefined;
      if (head?.kind !== 'pointer') continue;
      if (mapTypes.has(type.name)) {
        setUpMap(machine, head.place, /\bDEFINE_XARRAY_ALLOC1\b/.test(text) ? 1n : 0n);
        continue;
      }
      for (const field of ['next', 'prev']) {
        machine.write({ object: head.place.object, path: [...head.place.path, { kind: 'field', name: field }] }, head, machine.span);
      }
    }
  }

  /** `DEFINE_SEMAPHORE(name)`, `DEFINE_SEMAPHORE(name, count)` since 6.4. */
  #countSemaphore(variable: string, text: string): void {
    const { machine, types } = this.#session;
    const address = /^[^(;]*\bDE(?:FINE_SEMAPHORE|CLARE_MUTEX)\b/.test(text) ? this.#session.fileLevel.addressOf(variable) : undefined;
    const step = types.field(structType('semaphore'), 'count')?.step;
    if (address?.kind !== 'pointer' || !step) return;
    const count = BigInt(/,\s*(\d+)/.exec(text)?.[1] ?? 1);
    machine.write({ object: address.place.object, path: [...address.place.path, step] }, integer(unsignedInt, count), machine.span);
  }

  /** `DECLARE_WORK(work, function)` and its like: the function in its field. */
  #declareLater(variable: string, tag: string, text: string): void {
    const { machine, types } = this.#session;
    const name = /^[^(]*\(\s*\w+\s*,\s*(\w+)/.exec(text)?.[1];
    const address = name !== undefined && this.#session.defines(name) ? this.#session.fileLevel.addressOf(variable) : undefined;
    const target = address?.kind === 'pointer' ? functionPlace(types, address.place, tag) : undefined;
    if (name !== undefined && target) machine.write(target, { kind: 'function', name }, machine.span);
  }

  /** What a macro like `module_misc_device(x)` does with its variable. */
  #register(variable: string): void {
    const { driver, registered, machine } = this.#session;
    const type = driver.variables.get(variable)?.type;
    if (type?.kind === 'tagged' && type.name === 'miscdevice') {
      const object = this.#session.fileLevel.addressOf(variable);
      if (object.kind !== 'pointer') return;
      const ops = (): Value => registeredTable(this.#session.types, machine, object, 'miscdevice');
      registered.devices.push({ kind: 'misc', object, ops });
      registered.give('miscdevice', object);
    } else registered.busDrivers.push(variable);
  }

  /** Runs a function without telling; gives why it did not succeed. */
  #quietly(name: string): string | undefined {
    const outcome = this.#session.runQuietly(name, this.#session.argumentsFor(name, {}));
    if (outcome.kind === 'stopped') return `${name} cannot be run to its end (${describeStop(this.#session, outcome)})`;
    const number = BigInt.asIntN(32, numberOf(outcome.value) ?? 0n);
    return number < 0n ? `${name} fails with what is assumed` : undefined;
  }

  #freeManaged(): void {
    const { registered, memory, machine } = this.#session;
    for (const object of registered.takeManaged()) {
      if (object.freed) continue;
      // What is only mapped belongs to somebody else.
      if (!memory.isView(object)) memory.free(object, 'devres_release_all');
      object.freed = machine.span;
    }
  }
}

/** Zeroed memory of the set-up: what other functions may have stored there since is asked for when it is read. */
function askFurther(object: MemoryObject): void {
  if (object.origin.kind !== 'allocated' || !object.origin.zeroed) return;
  object.marks = [{ prefix: '', from: 0, to: Number.POSITIVE_INFINITY, holds: 'unknown' }, ...(object.marks ?? [])];
}

/** Why a run ended early, for users. */
function describeStop(session: Session, { stop, span, file }: Extract<RunOutcome, { kind: 'stopped' }>): string {
  const line = `line ${session.locationOf(file, span).range.start.line + 1}`;
  switch (stop.kind) {
    case 'kernel':
    case 'fault':
      return `${line}: ${stop.message}`;
    case 'notUnderstood':
      return `${line}: ${stop.what} cannot be followed`;
    case 'budget':
      return `${line}: it runs too long`;
  }
}
