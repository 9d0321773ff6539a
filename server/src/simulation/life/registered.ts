/**
 * What the driver has given to the kernel so far: character devices, misc devices, the objects of subsystems, bus drivers,
 * and the memory that goes with its device. Keeps; runs nothing.
 */
import { keyOf } from '../../execution/place.ts';
import type { MemoryObject, Place, PointerValue, Step, Value } from '../../execution/value.ts';

/** A device that user programs open, and the table of functions behind it. */
export interface RegisteredDevice {
  readonly kind: 'misc' | 'cdev' | 'chrdev' | 'file';
  /** The `struct miscdevice` or `struct cdev`; absent for `register_chrdev`. */
  readonly object?: PointerValue;
  /** What `ops` points to now, asked again at each open: drivers may fill it in later. */
  ops(): Value;
  /** `dev_t`. */
  readonly number?: bigint;
  /** What a file system hands over in `inode->i_private`. */
  readonly data?: Value;
}

export class Registered {
  readonly devices: RegisteredDevice[] = [];
  /** Names of variables that are bus drivers, in order of registration. */
  readonly busDrivers: string[] = [];
  /** Objects that subsystems pass back to the driver, by struct tag. */
  readonly #subsystemObjects = new Map<string, PointerValue>();
  /** Objects that the driver allocated while it was set up, by struct tag. */
  readonly #allocated = new Map<string, MemoryObject[]>();
  /** Memory that is freed when the device goes, in order of allocation. */
  readonly #managed: MemoryObject[] = [];
  /** Whether allocations are those of the set-up. */
  settingUp = false;
  readonly #setUpMemory = new Set<MemoryObject>();
  readonly #escaped: Place[] = [];

  /** A subsystem knows this object from now on; the first of its kind is the one that the scenario uses. */
  give(tag: string, object: PointerValue): void {
    if (!this.#subsystemObjects.has(tag)) this.#subsystemObjects.set(tag, object);
  }

  /** The object of this kind that a subsystem passes to the driver's functions. */
  given(tag: string): PointerValue | undefined {
    return this.#subsystemObjects.get(tag);
  }

  /** Memory that the driver just got; `managed`: by a `devm_` function. */
  allocated(object: MemoryObject, managed: boolean): void {
    if (managed) this.#managed.push(object);
    if (!this.settingUp) return;
    this.#setUpMemory.add(object);
    if (object.type.kind !== 'struct') return;
    const list = this.#allocated.get(object.type.name);
    if (list) list.push(object);
    else this.#allocated.set(object.type.name, [object]);
  }

  /** Whether the set-up allocated the memory. */
  isFromSetUp(object: MemoryObject): boolean {
    return this.#setUpMemory.has(object);
  }

  /** A function of another file got a pointer to the place: it may have filled what lies there. */
  escaped(place: Place): void {
    if (this.settingUp) this.#escaped.push(place);
  }

  /** Whether a function of another file may have filled the place while the driver was set up. */
  isEscaped(place: Place): boolean {
    return this.#escaped.some(
      ({ object, path }) =>
        object === place.object && path.length <= place.path.length && path.every((step, index) => sameStep(step, place.path[index])),
    );
  }

  get setUpMemory(): Iterable<MemoryObject> {
    return this.#setUpMemory;
  }

  /** The only object of a struct that the set-up allocated. */
  onlyOne(tag: string): MemoryObject | undefined {
    const [first, ...others] = this.#allocated.get(tag) ?? [];
    return others.length === 0 ? first : undefined;
  }

  /** Takes the managed memory, the newest first: the device is gone. */
  takeManaged(): readonly MemoryObject[] {
    return this.#managed.splice(0).toReversed();
  }

  /** The device whose table is at `place`; without one the first device. */
  deviceOf(place: Place | undefined): RegisteredDevice | undefined {
    const isAt = ({ ops }: RegisteredDevice): boolean => {
      const value = ops();
      return place !== undefined && value.kind === 'pointer' && value.place.object === place.object && keyOf(value.place) === keyOf(place);
    };
    return this.devices.find(isAt);
  }
}

function sameStep(left: Step, right: Step | undefined): boolean {
  if (left.kind === 'field') return right?.kind === 'field' && left.name === right.name;
  return right?.kind === 'element';
}
