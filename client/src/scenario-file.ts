/** How a scenario file finds its driver. Knows names and text alone, so that it can be tested without an editor. */

/** The driver that a scenario belongs to: `ring.mmapsim` and `ring.anything.mmapsim` stand beside `ring.c`. */
export function driverBeside(scenarioUri: string): string {
  const slash = scenarioUri.lastIndexOf('/') + 1;
  const name = scenarioUri.slice(slash);
  const stem = name.split('.')[0] ?? name;
  return `${scenarioUri.slice(0, slash)}${stem}.c`;
}

/** The driver that the text names with `driver FILE[:HANDLER]`, else the one beside the scenario. */
export function driverOf(scenarioUri: string, text: string): { readonly uri: string; readonly handler?: string } {
  const stated = /^[ \t]*driver[ \t]+(?:"([^"]+)"|([^\s":#]+))(?::(\w+))?/m.exec(text);
  const file = stated?.[1] ?? stated?.[2];
  if (file === undefined) return { uri: driverBeside(scenarioUri) };
  const path = file.split('/').map(encodeURIComponent).join('/');
  const handler = stated?.[3];
  return { uri: new URL(path, scenarioUri).toString(), ...(handler === undefined ? {} : { handler }) };
}
