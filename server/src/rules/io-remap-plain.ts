/** `io-remap-plain`: registers are mapped with the call for memory. */
import { atLeast } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { targetOf } from './support/mapping-calls.ts';
import { registersIn } from './support/memory/mmio.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const ioRemapPlain: Rule = {
  name: 'io-remap-plain',
  severity: 'warning',
  summary: 'Registers are mapped with remap_pfn_range(), which maps them as memory.',
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => name === 'remap_pfn_range'),
      (call): Report | undefined => {
        const { event } = call;
        const target = targetOf(event, version);
        const registers = target && registersIn(driver, target.pfn);
        if (registers === undefined) return undefined;
        const consequence = atLeast(version, 5, 10)
          ? 'in a guest with encrypted memory the entries ask for encryption, and the device is not reached'
          : 'on machines with a bus space of its own another address is reached';
        const fix = {
          title: 'Use io_remap_pfn_range()',
          safe: true,
          edits: [{ file: event.file, span: event.nameSpan, newText: 'io_remap_pfn_range' }],
        };
        return reportOn(
          call,
          event.nameSpan,
          `\`${registers}\` is the address of registers, and \`remap_pfn_range()\` is for memory: ${consequence}. Use io_remap_pfn_range(), which takes the same arguments.`,
          { fixes: [fix], ...(atLeast(version, 5, 10) ? {} : { severity: 'info' as const }) },
        );
      },
    );
  },
};
