/** What the text of a driver's files tells every session alike: where lines begin, which names stand in tables. Kept per driver. */
import type { Driver } from '../../driver/model.ts';
import { LineIndex } from '../../syntax/line-index.ts';

/** A function of a driver and a name whose results are kept as long as the driver. */
function kept<Result>(make: (driver: Driver, name: string) => Result): (driver: Driver, name: string) => Result {
  const drivers = new WeakMap<Driver, Map<string, Result>>();
  return (driver, name) => {
    let ofDriver = drivers.get(driver);
    if (!ofDriver) {
      ofDriver = new Map();
      drivers.set(driver, ofDriver);
    }
    const known = ofDriver.get(name);
    if (known !== undefined) return known;
    const made = make(driver, name);
    ofDriver.set(name, made);
    return made;
  };
}

/** Where the lines of a file begin. */
export const linesOf = kept((driver, file) => new LineIndex(driver.files.get(file) ?? ''));

/** Whether an initialiser of the driver has `.slot = name`. */
export const isInTable = kept((driver, name) => {
  if (driver.variables.has(name) || driver.functions.has(name) || !/^\w*[a-z]\w*$/.test(name)) return false;
  const entry = new RegExp(`\\.\\w+\\s*=\\s*&?${name}\\s*[,}\\n]`);
  return [...driver.files.values()].some((text) => entry.test(text));
});
