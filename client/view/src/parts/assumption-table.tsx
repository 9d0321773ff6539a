/** The values that the simulation had to choose, each with its reason; those that `assume` takes can be edited. */
import type { Assumption } from '../../../../server/src/protocol/trace.ts';
import { settableText } from '../model.ts';
import { assumedIn, setAssumed } from '../scenario-edit.ts';
import { PlaceName } from './place-name.tsx';
import { Prose } from './prose.tsx';

interface Properties {
  readonly assumptions: readonly Assumption[];
  /** The scenario as it stands in the page. */
  readonly text: string;
  /** Absent where nothing can be run: the trace comes from a file. */
  readonly run: ((text: string) => void) | undefined;
}

export function AssumptionTable({ assumptions, text, run }: Properties) {
  if (assumptions.length === 0) return null;
  return (
    <section aria-label="Assumptions">
      <h2>Assumptions</h2>
      <table>
        <caption>
          What the driver's files do not say.
          {run && ' A changed value runs again; an empty one is chosen by the simulation.'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {assumptions.map((assumption) => (
            <tr key={assumption.name}>
              <th scope="row">
                <PlaceName name={assumption.name} />
              </th>
              <td>
                {run && assumption.settable ? (
                  <ValueField assumption={assumption} text={text} run={run} />
                ) : (
                  <code>{assumption.value}</code>
                )}
              </td>
              <td>
                <Prose text={assumption.reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface FieldProperties {
  readonly assumption: Assumption;
  readonly text: string;
  readonly run: (text: string) => void;
}

function ValueField({ assumption, text, run }: FieldProperties) {
  const { name, value } = assumption;
  const written = assumedIn(text, name);
  const shown = written ?? settableText(value);
  return (
    <>
      <input
        class="short"
        aria-label={`Value of ${name}`}
        spellcheck={false}
        value={shown}
        placeholder={shown === '' ? value : undefined}
        onChange={(event) => {
          const next = setAssumed(text, name, event.currentTarget.value);
          if (next !== text) run(next);
        }}
      />{' '}
      {shown !== '' && shown !== value && <span class="dim">{value}</span>}
      {written !== undefined && (
        <button type="button" class="link" onClick={() => run(setAssumed(text, name, ''))} aria-label={`Let the simulation choose ${name}`}>
          reset
        </button>
      )}
    </>
  );
}
