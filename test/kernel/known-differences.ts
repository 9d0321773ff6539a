/**
 * Where the simulator is known to say something else than the real kernel. Each reason stands in docs/limits.md. One that no longer
 * differs must go.
 */
export interface KnownDifference {
  /** Absent: both. */
  readonly kernel?: '6.1' | '6.12';
  readonly module: string;
  readonly scenarios: readonly string[];
  /** A sentence of docs/limits.md, or the beginning of one. */
  readonly limit: string;
}

export const knownDifferences: readonly KnownDifference[] = [];
