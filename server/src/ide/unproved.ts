/** Why a finding is not proved, as a sentence for people. Reads a finished trace; runs nothing. */
import type { Finding } from '../protocol/findings.ts';
import { ruleNamed } from '../rules/registry.ts';
import type { Shown } from '../simulation/replay.ts';

/** Values of a trace that a sentence names. */
const mostNamed = 3;

/** Why the finding of a check that replays is not proved; `undefined` for one that is. */
export function whyNotProved({ rule, confidence, unproved }: Finding): string | undefined {
  if (confidence === 'proved') return undefined;
  return (
    unproved ?? (ruleNamed(rule)?.provedBy ? undefined : 'No replay can prove it: the simulation does not show what this rule is about.')
  );
}

/** What came of a replay that shows nothing; `reached`: it ran the line of the finding. */
export function whyUnproved({ steps, verdict, assumptions }: Shown, reached: boolean): string {
  if (verdict.stoppedBecause !== undefined) return `Its replay ends early, because ${verdict.stoppedBecause}.`;
  const assumed = assumptions.filter(({ settable, value }) => settable && value !== 'not used').map(({ name }) => name);
  const state = assumed.length === 0 ? '' : `, with what had to be assumed (${named(assumed)})`;
  if (reached) return `Its replay runs this line and meets no problem${state}.`;
  const refused = steps.findLast(({ kind, title }) => kind === 'result' && / returns -1, E[A-Z]+$/.test(title));
  const line = refused?.line;
  const left = steps.findLast((step) => step.kind === 'leave' && step.line === line && / returns -E[A-Z]+$/.test(step.title));
  if (!refused || !left?.location) return `Its replay does not come to this line${state}.`;
  const call = refused.title.slice(0, refused.title.indexOf('('));
  return `Its replay is refused: ${call}(2) fails, because ${left.title} on line ${left.location.range.start.line + 1}${state}.`;
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${shown} and ${names.length - mostNamed} more` : shown;
}
