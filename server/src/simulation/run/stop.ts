/** How a simulation ends before its scenario does. Thrown through the mm model by the driver's side, caught by the run. */
export class SimulationStop extends Error {
  /** What the simulation could not follow, as a sentence. */
  readonly because: string;

  constructor(because: string) {
    super(because);
    this.because = because;
  }
}
