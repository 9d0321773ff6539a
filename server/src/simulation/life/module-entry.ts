/**
 * How the kernel gets into a driver and out of it: the functions of `module_init` and `module_exit`, and the probe and
 * remove functions of the driver structures that it registers with a bus. Reads the texts; runs nothing.
 */
import type { Driver } from '../../driver/model.ts';

/** A `struct platform_driver`, `struct pci_driver`, … of the files. */
export interface BusDriver {
  readonly variable: string;
  readonly probe?: string;
  readonly remove?: string;
}

export interface ModuleEntry {
  readonly init?: string;
  readonly exit?: string;
  /** What a macro such as `module_pci_driver(x)` or `module_misc_device(x)` registers instead of an init function. */
  readonly registered: readonly string[];
}

const initCall =
  /^[ \t]*(?:module_init|device_initcall|subsys_initcall|fs_initcall|late_initcall|arch_initcall|postcore_initcall)\s*\(\s*(\w+)\s*\)/m;
const exitCall = /^[ \t]*module_exit\s*\(\s*(\w+)\s*\)/m;
/** `module_pci_driver(x)`, `drm_module_platform_driver(x)`, `builtin_i2c_driver(x)`, `module_misc_device(x)`. */
const registeringMacro = /^[ \t]*(?:drm_)?(?:module|builtin)_\w*(?:driver|device|driver_probe)\s*\(([^)]*)\)/gm;

const entries = new WeakMap<Driver, ModuleEntry>();

/** The ways in that the texts show; nothing where another file of the module has them. */
export function moduleEntry(driver: Driver): ModuleEntry {
  const known = entries.get(driver) ?? findEntry(driver);
  entries.set(driver, known);
  return known;
}

function findEntry(driver: Driver): ModuleEntry {
  const texts = [...driver.files.values()];
  const find = (pattern: RegExp) =>
    texts.map((text) => pattern.exec(text)?.[1]).find((name) => name !== undefined && driver.functions.has(name));
  const named = (name: string) => (driver.functions.has(name) ? name : undefined);
  // Up to 2.4 the functions could have the names by which the kernel finds them.
  const init = find(initCall) ?? named('init_module');
  const exit = find(exitCall) ?? named('cleanup_module');
  const registered = texts.flatMap((text) =>
    [...text.matchAll(registeringMacro)].flatMap(([, list = '']) =>
      list
        .split(',')
        .map((word) => word.replace('&', '').trim())
        .filter((word) => driver.variables.has(word)),
    ),
  );
  return { ...(init === undefined ? {} : { init }), ...(exit === undefined ? {} : { exit }), registered };
}

/** Whether the texts show a function that sets the driver up. */
export function hasWayIn(driver: Driver): boolean {
  const { init, registered } = moduleEntry(driver);
  return init !== undefined || registered.length > 0 || busDrivers(driver).some(({ probe }) => probe !== undefined);
}

/** The bus driver that a variable is; `undefined` for one that names no probe and no remove function of the files. */
export function busDriver(driver: Driver, variable: string): BusDriver | undefined {
  const found = driver.variables.get(variable);
  if (!found || !/_driver$/.test(found.type.kind === 'tagged' ? found.type.name : '')) return undefined;
  const text = driver.files.get(found.file)?.slice(found.span.start, found.span.end) ?? '';
  const entry = (names: string) => {
    const name = new RegExp(`\\.(?:${names})\\s*=\\s*(?:__devexit_p\\()?&?(\\w+)`).exec(text)?.[1];
    return name !== undefined && driver.functions.has(name) ? name : undefined;
  };
  const probe = entry('probe|probe_new');
  const remove = entry('remove|remove_new|disconnect');
  if (probe === undefined && remove === undefined) return undefined;
  return { variable, ...(probe === undefined ? {} : { probe }), ...(remove === undefined ? {} : { remove }) };
}

const buses = new WeakMap<Driver, readonly BusDriver[]>();

/** All bus drivers of the files, in the order of the text. */
export function busDrivers(driver: Driver): readonly BusDriver[] {
  const known = buses.get(driver) ?? [...driver.variables.keys()].flatMap((variable) => busDriver(driver, variable) ?? []);
  buses.set(driver, known);
  return known;
}
