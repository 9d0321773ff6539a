/**
 * A driver that uses what this version of Linux has no more: it does not build, and no program is needed to see that. Reads the
 * driver model and the facts; runs nothing.
 */
import type { Driver, Handler } from '../../driver/model.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import type { Attack } from '../../protocol/attack.ts';
import type { Span } from '../../syntax/ast.ts';
import { walkBlock } from '../../syntax/walk.ts';
import { linesOf } from '../run/driver-text.ts';
import { formatScenario, planScenario } from '../scenario/format.ts';
import { type Gap, missingCall, missingFlag, missingSlot } from '../world/version-gate.ts';

/** How far calls are followed from the handler. */
const maximumDepth = 4;

/** The kind of the problem. */
const notInKernel = 'not-in-kernel';

interface Place {
  readonly file: string;
  readonly span: Span;
}

/** The first thing that is missing: the slot that the handler stands in, else what it and the functions that it calls use. */
export function unbuilt(driver: Driver, handler: Handler, version: KernelVersion): Attack | undefined {
  const [container = '', slot = ''] = handler.slot.split('.');
  const gap = missingSlot(container, slot, driver.functions.get(handler.function)?.parameters.length, version);
  if (gap?.isGone) return report(driver, version, gap.because, handler.registeredAt ?? { file: handler.file, span: handler.nameSpan });
  const seen = new Set<string>();
  let level = [handler.function];
  for (let depth = 0; depth <= maximumDepth; depth++) {
    const next: string[] = [];
    for (const name of level) {
      if (seen.has(name)) continue;
      seen.add(name);
      const names = namesIn(driver, name);
      for (const { word, at } of names) {
        const missing = isOwn(driver, word) ? goneSlot(driver, word, version) : (missingCall(word, version) ?? missingFlag(word, version));
        if (missing?.isGone) return report(driver, version, missing.because, at);
      }
      next.push(...names.flatMap(({ word }) => (driver.functions.has(word) ? [word] : [])));
    }
    level = next;
  }
  return undefined;
}

/** What a table of the driver has in a slot that is gone. */
function goneSlot(driver: Driver, table: string, version: KernelVersion): Gap | undefined {
  const entries = driver.tables.filter(({ name }) => name === table);
  const gaps = entries.flatMap(({ container, entries: slots }) =>
    slots.map((each) => missingSlot(container, each.slot, driver.functions.get(each.function)?.parameters.length, version)),
  );
  return gaps.find((gap) => gap?.isGone);
}

/** The names in a function's body that the compiler sees. */
function namesIn(driver: Driver, name: string): readonly { readonly word: string; readonly at: Place }[] {
  const file = driver.functions.get(name)?.file ?? driver.file;
  const names: { readonly word: string; readonly at: Place }[] = [];
  const body = driver.functions.has(name) ? driver.body(name)?.body : undefined;
  if (body)
    walkBlock(body, {
      expression: (each) => {
        if (each.kind === 'name') names.push({ word: each.name, at: { file, span: each.span } });
      },
    });
  return names;
}

/** A driver that brings the name along does not need the kernel's. */
function isOwn(driver: Driver, name: string): boolean {
  return driver.functions.get(name)?.file !== undefined || driver.macros.has(name) || driver.variables.has(name);
}

function report(driver: Driver, version: KernelVersion, because: string, { file, span }: Place): Attack {
  const lines = linesOf(driver, file);
  return {
    problem: notInKernel,
    message: `The driver does not build for this kernel: ${because}.`,
    location: { file, range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) } },
    confidence: 'likely',
    scenario: formatScenario(planScenario([{ action: { kind: 'kernel', version } }])),
    steps: [],
  };
}
