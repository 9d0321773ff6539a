/** How a scenario file finds its driver. Knows names alone, so that it can be tested without an editor. */

/** The driver that a scenario belongs to: `ring.mmapsim` and `ring.anything.mmapsim` stand beside `ring.c`. */
export function driverBeside(scenarioUri: string): string {
  const slash = scenarioUri.lastIndexOf('/') + 1;
  const name = scenarioUri.slice(slash);
  const stem = name.split('.')[0] ?? name;
  return `${scenarioUri.slice(0, slash)}${stem}.c`;
}
