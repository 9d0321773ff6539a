/** The clock of the modelled kernel. Time passes only for who waits for it. Knows nobody who waits. */

/** Nanoseconds of a jiffy, HZ being 250. */
export const jiffy = 4_000_000n;

/** `jiffies` when a scenario begins: some minutes before it wraps at 32 bits, as after boot. */
const firstJiffies = 0xffff_b6c2n;

export class Clock {
  /** Nanoseconds since the scenario began. */
  now = 0n;

  get jiffies(): bigint {
    return firstJiffies + this.now / jiffy;
  }

  /** When `jiffies` has this value, in nanoseconds; what is over is now. */
  whenJiffies(value: bigint): bigint {
    const due = (value - firstJiffies) * jiffy;
    return due > this.now ? due : this.now;
  }

  /** `count` jiffies from now, in nanoseconds. */
  in(count: bigint): bigint {
    return this.now + count * jiffy;
  }
}
