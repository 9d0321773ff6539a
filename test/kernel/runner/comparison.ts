/** Holds what the simulator says against a recording: what differs, as lines. Knows neither how it was recorded nor how simulated. */
import { withoutInlining } from './kernel-messages.ts';
import { machineStops, type RecordedScenario } from './recording.ts';
import type { SimulatedScenario } from './simulated.ts';
import { anybodys } from './stable-lines.ts';

/** The differences of one scenario, each `real | simulated`; empty when the two agree. */
export function differencesOf(real: RecordedScenario, simulated: SimulatedScenario): readonly string[] {
  if (real.messages.includes(machineStops))
    return !simulated.isSetUp || simulated.messages.some(isDeadly) ? [] : [`${machineStops} | it goes on`];
  const outcomes = real.statements.flatMap(({ text, outcome }, index) => {
    const said = simulated.statements[index]?.outcome;
    return outcome === undefined || outcome === said ? [] : [`${text}: ${outcome} | ${said}`];
  });
  const because = simulated.stoppedBecause === undefined ? [] : [`the simulator stops: ${simulated.stoppedBecause}`];
  return [...because, ...outcomes, ...stateDifferences(real, simulated), ...messageDifferences(real, simulated)];
}

/** A message of a process that dies. */
const isDeadly = (line: string) => /^(kernel BUG at|BUG: unable to handle|BUG: kernel NULL|general protection)/.test(line);

/** Statements after which a process did not go on, so that the ends of the two stories differ by nature. */
function wasCutOff({ statements }: RecordedScenario): boolean {
  return statements.some(({ outcome }) => outcome === undefined || outcome === 'hang' || outcome === 'stuck' || outcome === 'killed');
}

function stateDifferences(real: RecordedScenario, simulated: SimulatedScenario): readonly string[] {
  const hangs = real.statements.some(({ outcome }) => outcome === 'hang');
  const isCounts = (line: string) => /^(counts|exited) /.test(line);
  const counts = real.state
    .filter((line) => isCounts(line) && !(wasCutOff(real) && line.startsWith('exited')))
    .flatMap((line) => {
      const other = simulated.state.find((each) => each.split(' ')[0] === line.split(' ')[0]) ?? '';
      return countDifferences(line, other, hangs);
    });
  if (wasCutOff(real)) return counts;
  const realLines = real.state.filter((line) => !isCounts(line) && !isAfterFreed(line, simulated)).map(canonical);
  const simulatedLines = simulated.state.filter((line) => !isCounts(line)).map(canonical);
  const isLike = (real: string, simulated: string) => real === simulated || isFreedPage(real, simulated);
  return [
    ...counts,
    ...realLines.filter((line) => !simulatedLines.some((each) => isLike(line, each))).map((line) => `${line} |`),
    ...simulatedLines.filter((line) => !realLines.some((each) => isLike(each, line))).map((line) => `| ${line}`),
  ];
}

/** A page that was freed while an entry still led to it: the entry is the same, and what the page is by now nobody can know. */
function isFreedPage(real: string, simulated: string): boolean {
  const entry = simulated.endsWith(` ${anybodys}`) && simulated.slice(0, -anybodys.length);
  return entry !== false && !entry.startsWith('after ') && real.startsWith(entry);
}

/** What became of a page that was freed before its entry was looked at: it is somebody else's. */
function isAfterFreed(line: string, { state }: SimulatedScenario): boolean {
  const label = /^after (.*) (?:freed|refs -?\d+)$/.exec(line)?.[1];
  return label !== undefined && state.some((each) => each.startsWith(`${label} `) && each.endsWith(` ${anybodys}`));
}

/** VmFlags in one order. */
function canonical(line: string): string {
  const [head, flags] = line.split(' flags ');
  return flags === undefined ? line : `${head} flags ${flags.split(' ').sort().join(' ')}`;
}

/** From here on calls are countless: how often a fault repeats itself in a second says nothing. */
const countless = 12;

function countDifferences(real: string, simulated: string, hangs: boolean): readonly string[] {
  const said = new Map(
    simulated
      .split(' ')
      .slice(1)
      .map((each) => each.split('=') as [string, string]),
  );
  const [head, ...pairs] = real.split(' ');
  return pairs.flatMap((pair) => {
    const [slot = '', count] = pair.split('=');
    const other = said.get(slot) ?? '0';
    return count === other || (hangs && Math.min(Number(count), Number(other)) >= countless) ? [] : [`${head} ${pair} | ${slot}=${other}`];
  });
}

function messageDifferences(real: RecordedScenario, simulated: SimulatedScenario): readonly string[] {
  const isKilled = real.statements.some(({ outcome }) => outcome === 'killed');
  const [realLines, simulatedLines] = [real, simulated].map(({ messages }) =>
    (isKilled ? untilDeath(messages) : messages).map(withoutInlining),
  );
  return [
    ...(realLines ?? []).filter((line) => !simulatedLines?.includes(line)).map((line) => `! ${line} |`),
    ...(simulatedLines ?? []).filter((line) => !realLines?.includes(line)).map((line) => `| ! ${line}`),
  ];
}

/**
 * The messages up to the one that ends the process. It exits in the middle of what it did, with what it held, and may well die again;
 * nobody tells that story.
 */
function untilDeath(messages: readonly string[]): readonly string[] {
  const last = messages.findIndex(isDeadly);
  return last < 0 ? messages : [...messages.slice(0, last), (messages[last] ?? '').replace(/ \(\d+\)$/, '')];
}
