/**
 * Others who hold what a driver finds in a list: as soon as an mmap handler has dropped its last lock, they may give back what they hold.
 * Where the handler has taken no reference of its own, the thing is gone then. Happens only in runs that ask for it; knows no scenario.
 */
import type { Driver } from '../../driver/model.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { MemoryObject, Value } from '../../execution/value.ts';
import type { ExternalCall } from '../../execution/world.ts';
import { lockCall } from '../../services/locks.ts';
import type { Assumptions } from '../state/assumptions.ts';
import { textOf } from '../state/uses.ts';

/** What scenarios call it. */
const circumstance = 'others_let_go';

/** A function that other files give `kref_put()` for the last reference to a struct. */
interface Release {
  readonly name: string;
  readonly struct: string;
  readonly field: string;
}

const releases = new WeakMap<Driver, readonly Release[]>();

export class OtherHolders {
  readonly #driver: Driver;
  readonly #assumptions: Assumptions;
  readonly #types: TypeTable;
  /** What the running handler has met in lists. */
  readonly #met = new Set<MemoryObject>();
  #locks = 0;
  #isMapping = false;
  #haveLetGo = false;

  constructor(driver: Driver, assumptions: Assumptions, types: TypeTable) {
    this.#driver = driver;
    this.#assumptions = assumptions;
    this.#types = types;
  }

  /** Others have let something go while the function ran that runs just now, or ran last. */
  get haveLetGo(): boolean {
    return this.#haveLetGo;
  }

  /** A function of the driver is about to run. */
  begin(isMmap: boolean): void {
    this.#isMapping = isMmap;
    this.#haveLetGo = false;
    this.#locks = 0;
    this.#met.clear();
  }

  /** The driver has gone to an element of a list. */
  met(element: Value): void {
    if (this.#isMapping && this.#locks > 0 && element.kind === 'pointer') this.#met.add(element.place.object);
  }

  /** The driver has taken or dropped a lock; `put` makes `kref_put()` of somebody else. */
  called(call: ExternalCall, put: (call: ExternalCall) => void): void {
    const action = this.#isMapping ? lockCall(call)?.action : undefined;
    if (action === 'take') this.#locks += 1;
    if (action !== 'drop') return;
    this.#locks -= 1;
    if (this.#locks === 0 && this.#met.size > 0) this.#letGo(call, put);
  }

  #letGo(call: ExternalCall, put: (call: ExternalCall) => void): void {
    for (const object of this.#met) {
      const { type } = object;
      const release = type.kind === 'struct' ? this.#releases().find(({ struct }) => struct === type.name) : undefined;
      if (!release || object.freed || !this.#assumptions.hasCircumstance(circumstance, 'others let go what they hold')) continue;
      this.#haveLetGo = true;
      const step = this.#types.field(type, release.field)?.step ?? { kind: 'field' as const, name: release.field };
      const place = { object, path: [step] };
      const reference: Value = { kind: 'pointer', place, pointee: { kind: 'struct', tag: 'struct', name: 'kref' } };
      put({ ...call, name: 'kref_put', arguments: [reference, { kind: 'function', name: release.name }], place: () => undefined });
    }
    this.#met.clear();
  }

  /** The functions of the files that others can name, and that take a kref to free what it is in. */
  #releases(): readonly Release[] {
    const known = releases.get(this.#driver);
    if (known) return known;
    const found = [...this.#driver.functions.values()].flatMap((header): readonly Release[] => {
      const [parameter] = header.parameters;
      const isKref = parameter?.type.kind === 'pointer' && parameter.type.to.kind === 'tagged' && parameter.type.to.name === 'kref';
      if (header.isStatic || !isKref) return [];
      const member = /\bcontainer_of\s*\(\s*\w+\s*,\s*struct\s+(\w+)\s*,\s*(\w+)\s*\)/.exec(textOf(this.#driver, header));
      return member ? [{ name: header.name, struct: member[1] ?? '', field: member[2] ?? '' }] : [];
    });
    releases.set(this.#driver, found);
    return found;
  }
}
