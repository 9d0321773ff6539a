/** The scenario that ran, to be changed and run again, and the values that the simulation had to choose. */
import { useEffect, useState } from 'preact/hooks';
import type { Trace } from '../../../../server/src/protocol/trace.ts';

interface Properties {
  readonly trace: Trace;
  readonly run: (scenario: string) => void;
}

export function ScenarioBox({ trace, run }: Properties) {
  const [text, setText] = useState(trace.scenario);
  useEffect(() => setText(trace.scenario), [trace]);
  return (
    <section aria-label="Scenario">
      <h2>Scenario</h2>
      <textarea
        aria-label="Scenario text"
        spellcheck={false}
        rows={Math.min(text.split('\n').length + 1, 20)}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p>
        <button type="button" onClick={() => run(text)}>
          Run this scenario
        </button>
      </p>
      {trace.assumptions.length > 0 && (
        <table>
          <caption>Assumed, because the driver's files do not say</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {trace.assumptions.map((assumption) => (
              <tr key={assumption.name}>
                <th scope="row">
                  <code>{assumption.name}</code>
                </th>
                <td>
                  <code>{assumption.value}</code>
                </td>
                <td>{assumption.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
