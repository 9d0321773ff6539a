/** The clock of the modelled kernel. */

/** `jiffies`: five minutes before it wraps at 32 bits, as after boot; time does not pass in a scenario. */
export const jiffies = 0xffff_b6c2n;
